"""What comes of one request to a student's process."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from litu.grading.channel import Message


@dataclass(frozen=True)
class Stop:
    """Why a cell was stopped."""

    kind: str
    """A limit: ``cpu``, ``wall``, ``memory``, ``processes``, ``files``, ``output``. What the cell did:
    ``exited``, ``crashed``, ``closed`` (its standard output), ``channel`` (wrote to or closed the grader's)."""
    detail: str
    killed: bool = True
    """False when the cell stopped by itself on request, and the process lives on."""

    @classmethod
    def of_exit(cls, code: int) -> Stop:
        """Return the stop of a process that ended with an exit code, or minus a signal."""
        if code >= 0:
            return cls("exited", f"ended the Python process (exit code {code})")
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return cls("crashed", f"ended the Python process ({name})")


@dataclass(frozen=True)
class Reply:
    """What came of one request."""

    message: Message | None
    stop: Stop | None
    cpu_seconds: float
    wall_seconds: float
    notes: tuple[tuple[str, str], ...] = ()
    """Things for the report that did not stop the cell: kind and detail."""

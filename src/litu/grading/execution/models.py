"""What the engine is asked to do with a notebook, and what comes of it."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from litu.grading.execution.protocol import Message


@dataclass(frozen=True)
class RunCell:
    """Run one code cell."""

    id: str
    source: str
    instead_of: str | None = None
    """Run it only if the cell of this id failed."""


@dataclass(frozen=True)
class TakeAnswer:
    """Take the value of ``expression`` as plain data; a function is called with each tuple of ``inputs``."""

    name: str
    expression: str
    inputs: Sequence[Sequence[Any]] | None = None
    needs: tuple[str, ...] = ()
    """Cells that make the answer; when one of them was stopped, there is no answer to take."""


Step = RunCell | TakeAnswer


@dataclass
class CellResult:
    """What one cell did."""

    id: str
    status: str
    """``ok``, ``error``, ``stopped`` (by the grader or by its own crash) or ``not run``."""
    outputs: list[dict[str, Any]] = field(default_factory=list)
    """As nbformat has them; text and Vega-Lite charts only."""
    execution_count: int | None = None
    reason: str | None = None
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0


@dataclass(frozen=True)
class Answer:
    """One answer as plain data, or the reason why there is none."""

    name: str
    plain: dict[str, Any] | None
    reason: str | None = None


@dataclass(frozen=True)
class Event:
    """Something the instructor may want to know."""

    kind: str
    """``stopped-`` and the kind of stop (:class:`litu.grading.execution.models.Stop`), or what did not stop the cell:
    ``output-cut``, ``processes-limit``, ``disk-full``; or ``restarted``, ``not-run`` before a cell."""
    cell: str
    detail: str


@dataclass
class RunResult:
    """What one notebook showed and answered."""

    cells: dict[str, CellResult] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    restarts: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON-able data."""
        return asdict(self)


@dataclass(frozen=True)
class Termination:
    """Why a cell was stopped."""

    kind: str
    """A limit: ``cpu``, ``wall``, ``memory``, ``processes``, ``files``, ``output``. What the cell did:
    ``exited``, ``crashed``, ``closed`` (its standard output), ``channel`` (wrote to or closed the grader's)."""
    detail: str
    killed: bool = True
    """False when the cell stopped by itself on request, and the process lives on."""

    @classmethod
    def of_exit(cls, code: int) -> Termination:
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
    stop: Termination | None
    cpu_seconds: float
    wall_seconds: float
    notes: tuple[tuple[str, str], ...] = ()
    """Things for the report that did not stop the cell: kind and detail."""

"""What one submission may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one submission; each holds for all its processes together.

    CPU time is what counts: on a loaded machine a fair notebook waits longer,
    but it does not work longer. The limits on the clock (``wall_factor`` times
    the CPU seconds) only end notebooks that sleep.
    """

    cpu_seconds: float = 20
    """CPU time of one cell."""
    cpu_seconds_total: float = 120
    """CPU time of the whole notebook, restarts included."""
    wall_factor: float = 6
    """Seconds on the clock for each CPU second allowed."""
    memory_mb: int = 1500
    processes: int = 32
    """Processes and threads."""
    open_files: int = 128
    disk_mb: int = 64
    """Size of the working folder and of /tmp together."""
    files: int = 10_000
    """Files and folders in them."""
    output_bytes: int = 200_000
    """Text that a cell may show; the rest is cut."""
    output_bytes_total: int = 2_000_000
    """Text that all cells of a notebook may show: a page holds several times as much."""
    chart_bytes_total: int = 20_000_000
    """Size of the charts that all cells of a notebook show."""
    answer_bytes: int = 2_000_000
    """Size of one answer, and of the charts that a cell shows."""
    restarts: int = 6
    """How often a notebook goes on in a new box after a cell had to be stopped."""

    @property
    def wall_seconds(self) -> float:
        """Seconds on the clock of one cell."""
        return self.cpu_seconds * self.wall_factor

    @property
    def wall_seconds_total(self) -> float:
        """Seconds on the clock of the whole notebook."""
        return self.cpu_seconds_total * self.wall_factor

    def to_dict(self) -> dict[str, Any]:
        """Return the limits as JSON-able data; ``Limits(**data)`` restores them."""
        return asdict(self)

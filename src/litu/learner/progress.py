"""What a learner has tried on this computer: attempts, outcomes, hints read, claims settled.

The file stays on the learner's machine, in the user's state folder, one for
each unit of each course. Where it cannot be written the course works all the
same and forgets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_state_path


@dataclass
class Entry:
    """One exercise of one unit."""

    attempts: int = 0
    outcome: str = "not started"
    hints: int = 0
    settled: dict[str, str] = field(default_factory=dict)
    """Claim → the verdict on it that a right answer supports."""
    helped: str = ""
    """How the worked answer was used before the exercise was right: ``seen``, ``skipped``, or not at all."""
    touched: str = ""
    """When it was last tried: ISO time, UTC."""

    def __post_init__(self) -> None:
        self.attempts, self.outcome, self.hints = int(self.attempts), str(self.outcome), int(self.hints)
        self.settled = {str(claim): str(verdict) for claim, verdict in dict(self.settled).items()}
        self.helped, self.touched = str(self.helped), str(self.touched)


class Progress:
    """The learner's entries of one unit of one course."""

    def __init__(self, unit: str, course: str, folder: Path | None = None) -> None:
        self.path = (folder or user_state_path("litu")) / _file_name(course) / f"{_file_name(unit)}.json"
        self.entries: dict[str, Entry] = {}
        self._read()

    def _read(self) -> None:
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            self.entries = {name: Entry(**entry) for name, entry in stored.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self.entries = {}

    def of(self, name: str) -> Entry:
        """Return the entry of an exercise, made when there is none."""
        return self.entries.setdefault(name, Entry())

    @contextmanager
    def change(self, name: str) -> Iterator[Entry]:
        """Give the entry of an exercise as the file has it now, to be changed and written back.

        The file is read anew, because another tab may have written since.
        """
        self._read()
        entry = self.of(name)
        yield entry
        entry.touched = datetime.now(UTC).isoformat()
        self.save()

    def save(self) -> None:
        """Write the entries down if the folder lets us."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_text(json.dumps({name: asdict(entry) for name, entry in self.entries.items()}, indent=1), encoding="utf-8")
            part.replace(self.path)
        except OSError:
            return


def _file_name(name: str) -> str:
    """Return a name as a file's, on any system."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name).strip(". ") or "unnamed"

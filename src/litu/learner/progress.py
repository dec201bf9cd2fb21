"""What a learner has tried on this computer: attempts, outcomes, hints read, claims settled.

The file stays on the learner's machine, in the user's state folder, one for
each unit of each course. Where it cannot be written the course works all the
same and forgets.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from litu.learner import record_file
from litu.learner.record_file import Unreadable

MOST_CLAIMS, MOST_TRIES, LONGEST_WORD = 50, 1_000_000, 200
"""What an entry may hold that comes from a file."""


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

    @classmethod
    def read(cls, stored: Any) -> Entry:
        """Return what can be read of a stored entry; a value of another kind costs itself only."""
        entry = cls()
        for name, value in stored.items() if isinstance(stored, Mapping) else ():
            if name == "settled" and isinstance(value, Mapping):
                entry.settled = {str(claim): verdict for claim, verdict in list(value.items())[:MOST_CLAIMS] if _is_word(verdict)}
            elif name in ("attempts", "hints"):
                setattr(entry, name, value if type(value) is int and 0 <= value <= MOST_TRIES else 0)
            elif name in ("outcome", "helped", "touched") and _is_word(value):
                setattr(entry, name, value)
        return entry


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_WORD


class Progress:
    """The learner's entries of one unit of one course."""

    def __init__(self, unit: str, course: str) -> None:
        self.path = course_folder(course) / f"{file_name(unit)}.json"
        self.entries: dict[str, Entry] = {}
        self.remembered = True
        """Whether the last change was written."""
        if os.path.exists(self.path):
            with record_file.locked(self.path) as held:
                self._read(held)

    def _read(self, held: bool) -> bool:
        """Read the file; return whether it may be written, for which its lock is ``held``."""
        try:
            stored = record_file.read(self.path)
        except Unreadable as why:
            self.entries = {}
            return held and record_file.keep_aside(self.path, str(why))
        self.entries = {name: Entry.read(entry) for name, entry in stored.items()}
        return held

    def of(self, name: str) -> Entry:
        """Return the entry of an exercise, made when there is none."""
        return self.entries.setdefault(name, Entry())

    @contextmanager
    def change(self, name: str) -> Iterator[Entry]:
        """Give the entry of an exercise as the file has it now, to be changed and written back.

        The file is read anew under its lock, because another tab may have written since. Where it cannot be
        locked or written, the change lives in this object only, and the learner is told once.
        """
        with self.changing():
            entry = self.of(name)
            yield entry
            entry.touched = datetime.now(UTC).isoformat()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Give all entries as the file has them now, to be changed and written back."""
        with record_file.locked(self.path) as held:
            writable = self._read(held)
            yield
            entries = {name: asdict(entry) for name, entry in self.entries.items()}
            self.remembered = writable and record_file.write(self.path, entries)
            if not self.remembered:
                record_file.tell_once(self.path, f"{self.path} cannot be written: what you do now works, but is not remembered.")


def course_folder(course: str) -> Path:
    """Return the folder of a course's records."""
    return user_state_path("litu") / file_name(course)


def file_name(name: str) -> str:
    """Return a name as a file's, on any system."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name).strip(". ") or "unnamed"

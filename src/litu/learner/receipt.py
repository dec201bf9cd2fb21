"""The receipt of work that is handed in as one archive: what it holds, when it was packed, how it stood, and a number over it all."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from litu.answers.records import to_json

KIND, FORMAT = "work in a course of litu", 1
NAME, WORK = "receipt.json", "work/"
"""In an archive: the file that holds the receipt, and the folder of the work."""
STATES = ("not started", "tried", "right")
MOST_FILES, MOST_BYTES, LONGEST_NAME = 100, 50_000_000, 100
"""Of the work in one archive."""


@dataclass(frozen=True)
class Receipt:
    """What an archive says of itself. ``exercises`` is the learner's own record and earns nothing."""

    kind: str
    format: int
    course: str
    unit: str
    student: str
    packed: str
    """ISO time with its zone, by the learner's own clock."""
    files: dict[str, str]
    """Digest (SHA-256) of each file of the work, by its name below `work/`."""
    exercises: dict[str, str]

    @property
    def number(self) -> str:
        """The receipt's number: sixteen letters and digits that follow from everything else in it."""
        digest = hashlib.sha256(json.dumps(to_json(self), sort_keys=True).encode()).digest()
        letters = base64.b32encode(digest).decode()[:16]
        return "-".join(letters[place : place + 4] for place in range(0, 16, 4))

    def counts(self) -> str:
        """Return how many exercises are in which state, in words."""
        states = list(self.exercises.values())
        return ", ".join(f"{states.count(state)} {state}" for state in reversed(STATES))

    def written(self) -> dict[str, Any]:
        """Return the receipt as it stands in an archive, its number included."""
        return {"number": self.number, **to_json(self)}

"""Results on disk, so that a run that was killed can go on where it was.

A result is first written as a draft, then its marks go into the gradebook,
and only then it becomes final. What is only a draft has to be entered again;
what has neither has to be graded.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote

from litu.grading.result import Result


class Store:
    """The results of one unit below ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, student: str, suffix: str) -> Path:
        return self.folder / (quote(student, safe=" ()@+,=") + suffix)

    def final(self, student: str) -> Result | None:
        """Return the result whose marks are in the gradebook, if there is one."""
        return self._read(self._path(student, ".json"))

    def draft(self, student: str) -> Result | None:
        """Return the result that may not be in the gradebook yet, if there is one."""
        return self._read(self._path(student, ".draft.json"))

    def _read(self, path: Path) -> Result | None:
        try:
            return Result.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def save_draft(self, result: Result) -> None:
        """Write a result that is still to be entered."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._path(result.student, ".draft.json"), json.dumps(result.to_dict(), ensure_ascii=False))

    def finish(self, student: str) -> None:
        """Make the draft final: its marks are in the gradebook."""
        os.replace(self._path(student, ".draft.json"), self._path(student, ".json"))


def write_whole(path: Path, text: str) -> None:
    """Write a file that is either there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)

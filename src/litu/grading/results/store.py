"""Results on disk, so that a run that was killed can go on where it was.

A result is first written as a draft, then its marks go into the gradebook,
and only then it becomes final. What is only a draft has to be entered again;
what has neither has to be graded. The result that a new one replaces stays
until whose marks moved has been reported.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from litu.course import Course
from litu.grading.results.models import Result

PART = ".part"
"""How the names of hidden files end that are being written."""


class Store:
    """The results of one unit below ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, kind: str, student: str) -> Path:
        return self.folder / kind / f"{student}.json"

    def final(self, student: str) -> Result | None:
        """Return the result whose marks are in the gradebook, if there is one."""
        return _read(self._path("final", student))

    def finals(self) -> Iterator[Result]:
        """Yield the final results of all students, one at a time: each holds an executed notebook."""
        folder = self.folder / "final"
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            if (result := _read(path)) is not None:
                yield result

    def draft(self, student: str) -> Result | None:
        """Return the result that may not be in the gradebook yet, if there is one."""
        return _read(self._path("draft", student))

    def replaced(self, student: str) -> Result | None:
        """Return the result that was final at the last report, if another one has replaced it since."""
        return _read(self._path("replaced", student))

    def save_draft(self, result: Result) -> None:
        """Write a result that is still to be entered."""
        write_whole(self._path("draft", result.student), json.dumps(result.to_dict(), ensure_ascii=False))

    def finish(self, student: str) -> None:
        """Make the draft final: its marks are in the gradebook."""
        final, replaced = self._path("final", student), self._path("replaced", student)
        final.parent.mkdir(exist_ok=True)
        if final.exists() and not replaced.exists():
            replaced.parent.mkdir(exist_ok=True)
            os.replace(final, replaced)
        os.replace(self._path("draft", student), final)

    def has_results(self) -> bool:
        """Return whether marks of anybody were entered."""
        return any((self.folder / "final").glob("*.json"))

    def reported(self) -> None:
        """Forget the replaced results: whose marks moved has been reported."""
        shutil.rmtree(self.folder / "replaced", ignore_errors=True)

    def forget(self, student: str) -> None:
        """Forget all that is known of a student."""
        for kind in ("final", "draft", "replaced", "page"):
            self._path(kind, student).unlink(missing_ok=True)

    def page_shows(self, student: str) -> str:
        """Return what the student's feedback page was made from; empty when none was."""
        try:
            return self._path("page", student).read_text(encoding="utf-8")
        except OSError:
            return ""

    def page_made(self, student: str, shows: str) -> None:
        """Write down what the student's feedback page was made from."""
        write_whole(self._path("page", student), shows)


def _read(path: Path) -> Result | None:
    try:
        return Result.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return None


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file that is either there whole or not at all; text as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(path)
    part.write_bytes(content.encode() if isinstance(content, str) else content)
    os.replace(part, path)


def part_of(path: Path) -> Path:
    """Return where a file is while it is being written: short, so that the longest name has room; no file of a student's is called so."""
    return path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}{PART}")


def store_of(course: Course, unit: str) -> Store:
    """Return the store of a unit's results."""
    return Store(course.grading / "reports" / "results" / unit)

"""The unit whose notebook runs in this folder: its public checks, and the answer key where the whole course is at hand."""

from __future__ import annotations

import difflib
import json
from functools import cache
from pathlib import Path
from typing import Any

from litu.answers.verdict import Verdict
from litu.compare.verdicts import judge
from litu.errors import LituError
from litu.kinds.wire import arguments, inputs_of, to_plain
from litu.learner.progress import Progress
from litu.public_checks.judge import judge_sealed

NEEDED = {"variable", "points", "hints", "options", "kind", "form", "feedback"}
"""What every entry of checks.json holds."""


class Unit:
    """The checks of one unit."""

    def __init__(self, folder: Path) -> None:
        path = folder / "checks.json"
        try:
            checks = json.loads(path.read_text(encoding="utf-8"))
            self.name, self.entries = str(checks["unit"]), dict(checks["exercises"])
            self.course = str(checks.get("course", "course"))
            if not all(NEEDED <= set(entry) for entry in self.entries.values()):
                raise ValueError
        except FileNotFoundError:
            raise LituError(f"There is no checks.json in {folder}; open the notebook in its own folder of the course.") from None
        except (OSError, ValueError, KeyError, TypeError):
            raise LituError(f"{path} cannot be read; copy it again from the course's release folder.") from None
        self.folder = folder
        self.key = self._find_key(folder)

    def _find_key(self, folder: Path) -> dict[str, Any] | None:
        """Return the answer key where the whole course is at hand, as in self-study and in grading."""
        for place in (folder, *folder.parents):
            path = place / "grading" / "keys" / f"{self.name}.json"
            if path.is_file():
                try:
                    return json.loads(path.read_text(encoding="utf-8"))
                except (OSError, ValueError):
                    raise LituError(f"{path} cannot be read; run `litu build {self.name}`.") from None
        return None

    def entry(self, name: str) -> dict[str, Any]:
        """Return the public entry of an exercise."""
        if not isinstance(name, str) or name not in self.entries:
            close = difflib.get_close_matches(str(name), self.entries, n=3, cutoff=0.4) or list(self.entries)
            raise LituError(f"This unit has no exercise {name!r}; did you mean {', '.join(close)}?")
        return self.entries[name]

    def progress(self) -> Progress:
        """Return what the learner has tried in this unit."""
        return Progress(self.name, self.course)

    def judge(self, name: str, value: object) -> Verdict:
        """Judge an answer with the key if it is at hand, else with the public checks."""
        entry = self.entry(name)
        if self.key is None:
            return judge_sealed(to_plain(value, inputs_of(entry.get("inputs"))), entry)
        key = self.key["exercises"][name]
        return judge(to_plain(value, inputs_of(arguments(key["answer"]))), key)


def current_unit() -> Unit:
    """Return the unit of the working folder. Raises LituError where there is none."""
    try:
        return _unit_in(Path.cwd())
    except FileNotFoundError:
        raise LituError("The folder this notebook ran in is gone; open the notebook again.") from None


@cache
def _unit_in(folder: Path) -> Unit:
    return Unit(folder)

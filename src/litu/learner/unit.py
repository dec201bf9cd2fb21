"""The unit whose notebook runs in this folder: its public checks, and the answer key where the whole course is at hand."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Any

from litu.answers.contract import AnswerKey, PublicEntry, read_checks, read_key
from litu.answers.messages import short
from litu.answers.verdict import Verdict
from litu.compare.verdicts import judge
from litu.errors import LituError
from litu.kinds.wire import arguments, inputs_of, to_plain
from litu.learner.progress import Progress
from litu.public_checks.judge import judge_sealed

MISSING: Any = object()
"""Stands for an argument that was not given."""


class Unit:
    """The checks of one unit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checks = read_checks(folder / "checks.json")
        self.name, self.course, self.entries = self.checks.unit, self.checks.course, self.checks.exercises
        self.key = self._find_key(folder)

    def _find_key(self, folder: Path) -> AnswerKey | None:
        """Return the answer key where the whole course is at hand, as in self-study and in grading."""
        for place in (folder, *folder.parents):
            path = place / "grading" / "keys" / f"{self.name}.json"
            if path.is_file():
                try:
                    text = path.read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError):
                    text = ""
                return read_key(text, path, self.name)
        return None

    def entry(self, name: object) -> PublicEntry:
        """Return the public entry of an exercise."""
        if not isinstance(name, str) or name not in self.entries:
            close = difflib.get_close_matches(str(name)[:100], self.entries, n=3, cutoff=0.4) or list(self.entries)
            names = ", ".join(close[:8]) + (", …" if len(close) > 8 else "")
            raise LituError(f"This unit has no exercise {short(repr(name), 60)}; did you mean {names}?")
        return self.entries[name]

    def asked(self, name: object, value: object) -> PublicEntry:
        """Return the entry that a check is about. Raises LituError where its two arguments are not both there, name first."""
        named = isinstance(name, str) and name in self.entries
        if value is MISSING:
            known = str(name) if named else next(iter(self.entries))
            raise LituError(f'A check takes two things, the name and then your answer: check("{known}", {self.entries[known].variable}).')
        if not named and isinstance(value, str) and value in self.entries:
            raise LituError(f'The name comes first, then your answer: check("{value}", {self.entries[value].variable}).')
        return self.entry(name)

    def progress(self) -> Progress:
        """Return what the learner has tried in this unit."""
        return Progress(self.name, self.course)

    def judge(self, name: str, value: object) -> Verdict:
        """Judge an answer with the key if it is at hand, else with the public checks."""
        entry = self.entry(name)
        if self.key is None:
            return judge_sealed(to_plain(value, inputs_of(entry.inputs)), entry)
        key = self.key.exercises[name]
        return judge(to_plain(value, inputs_of(arguments(key.answer))), key)


def current_unit() -> Unit:
    """Return the unit of the working folder. Raises LituError where there is none."""
    try:
        return _unit_in(Path.cwd())
    except FileNotFoundError:
        raise LituError("The folder this notebook ran in is gone; open the notebook again.") from None


@cache
def _unit_in(folder: Path) -> Unit:
    return Unit(folder)

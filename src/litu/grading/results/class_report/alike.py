"""Hand-ins that say the same: a question to ask, no proof. What the course gave is left out, and how code looks does not count."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from litu.answers.verdict import Outcome
from litu.authoring.meaning import digest, statements
from litu.grading.assignment import Assignment
from litu.grading.results.models import Result

FEWEST_EXERCISES = 3
"""Answered alike, before it is worth a question; all of a unit that has fewer."""
SHORTEST_TEXT = 40
"""Characters of a written answer that two people hardly find by themselves."""


@dataclass(frozen=True)
class Writing:
    """What one student wrote: a digest of the code before each check and of each written answer."""

    code: Mapping[str, str]
    texts: Mapping[str, str]
    wrong: frozenset[str]
    """Exercises that are started and not right."""


@dataclass(frozen=True)
class Alike:
    """Students whose code, or whose written answer, is the same."""

    students: tuple[str, ...]
    exercises: int
    """In so many exercises their code is the same: in all that they answered. 0 when it is only a text."""
    wrong: int
    """So many of them are not right."""
    theirs: int
    """In so many of them nobody else wrote the same."""
    text: str = ""
    """The written answer that is the same."""


class Reader:
    """Takes down what students wrote of one unit."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment

    @cached_property
    def _given(self) -> frozenset[str]:
        cells = [*self._assignment.source.cells, *self._assignment.released.values()]
        released = [cell for cell in cells if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution") is not True]
        starters = [cell for cell in self._assignment.released.values() if cell.cell_type == "code"]
        return frozenset(line for cell in (*released, *starters) for line in statements(cell.source))

    def read(self, result: Result) -> Writing:
        """Return what a student wrote, from the executed notebook of a result."""
        key, code, texts = self._assignment.key, dict[str, str](), dict[str, str]()
        started = {one.name for one in result.exercises if one.outcome != Outcome.NOT_STARTED.value}
        lines: list[str] = []
        for cell in json.loads(result.notebook or "{}").get("cells", []):
            source, name = "".join(cell.get("source", "")), cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
            if name in key.written:
                text = " ".join(source.split()).casefold()
                released = " ".join(self._assignment.released[name].source.split()).casefold()
                if len(text) >= SHORTEST_TEXT and text != released:
                    texts[name] = _short(text)
            elif name.startswith("check-"):
                if lines and (exercise := name.removeprefix("check-")) in started:
                    code[exercise] = _short("\n".join(lines))
                lines = []
            elif cell.get("cell_type") == "code":
                lines += self._own(source)
        wrong = {one.name for one in result.exercises if one.name in started and one.outcome != Outcome.RIGHT.value}
        return Writing(code, texts, frozenset(wrong))

    def _own(self, source: str) -> list[str]:
        if digest("code", source) in self._assignment.official:
            return []
        said = statements(source) or ((" ".join(source.split()),) if source.strip() else ())
        return [line for line in said if line not in self._given]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def alike(writings: Mapping[str, Writing], exercises: int) -> list[Alike]:
    """Return who wrote the same code in all that they answered, and who wrote the same text; the most telling first.

    ``exercises`` is how many the unit has.
    """
    by_code: dict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
    by_text: dict[tuple[str, str], list[str]] = defaultdict(list)
    for student, writing in writings.items():
        if len(writing.code) >= min(FEWEST_EXERCISES, exercises):
            by_code[frozenset(writing.code.items())].append(student)
        for item in writing.texts.items():
            by_text[item].append(student)
    written = Counter(item for writing in writings.values() for item in writing.code.items())
    found = []
    for code, students in by_code.items():
        if len(students) > 1:
            wrong = sum(name in writings[students[0]].wrong for name, _ in code)
            theirs = sum(written[item] == len(students) for item in code)
            found.append(Alike(tuple(sorted(students)), len(code), wrong, theirs))
    found += [Alike(tuple(sorted(students)), 0, 0, 0, name) for (name, _), students in by_text.items() if len(students) > 1]
    return sorted(found, key=lambda one: (-one.wrong, -one.theirs, -one.exercises, one.students))

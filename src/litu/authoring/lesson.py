"""A lesson as its author wrote it: cells and exercises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litu.authoring.front_matter import FrontMatter
from litu.errors import LituError

TAGS = {"exercise", "check", "mistake", "accept", "written"}
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"


class LessonError(LituError):
    """A mistake in a lesson's text, with its file, line and exercise."""

    def __init__(self, path: Path, line: int, what: str, exercise: str | None = None) -> None:
        where = f"{path.parent.name}/{path.name}:{line}: "
        super().__init__(where + (f"exercise {exercise}: " if exercise else "") + what)


@dataclass
class Cell:
    """One cell of a lesson. ``kind`` is "prose", "code" or one of TAGS."""

    kind: str
    source: str
    line: int
    meta: dict[str, Any] = field(default_factory=dict)
    first: int = 0
    """The line of the file on which the source begins, below the header."""

    @property
    def name(self) -> str:
        """The exercise the cell belongs to."""
        return self.meta.get("name", "")

    def starter(self) -> str:
        """Return the cell as a student gets it: without the solution region."""
        kept, inside = [], False
        for text in self.source.splitlines():
            if BEGIN in text:
                inside = True
            elif END in text:
                inside = False
            elif not inside:
                kept.append(text)
        return "\n".join(kept).rstrip()

    def solution(self) -> str:
        """Return the lines between the solution marks."""
        found = re.search(rf"^[^\n]*{BEGIN}[^\n]*\n(.*?)^[^\n]*{END}", self.source, re.DOTALL | re.MULTILINE)
        return found.group(1).rstrip() if found else ""


@dataclass
class Call:
    """What a check cell asks for: ``check(name, expression, **options)``."""

    name: str
    expression: str
    options: dict[str, str]
    """Source text of each option; evaluated when the lesson is run."""


@dataclass
class Exercise:
    """An exercise with all that the author wrote for it."""

    cell: Cell
    check: Cell
    call: Call
    mistakes: list[Cell] = field(default_factory=list)
    accepts: list[Cell] = field(default_factory=list)


@dataclass
class Lesson:
    """One unit of the course."""

    path: Path
    header: FrontMatter
    cells: list[Cell]
    exercises: dict[str, Exercise]

    @property
    def title(self) -> str:
        """The unit's title."""
        return self.header.title

    @property
    def unit(self) -> str:
        """The unit's name: that of its file, its folders and its nbgrader assignment."""
        return self.path.stem

    def error(self, cell: Cell, what: str, line: int | None = None) -> LessonError:
        """Return an error that names the cell's place, or the ``line`` of its source."""
        at = cell.line if line is None else cell.first + line - 1
        return LessonError(self.path, at, what, cell.name or None)

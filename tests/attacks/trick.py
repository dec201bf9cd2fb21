"""A trick, read from its file, as the notebook that a student hands in."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import edits
import jupytext.myst
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from litu.authoring.lesson import Lesson

FOLDER = Path(__file__).parent
CASES = FOLDER / "cases"
HONEST = ("first", "last")
"""The exercises that every trick answers honestly: one before it, one after it."""


@dataclass(frozen=True)
class Trick:
    """One file ``NNN-name.md``: what it tries, what must come of it, and its cells."""

    name: str
    tries: str
    reported: str = ""
    """Words of the suspicion that an instructor reads; empty where nothing can be told, and ``undecidable`` says why."""
    undecidable: str = ""
    loses: dict[str, str] = field(default_factory=dict)
    """Honest exercises whose points the trick destroys, and why it must."""
    earns: dict[str, float] = field(default_factory=dict)
    """Points that are deserved all the same, because that much of the answer is right."""
    edit: str = ""
    """Function of edits.py that changes the finished notebook file."""
    waits: bool = False
    """Whether it only waits, so that little time on the clock is enough for it."""
    slow: bool = False

    @classmethod
    def read(cls, path: Path) -> Trick:
        """Read the head of a trick's file."""
        return cls(path.stem, **_document(path).metadata["attack"])

    @cached_property
    def cells(self) -> list[nbformat.NotebookNode]:
        """The trick's own cells."""
        return _document(next(CASES.glob(f"*/{self.name}.md"))).cells

    def hand_in(self, released: nbformat.NotebookNode, lesson: Lesson) -> bytes:
        """Return the file handed in: the released notebook, two honest answers, the trick."""
        notebook = copy.deepcopy(released)
        for name in HONEST:
            _cell(notebook, name).source = lesson.exercises[name].cell.solution()
        at = next(i for i, cell in enumerate(notebook.cells) if cell.id == "check-first") + 1
        for cell in self.cells:
            place = cell.metadata.get("for")
            if place:
                target = _cell(notebook, place)
                target.source, target.cell_type = cell.source, cell.cell_type
                at = notebook.cells.index(target) + 1
            else:
                make = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}[cell.cell_type]
                notebook.cells.insert(at, make(cell.source))
                at += 1
        if self.edit:
            return getattr(edits, self.edit)(notebook)
        return json.dumps(notebook).encode()


def tricks() -> list[Trick]:
    """Return every trick, in the order of their numbers."""
    return [Trick.read(path) for path in sorted(CASES.glob("*/[0-9][0-9][0-9]-*.md"))]


def _document(path: Path) -> nbformat.NotebookNode:
    return jupytext.myst.myst_to_notebook(path.read_text(encoding="utf-8"))


def _cell(notebook: nbformat.NotebookNode, name: str) -> Any:
    return next(cell for cell in notebook.cells if cell.id == name)

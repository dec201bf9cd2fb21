"""Mends a handed-in notebook against the one that was released.

Locked cells come back as they were, deleted ones return to their places,
copies count once, cells of the wrong type get their type again. An answer
that was moved to another cell stays. Every change is told to the student in
a note.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import Any

import nbformat

from litu.grading.assignment import Assignment
from litu.grading.sanitize import harmless_text, holds_page
from litu.grading.submissions.parse import Cell, ParsedNotebook
from litu.grading.submissions.syntax import MOST_SOURCE, parsed

TITLE = re.compile(r"# Exercise ([a-z0-9-]+) \(")
CALL = re.compile(r"check\(\s*[\"']([a-z0-9-]+)[\"']")


def repair(submission: ParsedNotebook, assignment: Assignment) -> nbformat.NotebookNode:
    """Return the notebook to be executed: the unit's locked cells and the student's work.

    Adds to ``submission.notes`` and ``submission.odd``.
    """
    reference = {cell.metadata.nbgrader.grade_id: cell for cell in assignment.source.cells if "nbgrader" in cell.metadata}
    found = _match(submission, _identified(submission.cells, reference, assignment), reference)
    cells = _put_back_missing(found, reference, assignment, submission.notes)
    cells = _checks_after_exercises(cells, submission.notes)
    made = [_notebook_cell(cell, assignment, number, submission.odd) for number, cell in enumerate(cells)]
    return nbformat.from_dict({"cells": made, "metadata": assignment.source.metadata, "nbformat": 4, "nbformat_minor": 5})


def _identified(cells: list[Cell], reference: dict[str, Any], assignment: Assignment) -> list[str | None]:
    """Return for each cell which graded cell it is: by nbgrader's mark, its id, its first words, its text or its place."""
    texts = {cell.source.strip(): name for name, cell in assignment.released.items() if cell.metadata.nbgrader.locked}
    names = [_identify(cell, reference, texts) for cell in cells]
    for place, (before, cell) in enumerate(zip(names, cells[1:]), start=1):
        answer = (before or "").removeprefix("task-")
        if names[place] is None and cell.cell_type == "markdown" and answer != before and answer in reference and answer not in names:
            names[place] = answer
    # A cell that carries a name goes before one that only reads like it, such as a student's own try of a check.
    marked = {cell.grade_id for cell in cells}
    return [None if name in marked and cell.grade_id != name else name for name, cell in zip(names, cells, strict=True)]


def _identify(cell: Cell, reference: dict[str, Any], texts: dict[str, str]) -> str | None:
    title, call = TITLE.match(cell.source), CALL.match(cell.source.strip())
    candidates = (cell.grade_id, cell.id, title and title.group(1), call and f"check-{call.group(1)}", texts.get(cell.source.strip()))
    return next((name for name in candidates if name in reference), None)


def _match(submission: ParsedNotebook, names: list[str | None], reference: dict[str, Any]) -> list[Cell]:
    seen: dict[str, Cell] = {}
    cells: list[Cell] = []
    notes = submission.notes
    for cell, name in zip(submission.cells, names):
        if name is None:
            cells.append(replace(cell, grade_id=None))
            continue
        original = reference[name]
        marks = original.metadata.nbgrader
        if name in seen:
            if marks.locked:
                notes.append(f"A second copy of the locked cell {name!r} was left out.")
            elif original.cell_type == "markdown":
                seen[name].source += "\n\n" + cell.source
                notes.append(f"The two parts of the answer {name!r} were joined.")
            else:
                cells.append(replace(cell, grade_id=None))
                notes.append(f"The cell {name!r} is there twice; all its copies were run, in order.")
            continue
        if cell.cell_type != original.cell_type:
            notes.append(f"The cell {name!r} was turned back into a {original.cell_type} cell.")
        text = original.source if marks.locked else cell.source
        if marks.locked and marks.grade and cell.source.strip() != original.source.strip():
            notes.append(f"The locked cell {name!r} had been changed; the original was put back.")
            submission.odd.append(f"changed the locked cell {name}")
        seen[name] = Cell(original.cell_type, text, cell.id, name)
        cells.append(seen[name])
    return cells


def _put_back_missing(cells: list[Cell], reference: dict[str, Any], assignment: Assignment, notes: list[str]) -> list[Cell]:
    if not reference.keys() - {cell.grade_id for cell in cells}:
        return cells
    cells, bound = list(cells), _bound(cells)
    previous = None
    for name, original in reference.items():
        if all(cell.grade_id != name for cell in cells):
            text = original.source if original.metadata.nbgrader.locked else assignment.released[name].source
            note = f"The cell {name!r} was missing; it was put back as it was released."
            if name in assignment.key.exercises and assignment.key.exercises[name].variable in bound:
                text = text.partition("\n")[0]
                note = f"The cell {name!r} was missing; the answer was taken from another cell."
            at = next((i + 1 for i, cell in enumerate(cells) if cell.grade_id == previous), 0) if previous else 0
            cells.insert(at, Cell(original.cell_type, text, name, name))
            notes.append(note)
        previous = name
    return cells


def _bound(cells: list[Cell]) -> set[str]:
    """Return the names that the code cells give a value, as far as they are of a readable size."""
    names: set[str] = set()
    left = MOST_SOURCE
    for cell in cells:
        left -= len(cell.source)
        tree = parsed(cell.source) if cell.cell_type == "code" and left > 0 else None
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
    return names


def _checks_after_exercises(cells: list[Cell], notes: list[str]) -> list[Cell]:
    cells = list(cells)
    for check in [cell for cell in cells if (cell.grade_id or "").startswith("check-")]:
        name = str(check.grade_id).removeprefix("check-")
        exercise = next((cell for cell in cells if cell.grade_id == name), None)
        if exercise is not None and _position(cells, check) < _position(cells, exercise):
            cells.pop(_position(cells, check))
            cells.insert(_position(cells, exercise) + 1, check)
            notes.append(f"The check of {name!r} stood before its exercise; it was moved behind it.")
    return cells


def _position(cells: list[Cell], wanted: Cell) -> int:
    return next(i for i, cell in enumerate(cells) if cell is wanted)


def _notebook_cell(cell: Cell, assignment: Assignment, number: int, odd: list[str]) -> nbformat.NotebookNode:
    # nbformat's own constructors check each cell against the schema; writing the notebook checks it as a whole.
    name = cell.grade_id or f"own-{number}"
    given = cell.source in assignment.own_words
    made: dict[str, Any] = {"id": name, "cell_type": "code", "metadata": {}, "source": cell.source, "outputs": [], "execution_count": None}
    if cell.cell_type != "code":
        # Raw cells as well: nbgrader's pages would take them over as they are.
        text = cell.source if given else harmless_text(cell.source)
        made = {"id": name, "cell_type": "markdown", "metadata": {}, "source": text}
        if not given and holds_page(cell.source):
            odd.append(f"the cell {name} writes a page in place of text")
    if cell.grade_id:
        made["metadata"] = {"nbgrader": assignment.released[cell.grade_id].metadata.nbgrader}
    return nbformat.from_dict(made)

"""Which of the unit's cells each handed-in cell is."""

from __future__ import annotations

import re

import nbformat

from litu.authoring.meaning import bindings, meaning
from litu.grading.assignment import Assignment
from litu.grading.submissions.parse import Cell, ParsedNotebook, Refusal
from litu.grading.submissions.written import own_text

TITLE = re.compile(r"\s*# Exercise ([a-z0-9-]+) \(")
CALL = re.compile(r"check\(\s*[\"']([a-z0-9-]+)[\"']")
HELP = "help-"
"""How the names of the cells begin that offer hints; they are nobody's work."""

Reference = dict[str, nbformat.NotebookNode]
"""The unit's cells in order: by nbgrader's name where there is one, else by id."""


def reference_of(assignment: Assignment) -> Reference:
    """Return the unit's cells as they are to be executed."""
    return {cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): cell for cell in assignment.source.cells}


def is_graded(cell: nbformat.NotebookNode) -> bool:
    """Return whether nbgrader knows a cell of the unit; the others are given."""
    return "nbgrader" in cell.metadata


def identified(cells: list[Cell], reference: Reference, assignment: Assignment) -> list[str | None]:
    """Return for each cell which of the unit's it is: by nbgrader's mark, its id, its first words, what it says or its place."""
    said = {meaning(cell.cell_type, cell.source): name for name, cell in reference.items() if cell.source.strip()}
    said |= {meaning(cell.cell_type, cell.source): name for name, cell in assignment.released.items() if cell.metadata.nbgrader.locked}
    names = [_identify(cell, reference, said) for cell in cells]
    for place, (before, cell) in enumerate(zip(names, cells[1:]), start=1):
        answer = (before or "").removeprefix("task-")
        if names[place] is None and cell.cell_type == "markdown" and answer != before and answer in reference and answer not in names:
            names[place] = answer
    # A cell that carries a name goes before one that only reads like it, such as a student's own try of a check.
    marked = {cell.grade_id for cell in cells}
    return [None if name in marked and cell.grade_id != name else name for name, cell in zip(names, cells, strict=True)]


def _identify(cell: Cell, reference: Reference, said: dict[str, str]) -> str | None:
    title, call = TITLE.match(cell.source), CALL.match(cell.source.strip())
    candidates = (cell.grade_id, cell.id, title and title[1], call and f"check-{call[1]}", said.get(meaning(cell.cell_type, cell.source)))
    return next((name for name in candidates if name in reference), None)


def as_it_was(assignment: Assignment, later: frozenset[str], submission: ParsedNotebook | None) -> Assignment:
    """Return the unit without those of the ``later`` exercises that a submission, graded before they came, does not hold."""
    if not later or submission is None:
        return assignment.without(later)
    held = {name for name in identified(submission.cells, reference_of(assignment), assignment) if name}
    return assignment.without(frozenset(name for name in later if not {name, f"check-{name}"} & held))


def refuse_other_unit(submission: ParsedNotebook, assignment: Assignment) -> None:
    """Raise Refusal for the notebook of another unit, and for one that holds nothing of this unit."""
    reference, exercises = reference_of(assignment), assignment.key.exercises
    names = [name for name in identified(submission.cells, reference, assignment) if name is not None and is_graded(reference[name])]
    ours = {name.removeprefix("check-") for name in names} & exercises.keys()
    theirs = {call[1] for cell in submission.cells if (call := CALL.match(cell.source.strip()))} - exercises.keys()
    meant_for = submission.meant_for[:60] if submission.meant_for != assignment.unit else ""
    if (meant_for or theirs) and len(ours) < max(len(theirs), 1):
        whose = f"This is the notebook of unit {meant_for!a}" if meant_for else "This is the notebook of another unit"
        raise Refusal(f"{whose}, handed in for {assignment.unit}; nothing of it was graded. Hand in {assignment.unit}.ipynb.")
    variables = {entry.variable for entry in exercises.values()}
    if not names and not any(bindings(cell.source) & variables or own_text(cell, assignment) for cell in submission.cells):
        raise Refusal(f"The notebook handed in holds none of the cells of {assignment.unit} and no answer to it; nothing of it was graded.")

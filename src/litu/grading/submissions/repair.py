"""Mends a handed-in notebook against the one that was released, and loses nothing that its student typed.

Locked cells come back as they were, deleted ones return to their places, copies count once, cells of the wrong type
get their type again. What was typed into a locked cell stands beside it as a cell of its own. An answer that was moved
to another cell stays. Every change is told to the student in a note.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import nbformat

from litu.authoring.meaning import MOST_SOURCE, adds_nothing, bindings, comments, digest, meaning, own_lines, statements
from litu.grading.assignment import Assignment
from litu.grading.sanitize import harmless_text, holds_page
from litu.grading.submissions.identify import HELP, Reference, identified, is_graded, reference_of
from litu.grading.submissions.parse import Cell, ParsedNotebook
from litu.grading.submissions.written import hand_to_marker

INSTEAD_OF = "instead_of"
"""In a cell's metadata of litu: it is run only if the cell of that id fails."""


def repair(submission: ParsedNotebook, assignment: Assignment) -> nbformat.NotebookNode:
    """Return the notebook to be executed: the unit's locked cells and the student's work.

    Adds to ``submission.notes``, ``submission.odd`` and ``submission.doubts``.
    """
    mending = _Mending(submission, assignment, reference_of(assignment))
    mending.match()
    mending.put_back_missing()
    mending.put_checks_behind_answers()
    hand_to_marker(mending.cells, assignment, submission)
    instead = mending.released_versions()
    made = []
    for number, cell in enumerate(mending.cells):
        made.append(_notebook_cell(cell, assignment, number, submission.odd))
        made += [_instead_of(made[-1].id, given) for given in instead.get(id(cell), [])]
    return nbformat.from_dict({"cells": made, "metadata": assignment.source.metadata, "nbformat": 4, "nbformat_minor": 5})


@dataclass
class _Mending:
    submission: ParsedNotebook
    assignment: Assignment
    reference: Reference
    cells: list[Cell] = field(default_factory=list)
    """Those of the mended notebook; ``grade_id`` is set on nbgrader's."""
    given: dict[str, Cell] = field(default_factory=dict)
    """The cells in which the unit's given ones came back."""
    restored: set[str] = field(default_factory=set)

    def match(self) -> None:
        """Take the student's cells over, each as what it is."""
        seen: dict[str, Cell] = {}
        names = identified(self.submission.cells, self.reference, self.assignment)
        for cell, name in zip(self.submission.cells, names, strict=True):
            own = replace(cell, grade_id=None)
            if name is None:
                self.cells.append(own)
            elif not is_graded(self.reference[name]):
                self._take_given(name, own)
            elif self.reference[name].metadata.nbgrader.locked:
                self._take_locked(name, own, seen)
            else:
                self._take_answer(name, own, seen)

    def _take_given(self, name: str, cell: Cell) -> None:
        original = self.reference[name]
        if (
            name not in self.given
            and cell.cell_type != original.cell_type
            and meaning("raw", cell.source) == meaning("raw", original.source)
        ):
            cell = replace(cell, cell_type=original.cell_type)
            self._note(f"The cell that begins with {_first_line(original.source)} was turned back into a {original.cell_type} cell.")
        if cell.cell_type == original.cell_type:
            self.given.setdefault(name, cell)
        self.cells.append(cell)

    def _take_locked(self, name: str, cell: Cell, seen: dict[str, Cell]) -> None:
        original = self.reference[name]
        own = self._typed_into(cell, original)
        self._note_locked(name, cell, own, again=name in seen)
        kept = []
        if name not in seen:
            seen[name] = Cell(original.cell_type, original.source, cell.id, name)
            kept = [seen[name]]
        around = [] if own is None else [own]
        self.cells += [*kept, *around] if original.cell_type == "markdown" else [*around, *kept]

    def _typed_into(self, cell: Cell, original: nbformat.NotebookNode) -> Cell | None:
        """Return a cell of what the student typed into a locked one, or None where that is nothing."""
        if not cell.source.strip():
            return None
        if original.cell_type == "code":
            older = digest("code", cell.source) in self.assignment.official and not comments(cell.source)
            return None if older or adds_nothing(cell.source, original.source) else replace(cell, id="")
        own = "" if digest("markdown", cell.source) in self.assignment.official else own_lines(cell.source, self.assignment.official_lines)
        return Cell("markdown", own, pictures=cell.pictures) if own or cell.pictures else None

    def _note_locked(self, name: str, cell: Cell, own: Cell | None, *, again: bool) -> None:
        original = self.reference[name]
        if again:
            fate = "was left out" if own is None else "was changed; it stands as a cell of your own"
            self._note(f"A second copy of the locked cell {name!r} {fate}.")
        elif own is not None and original.cell_type == "markdown":
            self._note(f"You wrote into the text of {name!r}; what you wrote stands as a cell of its own below it.")
        elif original.cell_type == "code" and meaning("code", cell.source) != meaning("code", original.source):
            if own is None and cell.source.strip():
                self._note(f"The locked cell {name!r} was that of an earlier release; today's was put in its place.")
                return
            self._note(
                f"The locked cell {name!r} had been changed; the original was put back"
                + (", and what you wrote stands above it." if own else ".")
            )
            self._suspect(name, cell)
        elif own is not None:
            self._note(f"What you wrote into the locked cell {name!r} stands as a cell of its own above it.")
        elif cell.cell_type != original.cell_type:
            self._note(f"The cell {name!r} was turned back into a {original.cell_type} cell.")

    def _suspect(self, name: str, cell: Cell) -> None:
        """Report a check that is no more what it was and holds no work either."""
        call = statements(self.reference[name].source)
        if not set(call) <= set(statements(cell.source)) and not bindings(cell.source) & self._variables():
            self.submission.odd.append(f"changed the locked cell {name}")

    def _variables(self) -> set[str]:
        return {entry.variable for entry in self.assignment.key.exercises.values()}

    def _take_answer(self, name: str, cell: Cell, seen: dict[str, Cell]) -> None:
        original = self.reference[name]
        if name in seen:
            if original.cell_type == "markdown":
                seen[name].source += "\n\n" + cell.source
                seen[name].pictures = {**seen[name].pictures, **cell.pictures}
                self._note(f"The two parts of the answer {name!r} were joined.")
            else:
                self.cells.append(cell)
                self._note(f"The cell {name!r} is there twice; all its copies were run, in order.")
            return
        if cell.cell_type != original.cell_type:
            self._note(f"The cell {name!r} was turned back into a {original.cell_type} cell.")
        seen[name] = replace(cell, cell_type=original.cell_type, grade_id=name)
        self.cells.append(seen[name])

    def put_back_missing(self) -> None:
        """Put the unit's cells that are not there back in their places."""
        bound = self._bound()
        present = {cell.grade_id for cell in self.cells} | self.given.keys()
        previous: Cell | None = None
        for name, original in self.reference.items():
            if name not in present:
                made = self._missing(name, original, set().union(*bound.values()))
                if made is not None:
                    self.cells.insert(_place(self.cells, previous) + 1 if previous else 0, made)
                    previous = made
                continue
            previous = self.given.get(name) or next(cell for cell in self.cells if cell.grade_id == name)

    def _missing(self, name: str, original: nbformat.NotebookNode, bound: set[str]) -> Cell | None:
        if not is_graded(original):
            wanted = bindings(original.source) if original.cell_type == "code" else frozenset()
            if name.startswith(HELP) or wanted <= bound:
                return None
            self._note(f"The given cell that begins with {_first_line(original.source)} was missing; it was put back.")
            self.given[name] = Cell("code", original.source, name)
            return self.given[name]
        self.restored.add(name)
        text = original.source if original.metadata.nbgrader.locked else self.assignment.released[name].source
        note = f"The cell {name!r} was missing; it was put back as it was released."
        if name in self.assignment.key.exercises and self.assignment.key.exercises[name].variable in bound:
            text = text.partition("\n")[0]
            note = f"The cell {name!r} was missing; the answer was taken from another cell."
        self._note(note)
        return Cell(original.cell_type, text, name, name)

    def _bound(self) -> dict[int, frozenset[str]]:
        """Return the names that each code cell gives a value, as far as all are of a readable size."""
        found: dict[int, frozenset[str]] = {}
        left = MOST_SOURCE
        for cell in self.cells:
            left -= len(cell.source)
            if cell.cell_type == "code" and left > 0:
                found[id(cell)] = bindings(cell.source)
        return found

    def put_checks_behind_answers(self) -> None:
        """Move each check that stands before the answer it looks at."""
        bound = self._bound()
        for check in [cell for cell in self.cells if (cell.grade_id or "").startswith("check-")]:
            name = str(check.grade_id).removeprefix("check-")
            variable = self.assignment.key.exercises[name].variable
            exercise = next(cell for cell in self.cells if cell.grade_id == name)
            behind = [exercise]
            if name in self.restored or check.grade_id in self.restored or _untouched(exercise, self.assignment):
                behind += [cell for cell in self.cells if cell.grade_id is None and variable in bound.get(id(cell), ())]
            at, last = _place(self.cells, check), max(_place(self.cells, cell) for cell in behind)
            if at < last:
                self.cells.pop(at)
                self.cells.insert(last, check)
                if check.grade_id not in self.restored:
                    self._note(f"The check of {name!r} stood before its exercise or its answer; it was moved behind it.")

    def released_versions(self) -> dict[int, list[nbformat.NotebookNode]]:
        """Return, by the identity of a changed given cell, its released version, which is run when the changed one fails."""
        found: dict[int, list[nbformat.NotebookNode]] = {}
        bound = self._bound()
        for name, original in self.reference.items():
            if is_graded(original) or original.cell_type != "code" or not (wanted := bindings(original.source)):
                continue
            host = self.given.get(name) or next((cell for cell in self.cells if wanted <= bound.get(id(cell), frozenset())), None)
            if host is not None and meaning("code", host.source) != meaning("code", original.source):
                found.setdefault(id(host), []).append(original)
        return found

    def _note(self, note: str) -> None:
        self.submission.notes.append(note)


def _untouched(exercise: Cell, assignment: Assignment) -> bool:
    return meaning("code", exercise.source) in ("", meaning("code", assignment.released[str(exercise.grade_id)].source))


def _place(cells: list[Cell], wanted: Cell) -> int:
    return next(place for place, cell in enumerate(cells) if cell is wanted)


def _first_line(source: str) -> str:
    return repr(source.strip().partition("\n")[0][:60])


def _instead_of(failing: str, given: nbformat.NotebookNode) -> nbformat.NotebookNode:
    metadata = {"litu": {INSTEAD_OF: failing}}
    return nbformat.from_dict({**given, "id": f"released-{given.id}"[:64], "metadata": metadata, "outputs": [], "execution_count": None})


def _notebook_cell(cell: Cell, assignment: Assignment, number: int, odd: list[str]) -> nbformat.NotebookNode:
    # nbformat's own constructors check each cell against the schema; writing the notebook checks it as a whole.
    name = cell.grade_id or f"own-{number}"
    given = cell.source in assignment.own_words
    made: dict[str, Any] = {"id": name, "cell_type": "code", "metadata": {}, "source": cell.source, "outputs": [], "execution_count": None}
    if cell.cell_type != "code":
        # Raw cells as well: nbgrader's pages would take them over as they are.
        text = cell.source if given else harmless_text(cell.source, cell.pictures)
        made = {"id": name, "cell_type": "markdown", "metadata": {}, "source": text}
        if cell.pictures:
            made["attachments"] = {picture: {kind: data} for picture, (kind, data) in cell.pictures.items()}
        if not given and holds_page(cell.source):
            odd.append(f"the cell {name} writes a page in place of text")
    if cell.grade_id:
        made["metadata"] = {"nbgrader": assignment.released[cell.grade_id].metadata.nbgrader}
    return nbformat.from_dict(made)

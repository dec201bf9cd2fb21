"""What students do to a notebook's cells is mended and told; their right answers keep their marks."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from grading_tools import ESSAY, FACT, FULL, SHARE, UNIT, Grades, as_text, by_student, filled_in, hand_in
from spoiled_notebooks import SPOILED, Notebook, at, edit_check, raise_own_points, spoiled, texts

from litu.course import Course
from litu.grading.assignment import Assignment
from litu.grading.submissions.parse import parse
from litu.grading.submissions.repair import repair

pytest_plugins = ["grading_fixtures"]


@pytest.fixture(scope="module")
def assignment(built: Path) -> Assignment:
    """Return the tiny unit."""
    return Assignment.load(Course.find(built), UNIT)


def mended(assignment: Assignment, notebook: Notebook) -> tuple[Notebook, list[str]]:
    """Return a handed-in notebook as it will be run, and what its student is told."""
    submission = parse(as_text(notebook).encode(), "a", UNIT, [])
    return repair(submission, assignment), submission.notes


def test_whole_notebook_is_left_alone(assignment: Assignment, built: Path) -> None:
    """A notebook that is as it was released, but for the answers, is run as it is and needs no note."""
    notebook, notes = mended(assignment, filled_in(built, FULL))

    assert notes == []
    assert texts(notebook) == {
        **{name: cell.source for name, cell in assignment.released.items()},
        "task-critique": texts(assignment.source)["task-critique"],
        **FULL,
    }
    nbformat.validate(notebook)


@pytest.mark.parametrize("name", SPOILED)
def test_spoiled_notebook_is_mended_and_told(assignment: Assignment, built: Path, name: str) -> None:
    """Whatever was done to its cells, the notebook has each graded cell once, in order, as it was released, and valid."""
    notebook, notes = mended(assignment, spoiled(built, name))

    found = texts(notebook)
    assert sorted(found) == sorted(texts(assignment.source))
    assert len(found) == sum("nbgrader" in cell.metadata for cell in notebook.cells)
    assert at(notebook, "urban-share") < at(notebook, "check-urban-share")
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            released = assignment.released[cell.metadata.nbgrader.grade_id]
            assert cell.metadata.nbgrader == released.metadata.nbgrader and cell.cell_type == released.cell_type
            if cell.metadata.nbgrader.locked:
                assert cell.source == texts(assignment.source)[cell.metadata.nbgrader.grade_id]
    assert SPOILED[name][1] in " ".join(notes)
    assert " ".join(found["critique"].split()) == " ".join(ESSAY.split())
    nbformat.validate(notebook)


def test_deleted_exercise_comes_back_empty(assignment: Assignment, built: Path) -> None:
    """A deleted exercise returns to its place as it was released; its student is told."""
    notebook = filled_in(built, FULL)
    del notebook.cells[at(notebook, "sort")]

    made, notes = mended(assignment, notebook)

    assert texts(made)["sort"] == assignment.released["sort"].source
    assert at(made, "check-urban-share") < at(made, "sort") < at(made, "check-sort")
    assert "'sort' was missing" in notes[0]


def test_empty_notebook_becomes_the_released_one(assignment: Assignment) -> None:
    """A notebook without cells is graded as an untouched one."""
    made, _ = mended(assignment, nbformat.v4.new_notebook())

    assert [name for name in texts(made)] == [name for name in texts(assignment.source)]


def test_own_cells_stay(assignment: Assignment, built: Path) -> None:
    """Cells that a student added keep their place and their text."""
    notebook = filled_in(built, {**FULL, "urban-share": SHARE.replace("people.loc[1978", "mine.loc[1978")})
    notebook.cells.insert(at(notebook, "urban-share"), nbformat.v4.new_code_cell("mine = people"))

    made, notes = mended(assignment, notebook)

    assert made.cells[at(made, "urban-share") - 1].source == "mine = people"
    assert notes == []


@pytest.mark.slow
def test_right_answers_keep_their_marks(course: Path, grade: Grades) -> None:
    """Right answers in a notebook with spoiled cells earn what they earn in a whole one; nobody gains by spoiling."""
    for name in SPOILED:
        hand_in(course, name, spoiled(course, name))
    wrong = filled_in(course, {"urban-share": "urban_share = 1", "sort": FACT})
    raise_own_points(wrong)
    edit_check(wrong)
    hand_in(course, "no-gain", wrong)

    results = by_student(grade(course))

    assert {name: result.points for name, result in results.items()} == {**dict.fromkeys(SPOILED, 3.0), "no-gain": 1.0}
    assert not any(result.written[0].untouched for name, result in results.items() if name in SPOILED)
    assert all((SPOILED[name][1] in " ".join(results[name].notes)) for name in SPOILED)

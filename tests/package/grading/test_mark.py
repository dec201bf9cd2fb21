"""One submission marked: run in a box, judged outside it, whatever is in it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from grading_tools import ESSAY, FACT, FULL, SHARE, SHORT, SLIP, UNIT, VALUE, as_text, filled_in, needs_box, shown

from litu.course import Course
from litu.grading.assignment import Assignment
from litu.grading.autograde import mark_submission
from litu.grading.execution.executor import ForkServer, Limits
from litu.grading.provenance import digest_of, marks_digest
from litu.grading.results.models import Result

pytest_plugins = ["grading_fixtures"]
pytestmark = [needs_box, pytest.mark.slow]


@pytest.fixture(scope="module")
def assignment(built: Path) -> Assignment:
    """Return the tiny unit."""
    return Assignment.load(Course.find(built), UNIT)


@pytest.fixture
def mark(pool: ForkServer, assignment: Assignment, built: Path):  # noqa: ANN201 - a function
    """Return a function that marks answers, a notebook or bytes."""

    def marked(
        content: dict[str, str] | nbformat.NotebookNode | bytes | None, notes: list[str] | None = None, limits: Limits = SHORT
    ) -> Result:
        if isinstance(content, dict) and "cells" not in content:
            content = filled_in(built, content)
        data = content if content is None or isinstance(content, bytes) else as_text(content).encode()
        return mark_submission(pool, assignment, "a", data, notes or [], limits)

    return marked


def outcomes(result: Result) -> dict[str, tuple[str, float]]:
    """Return outcome and points by exercise."""
    return {exercise.name: (exercise.outcome, exercise.points) for exercise in result.exercises}


def test_right_answers_earn_all_points(mark) -> None:
    """Right answers earn full points; prose waits for its marker; the verdict stands in the notebook."""
    result = mark(FULL)

    assert (result.status, result.points, result.worth, result.notes) == ("graded", 3.0, 3.0, [])
    assert not result.written[0].untouched
    notebook = nbformat.reads(result.notebook, as_version=4)
    nbformat.validate(notebook)
    assert "urban-share: right" in shown(notebook, "check-urban-share")
    assert ESSAY in result.notebook and "Mark scheme" in result.notebook


def test_slip_is_named_and_answer_not_told(mark) -> None:
    """A known wrong answer gets its explanation; neither it nor the notebook holds the right answer."""
    result = mark({"urban-share": SLIP, "sort": VALUE})

    assert outcomes(result) == {"urban-share": ("wrong", 0.0), "sort": ("wrong", 0.0)}
    assert "You divided by the people of the countryside" in shown(nbformat.reads(result.notebook, as_version=4), "check-urban-share")
    assert result.exercises[0].slip and "countryside" in result.exercises[0].slip
    assert "17.9" not in result.notebook


def test_untouched_notebook_earns_nothing(mark) -> None:
    """A notebook handed in as released earns nothing, nobody has to read its prose, and nothing is suspicious."""
    result = mark({})

    assert outcomes(result) == {"urban-share": ("not started", 0.0), "sort": ("not started", 0.0)}
    assert result.written[0].untouched and result.suspicions == []


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import os\nos._exit(0)", "it ended the whole process"),
        ("import ctypes\nctypes.string_at(0)", "it ended the whole process"),
        ("while True: pass", "it computed for too long"),
        ("import time\ntime.sleep(60)", "it waited for too long"),
        ("big = 'x' * 3 * 10**9", "it used too much memory"),
        ("while True: print('x' * 10**6)", "it printed without end"),
        ("import os\nos.write(3, b'x' * 100)", "it disturbed the grading"),
        ("import os\nos.close(1)", "it closed its outputs"),
    ],
    ids=["exit", "crash", "loop", "sleep", "memory", "flood", "channel", "closed"],
)  # fmt: skip
def test_stopped_cell_costs_only_its_exercise(mark, code: str, says: str) -> None:
    """A cell that had to be stopped earns nothing and is told why; the rest is graded; the instructor is told too."""
    result = mark({**FULL, "urban-share": f"{SHARE}\n{code}"}, limits=Limits(cpu_seconds=1, wall_factor=3))

    assert outcomes(result) == {"urban-share": ("wrong", 0.0), "sort": ("right", 1.0)}
    assert says in result.exercises[0].message
    assert any("the cell urban-share" in suspicion for suspicion in result.suspicions)


@pytest.mark.parametrize(
    "code",
    ["", "1 / 0", "def broken(:", "urban_share = print", "urban_share = people", "urban_share = object()", "urban_share = [[]] * 10**5",
     "urban_share = 10**400", "urban_share = float('nan')", "urban_share = '\\ud800'", "del people", "a = []\na.append(a)\nurban_share = a",
     "class Odd:\n    def __repr__(self): raise SystemExit\nurban_share = Odd()", "raise KeyboardInterrupt", "exit()", "quit()", "%reset -f",
     "!kill -9 $PPID", "get_ipython().kernel.do_shutdown(False)", "input('?')", "urban_share = lambda *a: urban_share(*a)"],
    ids=range(21),
)  # fmt: skip
def test_no_answer_stops_the_marking(mark, code: str) -> None:
    """Whatever an exercise's cell does, a result comes back, and the other exercise is judged by itself."""
    result = mark({**FULL, "urban-share": code})

    assert outcomes(result)["urban-share"][1] == 0.0
    assert outcomes(result)["sort"] == ("right", 1.0)
    nbformat.validate(nbformat.reads(result.notebook, as_version=4))


def test_unreadable_submission_is_a_result(mark, assignment: Assignment) -> None:
    """What is no notebook gets no points, a page with the reason, and is told to the instructor by its status."""
    result = mark(b"no notebook")

    assert (result.status, result.points, result.written[0].untouched) == ("refused", 0.0, True)
    assert "cannot be read as JSON" in result.reason
    notebook = nbformat.reads(result.notebook, as_version=4)
    assert result.reason in notebook.cells[0].source
    assert list(outcomes(result)) == list(assignment.key.exercises)


def test_missing_submission_is_a_result(mark) -> None:
    """A folder that could not be read gives a result with the reason."""
    assert mark(None, ["It is a link."]).reason == "It is a link."


def test_notes_come_first(mark, built: Path) -> None:
    """What had to be mended is told at the top of the graded notebook."""
    notebook = filled_in(built, FULL)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "check-sort"]

    result = mark(notebook, ["It was called 'x.ipynb'."])

    first = nbformat.reads(result.notebook, as_version=4).cells[0].source
    assert "It was called 'x.ipynb'." in first and "'check-sort' was missing" in first
    assert result.points == 3.0


def test_marking_twice_gives_the_same(mark) -> None:
    """The same submission gives the same result, but for the time it took."""
    first, second = (mark({**FULL, "urban-share": f"import random\n{SHARE}\nprint(random.random())"}) for _ in range(2))

    for result in (first, second):
        result.cells, result.cpu_seconds, result.wall_seconds = [], 0, 0
        for exercise in result.exercises:
            exercise.cpu_seconds = 0
    assert first == second


def test_digest_changes_with_what_marks_depend_on(mark, assignment: Assignment) -> None:
    """The digest of a result is that of its file, the file's notes and the unit."""
    result = mark(FULL)
    other = Assignment(
        assignment.unit,
        assignment.key_text.replace('"points": 2', '"points": 4'),
        assignment.source_text,
        assignment.release_text,
        assignment.checks_text,
    )

    assert result.digest == marks_digest(result.submitted, assignment) != marks_digest(result.submitted, other)
    assert (
        len({digest_of(b"x", []), digest_of(b"y", []), digest_of(b"x", ["renamed"]), digest_of(None, ["a"]), digest_of(None, ["b"])}) == 5
    )


def test_another_right_way_is_right(mark) -> None:
    """A right answer by another way of writing it is right."""
    assert outcomes(
        mark({"urban-share": "urban_share = float(people['urban_million'][1978]) / people['total_million'][1978] * 100", "sort": FACT})
    ) == {
        "urban-share": ("right", 2.0),
        "sort": ("right", 1.0),
    }

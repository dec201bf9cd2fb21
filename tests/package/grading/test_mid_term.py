"""A unit that is changed in the middle of a term enters the gradebook, and whoever was graded before stays out of what there was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from grading_tools import (  # fmt: skip
    FACT,
    FULL,
    SHARE,
    UNIT,
    Grades,
    as_text,
    by_student,
    executed,
    filled_in,
    hand_in,
    mark_by_hand,
    marks,
    needs_box,
    open_book,
    points,
    run_nbgrader,
)
from nbgrader.api import Gradebook
from ran import Ran

from litu.authoring.build import build_unit
from litu.course import Course
from litu.grading.results.page import points_of
from litu.grading.results.tables import read_table

pytest_plugins = ["grading_fixtures"]
ADDED = """**Exercise 3.** Who lives in towns?

```{code-cell}
---
tags: [exercise]
name: town
points: 1
feedback: graded
---
town = ...
### BEGIN SOLUTION
town = "all"
### END SOLUTION
```

```{code-cell}
:tags: [check]
check("town", town, choices=["all", "some", "none", "few"])
```

"""


def change(root: Path) -> None:
    """Take exercise 2 out of the unit and put another one in."""
    lesson = root / "course/01-tiny.md"
    text = lesson.read_text(encoding="utf-8")
    before, _, rest = text.replace('    - {claim: "001-02", verdict: defended, exercise: sort}\n', "").partition("**Exercise 2.**")
    written = "```{code-cell}\n---\ntags: [written]"
    text = before + ADDED + written + rest.partition(written)[2]
    lesson.write_text(text, encoding="utf-8")
    build_unit(Course.find(root), UNIT)


def out_of(root: Path) -> dict[str, tuple[float, float]]:
    """Return each student's score and what it is out of."""
    with open_book(root) as book:
        return {row["student"]: (row["score"], row["out_of"]) for row in book.rows(UNIT)}


@needs_box
@pytest.mark.slow
def test_exercises_that_come_and_go(classroom: Path, grade: Grades, empty_gradebook: Path) -> None:
    """Marks by hand stay, marks of what went are kept in a file, old work is out of what it had, by every door and in a new gradebook too."""
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    hand_in(classroom, "bo", filled_in(classroom, {"urban-share": SHARE, "sort": FACT}))
    grade(classroom)
    mark_by_hand(classroom, "ann", "critique", 2.5)
    change(classroom)
    hand_in(classroom, "cy", filled_in(classroom, {"urban-share": SHARE, "town": 'town = "all"'}))
    hand_in(classroom, "di", filled_in(classroom, {"urban-share": SHARE}))

    report = grade(classroom)

    assert ["no longer has sort: the marks of 2 students" in report.told[0], "now has town" in report.told[1]] == [True, True]
    assert out_of(classroom) == {"ann": (4.5, 5.0), "bo": (2.0, 5.0), "cy": (3.0, 6.0), "di": (2.0, 6.0)}
    assert marks(classroom)["ann", "critique"][:4] == (None, 2.5, None, False)
    kept = read_table(classroom / "grading/reports/removed.csv", ("student", "cell", "auto_score"))
    assert [tuple(row.values()) for row in kept] == [("ann", "check-sort", "1.0"), ("bo", "check-sort", "1.0")]
    assert 'check(\\"town' not in as_text(executed(classroom, "ann")) and not by_student(report)["ann"].notes
    assert grade(classroom).graded == []

    before = points(classroom)
    assert run_nbgrader(classroom, "autograde", UNIT, "--force").code == 0
    assert points(classroom) == before and out_of(classroom)["ann"] == (4.5, 5.0)
    with Gradebook(f"sqlite:///{classroom}/grading/gradebook.db") as book:
        named = {"notebook": UNIT, "assignment": UNIT}
        assert [points_of(book, {**named, "student": student}) for student in ("ann", "cy")] == [5.0, 6.0]

    shutil.copy(empty_gradebook, classroom / "grading/gradebook.db")
    grade(classroom)
    assert points(classroom) == before

    hand_in(classroom, "bo", filled_in(classroom, {"urban-share": SHARE, "town": 'town = "all"'}))
    assert grade(classroom).graded == ["bo"]
    assert out_of(classroom)["bo"] == (3.0, 6.0)


@needs_box
@pytest.mark.slow
def test_one_units_refusal_stops_no_other(classroom: Path, litu: Callable[..., Ran]) -> None:
    """`litu grade --all` grades what can be graded, says which unit was not and why, and ends with 1."""
    for unit in (UNIT, "02-kinds"):
        hand_in(classroom, "ann", filled_in(classroom, {}, unit), unit=unit)
    (classroom / f"grading/keys/{UNIT}.json").unlink()

    ran = litu(classroom, "grade", "--all", "--no-feedback")

    assert ran.code == 1 and "01-tiny was not graded, the others were: grading/keys/01-tiny.json is missing; run `litu build" in ran.err
    assert points(classroom, unit="02-kinds")["ann"] and "02-kinds" in ran.out

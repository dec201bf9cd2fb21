"""`litu grade` as an instructor meets it: what it prints, and one sentence for each thing that is not right."""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from grading_tools import FULL, SLIP, UNIT, executed, filled_in, hand_in, mark_by_hand, needs_box, points
from ran import Ran

from litu.authoring.build import build_unit
from litu.course import Course

pytest_plugins = ["grading_fixtures"]
Command = Callable[..., Ran]


def refusal(ran: Ran) -> str:
    """Return the one sentence with which a command ended."""
    assert ran.code == 1, ran.out
    (line,) = ran.err.strip().splitlines()
    assert line.startswith("litu: ") and "Traceback" not in ran.out
    return line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Name one unit, or --all; for example `litu grade 04`."),
        (("01", "--all"), "Name one unit, or --all"),
        (("09",), "There is no unit '09' in course/"),
        (("01-tny",), "Did you mean 01-tiny?"),
        (("01",), "Nothing was handed in for 01-tiny: there is no grading/submitted/<student>/01-tiny/."),
        (("--all",), "Nothing was handed in: grading/submitted/<student>/<unit>/ is where nbgrader collects work."),
        (("01", "--student", "zoe"), "There is no student 'zoe' in grading/submitted/."),
        (("01", "--db", "postgresql+psycopg://me:secret@127.0.0.1:1/grades"), "The gradebook postgresql+psycopg://…@127.0.0.1:1/grades cannot be opened"),
    ],
    ids=["no-unit", "unit-and-all", "unknown", "misspelt", "nothing", "nothing-at-all", "student", "gradebook"],
)  # fmt: skip
def test_what_is_not_right_is_one_sentence(classroom: Path, litu: Command, arguments: tuple[str, ...], says: str) -> None:
    """Each mistake of an instructor's ends in one sentence that names what is expected, without a trace."""
    ran = litu(classroom, "grade", *arguments)

    assert says in refusal(ran) and "secret" not in ran.err


def test_unit_that_is_not_built_is_told(classroom: Path, litu: Command) -> None:
    """A unit that is not built is told with the command that builds it."""
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    (classroom / f"grading/keys/{UNIT}.json").unlink()

    assert "run `litu build 01-tiny` before grading" in refusal(litu(classroom, "grade", "01"))


def test_place_that_is_no_course_is_told(tmp_path: Path, litu: Command) -> None:
    """Outside a course, the sentence says what a course is."""
    assert "is not inside a course" in refusal(litu(tmp_path, "grade", "01"))


@pytest.mark.parametrize("blocked", ["reports", "gradebook.db"])
def test_folder_that_cannot_be_written_is_told(classroom: Path, litu: Command, blocked: str) -> None:
    """When something under grading/ cannot be written, the sentence names it."""
    hand_in(classroom, "ann", b"no notebook")
    place = classroom / "grading" / blocked
    if blocked == "gradebook.db":
        place.unlink()
        place.mkdir()
    else:
        place.parent.mkdir(exist_ok=True)
        place.write_text("in the way")

    said = refusal(litu(classroom, "grade", "01", "--no-feedback"))

    assert str(place) in said and ("cannot be written" in said or "cannot be opened" in said)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder_is_told(classroom: Path, litu: Command) -> None:
    """A grading/ folder without the right to write is told."""
    hand_in(classroom, "ann", b"no notebook")
    (classroom / "grading").chmod(0o555)
    try:
        assert "cannot be written (Permission denied)" in refusal(litu(classroom, "grade", "01"))
    finally:
        (classroom / "grading").chmod(0o755)


def test_two_runs_do_not_meet(classroom: Path, litu: Command) -> None:
    """While one run is at work, a second one says so and ends."""
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    (classroom / "grading/reports").mkdir()
    with (classroom / "grading/reports/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        assert "Another `litu grade` is at work" in refusal(litu(classroom, "grade", "01"))


@needs_box
@pytest.mark.slow
def test_class_is_graded_and_graded_again(classroom: Path, litu: Command) -> None:
    """A run prints its table, what to look at and what to open next; after a fix it prints whose marks moved, and pages follow."""
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    hand_in(classroom, "bo", filled_in(classroom, {"urban-share": SLIP}))
    hand_in(classroom, "line\nbreak", filled_in(classroom, FULL))
    hand_in(classroom, "di", b"no notebook")
    hand_in(classroom, "ann", filled_in(classroom, {}, "02-kinds"), unit="02-kinds")

    first = litu(classroom, "grade", "--all", "--timings")

    assert (first.code, first.err) == (0, "")
    said = " ".join(first.out.replace("│", " ").split())
    assert "01-tiny 4 1.5 of 3" in said and "02-kinds 1 0.0 of" in said
    assert "You divided by the people of the countryside" in said and "CPU seconds by cell" in said
    assert "di, 01-tiny: not graded. The file handed in is not a notebook" in said
    assert "The feedback page of 'line\\nbreak' for 01-tiny could not be written" in said
    assert "grading/reports/grades.csv the grades" in said and "2 submissions wait for written answers" in said
    page = classroom / f"grading/feedback/bo/{UNIT}/{UNIT}.html"
    assert "You divided by the people of the countryside" in page.read_text()
    assert "17.9" not in page.read_text()
    with (classroom / "grading/reports/grades.csv").open(encoding="utf-8-sig") as file:
        rows = {(row["student"], row["unit"]): row for row in csv.DictReader(file)}
    assert rows["ann", UNIT]["score"] == "3.0" and rows["di", UNIT]["status"] == "refused"
    assert rows["bo", "02-kinds"]["status"] == "nothing handed in" and rows["line\\nbreak", UNIT]["status"] == "graded"

    mark_by_hand(classroom, "ann", "critique", 2.5)
    lesson = classroom / "course/01-tiny.md"
    lesson.write_text(lesson.read_text().replace('sort = "fact"', 'sort = "value"'))
    build_unit(Course.find(classroom), UNIT)
    second = litu(classroom, "grade", "01", "--student", "ann", "--student", "bo")

    assert (second.code, second.err) == (0, "")
    assert "1 marks moved since the last grading (reports/changes.csv):\n  ann, 01-tiny, sort: 1 → 0\n" in second.out
    assert f"{date.today()},ann,01-tiny,sort,1.0,0.0," in (classroom / "grading/reports/changes.csv").read_text()
    assert points(classroom)["di"] == {"check-urban-share": 0.0, "check-sort": 0.0, "critique": 0.0}
    assert "4.5" in (classroom / f"grading/feedback/ann/{UNIT}/{UNIT}.html").read_text()
    assert "sort: wrong" in str(executed(classroom, "ann"))

    with (classroom / "grading/reports/grades.csv").open(encoding="utf-8-sig") as file:
        assert {(row["student"], row["unit"]): row for row in csv.DictReader(file)}["di", UNIT]["status"] == "refused"

    third = litu(classroom, "grade", "01", "--student", "ann", "--student", "bo")
    assert "moved" not in third.out and third.code == 0

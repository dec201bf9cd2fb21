"""The whole stock way through nbgrader's exchange, each person with a home (and, for root, a system user) of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from grading_tools import FULL, SLIP, UNIT, Grades, filled_in, hand_in, mark_by_hand, needs_box, open_book, run_nbgrader
from places import TINY

from litu.course import Course
from litu.grading.results.feedback import stale_pages, write_feedback
from litu.grading.results.models import UnitReport

pytest_plugins = ["grading_fixtures"]
pytestmark = [pytest.mark.slow, needs_box]


@dataclass(frozen=True)
class Person:
    """Someone with a home of their own."""

    home: Path
    user: int | None
    name: str


@pytest.fixture
def people() -> Iterator[tuple[Path, list[Person]]]:
    """Return an exchange folder and two students; as root they are two system users."""
    place = Path(tempfile.mkdtemp(prefix="exchange-"))
    place.chmod(0o755)
    (place / "exchange").mkdir()
    (place / "exchange").chmod(0o777)
    mine = pwd.getpwuid(os.getuid())
    users = [pwd.getpwnam(name) for name in ("games", "nobody")] if mine.pw_uid == 0 else [mine]
    students = []
    for user in users:
        home = place / user.pw_name
        home.mkdir()
        os.chown(home, user.pw_uid, -1)
        students.append(Person(home, user.pw_uid if mine.pw_uid == 0 else None, user.pw_name))
    yield place / "exchange", students
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def door(classroom: Path, people: tuple[Path, list[Person]]) -> Callable[..., str]:
    """Return a function that runs an exchange command as the instructor or as a student."""
    exchange, _ = people
    own = exchange.parent / "instructor"
    own.mkdir()

    def run(who: Person | None, *arguments: str) -> str:
        words = (*arguments, f"--Exchange.root={exchange}", *(("--course", "leaving-the-soil") if who else ()))
        ran = run_nbgrader(who.home if who else classroom, *words, home=who.home if who else own, user=who.user if who else None)
        assert ran.code == 0, ran.said
        return ran.said

    return run


def grade_and_give_pages(root: Path, grade: Grades) -> UnitReport:
    """Grade the tiny unit and write every page that is due, as `litu grade` does."""
    course, report = Course.find(root), grade(root)
    with open_book(root) as book:
        due = stale_pages(course, report, book.rows(UNIT), book.by_hand(UNIT))
        assert list(write_feedback(course, {UNIT: due}, 1, book.url)) == [(UNIT, None)] * len(due)
    return report


def test_stock_way_with_litu_grade(classroom: Path, grade: Grades, people: tuple[Path, list[Person]], door: Callable[..., str]) -> None:
    """Generated, released, fetched into an empty home, validated, submitted, collected, graded by `litu grade`, marked, given back and fetched."""
    exchange, students = people
    door(None, "generate_assignment", UNIT, "--force")
    door(None, "release_assignment", UNIT)
    for place, student in enumerate(students):
        assert UNIT in door(student, "list")
        door(student, "fetch_assignment", UNIT)
        work = student.home / UNIT
        assert (work / "checks.json").is_file()
        nbformat.write(filled_in(classroom, FULL if place == 0 else {**FULL, "urban-share": SLIP}), work / f"{UNIT}.ipynb")
        (work / "helpers.py").write_text("half = 0.5\n")
        # A kernel is a program of its own, and this Python may be its owner's only.
        command = [Path(sys.executable).parent / "nbgrader", "validate", f"{UNIT}.ipynb"]
        said = subprocess.run(
            command,
            cwd=work,
            env={**os.environ, "HOME": str(exchange.parent), "LITU_DATA": str(TINY)},
            capture_output=True,
            text=True,
            timeout=120,
        ).stdout
        assert ("passes all the tests" in said) == (place == 0), said
        door(student, "submit", UNIT)
    door(None, "collect", UNIT)
    hand_in(classroom, "by-mail", filled_in(classroom, FULL))

    grade_and_give_pages(classroom, grade)
    mark_by_hand(classroom, students[0].name, "critique", 2.5)
    grade_and_give_pages(classroom, grade)
    door(None, "generate_feedback", UNIT)
    said = door(None, "release_feedback", UNIT)

    assert "by-mail" in said and "did not come through the exchange" in said
    for place, student in enumerate(students):
        beside = classroom / "grading/autograded" / student.name / UNIT
        assert sorted(path.name for path in beside.iterdir()) == [
            f"{UNIT}.ipynb",
            "checks.json",
            "helpers.py",
            "submission_secret.txt",
            "timestamp.txt",
        ]
        door(student, "fetch_feedback", UNIT)
        (page,) = (student.home / UNIT / "feedback").rglob("*.html")
        assert ("5.5 / 6" in " ".join(page.read_text().split())) == (place == 0)


def test_a_second_submission_of_the_same_notebook_gets_its_page(
    classroom: Path, grade: Grades, people: tuple[Path, list[Person]], door: Callable[..., str]
) -> None:
    """The same notebook handed in again has another secret: its page goes back under that one."""
    exchange, (student, *_) = people
    door(None, "generate_assignment", UNIT, "--force")
    door(None, "release_assignment", UNIT)
    door(student, "fetch_assignment", UNIT)
    pages = []
    for _ in range(2):
        door(student, "submit", UNIT)
        door(None, "collect", UNIT, "--update")
        report = grade_and_give_pages(classroom, grade)
        door(None, "release_feedback", UNIT)
        door(student, "fetch_feedback", UNIT)
        pages.append(len(list((student.home / UNIT / "feedback").rglob("*.html"))))

    assert pages == [1, 2] and report.graded == []

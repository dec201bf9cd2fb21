"""Another gradebook never takes the place of the one that pages and reports come from without being told to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from grading_tools import FULL, UNIT, Grades, filled_in, hand_in, needs_box, open_book
from ran import Ran

from litu.course import Course
from litu.errors import LituError
from litu.grading.gradebook.identity import name_of, record, recorded, refuse_another

pytest_plugins = ["grading_fixtures"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("sqlite:///{root}/grading/gradebook.db", "grading/gradebook.db"),
        ("sqlite:////elsewhere/grades.db", "/elsewhere/grades.db"),
        ("postgresql+psycopg://me:secret@server:5433/grades", "grades (postgresql on server:5433)"),
        ("postgresql://you@server:5433/grades", "grades (postgresql on server:5433)"),
        ("postgresql+psycopg://me@/grades?host=/run/pg", "grades (postgresql on /run/pg)"),
    ],
)
def test_a_name_says_which_gradebook_without_its_password(course: Path, address: str, name: str) -> None:
    """One gradebook has one name, whoever opens it and wherever the course lies."""
    assert name_of(Course.find(course), address.format(root=course)) == name


@needs_box
def test_lost_gradebook_is_told(classroom: Path, grade: Grades, empty_gradebook: Path) -> None:
    """The same gradebook is taken every day; once it has lost what was entered, that is told."""
    here = Course.find(classroom)
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    with open_book(classroom) as book:
        refuse_another(here, book)
    grade(classroom)
    with open_book(classroom) as book:
        refuse_another(here, book)
        record(here, book)
        refuse_another(here, book)
    assert recorded(here) == ["grading/gradebook.db"]

    shutil.copy(empty_gradebook, classroom / "grading/gradebook.db")
    with open_book(classroom) as book, pytest.raises(LituError, match=f"gradebook.db is new or empty, but {UNIT} were graded"):
        refuse_another(here, book)


@needs_box
@pytest.mark.slow
def test_another_gradebook_changes_no_page_untold(classroom: Path, litu: Callable[..., Ran]) -> None:
    """`--db` with another gradebook changes no page and no report, until `--new-gradebook` says so; and then the way back is told too."""
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    assert litu(classroom, "grade", "01").code == 0
    files = {path: path.read_bytes() for folder in ("feedback", "reports") for path in (classroom / "grading" / folder).rglob("*.[hc]*")}
    other = ("--db", f"sqlite:///{classroom}/other.db")

    refused = litu(classroom, "grade", "01", *other)
    assert refused.code == 1 and "come from the gradebook grading/gradebook.db; this is other.db" in refused.err
    assert {path: path.read_bytes() for path in files} == files and len(files) > 1

    assert litu(classroom, "grade", "01", *other, "--new-gradebook").code == 0
    with open_book(classroom) as book, pytest.raises(LituError, match="come from the gradebook other.db"):
        refuse_another(Course.find(classroom), book)

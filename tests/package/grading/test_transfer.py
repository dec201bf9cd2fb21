"""A gradebook moves between files and servers whole; two runs may meet on a new one."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from grading_tools import FULL, TIME, UNIT, Grades, filled_in, hand_in, mark_by_hand, marks, needs_box, open_book, parsed
from ran import Ran

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.gradebook.identity import record, refuse_another
from litu.grading.gradebook.records import Entry
from litu.grading.gradebook.transfer import copy_gradebook
from litu.grading.results.models import ExerciseResult, Result, WrittenResult

pytest_plugins = ["grading_fixtures"]


def comments(root: Path, url: str | None = None) -> list[Any]:
    """Return what markers wrote, extensions and names."""
    with open_book(root, url) as book:
        return [book.by_hand(UNIT), book.extensions(UNIT), book.roster(), book.rows(UNIT)]


@needs_box
@pytest.mark.slow
def test_there_and_back(classroom: Path, grade: Grades, postgresql: Callable[..., str], tmp_path: Path, litu: Callable[..., Ran]) -> None:
    """From SQLite to PostgreSQL and back: marks, comments, extensions and names are the same; the copy may be graded into; what is full is refused."""
    here, file, server = Course.find(classroom), f"sqlite:///{classroom}/grading/gradebook.db", postgresql("template1")
    hand_in(classroom, "ann", filled_in(classroom, FULL), time="2026-03-01 10:30:00 UTC")
    hand_in(classroom, "王芳", filled_in(classroom, {}))
    grade(classroom)
    mark_by_hand(classroom, "ann", "critique", 2.5)
    with open_book(classroom) as book:
        book._book.find_comment("critique", UNIT, UNIT, "ann").manual_comment = "好, “good”"
        book._book.update_or_create_student("王芳", last_name="王", first_name="芳")
        book.set_due(UNIT, parsed(TIME))
        book.extend(UNIT, "ann", parsed(TIME) + timedelta(days=1, microseconds=5))
        record(here, book)

    ran = litu(classroom, "gradebook", "copy", "grading/gradebook.db", server)

    assert (ran.code, ran.err) == (
        0,
        "",
    ) and "Copied and compared: 2 students, 2 submissions, 6 marks, 1 marks by hand, 1 comments." in ran.out
    assert marks(classroom, server) == marks(classroom) and comments(classroom, server) == comments(classroom)
    again = litu(classroom, "gradebook", "copy", "grading/gradebook.db", server)
    assert again.code == 1 and "is not empty" in again.err and "2 submissions" in again.err and "--replace" in again.err
    mark_by_hand(classroom, "ann", "critique", 3.0, server)
    assert copy_gradebook(server, f"sqlite:///{tmp_path}/back.db", replace=False)["students"] == 2
    assert copy_gradebook(f"sqlite:///{tmp_path}/back.db", file, replace=True)["submissions"] == 2
    assert marks(classroom)["ann", "critique"][1] == 3.0 and comments(classroom) == comments(classroom, server)
    with open_book(classroom, server) as book:
        refuse_another(here, book)
        record(here, book)
    with open_book(classroom) as book, pytest.raises(LituError, match="`litu gradebook copy` takes them along"):
        refuse_another(here, book)


def test_what_cannot_be_copied_is_told(classroom: Path, tmp_path: Path) -> None:
    """No source, the same gradebook, another version, a file that is none: one sentence, and nothing is changed."""
    file = f"sqlite:///{classroom}/grading/gradebook.db"
    shutil.copy(classroom / "grading/gradebook.db", tmp_path / "old.db")
    with open_book(classroom, f"sqlite:///{tmp_path}/old.db") as book:
        book._book.db.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'old'")
        book._book.db.commit()
    (tmp_path / "text.db").write_text("no database at all, but a text that is long enough to be read", encoding="utf-8")
    cases = {f"sqlite:///{tmp_path}/none.db": "There is no gradebook", file: "the same", f"sqlite:///{tmp_path}/old.db": "another version"}
    for source, says in {**cases, f"sqlite:///{tmp_path}/text.db": "failed"}.items():
        with pytest.raises(LituError, match=says):
            copy_gradebook(source, file, replace=True)
    assert not (tmp_path / "none.db").exists() and marks(classroom) == {}


def enter(root: Path, url: str, students: list[str], barrier: Any) -> None:
    """Open a gradebook and enter marks, as a run does, together with another one."""
    assignment = Assignment.load(Course.find(root), UNIT)
    exercises = [ExerciseResult("urban-share", 2.0, 2.0, "right", ""), ExerciseResult("sort", 1.0, 1.0, "right", "")]
    barrier.wait(30)
    with open_book(root, url) as book:
        book.prepare(assignment)
        for student in students:
            result = Result(student, UNIT, "graded", exercises=exercises, written=[WrittenResult("critique", 3.0, False)])
            book.write(UNIT, [Entry(result, None, False)])


@pytest.mark.slow
def test_two_first_runs_on_a_new_server(classroom: Path, postgresql: Callable[..., str]) -> None:
    """Two runs that open an empty PostgreSQL at the same time, for some of the same students, both end well; no row is there twice."""
    fork = multiprocessing.get_context("fork")
    for _ in range(4):
        url, barrier = postgresql("template1"), fork.Barrier(2)
        runs = [fork.Process(target=enter, args=(classroom, url, names, barrier)) for names in (["a", "b", "c"], ["c", "b", "d"])]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
        assert [run.exitcode for run in runs] == [0, 0]
        assert len(marks(classroom, url)) == 12
        with open_book(classroom, url) as book:
            assert len(book.rows(UNIT)) == 4

"""A run that is killed at any point is finished by the next, as if nothing had happened.

Fifty runs are killed by SIGKILL at random points. To fit so many into a
minute, each is a forked process that grades in boxes of a warm parent which
is already there; everything else, from reading the submissions to writing
gradebook, store and reports, is done by the process that is killed, through
the code of `litu grade`. Two runs of the command itself, from its first
line to its feedback pages, are killed as well.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from grading_tools import (
    ESSAY,
    FULL,
    SHORT,
    SLIP,
    TIME,
    UNIT,
    VALUE,
    executed,
    filled_in,
    hand_in,
    mark_by_hand,
    marks,
    needs_box,
    open_book,
    parsed,
)  # fmt: skip

from litu.authoring.build import build_unit
from litu.course import Course
from litu.grading.execution.executor import ForkServer
from litu.grading.results.store import store_of
from litu.grading.runner import pipeline
from litu.grading.runner import run as grading
from litu.grading.runner.pipeline import LocalGrader

pytest_plugins = ["grading_fixtures"]
pytestmark = [needs_box, pytest.mark.slow]

KILLS = 50
PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin


class TenthOff(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * 0.1


c.AssignLatePenalties.plugin_class = TenthOff
"""
LATE = "2026-03-02 10:00:00 UTC"


def start(root: Path, pool: ForkServer) -> int:
    """Start grading in a forked process and return its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.chdir(root)
        grading.grader_for = lambda *_: LocalGrader(pool, 2, SHORT)  # the warm parent that is already there
        pipeline.BATCH = 2  # small transactions, so that there is more to be killed between
        grading.run(Course.find(root), [UNIT], None, grading.Settings(feedback=False))
        code = 0
    finally:
        os._exit(code)


def finish(root: Path, pool: ForkServer) -> None:
    """Grade to the end."""
    _, status = os.waitpid(start(root, pool), 0)
    assert status == 0


@dataclass
class State:
    """All that grading leaves, but for times."""

    marks: dict[tuple[str, str], tuple[Any, ...]]
    grades: str
    changes: str
    verdicts: dict[str, list[tuple[str, float, str]]]
    shown: dict[str, list[str]]


def state(root: Path) -> State:
    """Return what a finished run has left."""
    store = store_of(Course.find(root), UNIT)
    reports = root / "grading/reports"
    students = sorted(path.name for path in (root / "grading/submitted").iterdir())
    finals = {student: store.final(student) for student in students}
    assert all(finals.values()) and not any(store.draft(student) or store.replaced(student) for student in students)
    return State(
        marks(root),
        (reports / "grades.csv").read_text(),
        (reports / "changes.csv").read_text() if (reports / "changes.csv").exists() else "",
        {student: [(one.name, one.points, one.message) for one in final.exercises] for student, final in finals.items() if final},
        {student: [cell.source for cell in executed(root, student).cells] for student in students},
    )


@pytest.fixture
def midterm(classroom: Path, pool: ForkServer) -> Path:
    """Return a course in the middle of its term: graded once, marked by hand, some of it handed in anew, one check mended."""
    with (classroom / "nbgrader_config.py").open("a") as file:
        file.write(PENALTY)
    hand_in(classroom, "ann", filled_in(classroom, FULL), time=LATE)
    hand_in(classroom, "bo", filled_in(classroom, {"urban-share": SLIP, "sort": VALUE, "critique": ESSAY}), time=LATE)
    hand_in(classroom, "cy", filled_in(classroom, {}))
    with open_book(classroom) as book:
        book.set_due(UNIT, parsed(TIME))
    finish(classroom, pool)
    mark_by_hand(classroom, "ann", "critique", 2.0)
    mark_by_hand(classroom, "bo", "check-urban-share", 1.5)
    lesson = classroom / "course/01-tiny.md"
    lesson.write_text(lesson.read_text().replace('sort = "fact"', 'sort = "value"'))
    build_unit(Course.find(classroom), UNIT)
    hand_in(classroom, "cy", filled_in(classroom, FULL))
    hand_in(classroom, "di", "no notebook", time=LATE)
    hand_in(classroom, "ed", filled_in(classroom, {**FULL, "sort": VALUE}))
    return classroom


def by_hand(root: Path) -> None:
    """Give the manual mark that somebody gives while grading is interrupted."""
    mark_by_hand(root, "ann", "check-urban-share", 0.5)


def test_killed_at_fifty_points(midterm: Path, pool: ForkServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Killed at any of fifty points and run again, grading ends with the gradebook, reports and notebooks of an uninterrupted run."""
    before = tmp_path / "before"
    shutil.copytree(midterm / "grading", before)
    finish(midterm, pool)
    shutil.rmtree(midterm / "grading")
    shutil.copytree(before, midterm / "grading")
    by_hand(midterm)
    began = time.monotonic()
    finish(midterm, pool)
    length = time.monotonic() - began
    wanted = state(midterm)
    assert wanted.marks["bo", "check-urban-share"][:2] == (0.0, 1.5) and wanted.marks["ann", "critique"][1] == 2.0
    assert wanted.marks["ann", "check-sort"] == (0.0, None, None, False, pytest.approx(0.25))
    assert "bo,01-tiny,sort,0.0,1.0" in wanted.changes and "ann,01-tiny,sort,1.0,0.0" in wanted.changes

    chance, killed, found = random.Random(2016), 0, set()
    while killed < KILLS:
        shutil.rmtree(midterm / "grading")
        shutil.copytree(before, midterm / "grading")
        took = start_and_kill(midterm, pool, chance.uniform(0, length))
        if took is not None:  # it was done already
            length = min(length, took)
            continue
        killed += 1
        if chance.random() < 0.2:
            start_and_kill(midterm, pool, chance.uniform(0, length))
        found.add((sum(mark[0] is not None for mark in marks(midterm).values()), *left(midterm)))
        by_hand(midterm)
        finish(midterm, pool)

        assert state(midterm) == wanted
    with capsys.disabled():
        print(f"\nKilled at {KILLS} points of a run of {length:.2f} s, left in {len(found)} different states: nothing lost.")


def start_and_kill(root: Path, pool: ForkServer, after: float) -> float | None:
    """Start grading and kill it; return the seconds it took when it was done before that."""
    began, child = time.monotonic(), start(root, pool)
    while time.monotonic() < began + after:
        if os.waitpid(child, os.WNOHANG)[0]:
            return time.monotonic() - began
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else time.monotonic() - began


def left(root: Path) -> list[int]:
    """Return how many files of each kind a killed run has left."""
    results = root / "grading/reports/results" / UNIT
    return [len(list((results / kind).glob("*"))) for kind in ("draft", "final", "replaced")]


def grade_command(root: Path, *more: str) -> list[str | Path]:
    """Return the command that grades the tiny unit."""
    return [Path(sys.executable).parent / "litu", "grade", "01", *more]


def killed_when(root: Path, seen: Path, *more: str) -> None:
    """Run the command and kill it as soon as a file is there."""
    with subprocess.Popen(grade_command(root, *more), cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not seen.exists() and process.poll() is None:
            time.sleep(0.001)
        process.kill()
    assert process.returncode == -signal.SIGKILL


def run(root: Path, *more: str) -> str:
    """Run the command to its end and return what it printed."""
    done = subprocess.run(grade_command(root, *more), cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_killed_while_the_gradebook_is_made(course: Path) -> None:
    """`litu grade` killed while it makes the gradebook leaves one that the next run completes."""
    hand_in(course, "ann", filled_in(course, FULL))
    killed_when(course, course / "grading/gradebook.db", "--no-feedback")

    run(course, "--no-feedback")

    assert marks(course)["ann", "check-urban-share"][0] == 2.0
    with sqlite3.connect(course / "grading/gradebook.db") as database:
        assert len(database.execute("SELECT version_num FROM alembic_version").fetchall()) == 1


def test_killed_while_feedback_is_written(classroom: Path) -> None:
    """`litu grade` killed at its feedback pages writes the missing ones in the next run; a third run finds nothing to do."""
    for number in range(3):
        hand_in(classroom, f"s{number}", filled_in(classroom, FULL if number % 2 else {"urban-share": SLIP}))
    killed_when(classroom, classroom / "grading/feedback")

    run(classroom)
    pages = {path: path.stat().st_mtime_ns for path in (classroom / "grading/feedback").rglob("*.html")}
    again = run(classroom)

    assert len(pages) == 3
    for path in pages:
        text = path.read_text()
        assert text.rstrip().endswith("</html>") and ("urban-share: right" in text) == ("s1" in path.parts)
    assert "Warming up" not in again and "3/3" in again
    assert {path: path.stat().st_mtime_ns for path in pages} == pages

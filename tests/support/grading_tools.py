"""A class to grade: notebooks filled in, handed in, graded, looked at; nbgrader's commands."""

from __future__ import annotations

import atexit
import copy
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from ran import forked

from litu.course import Course
from litu.grading.execution.executor import ForkServer, Limits
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.results.models import Result, UnitReport
from litu.grading.results.store import store_of
from litu.grading.runner.pipeline import LocalGrader, grade_unit
from litu.grading.sandbox.bubblewrap import available

UNIT = "01-tiny"
TIME = "2026-03-01 10:00:00 UTC"
SHORT = Limits(cpu_seconds=2, wall_factor=4)

SHARE = 'urban_share = people.loc[1978, "urban_million"] / people.loc[1978, "total_million"] * 100'
SLIP = 'urban_share = people.loc[1978, "urban_million"] / people.loc[1978, "rural_million"] * 100'
FACT, VALUE = 'sort = "fact"', 'sort = "value"'
ESSAY = "It leaves out those who live in towns without papers, so the share is too low."
FULL = {"urban-share": SHARE, "sort": FACT, "critique": ESSAY}
"""Right answers to all of the unit 01-tiny: 3 points for the checks, and prose that waits for its marker."""

needs_box = pytest.mark.skipif(available() is not None, reason=str(available()))


def filled_in(root: Path, answers: dict[str, str], unit: str = UNIT) -> nbformat.NotebookNode:
    """Return the released notebook with the text of some of its cells replaced."""
    notebook = copy.deepcopy(nbformat.read(root / "release" / unit / f"{unit}.ipynb", as_version=4))
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return notebook


def as_text(notebook: nbformat.NotebookNode) -> str:
    """Return the text of a notebook file."""
    return nbformat.writes(notebook, version=4)


def hand_in(
    root: Path, student: str, content: nbformat.NotebookNode | bytes | str, *, name: str | None = None, unit: str = UNIT, time: str = TIME
) -> Path:
    """Hand in one notebook as nbgrader collects it; return its folder."""
    folder = root / "grading" / "submitted" / student / unit
    folder.mkdir(parents=True, exist_ok=True)
    data = content if isinstance(content, bytes) else content.encode() if isinstance(content, str) else as_text(content).encode()
    (folder / (name or f"{unit}.ipynb")).write_bytes(data)
    (folder / "timestamp.txt").write_text(time + "\n")
    return folder


@contextmanager
def open_book(root: Path, url: str | None = None, **settings: Any) -> Iterator[GradebookWriter]:
    """Open a course's gradebook; ``settings`` are those of nbgrader's late penalties."""
    config = Course.find(root).nbgrader_config()
    if url:
        config.CourseDirectory.db_url = url
    config.AssignLatePenalties.update(settings)
    with GradebookWriter(config) as book:
        yield book


def marks(root: Path, url: str | None = None, unit: str = UNIT) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return all marks of a unit: by student and cell automatic, manual, extra, waiting, and the late penalty."""
    with open_book(root, url) as book:
        return book.marks(unit)


def points(root: Path, url: str | None = None, unit: str = UNIT) -> dict[str, dict[str, float | None]]:
    """Return the automatic marks of a unit by student and cell."""
    with open_book(root, url) as book:
        return book.entered(unit)


def mark_by_hand(root: Path, student: str, cell: str, mark: float, url: str | None = None, unit: str = UNIT) -> None:
    """Give a mark as Formgrader does."""
    with open_book(root, url) as book:
        grade = book._book.find_grade(cell, unit, unit, student)
        grade.manual_score, grade.needs_manual_grade = mark, False
        book._book.db.commit()


@dataclass
class Grades:
    """Grades the small course in this process, in boxes of one warm parent."""

    pool: ForkServer

    def __call__(self, root: Path, url: str | None = None, *, unit: str = UNIT, only: list[str] | None = None, **late: Any) -> UnitReport:
        course = Course.find(root)
        with open_book(root, url, **late) as book:
            report = grade_unit(course, unit, LocalGrader(self.pool, 2, SHORT), book, students=only, tell=lambda *_: None)
        store_of(course, unit).reported()
        return report


def by_student(report: UnitReport) -> dict[str, Result]:
    """Return a report's results by student."""
    return {result.student: result for result in report.results}


def executed(root: Path, student: str, unit: str = UNIT) -> nbformat.NotebookNode:
    """Return a student's graded notebook."""
    return nbformat.read(root / "grading" / "autograded" / student / unit / f"{unit}.ipynb", as_version=4)


def shown(notebook: nbformat.NotebookNode, cell: str) -> str:
    """Return as text what a cell of a graded notebook shows."""
    (found,) = [one for one in notebook.cells if one.metadata.get("nbgrader", {}).get("grade_id", one.id) == cell]
    return "\n".join(str(output.get("text") or output.get("data") or output.get("evalue")) for output in found.outputs)


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and all that it printed."""

    code: int
    said: str


def run_nbgrader(
    root: Path, *arguments: str, program: Callable[[], object] | None = None, home: Path | None = None, user: int | None = None
) -> Ran:
    """Run nbgrader's command line in ``root``, in a forked process that need not import it again, perhaps as another user with a home of their own."""
    import nbgrader.apps
    from nbgrader.apps.nbgraderapp import main

    assert nbgrader.apps.AutogradeApp

    def whole() -> None:
        os.environ.pop("PYTEST_CURRENT_TEST", None)
        if home:
            os.environ["HOME"] = str(home)
        try:
            (program or main)()
        finally:
            atexit._run_exitfuncs()  # they end the boxes' warm parent

    with tempfile.TemporaryFile() as printed:
        code = forked(whole, ["nbgrader", *arguments], root, printed.fileno(), printed.fileno(), user)
        printed.seek(0)
        return Ran(code, printed.read().decode(errors="replace"))


OWN_EXECUTOR = "# Student code runs in a box"
"""Where the block of nbgrader_config.py begins that swaps the engine in."""


def use_plain_nbgrader(root: Path) -> None:
    """Take the engine out of a course's nbgrader_config.py, so that nbgrader's own executor grades."""
    path = root / "nbgrader_config.py"
    text = path.read_text()
    assert OWN_EXECUTOR in text
    path.write_text(text.split(OWN_EXECUTOR)[0])


def parsed(time: str) -> datetime:
    """Return a time as the gradebook holds it: UTC, without saying so."""
    return datetime.strptime(time, "%Y-%m-%d %H:%M:%S UTC")

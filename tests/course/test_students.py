"""Four kinds of students run every unit from end to end in their own copy: no cell of the course ends in an error for any of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from places import REPOSITORY

from litu.authoring.lesson import Exercise, Lesson
from litu.authoring.parser import read_lesson
from litu.course import Course

COURSE = Course.find(REPOSITORY)
WAYS = ("does nothing", "solves all", "makes each slip that is listed first", "skips the second third")
RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
failed = []
for way, cells in json.load(open(sys.argv[1])).items():
    shell.reset()
    for name, source in cells:
        ran = shell.run_cell(source)
        if not ran.success:
            failed.append([way, name, repr(ran.error_in_exec or ran.error_before_exec)[:300]])
json.dump(failed, open(sys.argv[2], "w"))
"""


def answer(exercise: Exercise, way: str, skipped: bool) -> str | None:
    """Return what a student of one kind writes in place of the placeholder; None leaves it."""
    if way == "solves all" or (way == "skips the second third" and not skipped):
        return f"{exercise.cell.starter()}\n{exercise.cell.solution()}"
    return exercise.mistakes[0].source if way.startswith("makes") and exercise.mistakes else None


def cells(lesson: Lesson, released: nbformat.NotebookNode, way: str) -> list[tuple[str, str]]:
    """Return the code cells of a student's notebook by name, in order."""
    names = list(lesson.exercises)
    part = names[len(names) // 3 : 2 * len(names) // 3]
    found = []
    for cell in (cell for cell in released.cells if cell.cell_type == "code"):
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        own = answer(lesson.exercises[name], way, name in part) if name in lesson.exercises else None
        found.append((name or cell.id, own or cell.source))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("unit", COURSE.units())
def test_no_student_meets_an_error_of_the_course(unit: str, tmp_path: Path) -> None:
    """Cells that build on an answer say what is missing, where there is none or a wrong one, and charts are drawn meanwhile."""
    folder = shutil.copytree(COURSE.folder("release", unit), tmp_path / "release" / unit)
    released = nbformat.read(folder / f"{unit}.ipynb", as_version=4)
    lesson = read_lesson(COURSE.lesson(unit))
    plan, failed = tmp_path / "plan.json", tmp_path / "failed.json"
    plan.write_text(json.dumps({way: cells(lesson, released, way) for way in WAYS}), encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "-c", RUN, plan, failed],
        cwd=folder,
        env=os.environ | {"XDG_STATE_HOME": str(tmp_path / "state"), "IPYTHONDIR": str(tmp_path / "ipython")},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(failed.read_text(encoding="utf-8")) == []

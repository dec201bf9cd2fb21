"""The same exercises as an otter-grader assignment, graded by ``otter run``.

otter-grader gets a virtual environment of its own. Its test of an exercise
compares the student's value with the answer key by the function that this
course grades with, so both graders do the same work on the same values.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import nbformat
from classroom import ROOT, Timed, timed

from litu.answers.records import to_json
from litu.course import Course
from litu.grading.assignment import Assignment

VERSION = "otter-grader==7.*"
LIBRARIES = ("altair", "pandas", "scipy", "ipykernel")
TEST = """
import json
from pathlib import Path

from litu.answers.contract import ExerciseKey
from litu.answers.records import rebuild
from litu.compare.verdicts import judge
from litu.kinds.wire import arguments, inputs_of, to_plain
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}
KEY = rebuild(ExerciseKey, json.loads({key!r}))
INPUTS = inputs_of(arguments(KEY.answer))

@test_case()
def test_value({variable}):
    assert judge(to_plain({variable}, INPUTS), KEY).share == 1
"""


class NoOtter(Exception):
    """otter-grader cannot be measured here; the message says why."""


def _must(ran: Timed, what: str) -> Timed:
    if ran.code:
        raise NoOtter(f"{what}: {(ran.said.strip().splitlines() or ['no reason given'])[-1]}")
    return ran


def install(folder: Path) -> Path:
    """Make a virtual environment with otter-grader and the course's versions of its libraries; return its bin."""
    _must(timed([sys.executable, "-m", "venv", str(folder / "venv")], folder), "no virtual environment")
    command: list[str | Path] = [folder / "venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _must(timed([*command, VERSION, *LIBRARIES, "--constraint", ROOT / "requirements" / "all.lock"], folder), "pip install")
    return folder / "venv/bin"


def autograder(course: Course, unit: str, folder: Path) -> Path:
    """Write the assignment's tests and settings as otter's zip file."""
    path = folder / "autograder.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"plugins": []}))
        for name, key in Assignment.load(course, unit).key.exercises.items():
            test = TEST.format(name=name, points=key.points, key=json.dumps(to_json(key)), variable=key.variable)
            archive.writestr(f"tests/{name}.py", test)
    return path


def with_otter_checks(path: Path, target: Path) -> None:
    """Write a submission whose checks are otter's."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id.startswith("check-"):
            cell.source = f"grader.check({cell.id.removeprefix('check-')!r})"
            cell.metadata = {}
    start = nbformat.v4.new_code_cell(f"import otter\ngrader = otter.Notebook({target.name!r})")
    notebook.cells.insert(0, start)
    nbformat.write(notebook, target)


def measure(course: Course, unit: str, names: list[str], folder: Path) -> Timed:
    """Return the run of ``otter run`` that was neither the fastest nor the slowest."""
    bin_folder = install(folder)
    zipped = autograder(course, unit, folder)
    runs = []
    variables = {"LITU_DATA": str(course.data), "PYTHONPATH": str(ROOT / "src"), "PATH": f"{bin_folder}:/usr/bin:/bin"}
    for name in names:
        place = folder / name
        place.mkdir()
        with_otter_checks(course.grading / "submitted" / name / unit / f"{unit}.ipynb", place / f"{unit}.ipynb")
        command: list[str | Path] = [bin_folder / "otter", "run", "--no-logo", "-a", zipped, "-o", place, place / f"{unit}.ipynb"]
        runs.append(_must(timed(command, place, variables), "otter run"))
        results = json.loads((place / "results.json").read_text(encoding="utf-8"))
        if not any(test.get("score") for test in results["tests"]):
            raise NoOtter(f"otter run gave {name} no points, so its checks did not work")
    return sorted(runs, key=lambda run: run.wall)[len(runs) // 2]

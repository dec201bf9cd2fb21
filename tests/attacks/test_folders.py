"""Tricks with the folder that is handed in: links, names, and files beside the notebook."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
from grading_tools import FULL, UNIT, Grades, as_text, by_student, executed, filled_in, hand_in, needs_box, shown
from nbformat.v4 import new_code_cell

pytest_plugins = ["grading_fixtures"]
pytestmark = needs_box

HOSTILE_FILES = (
    "sitecustomize.py", "usercustomize.py", "pandas.py", "altair.py", "litu.py", "json.py", "conftest.py", "ipython_config.py",
    "jupyter_config.py", "nbgrader_config.py", ".ipython/profile_default/startup/00.py", "own.pth", "checks.json",
    "grading/keys/01-tiny.json", "LD_PRELOAD.so", ".env", ".bashrc", "data/people.csv",
)  # fmt: skip


def test_files_beside_the_notebook_change_no_mark(classroom: Path, grade: Grades) -> None:
    """Start-up files, modules and keys handed in beside the notebook run nothing and change nothing; the checks are the course's."""
    notebook = filled_in(classroom, FULL)
    notebook.cells.insert(1, new_code_cell("import os\nprint(sorted(os.listdir()), open('checks.json').read()[:30])", id="looks"))
    folder = hand_in(classroom, "eve", notebook)
    for name in HOSTILE_FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("import os; os._exit(0)  # hostile\n")

    result = by_student(grade(classroom))["eve"]

    assert 3 == result.points
    (seen,) = [cell for cell in executed(classroom, "eve").cells if "os.listdir" in cell.source]
    assert '"format"' in seen.outputs[0]["text"] and "hostile" not in seen.outputs[0]["text"]


def test_links_hand_nothing_over(classroom: Path, grade: Grades) -> None:
    """Links to the answer key and to another student's work, as notebook or as folder, are refused and not followed."""
    key = classroom / "grading" / "keys" / f"{UNIT}.json"
    submitted = classroom / "grading" / "submitted"
    hand_in(classroom, "an-li", filled_in(classroom, FULL))
    (submitted / "eve" / UNIT).mkdir(parents=True)
    (submitted / "eve" / UNIT / f"{UNIT}.ipynb").symlink_to(key)
    (submitted / "mallory").mkdir()
    (submitted / "mallory" / UNIT).symlink_to(submitted / "an-li" / UNIT)
    (submitted / "trent").symlink_to(submitted / "an-li")
    os.mkfifo(hand_in(classroom, "oscar", "", name="notes.txt") / f"{UNIT}.ipynb")

    results = by_student(grade(classroom))

    assert ["graded", "refused", "refused", "refused", "refused"] == [
        results[name].status for name in ("an-li", "eve", "mallory", "oscar", "trent")
    ]
    assert [0, 0, 0, 0] == [results[name].points for name in ("eve", "mallory", "oscar", "trent")]
    assert "You divided by" not in as_text(executed(classroom, "eve"))


def test_names_are_only_names(classroom: Path, grade: Grades) -> None:
    """Students and notebooks called like paths, patterns, markup or formulas are graded, each in a folder of its own."""
    names = ["eve..", "eve;rm -rf", "[red]eve[bold]", "=1+1", "eve%2F..", "<b>eve", "-eve", "学生"]
    for name in names:
        hand_in(classroom, name, filled_in(classroom, FULL), name="<img src=x onerror=alert(1)> `$(touch litu-was-here)`.ipynb")

    report = grade(classroom)

    assert sorted(names) == sorted(result.student for result in report.results)
    assert {3} == {result.points for result in report.results}
    assert sorted(names) == sorted(os.listdir(classroom / "grading" / "autograded"))
    notes = executed(classroom, "=1+1").cells[0].source
    assert "<img" not in notes and "img src=x" in notes
    assert not list(classroom.rglob("litu-was-here"))


def test_outputs_handed_in_are_not_those_given_back(classroom: Path, grade: Grades) -> None:
    """Points and pages in the outputs that were handed in are gone from the graded notebook."""
    notebook = filled_in(classroom, {"urban-share": "urban_share = 1"})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            data = {"text/plain": "2", "text/html": "<b>forged</b>"}
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    hand_in(classroom, "eve", notebook)

    assert 0 == by_student(grade(classroom))["eve"].points
    assert "forged" not in as_text(executed(classroom, "eve"))
    assert "0" == shown(executed(classroom, "eve"), "check-urban-share").rsplit("'text/plain': '", 1)[1].split("'")[0]

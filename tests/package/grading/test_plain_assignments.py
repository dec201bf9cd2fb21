"""An instructor's own nbgrader assignment beside the course's units: same sandbox, nbgrader's own points."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import nbgrader
import pytest
from grading_tools import needs_box, run_nbgrader
from places import REPOSITORY, TINY

pytestmark = [pytest.mark.slow, needs_box]
SHIPPED = Path(nbgrader.__file__).parent
GUIDE, ODD = SHIPPED / "docs/source/user_guide", SHIPPED / "tests/apps/files"
STOCK = "\nc.Autograde = type(c)()\nc.ExecutePreprocessor.timeout = 2\nc.Execute.timeout = 2\n"
OURS = '\nc.Litu.limits = {"cpu_seconds": 1, "wall_factor": 2}\n'


def course(root: Path, more: str) -> Path:
    """Make a course without units of its own, with ``more`` settings."""
    for name in ("course", "source", "grading/submitted"):
        (root / name).mkdir(parents=True)
    (root / "nbgrader_config.py").write_text((REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8") + more, encoding="utf-8")
    (root / "data").symlink_to(TINY)
    return root


def points(root: Path, assignment: str) -> dict[str, str]:
    """Generate, autograde and feed back an assignment; return each student's points."""
    for step in ("generate_assignment", "autograde", "generate_feedback"):
        run_nbgrader(root, step, assignment, "--force")
    assert run_nbgrader(root, "export").code == 0
    with (root / "grades.csv").open(encoding="utf-8") as file:
        return {row["student_id"]: row["score"] for row in csv.DictReader(file)}


def test_the_quick_start_earns_what_stock_gives(tmp_path: Path) -> None:
    """nbgrader's own example, two notebooks and a picture, has the same points from both executors, and feedback."""
    found = {}
    for name, more in (("stock", STOCK), ("ours", OURS)):
        root = course(tmp_path / name, more)
        shutil.copytree(GUIDE / "source/ps1", root / "source/ps1")
        shutil.copytree(GUIDE / "submitted", root / "grading/submitted", dirs_exist_ok=True)
        found[name] = points(root, "ps1")
        assert len(list((root / "grading/feedback").rglob("problem*.html"))) == 4

    assert found["ours"] == found["stock"]
    assert all(float(score) > 0 for score in found["ours"].values())


def test_odd_notebooks_end_no_run(tmp_path: Path) -> None:
    """Changed cells, other types, loops and what is too new have stock's points; the others are graded all the same."""
    odd = {
        "unchanged": ODD / "submitted-unchanged.ipynb",
        "changed": ODD / "submitted-changed.ipynb",
        "locked": ODD / "submitted-locked-cell-changed.ipynb",
        "grade": ODD / "submitted-grade-cell-changed.ipynb",
        "type": ODD / "submitted-grade-cell-type-changed.ipynb",
        "answer": ODD / "submitted-answer-cell-type-changed.ipynb",
        "loop": ODD / "infinite-loop-with-output.ipynb",
        "new": ODD / "too-new.ipynb",
    }
    found = {}
    for name, more in (("stock", STOCK), ("ours", OURS)):
        root = course(tmp_path / name, more)
        (root / "source/own").mkdir()
        shutil.copy(ODD / "submitted-unchanged.ipynb", root / "source/own/p1.ipynb")
        for student, path in odd.items():
            if path.is_file():
                place = root / "grading/submitted" / student / "own"
                place.mkdir(parents=True)
                shutil.copy(path, place / "p1.ipynb")
        found[name] = points(root, "own")

    assert found["ours"] == found["stock"]
    assert len(found["ours"]) >= 5

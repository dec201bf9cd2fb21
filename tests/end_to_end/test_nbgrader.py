"""nbgrader's own commands and Formgrader's button: the same marks through every door, also without the engine."""

from __future__ import annotations

import csv
import filecmp
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import nbformat
import pytest
from grading_tools import (
    ESSAY,
    FACT,
    FULL,
    SHARE,
    SLIP,
    TIME,
    UNIT,
    VALUE,
    Grades,
    by_student,
    executed,
    filled_in,
    hand_in,
    mark_by_hand,
    marks,
    needs_box,
    open_book,
    parsed,
    points,
    run_nbgrader,
    shown,
    use_plain_nbgrader,
)  # fmt: skip
from handed_in_cases import hand_in_cases, hand_in_odd_names
from hostile_folders import HOSTILE, hand_in_hostile
from places import REPOSITORY, TINY
from spoiled_notebooks import SPOILED, spoiled

from litu.grading.submissions.timestamps import read_time

pytest_plugins = ["grading_fixtures"]
pytestmark = pytest.mark.slow

KINDS = "02-kinds"
ANSWERS = {
    "right": FULL,
    "slip": {"urban-share": SLIP, "sort": VALUE, "critique": ESSAY},
    "half": {"urban-share": SHARE, "sort": "sort = 1 / 0"},
    "untouched": {},
}
"""A small class for the tiny unit."""
EARNED = {
    "right": {"check-urban-share": 2.0, "check-sort": 1.0, "critique": None},
    "slip": {"check-urban-share": 0.0, "check-sort": 0.0, "critique": None},
    "half": {"check-urban-share": 2.0, "check-sort": 0.0, "critique": 0.0},
    "untouched": {"check-urban-share": 0.0, "check-sort": 0.0, "critique": 0.0},
}
PARTLY = {
    "shares": 'share = people["urban_million"] / people["total_million"] * 100\nshares = {"1952": share[1952], "1978": 0.5}',
    "larger": 'larger = "countryside"',
    "ratio": "def ratio(part, whole):\n    return part / whole if whole > 100 else 0",
}
"""Some answers to the unit of all kinds; two of them are right in part."""


def hand_in_class(root: Path) -> None:
    """Hand in the small class, and one notebook of all kinds with partly right answers."""
    for student, answers in ANSWERS.items():
        hand_in(root, student, filled_in(root, answers))
    hand_in(root, "partly", filled_in(root, PARTLY, KINDS), unit=KINDS)


PARTLY_EARNED = {"check-shares": 1.0, "check-larger": 1.0, "check-ratio": 1.0}


def autograde(root: Path, unit: str = UNIT, *more: str) -> str:
    """Prepare a unit and run `nbgrader autograde`; return what it printed."""
    made = run_nbgrader(root, "generate_assignment", unit, "--force")
    assert made.code == 0, made.said
    ran = run_nbgrader(root, "autograde", unit, *more)
    assert ran.code == 0, ran.said
    return ran.said


@pytest.fixture(scope="module")
def plain(built: Path, empty_gradebook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small class, graded by nbgrader's own executor; tests only look at it."""
    root = Path(shutil.copytree(built, tmp_path_factory.mktemp("plain") / "course", symlinks=True))
    shutil.copy(empty_gradebook, root / "grading/gradebook.db")
    use_plain_nbgrader(root)
    hand_in_class(root)
    autograde(root), autograde(root, KINDS)
    return root


# Three doors


@needs_box
def test_autograde_gives_the_marks_of_litu_grade(classroom: Path, grade: Grades, empty_gradebook: Path) -> None:
    """`nbgrader autograde` with the course's settings gives the marks, flags, comments and verdicts that `litu grade` gives."""
    hand_in_class(classroom)
    grade(classroom), grade(classroom, unit=KINDS)
    ours = marks(classroom), marks(classroom, unit=KINDS), shown(executed(classroom, "slip"), "check-urban-share")
    partly = points(classroom, unit=KINDS)["partly"]
    shutil.rmtree(classroom / "grading/autograded")
    shutil.copy(empty_gradebook, classroom / "grading/gradebook.db")

    autograde(classroom), autograde(classroom, KINDS)

    theirs = marks(classroom), marks(classroom, unit=KINDS), shown(executed(classroom, "slip"), "check-urban-share")
    assert theirs == ours
    assert points(classroom) == EARNED
    assert {name: partly[name] for name in PARTLY_EARNED} == PARTLY_EARNED
    assert sum(mark or 0 for mark in partly.values()) == 3.0


@pytest.fixture
def server(classroom: Path) -> Iterator[Callable[[str], str]]:
    """Start a Jupyter server with nbgrader's extension in the course; return a function that posts to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=secret", "--no-browser", "--allow-root"]
    options += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    own = {
        name: str(classroom / ".jupyter" / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    with (classroom / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options],
            cwd=classroom,
            env={**os.environ, **own},
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def ask(path: str, method: str = "POST") -> str:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", method=method, headers={"Authorization": "token secret"})
        with urllib.request.urlopen(request, data=b"" if method == "POST" else None, timeout=120) as answer:
            return answer.read().decode()

    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                ask("api/status", "GET")
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, (classroom / "server.log").read_text()
                time.sleep(0.2)
        yield ask
    finally:
        process.terminate()
        process.wait(30)


@needs_box
def test_formgraders_button_gives_the_same_marks(classroom: Path, server: Callable[..., str]) -> None:
    """Formgrader's button for one submission grades it in a box and gives the same marks; its page then shows them."""
    hand_in_class(classroom)
    hand_in(classroom, "broken", "no notebook")
    made = run_nbgrader(classroom, "generate_assignment", UNIT, "--force")
    assert made.code == 0, made.said

    for student in (*ANSWERS, "broken"):
        answer = server(f"formgrader/api/submission/{UNIT}/{student}/autograde")
        assert '"success": true' in answer, answer

    assert points(classroom) == {**EARNED, "broken": {"check-urban-share": 0.0, "check-sort": 0.0, "critique": 0.0}}
    assert "You divided by the people of the countryside" in shown(executed(classroom, "slip"), "check-urban-share")
    listed = server(f"formgrader/api/submissions/{UNIT}", "GET")
    assert '"id": null' not in listed and '"student": "slip"' in listed


@needs_box
def test_doors_can_be_mixed(classroom: Path, grade: Grades) -> None:
    """What one door graded the other leaves as it is; manual marks stay through both."""
    hand_in_class(classroom)
    autograde(classroom)
    mark_by_hand(classroom, "right", "critique", 2.5)
    before = marks(classroom)

    results = by_student(grade(classroom))
    assert marks(classroom) == before
    assert {name: result.points for name, result in results.items()} == {"right": 3.0, "slip": 0.0, "half": 2.0, "untouched": 0.0}

    said = run_nbgrader(classroom, "autograde", UNIT).said
    assert "Skipping existing" in said and marks(classroom) == before

    hand_in(classroom, "slip", filled_in(classroom, FULL), time="2026-03-02 10:00:00 UTC")
    assert "Updating existing" in run_nbgrader(classroom, "autograde", UNIT).said
    assert points(classroom)["slip"] == EARNED["right"]
    assert marks(classroom)["right", "critique"][1] == 2.5


PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin


class TenthOff(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return None if student_id == "half" else score * 0.1 * total_seconds_late / 3600


c.AssignLatePenalties.plugin_class = TenthOff
"""


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # of nbgrader's add_submission
@needs_box
def test_late_penalties_are_nbgraders_own(classroom: Path, grade: Grades, empty_gradebook: Path) -> None:
    """With a plugin of the instructor's, due date and extension, both doors give the penalties that nbgrader computes."""
    with (classroom / "nbgrader_config.py").open("a") as file:
        file.write(PENALTY)
    for number, (student, answers) in enumerate(ANSWERS.items()):
        hand_in(classroom, student, filled_in(classroom, answers), time=f"2026-03-01 {10 + 3 * number}:00:00 UTC")
    hand_in(classroom, "extended", filled_in(classroom, FULL), time="2026-03-01 13:00:00 UTC")
    hand_in(classroom, "hopeless", filled_in(classroom, FULL), time="2026-03-05 13:00:00 UTC")
    found = []
    for door in (grade, autograde):
        shutil.copy(empty_gradebook, classroom / "grading/gradebook.db")
        shutil.rmtree(classroom / "grading/autograded", ignore_errors=True)
        with open_book(classroom) as book:
            book.set_due(UNIT, parsed(TIME))
            book._book.add_student("extended")
        run_nbgrader(classroom, "generate_assignment", UNIT, "--force")
        with open_book(classroom) as book:
            book._book.add_submission(UNIT, "extended")
            book._book.grant_extension(UNIT, "extended", hours=2)
        door(classroom)
        found.append({student: mark[4] for (student, cell), mark in marks(classroom).items() if cell == "check-sort"})

    assert found[0] == found[1]
    assert found[0] == {
        "right": None, "slip": 0.0, "half": None, "untouched": 0.0, "extended": pytest.approx(0.3), "hopeless": pytest.approx(3.0)
    }  # fmt: skip


def left_by(root: Path, student: str) -> dict[str, Any]:
    """Return what a door leaves of one submission: each cell's text, the verdicts, when it came, and the files beside the notebook.

    nbgrader puts the unit's own checks.json beside it too.
    """
    notebook = executed(root, student)
    folder = root / "grading/autograded" / student / UNIT
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".ipynb"}
    time = files.pop("timestamp.txt", b"").decode()
    return {
        "cells": [(cell.cell_type, cell.source, str(cell.get("attachments"))) for cell in notebook.cells],
        "verdicts": [shown(notebook, cell) for cell in ("check-urban-share", "check-sort")],
        "time": time and read_time(time, UTC),
        "files": {name: data for name, data in files.items() if name != "checks.json"},
    }


@needs_box
def test_whole_collection_by_both_doors(classroom: Path, grade: Grades, empty_gradebook: Path) -> None:
    """Whatever was handed in comes out of `nbgrader autograde` with the marks, notes and files that `litu grade` gives."""
    hand_in_hostile(classroom, list(HOSTILE))
    hand_in_cases(classroom)
    named = hand_in_odd_names(classroom)
    for name in SPOILED:
        hand_in(classroom, name, spoiled(classroom, name))
    results = by_student(grade(classroom))
    ours = {student: left_by(classroom, student) for student in results}
    marked = marks(classroom)
    shutil.rmtree(classroom / "grading/autograded")
    shutil.copy(empty_gradebook, classroom / "grading/gradebook.db")
    assert run_nbgrader(classroom, "generate_assignment", UNIT, "--force").code == 0

    said = run_nbgrader(classroom, "autograde", UNIT).said

    assert marked == marks(classroom), said
    for student in results:
        assert left_by(classroom, student) == ours[student], student
    assert {results[student].points for student in (*SPOILED, *named)} == {3.0} and len(results) > 50
    copied = b"".join(data for left in ours.values() for data in left["files"].values())
    assert b"BEGIN SOLUTION" not in copied and b"A link to" in copied and b'"exercises"' not in copied
    assert not (classroom / "settings-were-run").exists()
    assert 0 == (classroom / "grading").stat().st_mode & 0o007
    assert "named-4/01-tiny holds no file that ends in .ipynb" in said and f"litu grade {UNIT} --student 'named-4'" in said
    alone = run_nbgrader(classroom, "autograde", UNIT, "--student", "named-4", "--force")
    assert alone.code != 0 and f"litu grade {UNIT} --student 'named-4'" in alone.said


# nbgrader's own executor


def test_plain_nbgrader_gives_the_same_points(plain: Path) -> None:
    """With nbgrader's own executor the same test cells give full, partial and no points; prose waits, untouched prose does not."""
    assert points(plain) == EARNED
    partly = points(plain, unit=KINDS)["partly"]
    assert {name: partly[name] for name in PARTLY_EARNED} == PARTLY_EARNED
    assert marks(plain)["right", "critique"][3] and not marks(plain)["untouched", "critique"][3]
    assert "You divided by the people of the countryside" in shown(executed(plain, "slip"), "check-urban-share")


def test_mark_scheme_is_for_the_marker_only(plain: Path) -> None:
    """The mark scheme stands in the graded notebook's locked cell above a written answer, and nowhere in the release."""
    (task,) = [cell for cell in executed(plain, "right").cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "task-critique"]
    assert "Names the people who live in towns without being registered" in task.source and task.metadata.nbgrader.locked
    for path in (plain / "release" / UNIT).iterdir():
        assert "MARK SCHEME" not in path.read_text().upper() and "registered there" not in path.read_text()


@pytest.mark.parametrize("place", ["course", "bundle"])
def test_validate_says_what_is_wrong(built: Path, tmp_path: Path, place: str) -> None:
    """`nbgrader validate` lists a fresh notebook's checks with our messages and passes a solved one, with the key at hand or not."""
    folder = Path(shutil.copytree(built / "release" / UNIT, tmp_path / place / "release" / UNIT))
    (tmp_path / place / "data").symlink_to(TINY)
    if place == "course":
        shutil.copytree(built / "grading/keys", tmp_path / place / "grading/keys")
    for name, answers in {"solved": FULL, "wrong": {**FULL, "urban-share": SLIP}}.items():
        nbformat.write(filled_in(built, answers), folder / f"{name}.ipynb")

    command = [Path(sys.executable).parent / "nbgrader", "validate", f"{UNIT}.ipynb", "wrong.ipynb", "solved.ipynb"]
    said = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, timeout=120).stdout

    fresh, wrong = said.split("VALIDATION ")[1:]
    wrong, _, solved = wrong.partition("Success! ")
    assert fresh.startswith("FAILED ON 3 CELL(S)") and "Traceback" not in said
    for message in ("urban-share: not started", "sort: not started", "You did not provide a response"):
        assert message in fresh
    assert wrong.startswith("FAILED ON 1 CELL(S)") and "urban-share: wrong" in wrong
    assert "A share is taken of all people." in " ".join(wrong.split())
    assert solved.startswith("Your notebook passes")


# Every other command


def test_release_is_what_generate_assignment_makes(tmp_path: Path) -> None:
    """Straight after cloning, `nbgrader generate_assignment --force` leaves every unit's release/ byte for byte as it is."""
    root = clone(tmp_path)
    units = sorted(path.name for path in (root / "release").iterdir() if path.is_dir())
    assert units
    for unit in units:
        ran = run_nbgrader(root, "generate_assignment", unit, "--force")
        assert ran.code == 0, ran.said

        difference = filecmp.dircmp(root / "release" / unit, REPOSITORY / "release" / unit)
        assert (difference.left_only, difference.right_only) == ([], [])
        assert filecmp.cmpfiles(difference.left, difference.right, difference.common_files, shallow=False)[1:] == ([], [])


def clone(folder: Path) -> Path:
    """Return a copy of what a clone of the repository holds of the course."""
    root = folder / "clone"
    for name in ("course", "source", "release", "grading/keys"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    (root / "data").symlink_to(TINY)
    return root


def test_database_commands_work(classroom: Path, tmp_path: Path) -> None:
    """Students and assignments can be added, listed, imported and removed, and the gradebook upgraded."""
    (tmp_path / "students.csv").write_text("id,first_name,last_name\nann,Ann,Lee\nbo,Bo,Li\n")
    steps = [
        ("db", "student", "import", str(tmp_path / "students.csv")),
        ("db", "student", "add", "cy", "--first-name", "Cy"),
        ("db", "student", "remove", "bo"),
        ("db", "assignment", "add", UNIT, "--duedate", "2026-03-01 10:00"),
        ("db", "assignment", "list"),
        ("db", "student", "list"),
        ("db", "upgrade"),
    ]
    said = [run_nbgrader(classroom, *step) for step in steps]

    assert [ran.code for ran in said] == [0] * len(steps), "\n".join(ran.said for ran in said)
    assert UNIT in said[4].said and "2026-03-01 10:00" in said[4].said
    assert "ann (Lee, Ann)" in said[5].said and "bo" not in said[5].said


@needs_box
def test_grades_can_be_exported(classroom: Path, grade: Grades) -> None:
    """`nbgrader export` writes the scores that `litu grade` entered."""
    hand_in_class(classroom)
    grade(classroom)
    mark_by_hand(classroom, "right", "critique", 2.5)

    ran = run_nbgrader(classroom, "export")

    assert ran.code == 0, ran.said
    with (classroom / "grades.csv").open() as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == {
            "right": 5.5, "slip": 0.0, "half": 2.0, "untouched": 0.0
        }  # fmt: skip


@needs_box
def test_work_goes_round_through_an_exchange(classroom: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Released, fetched, submitted, collected, graded and given back through nbgrader's exchange, the course loses nothing."""
    exchange, student = tmp_path / "exchange", tmp_path / "student"
    for folder in (exchange, student):
        folder.mkdir()
        folder.chmod(0o777)
    flag = f"--Exchange.root={exchange}"
    course = ("--course", "leaving-the-soil")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("USER", "root")

    def run(folder: Path, *arguments: str) -> str:
        ran = run_nbgrader(folder, *arguments, flag)
        assert ran.code == 0, ran.said
        return ran.said

    run(classroom, "generate_assignment", UNIT, "--force")
    run(classroom, "release_assignment", UNIT)
    assert UNIT in run(classroom, "list")
    run(student, "fetch_assignment", UNIT, *course)
    assert (student / UNIT / "checks.json").is_file()
    nbformat.write(filled_in(classroom, FULL), student / UNIT / f"{UNIT}.ipynb")
    run(student, "submit", UNIT, *course)
    run(classroom, "collect", UNIT)
    (collected,) = (classroom / "grading/submitted").iterdir()
    run(classroom, "autograde", UNIT)
    run(classroom, "generate_feedback", UNIT)
    run(classroom, "release_feedback", UNIT)

    assert points(classroom)[collected.name] == EARNED["right"]
    assert list(exchange.rglob("*.html"))


@needs_box
def test_feedback_explains_and_gives_nothing_away(classroom: Path, grade: Grades) -> None:
    """nbgrader's feedback page shows the slip's explanation and the marks, and never a right answer."""
    hand_in_class(classroom)
    grade(classroom), grade(classroom, unit=KINDS)

    for unit in (UNIT, KINDS):
        ran = run_nbgrader(classroom, "generate_feedback", unit)
        assert ran.code == 0, ran.said

    page = {student: (classroom / f"grading/feedback/{student}/{UNIT}/{UNIT}.html").read_text() for student in ANSWERS}
    assert "You divided by the people of the countryside" in page["slip"]
    assert re.search(r"Score:\s*0.0\s*/\s*6.0", page["slip"])
    kinds = (classroom / f"grading/feedback/partly/{KINDS}/{KINDS}.html").read_text()
    for text in (page["slip"], page["untouched"]):
        assert "17.9" not in text and SHARE not in text and "BEGIN SOLUTION" not in text and FACT not in text
    assert (
        "partly right" in kinds
        and "share_series = (" not in kinds
        and "365" not in kinds.partition("big-years")[2][:2000].replace("365, 10", "")
    )

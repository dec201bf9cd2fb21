"""Who may read and write what grading keeps, and what becomes of what it may not read itself."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from grading_tools import FULL, UNIT, filled_in, hand_in, needs_box
from ran import Ran

from litu.course import Course
from litu.errors import LituError
from litu.grading.gradebook import schema
from litu.grading.submissions.collect import not_read, read_folder
from litu.grading.submissions.companions import copy_companions

pytest_plugins = ["grading_fixtures"]


@contextmanager
def masked(mask: int) -> Iterator[None]:
    """Make files under another umask."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Return the rights of all that is below a folder."""
    return {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if not path.is_symlink()}


@needs_box
@pytest.mark.slow
@pytest.mark.parametrize("mask", [0o002, 0o022])
def test_work_of_students_is_closed_to_other_users(course: Path, litu: Callable[..., Ran], mask: int) -> None:
    """Whatever the umask: no other user reads a page, a result or the gradebook; in a group's folder, the group writes them."""
    hand_in(course, "ann", filled_in(course, FULL))
    (course / "grading").chmod(0o2775)
    before = modes(course / "grading")

    with masked(mask):
        ran = litu(course, "grade", "01")

    assert ran.code == 0, ran.err
    assert stat.S_IMODE((course / "grading").stat().st_mode) == 0o2770
    made = {name: mode for name, mode in modes(course / "grading").items() if name not in before}
    assert {"gradebook.db", "feedback/ann/01-tiny/01-tiny.html", "reports/results/01-tiny/final/ann.json"} <= made.keys()
    # Pages lie in closed folders and are readable themselves: nbgrader's `release_feedback` gives them out with their rights.
    own = {name: mode for name, mode in made.items() if (course / "grading" / name).is_dir() or not name.startswith("feedback/")}
    assert {name: oct(mode) for name, mode in own.items() if mode & 0o007 or mode & 0o060 != 0o060} == {}


@pytest.mark.parametrize(("folder", "wanted"), [(0o2770, 0o660), (0o755, 0o644)])
def test_a_gradebook_is_its_groups_where_the_folder_is(tmp_path: Path, folder: int, wanted: int) -> None:
    """A new gradebook may be written by the group of a folder that the group shares, and is as the umask says elsewhere."""
    tmp_path.chmod(folder)

    with masked(0o022):
        schema.complete(f"sqlite:///{tmp_path}/gradebook.db")

    assert stat.S_IMODE((tmp_path / "gradebook.db").stat().st_mode) == wanted


def test_a_course_that_was_handed_in_is_none(course: Path) -> None:
    """Settings and a folder course/ among what a student handed in are not taken for the course; a demo inside the course is one."""
    folder = hand_in(course, "eve", filled_in(course, FULL))
    for place in (folder, course / "build/demo"):
        (place / "course").mkdir(parents=True)
        (place / "nbgrader_config.py").write_text("raise SystemExit('was run')")

    assert Course.find(folder).root == course
    assert Course.find(course / "build/demo").root == course / "build/demo"
    shutil.move(folder, course.parent / "elsewhere")
    with pytest.raises(LituError, match="not inside a course"):
        Course.find(course.parent)


@pytest.fixture
def open_place(course: Path) -> Iterator[Path]:
    """Return a copy of the course in a place that every user reaches."""
    place = Path(tempfile.mkdtemp(prefix="access-"))
    place.chmod(0o755)
    yield Path(shutil.copytree(course, place / "course", symlinks=True))
    shutil.rmtree(place)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up root's right to read everything, where this is root."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_cannot_be_read_is_told_and_stops_nobody(open_place: Path, tmp_path: Path) -> None:
    """Files, folders and a student's whole folder without the right to read them: each is named, the notebook is graded."""
    course = Course.find(open_place)
    folder = hand_in(open_place, "ann", filled_in(open_place, FULL))
    (folder / "closed").mkdir()
    (folder / "own.csv").write_text("x")
    (folder / "closed.csv").write_text("x")
    hand_in(open_place, "eve", filled_in(open_place, FULL))
    locked = (folder / "closed", folder / "closed.csv", open_place / "grading/submitted/eve")
    course.nbgrader_config()
    target = open_place.parent / "target"
    target.mkdir()
    target.chmod(0o777)
    for path in locked:
        path.chmod(0)

    with as_nobody():
        told = not_read(course)
        found = read_folder(folder, UNIT)
        left_out = copy_companions(folder, target)

    for path in locked:
        path.chmod(0o700)
    assert len(told) == 1 and "eve cannot be looked into" in told[0]
    assert found.data and set(found.files) == {"own.csv"} and "'closed'" in found.notes[-1] and "'closed.csv'" in found.notes[-1]
    assert sorted(left_out) == ["closed", "closed.csv"] and [path.name for path in target.iterdir()] == ["own.csv"]

"""Small courses to build, and the command line run on them as a user would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from places import LESSONS, REPOSITORY, TINY
from ran import Ran, forked

# nbgrader calls `alembic` by its bare name, also where no environment is activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


# A busy machine is no fault, and what passed once passes again.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """Give every test the rights of new files that the one before it had: commands that run in this process change them."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


DRAWING = {"pages", "report"}
"""Commands that draw: vl-convert hangs in the fork of a process in which it has drawn before."""


def run_litu(folder: Path, *arguments: str, user: int | None = None) -> Ran:
    """Run the `litu` command in ``folder``, perhaps as another user."""
    if arguments[0] in DRAWING:
        done = subprocess.run(
            [sys.executable, "-m", "litu.cli", *arguments], cwd=folder, user=user, capture_output=True, text=True, check=False
        )
        return Ran(done.returncode, done.stdout, done.stderr)
    _warm_up()
    from litu.cli.app import main

    printed = [folder.parent / f"printed-{name}" for name in ("out", "err")]
    files = [os.open(path, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600) for path in printed]
    code = forked(main, ["litu", *arguments], folder, *files, user=user)
    for file in files:
        os.close(file)
    return Ran(code, *(path.read_text(encoding="utf-8") for path in printed))


@cache
def _warm_up() -> None:
    from litu.authoring import build, parser
    from litu.dataset import tables
    from litu.grading.demo import demo

    assert build and demo
    tables.check_published(TINY)
    parser.read_lesson(LESSONS / "01-tiny.md")


@pytest.fixture(scope="session")
def litu() -> Callable[..., Ran]:
    """Return a function that runs the command line in a folder."""
    return run_litu


def make_course(root: Path, *lessons: str) -> Path:
    """Make a course of some lessons of tests/lessons, with their small dataset and the real settings."""
    (root / "course").mkdir(parents=True)
    for lesson in lessons:
        shutil.copy(LESSONS / f"{lesson}.md", root / "course")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    (root / "data").symlink_to(TINY)
    return root


@pytest.fixture(scope="session")
def new_course() -> Callable[..., Path]:
    """Return a function that makes a course which has never been built."""
    return make_course


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small course, built; tests only read it."""
    root = make_course(tmp_path_factory.mktemp("built") / "course", "01-tiny", "02-kinds")
    ran = run_litu(root, "build")
    assert ran.code == 0, ran.err
    return root


@pytest.fixture
def course(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the small built course that a test may change."""
    return Path(shutil.copytree(built, tmp_path / "course", symlinks=True))


@pytest.fixture
def own_data(course: Path) -> Path:
    """Give the course a dataset of its own that a test may spoil, and return its folder."""
    (course / "data").unlink()
    return Path(shutil.copytree(TINY, course / "data"))

"""What several tests of grading share and is slow to make: a warm pool, a gradebook server."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from grading_tools import Grades
from nbgrader.api import Gradebook
from places import TINY

from litu.grading.execution.executor import ForkServer
from litu.grading.sandbox.bubblewrap import Sandbox, available


@pytest.fixture(scope="session")
def pool() -> Iterator[ForkServer]:
    """Return a pool of warm boxes on the real dataset."""
    if reason := available(Sandbox(TINY)):
        pytest.skip(reason)
    with ForkServer(TINY) as pool:
        yield pool


@pytest.fixture(scope="session")
def grade(pool: ForkServer) -> Grades:
    """Return a function that grades a course: ``grade(root)``."""
    return Grades(pool)


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a gradebook with nothing in it; nbgrader takes seconds to make one."""
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    Gradebook(f"sqlite:///{path}", "leaving-the-soil").close()
    return path


@pytest.fixture
def classroom(course: Path, empty_gradebook: Path) -> Path:
    """Return a copy of the small built course with an empty gradebook."""
    shutil.copy(empty_gradebook, course / "grading" / "gradebook.db")
    return course


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[..., str]]:
    """Start Debian's PostgreSQL; return a function that makes an empty gradebook in it, or an empty database, and returns its address."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed (Debian package postgresql, see tests/apt.txt)")
    programs = found[-1].parent
    user: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:  # PostgreSQL refuses root
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [programs / program, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, **user
        )
        assert done.returncode == 0, done.stderr

    run("initdb", "--pgdata", str(folder / "db"), "--username", "teacher", "--auth", "trust", "--no-sync", "--encoding", "UTF8")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    run("pg_ctl", "start", "--pgdata", str(folder / "db"), "--log", str(folder / "log"), "-w", "-o", options)
    made = iter(range(1000))
    login = ("--host", str(folder), "--username", "teacher")

    def address(name: str) -> str:
        return f"postgresql+psycopg://teacher@/{name}?host={folder}"

    def new_gradebook(template: str = "empty") -> str:
        name = f"grades{next(made)}"
        run("createdb", *login, "--template", template, name)
        return address(name)

    try:
        run("createdb", *login, "empty")
        Gradebook(address("empty"), "leaving-the-soil").close()
        yield new_gradebook
    finally:
        run("pg_ctl", "stop", "--pgdata", str(folder / "db"), "-m", "immediate")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, classroom: Path) -> str:
    """Return the address of an empty gradebook of each kind."""
    return f"sqlite:///{classroom}/grading/gradebook.db" if request.param == "sqlite" else request.getfixturevalue("postgresql")()

"""The wheel serves learners on every Python that this machine has, and with the oldest libraries that it declares."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import REPOSITORY

pytestmark = pytest.mark.slow

TESTS = ("tests/package/learner/test_learner.py", "tests/package/kinds")
OF_THE_TESTS = ("pytest==8.3.5", "hypothesis==6.150.0")
PYTHONS = ("3.12", "3.13")
"""With the newest libraries; on 3.11 with those of the lock the whole suite runs."""


def uv(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the installer, which knows lowest versions."""
    return subprocess.run([sys.executable, "-m", "uv", *command], capture_output=True, text=True, env={**os.environ, **settings})


def interpreter_of(version: str) -> Path:
    """Return an interpreter on the path or of pyenv that runs, or skip."""
    places = [Path(folder) / f"python{version}" for folder in os.get_exec_path()]
    places += Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob(f"versions/{version}.*/bin/python{version}")
    for place in filter(Path.exists, places):
        if subprocess.run([place, "-c", "import ssl"], capture_output=True).returncode == 0:
            return place
    pytest.skip(f"this machine has no Python {version}")


def installed(folder: Path, python: Path, resolution: str) -> Path:
    """Return the interpreter of a new environment with the wheel and what its tests need, or skip where nothing can be fetched."""
    uv("build", "--wheel", "--quiet", "--out-dir", folder, REPOSITORY)
    made = uv("venv", "--quiet", "--python", python, folder / "environment")
    assert made.returncode == 0, made.stderr
    (wheel,) = folder.glob("*.whl")
    interpreter = folder / "environment/bin/python"
    done = uv("pip", "install", "--quiet", "--python", interpreter, "--resolution", resolution, f"{wheel}[instructor]", *OF_THE_TESTS)
    if "Failed to fetch" in done.stderr or "error sending request" in done.stderr:
        pytest.skip("no package index can be reached from here")
    assert done.returncode == 0, done.stderr
    return interpreter


@pytest.mark.parametrize(
    ("version", "resolution"), [*((version, "highest") for version in PYTHONS), ("3.11", "lowest-direct")], ids=lambda value: str(value)
)
def test_learners_are_served(version: str, resolution: str, tmp_path: Path) -> None:
    """Checks, help, progress and every kind of answer pass their tests against the installed wheel."""
    interpreter = installed(tmp_path, interpreter_of(version), resolution)
    environment = {name: value for name, value in os.environ.items() if name not in ("LITU_DATA", "PYTHONPATH")}

    ran = subprocess.run(
        [interpreter, "-m", "pytest", "-q", "-x", "-m", "not slow", "-p", "no:cacheprovider", *TESTS],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]

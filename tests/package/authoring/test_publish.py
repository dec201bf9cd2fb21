"""The students' bundle: all they need, and nothing that answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from places import REPOSITORY
from ran import Ran

from litu.authoring.publishing.bundle import publish
from litu.course import Course
from litu.errors import LituError

UNITS = Course.find(REPOSITORY).units()


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bundle of the real course."""
    folder = tmp_path_factory.mktemp("students") / "bundle"
    assert publish(Course.find(REPOSITORY), folder)[0] == UNITS
    return folder


def texts(folder: Path) -> dict[str, str]:
    """Return the text of every file of the bundle."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8", errors="replace") for path in folder.rglob("*") if path.is_file()
    }


def test_bundle_holds_what_students_need(bundle: Path) -> None:
    """Notebooks with their checks, the data, the package and what installs it, and nothing else."""
    assert {path.name for path in bundle.iterdir()} == {
        ".litu-bundle.json", "LICENSE", "LICENSE-CONTENT", "README.md", "data", "environment.yml", "lab", "postBuild", "pyproject.toml", "release", "requirements", "src"
    }  # fmt: skip
    assert sorted(path.name for path in (bundle / "release").iterdir()) == [*UNITS, "START.ipynb"]
    for unit in UNITS:
        assert sorted(path.name for path in (bundle / "release" / unit).iterdir()) == [f"{unit}.ipynb", "checks.json"]
    assert (bundle / "data/datapackage.json").read_bytes() == (REPOSITORY / "data/datapackage.json").read_bytes()


@pytest.mark.parametrize("unit", UNITS)
def test_bundle_holds_no_answer(bundle: Path, unit: str) -> None:
    """No file of the bundle holds an answer key, the text of a solution, of a rubric or of a model answer."""
    key = json.loads((REPOSITORY / f"grading/keys/{unit}.json").read_text(encoding="utf-8"))
    secrets = [entry["solution"].strip() for entry in key["exercises"].values()]
    secrets += [text.strip() for entry in key["written"].values() for text in (entry["model"], *(rule["text"] for rule in entry["rubric"]))]
    secrets = [secret for secret in secrets if len(secret) > 20]
    assert secrets
    plain = {name: text.replace('\\"', '"').replace('\\n", "', "\n") for name, text in texts(bundle).items()}
    for name, text in plain.items():
        assert [secret for secret in secrets if secret in text] == [], name
    released = nbformat.read(bundle / "release" / unit / f"{unit}.ipynb", as_version=4)
    cells = [cell.source for cell in released.cells]
    assert not any(entry["solution"].strip() in cell for entry in key["exercises"].values() for cell in cells)
    assert not any(mark in cell for cell in cells for mark in ("BEGIN SOLUTION", "MARK SCHEME"))


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_notebook_of_the_bundle_runs_in_place(bundle: Path, unit: str) -> None:
    """With the bundle's own package and no variable set, a fresh notebook runs to its end in its folder and finds data and checks."""
    cells = nbformat.read(bundle / "release" / unit / f"{unit}.ipynb", as_version=4).cells
    script = "\n".join(cell.source for cell in cells if cell.cell_type == "code") + "\nimport litu\nprint('package:', litu.__file__)\n"
    environment = {name: value for name, value in os.environ.items() if name != "LITU_DATA"}

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=bundle / "release" / unit, capture_output=True, text=True, timeout=120,
        env={**environment, "PYTHONPATH": str(bundle / "src"), "XDG_STATE_HOME": str(bundle.parent / "state")},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert f"package: {bundle}/src/litu/" in done.stdout
    names = json.loads((bundle / "release" / unit / "checks.json").read_text())["exercises"]
    assert all(f"{name}: not started" in done.stdout for name in names)


def test_command_makes_the_bundle(litu: Callable[..., Ran], tmp_path: Path) -> None:
    """`litu publish` says where the bundle is and how many units it holds."""
    ran = litu(REPOSITORY, "publish", str(tmp_path / "bundle"))

    assert (ran.code, ran.err) == (0, "") and f"holds {len(UNITS)} units" in " ".join(ran.out.split())


def test_used_folder_is_left_alone(tmp_path: Path) -> None:
    """A folder that holds something, or a file, is not written to."""
    (tmp_path / "mine.txt").write_text("mine")
    course = Course.find(REPOSITORY)

    for folder in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(LituError, match="is not an empty folder"):
            publish(course, folder)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_folder_within_what_is_copied_is_refused() -> None:
    """A bundle is not put into the folders that it is made from."""
    with pytest.raises(LituError, match="lies in what is to be copied"):
        publish(Course.find(REPOSITORY), REPOSITORY / "data" / "bundle")
    assert not (REPOSITORY / "data/bundle").exists()


def test_course_that_is_not_built_is_told(new_course: Callable[..., Path], tmp_path: Path) -> None:
    """Without built units there is nothing to give."""
    with pytest.raises(LituError, match="Nothing is built yet"):
        publish(Course.find(new_course(tmp_path / "course", "01-tiny")), tmp_path / "bundle")


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A bundle that cannot be written is told with its place."""
    (tmp_path / "file").write_text("")

    with pytest.raises(LituError, match="cannot be written"):
        publish(Course.find(REPOSITORY), tmp_path / "file" / "bundle")

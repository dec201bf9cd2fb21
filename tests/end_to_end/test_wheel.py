"""The installed package carries the dataset."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from places import REPOSITORY


def run(*command: str | Path, **options: object) -> str:
    """Return the output of a command that has to succeed."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def run_script(python: Path, script: str, folder: Path) -> str:
    """Return the output of a script run in a folder, without variables that lead to this checkout."""
    environment = {name: value for name, value in os.environ.items() if name not in ("LITU_DATA", "PYTHONPATH")}
    return run(python, "-c", script, cwd=folder, env=environment)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from this checkout, by the backend that pyproject.toml names."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=REPOSITORY)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an empty environment that holds the wheel and sees the libraries of this one, but not this checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    run(sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet", "--no-deps", "--no-index", wheel)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(f"{Path(pytest.__file__).parents[1]}\n", encoding="utf-8")
    return folder / "bin" / "python"


def test_the_wheel_holds_the_dataset_as_it_is(wheel: Path) -> None:
    """Every table, the package and the codebook, byte for byte, and no other file."""
    with zipfile.ZipFile(wheel) as archive:
        inside = {Path(name).name: archive.read(name) for name in archive.namelist() if "/published/" in name}
    assert inside == {path.name: path.read_bytes() for path in (REPOSITORY / "data").iterdir()}


def test_load_works_in_an_empty_folder(python: Path, tmp_path: Path) -> None:
    """Away from the course files, `load` reads the installed copy, hash and all."""
    script = "from litu.dataset.tables import check_published, find_data, load; check_published(find_data()); print(find_data(), len(load('claims')))"
    place, rows = run_script(python, script, tmp_path).split()
    assert Path(place).is_relative_to(python.parents[1]) and int(rows) == 116


def test_a_course_folder_comes_before_the_installed_copy(python: Path) -> None:
    """Inside the course folder its own data are read."""
    script = "from litu.dataset.tables import find_data; print(find_data())"
    assert run_script(python, script, REPOSITORY / "course").strip() == str(REPOSITORY / "data")


def test_an_edited_installed_table_is_refused(python: Path, tmp_path: Path) -> None:
    """A changed installed file is noticed, and the message says how to mend it."""
    (table,) = python.parents[1].glob("lib/python*/site-packages/litu/dataset/published/consumption.csv")
    before = table.read_bytes()
    table.write_bytes(before.replace(b"138", b"139"))
    script = "from litu.dataset.tables import DataError, load\ntry:\n    load('consumption')\nexcept DataError as error:\n    print(error)"
    said = run_script(python, script, tmp_path)
    table.write_bytes(before)
    assert "not the published table" in said and "install litu again" in said

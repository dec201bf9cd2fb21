"""The bundle for students of a graded class: what they need, and nothing that answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import nbformat

from litu.authoring.notebooks import write_notebook
from litu.authoring.publishing.update import Change, Files, read_manifest, update
from litu.authoring.start_page import BINDER, start_page
from litu.authoring.start_page import NAME as START
from litu.course import Course
from litu.errors import LituError

README = """{above}# {title}: student copy

You need Python 3.11 or newer. In a terminal, in this folder, once:

| system | lines |
|---|---|
{install}

Then, each time:

| system | line |
|---|---|
| macOS, Linux | `.venv/bin/jupyter lab {opening}` |
| Windows | `.venv\\Scripts\\jupyter lab {opening}` |
| conda, mamba (any system) | `jupyter lab {opening}` |

JupyterLab opens on START, which leads to the units. Open a unit, run the cells
from the top, write your answers and run the check below each of them.
`hint("name")` gives a hint; your teacher says how to hand the notebook in. Keep
the notebook's name. If your class hands in by mail or a learning platform, make
one archive: `litu pack 04 --student YOUR-NAME` in a terminal in this folder, with
`.venv/bin/` or `.venv\\Scripts\\` before it. It prints a receipt number; keep it.

In VS Code, open this folder, then `release/START.ipynb`, and choose the
environment above as the kernel.
"""
CHECKOUT = """| macOS, Linux | `python3 -m venv .venv` |
| | `.venv/bin/pip install --requirement requirements/learner.lock` |
| | `.venv/bin/pip install --no-deps .` |
| Windows | `py -m venv .venv` |
| | `.venv\\Scripts\\pip install --requirement requirements/learner.lock` |
| | `.venv\\Scripts\\pip install --no-deps .` |
| conda, mamba (any system) | `conda env create --file environment.yml` |
| | `conda activate leaving-the-soil` |"""
"""How to install the package that the bundle holds."""
PUBLISHED = """| macOS, Linux | `python3 -m venv .venv` |
| | `.venv/bin/pip install "litu=={version}"` |
| Windows | `py -m venv .venv` |
| | `.venv\\Scripts\\pip install "litu=={version}"` |
| conda, mamba (any system) | `pip install "litu=={version}"` |"""
"""How to install the package for a course that does not hold it."""
FILES = ("environment.yml", "requirements/learner.lock", "pyproject.toml", "postBuild", "LICENSE", "LICENSE-CONTENT")
LAB = "lab/jupyter_lab_config.py"


def publish(course: Course, folder: Path, units: Sequence[str] | None = None) -> tuple[list[str], list[Change]]:
    """Make or update the bundle of ``units``, all of them if none are named, in ``folder``; return its units and what was done with each file.

    A course that lies in a checkout of the package hands the package out as well; any other names its version.
    Raises LituError when the folder holds something that is no bundle, a released file is not as it was built, or the
    course's own text for the README is not there.
    """
    if any(folder.resolve().is_relative_to(place) for place in (course.place("release"), course.data, course.root / "src")):
        raise LituError(f"{folder} lies in what is to be copied; name a folder elsewhere.")
    before = read_manifest(folder)
    if before is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LituError(f"{folder} is not an empty folder, and no earlier bundle; name one that does not exist yet.")
    built = [unit for unit in course.units() if course.folder("release", unit).is_dir()]
    if not built:
        raise LituError("Nothing is built yet; run `litu build` first.")
    chosen = built if units is None else [unit for unit in built if unit in units]
    if missing := sorted(set(units or ()) - set(chosen)):
        raise LituError(f"{missing[0]} is not built yet; run `litu build {missing[0][:2]}` first.")
    there = [unit for unit in built if unit in chosen or any(name.startswith(f"release/{unit}/") for name in before or ())]
    wanted = _contents(course, chosen, there)
    left = {name for name in before or () if name.startswith("release/") and name.split("/")[1] in set(there) - set(chosen)}
    return there, update(folder, wanted, before or {}, left)


def _contents(course: Course, units: Sequence[str], there: Sequence[str]) -> Files:
    """Return what a bundle holds of ``units``; its START leads to those that are ``there``."""
    files = {f"release/{unit}/{path.name}": _file(path) for unit in units for path in _released(course, unit)}
    files[f"release/{START}"] = (write_notebook(_start(course, there)).encode(), 0o644)
    files |= _tree(course.data, "data")
    if (course.root / LAB).is_file():
        files |= _tree((course.root / LAB).parent, "lab")
    if own := (course.root / "src").is_dir():
        files |= _tree(course.root / "src", "src")
    files |= {name: _file(course.root / name) for name in FILES if (course.root / name).is_file()}
    files["README.md"] = (_readme(course, own).encode(), 0o644)
    return files


def _file(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), path.stat().st_mode & 0o777


def _tree(folder: Path, name: str) -> Files:
    """Return the files of a folder, without what is hidden or made by running."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    parts = {path: path.relative_to(folder).parts for path in paths}
    kept = [
        path for path in paths if not any(part[0] == "." or part == "__pycache__" or part.endswith(".egg-info") for part in parts[path])
    ]
    return {"/".join((name, *parts[path])): _file(path) for path in kept}


def _released(course: Course, unit: str) -> list[Path]:
    """Return the files of a released unit. Raises LituError for one that is not as it was built: it may hold somebody's answers."""
    try:
        built = json.loads(course.key_path(unit).read_text(encoding="utf-8"))["built"]["files"]
    except (OSError, ValueError, KeyError):
        raise LituError(f"{unit} is not built here; run `litu build {unit[:2]}` first.") from None
    paths = {course.out / name: digest for name, digest in built.items() if (course.out / name).parent == course.folder("release", unit)}
    for path, digest in paths.items():
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise LituError(f"{path.relative_to(course.out)} is not as it was built; run `litu build {unit[:2]} --force` first.")
    return list(paths)


def _start(course: Course, units: Sequence[str]) -> nbformat.NotebookNode:
    """Return START for a class: the units that it has, without the links to a public course, which shows answers."""
    page = start_page(course, units)
    page.cells = [cell for cell in page.cells if cell.get("id") != BINDER]
    return page


def _readme(course: Course, own: bool) -> str:
    """Return the README: the course's own text, if it has one, then how to start."""
    above = ""
    if named := course.settings.bundle_readme:
        try:
            above = (course.root / named).read_text(encoding="utf-8").rstrip() + "\n\n"
        except (OSError, UnicodeDecodeError) as error:
            raise LituError(f"c.Litu.bundle_readme in nbgrader_config.py names {named}, which cannot be read: {error}.") from None
    install = CHECKOUT if own else PUBLISHED.format(version=version("litu"))
    opening = f"--config={LAB}" if (course.root / LAB).is_file() else f"release/{START}"
    return README.format(above=above, title=course.settings.title, install=install, opening=opening)

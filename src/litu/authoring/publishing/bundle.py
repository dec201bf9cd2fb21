"""The bundle for students of a graded class: what they need, and nothing that answers."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

import nbformat

from litu.authoring.notebooks import write_notebook
from litu.authoring.start_page import BINDER
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


def publish(course: Course, folder: Path) -> int:
    """Copy release/, data/, and what installs them to ``folder``; return the number of units.

    A course that lies in a checkout of the package hands the package out as well; any other names its version.
    Raises LituError when the folder holds something already, or the course's own text for the README is not there.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LituError(f"{folder} is not an empty folder; name one that does not exist yet.")
    if any(folder.resolve().is_relative_to(place) for place in (course.place("release"), course.data, course.root / "src")):
        raise LituError(f"{folder} lies in what is to be copied; name a folder elsewhere.")
    units = [unit for unit in course.units() if course.folder("release", unit).is_dir()]
    if not units:
        raise LituError("Nothing is built yet; run `litu build` first.")
    try:
        for unit in units:
            shutil.copytree(course.folder("release", unit), folder / "release" / unit, ignore=shutil.ignore_patterns(".*"))
        (folder / "release" / START).write_text(_start(course), encoding="utf-8")
        shutil.copytree(course.data, folder / "data")
        if (course.root / LAB).is_file():
            shutil.copytree((course.root / LAB).parent, folder / "lab", ignore=shutil.ignore_patterns(".*", "__pycache__"))
        if own := (course.root / "src").is_dir():
            shutil.copytree(course.root / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        for name in FILES:
            if (course.root / name).is_file():
                (folder / name).parent.mkdir(exist_ok=True)
                shutil.copy(course.root / name, folder / name)
        (folder / "README.md").write_text(_readme(course, own), encoding="utf-8")
    except OSError as error:
        raise LituError(f"{error.filename} cannot be written ({error.strerror}); take the unfinished {folder} away.") from None
    return len(units)


def _start(course: Course) -> str:
    """Return START for a class: without the links to a public course, which shows answers."""
    page = nbformat.read(course.place("release") / START, as_version=4)
    page.cells = [cell for cell in page.cells if cell.get("id") != BINDER]
    return write_notebook(page)


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

"""The bundle for students of a graded class: what they need, and nothing that answers."""

from __future__ import annotations

import shutil
from pathlib import Path

from litu.authoring.start_page import NAME as START
from litu.course import Course
from litu.errors import LituError

README = """# Leaving the Soil: student copy

You need Python 3.11 or newer. In a terminal, in this folder, once:

| system | lines |
|---|---|
| macOS, Linux | `python3 -m venv .venv` |
| | `.venv/bin/pip install --requirement requirements/learner.lock` |
| | `.venv/bin/pip install --no-deps .` |
| Windows | `py -m venv .venv` |
| | `.venv\\Scripts\\pip install --requirement requirements/learner.lock` |
| | `.venv\\Scripts\\pip install --no-deps .` |
| conda, mamba (any system) | `conda env create --file environment.yml` |
| | `conda activate leaving-the-soil` |

Then, each time:

| system | line |
|---|---|
| macOS, Linux | `.venv/bin/jupyter lab --config=lab/jupyter_lab_config.py` |
| Windows | `.venv\\Scripts\\jupyter lab --config=lab/jupyter_lab_config.py` |
| conda, mamba (any system) | `jupyter lab --config=lab/jupyter_lab_config.py` |

JupyterLab opens on START, which leads to the units. Open a unit, run the cells
from the top, write your answers and run the check below each of them.
`hint("name")` gives a hint; your teacher says how to hand the notebook in. Keep
the notebook's name.

In VS Code, open this folder, then `release/START.ipynb`, and choose the
environment above as the kernel.
"""
FILES = ("environment.yml", "requirements/learner.lock", "pyproject.toml", "postBuild", "LICENSE", "LICENSE-CONTENT")


def publish(course: Course, folder: Path) -> int:
    """Copy release/, data/, the environment and the package to ``folder``; return the number of units.

    Raises LituError when the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LituError(f"{folder} is not an empty folder; name one that does not exist yet.")
    if any(folder.resolve().is_relative_to(course.root / name) for name in ("release", "data", "src")):
        raise LituError(f"{folder} lies in what is to be copied; name a folder elsewhere.")
    units = [unit for unit in course.units() if course.folder("release", unit).is_dir()]
    if not units:
        raise LituError("Nothing is built yet; run `litu build` first.")
    try:
        for unit in units:
            shutil.copytree(course.folder("release", unit), folder / "release" / unit, ignore=shutil.ignore_patterns(".*"))
        if (start := course.place("release") / START).is_file():
            shutil.copy(start, folder / "release" / START)
        shutil.copytree(course.root / "lab", folder / "lab", ignore=shutil.ignore_patterns(".*", "__pycache__"))
        shutil.copytree(course.data, folder / "data")
        shutil.copytree(course.root / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        for name in FILES:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(course.root / name, folder / name)
        (folder / "README.md").write_text(README, encoding="utf-8")
    except OSError as error:
        raise LituError(f"{error.filename} cannot be written ({error.strerror}); take the unfinished {folder} away.") from None
    return len(units)

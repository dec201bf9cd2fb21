"""How long a learner waits: until START shows the map, and for Run All of each unit, solved, on a machine at rest.

Each run starts a kernel of its own in a copy of release/ without the answer key, and ends when the last cell has run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from classroom import ROOT, load_now, show, wait_for_quiet
from nbclient import NotebookClient

from litu.course import Course
from litu.grading.demo.sample_class import CLASS, hand_in

START_GOAL, UNIT_GOAL = 4, 10


def running(path: Path) -> float:
    """Return how many seconds a notebook takes from the start of its kernel to the end of its last cell."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}})
    wait_for_quiet()
    began = time.perf_counter()
    client.execute()
    return time.perf_counter() - began


def solved_copy(folder: Path) -> list[Path]:
    """Write what a learner has, every exercise answered right, and return the notebooks of the units."""
    course = Course(ROOT, ROOT)
    shutil.copytree(ROOT / "release", folder / "release")
    (folder / "data").symlink_to(ROOT / "data")
    units = [unit for unit in course.units() if (folder / "release" / unit).is_dir()]
    for unit in units:
        hand_in(course, unit, folder / "solved", CLASS[:1])
        shutil.copy(folder / "solved" / CLASS[0].name / unit / f"{unit}.ipynb", folder / "release" / unit)
    return [folder / "release" / unit / f"{unit}.ipynb" for unit in units]


def main() -> None:
    """Print medians and the longest wait."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="START and the first unit, once")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="litu-bench-") as name:
        os.environ["XDG_STATE_HOME"] = f"{name}/state"  # the learner's record
        folder = Path(name)
        units = solved_copy(folder)[: 1 if options.quick else None]
        places = [(folder / "release" / "START.ipynb", "START: kernel, import, map", START_GOAL, 7)]
        places += [(path, f"{path.stem}: Run All, solved", UNIT_GOAL, 3) for path in units]
        rows = []
        for path, what, goal, times in places:
            took = [running(path) for _ in range(1 if options.quick else times)]
            rows.append((what, f"{statistics.median(took):.1f}", f"{max(took):.1f}", f"< {goal}"))
    show(f"A learner's waits, seconds; {load_now()}", ("what", "median", "longest", "goal"), rows)


if __name__ == "__main__":
    main()

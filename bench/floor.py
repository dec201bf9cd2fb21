"""The floor: the time of cells and checks in a warm interpreter, with no sandbox and no protocol.

Prints the seconds that a class takes, two submissions at a time, on the clock
and of the CPU. A process that has the libraries loaded forks a copy for each
submission, as the engine does, and the copy runs all cells one after the
other, the checks too, as nbgrader's own kernel would.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from pathlib import Path

from litu.grading.demo.sample_class import CRASH
from litu.grading.execution.preload import warm_up
from litu.grading.execution.shell import Notebook


def cells(path: Path) -> list[str]:
    """Return the code of a notebook; a line that ends the process is taken out."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]).removeprefix(CRASH) for cell in found if cell["cell_type"] == "code"]


def run_class(submissions: list[Path], notebook: Notebook, jobs: int = 2) -> tuple[float, float]:
    """Run every submission in a forked copy, ``jobs`` at a time; return seconds on the clock and of the CPU."""
    class_cells = [cells(path) for path in submissions]
    running = 0
    began = time.perf_counter()
    for path, sources in zip(submissions, class_cells, strict=True):
        if running == jobs:
            os.wait()
            running -= 1
        if os.fork() == 0:
            try:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 1)
                os.dup2(nowhere, 2)
                os.chdir(path.parent)
                for source in sources:
                    notebook.run(source, lambda output: None)
            finally:
                os._exit(0)
        running += 1
    for _ in range(running):
        os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - began, used.ru_utime + used.ru_stime


def main() -> None:
    """Warm up, run the class, print the seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("submitted", type=Path, help="a folder of submissions")
    parser.add_argument("unit")
    options = parser.parse_args()
    submissions = sorted(options.submitted.glob(f"*/{options.unit}/{options.unit}.ipynb"))
    print(*run_class(submissions, warm_up()))


if __name__ == "__main__":
    main()

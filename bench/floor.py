"""The floor: the cells' own time in a warm interpreter, with no sandbox and no protocol.

Prints the seconds that a class takes, two submissions at a time, on the clock
and of the CPU. A process
that has the libraries loaded forks a copy for each submission, as the engine
does, and the copy runs the student's cells one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from pathlib import Path

from litu.grading.notebook import Notebook
from litu.grading.sampleclass import CRASH
from litu.grading.warmup import warm_up


def cells(path: Path) -> list[str]:
    """Return the code of a notebook but for the locked checks; a line that ends the process is taken out."""
    found = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and not cell["id"].startswith("check-"):
            found.append("".join(cell["source"]).removeprefix(CRASH))
    return found


def run(sources: list[str], notebook: Notebook | None) -> None:
    """Run cells plainly, or through IPython, which makes their outputs too."""
    own: dict[str, object] = {"__name__": "__main__"}
    for source in sources:
        if notebook:
            notebook.run(source, lambda output: None)
            continue
        try:
            exec(compile(source, "cell", "exec"), own)
        except Exception:
            pass  # as in a notebook, the next cell is run all the same


def run_class(class_cells: list[list[str]], notebook: Notebook | None, jobs: int = 2) -> tuple[float, float]:
    """Run every submission in a forked copy, ``jobs`` at a time; return seconds on the clock and of the CPU."""
    running = 0
    began = time.perf_counter()
    for sources in class_cells:
        if running == jobs:
            os.wait()
            running -= 1
        if os.fork() == 0:
            try:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 1)
                os.dup2(nowhere, 2)
                run(sources, notebook)
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
    parser.add_argument("--outputs", action="store_true", help="run cells through IPython, which makes their outputs too")
    options = parser.parse_args()
    class_cells = [cells(path) for path in sorted(options.submitted.glob(f"*/{options.unit}/{options.unit}.ipynb"))]
    notebook = warm_up()
    print(*run_class(class_cells, notebook if options.outputs else None))


if __name__ == "__main__":
    main()

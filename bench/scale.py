"""Cost against class size: grading and bookkeeping of classes of 50 to 1,000.

Writes ``scale.csv`` and the plot ``scale.svg`` beside this script. Each size
is graded by a fresh process with a new gradebook. Bookkeeping is what the
grader's own process does one submission after the other, outside the boxes:
reading, entering marks, writing results and executed notebooks.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
from classroom import BIN, busy_seconds, own_seconds, seat, show, trial_course, wait_for_quiet

from litu.grading.assignment import Assignment
from litu.grading.execution.executor import ForkServer
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.results.models import Result
from litu.grading.runner.pipeline import LocalGrader, Submission, grade_unit

UNIT = "01-southern-jiangsu"
SIZES = (50, 100, 250, 500, 1000)
GOAL_MS = 20
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Cost:
    """What one class cost; times in seconds."""

    submissions: int
    whole: float
    bookkeeping: float
    bookkeeping_cpu: float
    grader_cpu: float
    """CPU time of the grader's process, its threads for the boxes and for judging included."""
    boxes_cpu: float
    """CPU time of the students' processes."""
    grader_peak_mb: float
    others: float
    """Cores that other work on the machine kept busy meanwhile, on average."""


class Watched(LocalGrader):
    """A grader that notes how long the bookkeeper waited for results."""

    waited: float = 0.0

    def results(self, assignment: Assignment, work: list[Submission]) -> Iterator[Result]:
        """Yield results as they come."""
        results = super().results(assignment, work)
        while True:
            began = time.perf_counter()
            result = next(results, None)
            self.waited += time.perf_counter() - began
            if result is None:
                return
            yield result


def cost(number: int) -> Cost:
    """Grade a class of ``number`` and return what it cost, warm-up not included."""
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    with trial_course() as course:
        seat(course, UNIT, number)
        wait_for_quiet()
        busy, mine, all_began = busy_seconds(), own_seconds(), time.perf_counter()
        with ForkServer(course.data, course.settings.preload) as pool, GradebookWriter(course.nbgrader_config()) as book:
            grader = Watched(pool, 2)
            cpu, own, began = time.process_time(), time.thread_time(), time.perf_counter()
            report = grade_unit(course, UNIT, grader, book, tell=lambda student, of: None)
            whole = time.perf_counter() - began
            own, cpu = time.thread_time() - own, time.process_time() - cpu
        others = max(0.0, (busy_seconds() - busy - own_seconds() + mine) / (time.perf_counter() - all_began))
    boxes = sum(result.cpu_seconds for result in report.results)
    assert len(report.graded) == number
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return Cost(number, *(round(value, 3) for value in (whole, whole - grader.waited, own, cpu, boxes, peak, others)))


def plot(costs: list[Cost], path: Path) -> None:
    """Draw seconds against submissions, with the straight line through them."""
    frame = pd.DataFrame([asdict(cost) for cost in costs])
    long = frame.melt("submissions", ["whole", "bookkeeping"], "part", "seconds")
    long["part"] = long["part"].map({"whole": "whole run", "bookkeeping": "of it bookkeeping"})
    x = alt.X("submissions:Q", title="Submissions in the class")
    y = alt.Y("seconds:Q", title="Time on the clock (s)")
    color, shape = alt.Color("part:N", legend=None), alt.Shape("part:N", legend=None)
    line = alt.Chart(long).transform_regression("submissions", "seconds", groupby=["part"]).mark_line(opacity=0.5).encode(x, y, color)
    dots = alt.Chart(long).mark_point(filled=True, size=60).encode(x, y, color, shape)
    ends = long[long["submissions"] == long["submissions"].max()]
    names = alt.Chart(ends).mark_text(align="right", dx=-8, dy=-12, fontSize=12).encode(x, y, color, text="part:N")
    last = costs[-1]
    chart = (line + dots + names).properties(
        title=f"Grading time grows in step with the class (unit {UNIT[:2]}, 2 jobs)",
        description=(
            f"Points near a straight line: time on the clock against the number of submissions, "
            f"from {costs[0].whole:.0f} s for {costs[0].submissions} to {last.whole:.0f} s for {last.submissions}. "
            f"A second, flatter line is the bookkeeping part: {last.bookkeeping:.0f} s for {last.submissions}."
        ),
        width=480,
        height=300,
    )
    chart.save(path)


def main() -> None:
    """Measure, write the numbers and the plot, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--quick", action="store_true", help="classes of 4 and 8; writes no files")
    options = parser.parse_args()
    costs: list[Cost] = []
    for size in (4, 8) if options.quick else options.sizes:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
            costs.append(fresh.submit(cost, size).result())
        print(f"  {size} submissions: {costs[-1].whole:.1f} s (other work {costs[-1].others:.1f} cores)", flush=True)
    sizes, wholes = np.array([[cost.submissions, cost.whole] for cost in costs]).T
    slope, constant = np.polyfit(sizes, wholes, 1)
    power = np.polyfit(np.log(sizes), np.log(wholes), 1)[0]
    fits = np.corrcoef(sizes, wholes)[0, 1] ** 2
    rows = [
        (
            cost.submissions,
            f"{cost.whole:.1f}",
            f"{cost.whole / cost.submissions:.3f}",
            f"{cost.bookkeeping / cost.submissions * 1000:.1f}",
            f"{cost.bookkeeping_cpu / cost.submissions * 1000:.1f}",
            f"{cost.grader_cpu / cost.submissions * 1000:.0f}",
            f"{cost.boxes_cpu / cost.submissions * 1000:.0f}",
            f"{cost.grader_peak_mb:.0f}",
        )
        for cost in costs
    ]
    per = ("s each", "bookkeeping, ms each", "bookkeeping, CPU ms each", "grader, CPU ms each", "boxes, CPU ms each", "grader's peak, MB")
    show(f"Cost against class size: {UNIT}, 2 jobs", ("submissions", "whole run, s", *per), rows)
    print(f"\nLine: {constant:.1f} s + {slope:.4f} s a submission, R² {fits:.4f}; time ~ submissions^{power:.2f}.")
    print(f"Goal for bookkeeping: at most {GOAL_MS} ms a submission.")
    if not options.quick:
        with open(HERE / "scale.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, asdict(costs[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(asdict(cost) for cost in costs)
        plot(costs, HERE / "scale.svg")


if __name__ == "__main__":
    main()

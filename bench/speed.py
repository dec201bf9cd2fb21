"""Seconds per submission: this course's grader, stock nbgrader, otter-grader, and the floor under them all.

All grade the same submissions of one class in one run of this script; the
points of ours and of stock nbgrader must agree.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from classroom import BIN, ROOT, Timed, grade, load_now, seat, show, timed, trial_course
from otter_run import NoOtter
from otter_run import measure as measure_otter

from litu.course import Course
from litu.grading.demo.sample_class import Student
from litu.grading.gradebook.gradebook import GradebookWriter

UNIT = "04-taobao-villages"
SMALLER_BY = 26
"""Two rounds of the invented class: what these cost more is the cost of submissions, what is left is start-up."""


def points(course: Course) -> dict[str, dict[str, float | None]]:
    """Return the gradebook's automatic points by student and cell."""
    found: dict[str, dict[str, float | None]] = {}
    with GradebookWriter(course.nbgrader_config()) as book:
        for (student, cell), marks in book.marks(UNIT).items():
            if cell.startswith("check-"):
                found.setdefault(student, {})[cell] = marks[0]
    return found


def differences(ours: dict[str, dict[str, float | None]], stock: dict[str, dict[str, float | None]], seated: list[Student]) -> list[str]:
    """Return a line for each student whose points differ."""
    lines = []
    for student in seated:
        mine, theirs = ours.get(student.name, {}), stock.get(student.name, {})
        cells = [cell for cell in mine if mine[cell] != theirs.get(cell)]
        if cells or not mine:
            why = f" (a cell of this student holds {student.trouble.splitlines()[0]!r})" if student.trouble else ""
            lines.append(
                f"{student.name}{why}: ours {sum(value or 0 for value in mine.values()):g} points, "
                f"stock {sum(value or 0 for value in theirs.values()):g}; {len(cells)} of {len(mine)} checks differ"
            )
    return lines


def median(what: str, measure: Callable[[], Timed], runs: int) -> Timed:
    """Return the run that was neither the fastest nor the slowest."""
    done = sorted((measure() for _ in range(runs)), key=lambda run: run.wall)
    print(f"{what}: " + ", ".join(f"{run.wall:.1f} s (other work {run.others:.1f} cores)" for run in done), flush=True)
    return done[len(done) // 2]


def floor(course: Course) -> Timed:
    """Run the class's cells in forked copies of a warm interpreter; the clock starts when it is warm."""
    variables = {"LITU_DATA": str(course.data), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NBGRADER_EXECUTION": "autograde"}
    command = [sys.executable, ROOT / "bench/floor.py", course.grading / "submitted", UNIT]
    ran = timed(command, course.root, variables)
    if ran.code:
        sys.exit(f"floor.py failed:\n{ran.said}")
    wall, cpu = map(float, ran.said.split()[:2])  # warnings of IPython's may follow
    return replace(ran, wall=wall, cpu=cpu)


def smaller_class(number: int, runs: int) -> Timed:
    """Grade a class without the last two rounds of students."""
    with trial_course() as course:
        seat(course, UNIT, number)
        return median(f"ours, {number} submissions", lambda: grade(course, UNIT), runs)


def stock_nbgrader(seated: int) -> tuple[Timed, dict[str, dict[str, float | None]]]:
    """Grade the class with nbgrader's own executor; return its time and its points."""
    with trial_course(stock=True) as course:
        seat(course, UNIT, seated)
        made = timed([BIN / "nbgrader", "generate_assignment", UNIT, "--force"], course.root)
        if made.code:
            sys.exit(made.said)
        return timed([BIN / "nbgrader", "autograde", UNIT], course.root), points(course)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--runs", type=int, default=3, help="of ours and of the floor; the median counts")
    parser.add_argument("--no-otter", action="store_true", help="leave otter-grader out, which has to be installed first")
    parser.add_argument("--quick", action="store_true", help="2 submissions, 1 run, no otter-grader: shows that everything works")
    options = parser.parse_args()
    number, runs = (2, 1) if options.quick else (options.submissions, options.runs)
    rows: list[tuple[str, float, float]] = []
    print(f"{UNIT}, {number} submissions, {load_now()}")
    with trial_course() as course, TemporaryDirectory() as folder:
        seated = seat(course, UNIT, number)
        least = median("floor", lambda: floor(course), runs)
        ours = median("ours", lambda: grade(course, UNIT), runs)
        mine = points(course)
        fewer = smaller_class(number - SMALLER_BY, runs) if number > SMALLER_BY else None
        stock, theirs = stock_nbgrader(number)
        print(f"stock: {stock.wall:.1f} s (other work {stock.others:.1f} cores)", flush=True)
        rows.append(("stock nbgrader, `nbgrader autograde`", stock.wall / number, stock.cpu / number))
        if not (options.no_otter or options.quick):
            try:
                # The first student answers all, the second and third make mistakes.
                otter = measure_otter(course, UNIT, [student.name for student in seated[:3]], Path(folder))
                print(f"otter, one submission: {otter.wall:.1f} s (other work {otter.others:.1f} cores)", flush=True)
                rows.append(("otter-grader, `otter run`, one process each", otter.wall, otter.cpu))
            except NoOtter as error:
                print(f"otter-grader was not measured: {error}")
    rows.append(("ours, `litu grade`, whole process", ours.wall / number, ours.cpu / number))
    if fewer:
        each, each_cpu = (ours.wall - fewer.wall) / SMALLER_BY, (ours.cpu - fewer.cpu) / SMALLER_BY
        rows.append((f"ours, each of {SMALLER_BY} submissions more", each, each_cpu))
    rows.append(("floor: cells and checks in a warm interpreter", least.wall / number, least.cpu / number))
    head = ("grader", "seconds a submission", "CPU seconds", "times as fast as stock", "times the floor")
    table = [(name, f"{wall:.3f}", f"{cpu:.3f}", f"{rows[0][1] / wall:.1f}", f"{wall / rows[-1][1]:.2f}") for name, wall, cpu in rows]
    show(f"Speed: {number} submissions of {UNIT}", head, table)
    if fewer:
        print(f"\nOf ours, {ours.wall - number * each:.1f} s are start-up: loading nbgrader, and the warm parent meanwhile.")
    found = differences(mine, theirs, seated)
    print(f"Points: {number - len(found)} of {number} students have the same in every check from ours and from stock nbgrader.")
    print("\n".join(f"  {line}" for line in found))


if __name__ == "__main__":
    main()

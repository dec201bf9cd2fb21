"""What a graded class looks like: grades as CSV, frequent slips, timings."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import mean
from typing import Any

from rich.console import Console
from rich.table import Table

from litu.course import Course
from litu.grading.results.feedback import page
from litu.grading.results.models import Result, UnitReport
from litu.grading.results.regrades import save_changes
from litu.grading.results.store import write_whole

COLUMNS = (
    "student", "unit", "score", "out_of", "written_score", "to_be_marked_by_hand", "late_hours", "late_penalty", "status", "suspicions",
)  # fmt: skip


def save_grades(path: Path, rows: Iterable[dict[str, Any]], results: Iterable[Result]) -> None:
    """Write one row for each student and unit, from the gradebook and the results."""
    found = {(result.student, result.unit): result for result in results}
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        result = found.get((row["student"], row["unit"]))
        extra = {"status": result.status, "suspicions": "; ".join(result.suspicions)} if result else {}
        writer.writerow({**{column: "" for column in COLUMNS}, **row, **extra})
    write_whole(path, text.getvalue())


def frequent_slip(results: Iterable[Result]) -> str:
    """Return the most frequent recognised mistake, with its exercise and how many made it."""
    slips = Counter(
        (exercise.name, exercise.slip) for result in results for exercise in result.exercises if exercise.slip and exercise.points < exercise.worth
    )
    if not slips:
        return "none"
    (name, slip), number = max(slips.items(), key=lambda item: (item[1], item[0]))
    return f"{name}: {slip} ({number})"


def summary(reports: Iterable[UnitReport]) -> Table:
    """Return the short table that ends a run."""
    table = Table(title="Graded", title_justify="left")
    for head, justify in (("unit", "left"), ("students", "right"), ("mean of checks", "right"), ("to look at", "right"), ("most frequent slip", "left")):
        table.add_column(head, justify=justify, no_wrap=head == "unit")  # type: ignore[arg-type]
    for report in reports:
        results = report.results
        worth = results[0].worth if results else 0
        average = mean(result.points for result in results) if results else 0
        odd = sum(bool(result.suspicions) or result.status != "graded" for result in results)
        table.add_row(report.unit, str(len(results)), f"{average:.1f} of {worth:g}", str(odd), frequent_slip(results))
    return table


def timings(results: Iterable[Result]) -> Table:
    """Return CPU seconds by cell: median and largest over the class, the slowest first."""
    seconds: dict[tuple[str, str], list[float]] = {}
    for result in results:
        for cell in result.cells:
            seconds.setdefault((result.unit, cell["id"]), []).append(cell["cpu"])
    table = Table(title="CPU seconds by cell", title_justify="left")
    for head in ("unit", "cell", "runs", "median", "largest"):
        table.add_column(head, justify="left" if head in ("unit", "cell") else "right")
    for (unit, name), times in sorted(seconds.items(), key=lambda item: -max(item[1])):
        ordered = sorted(times)
        table.add_row(unit, name, str(len(times)), f"{ordered[len(times) // 2]:.3f}", f"{ordered[-1]:.3f}")
    return table


def to_look_at(results: Iterable[Result]) -> list[str]:
    """Return a line for each submission that could not be read or that tried something odd."""
    lines = []
    for result in results:
        if result.status != "graded":
            lines.append(f"{result.student}, {result.unit}: not graded. {result.reason}")
        elif result.suspicions:
            lines.append(f"{result.student}, {result.unit}: {'; '.join(result.suspicions[:6])}")
    return lines


def save_and_show(
    console: Console, course: Course, reports: list[UnitReport], rows: list[dict[str, object]], problems: list[str], *, timings: bool
) -> None:
    """Save the grades and the marks that moved; print the table, ``problems``, oddities and the next steps."""
    folder = course.grading / "reports"
    results = [result for report in reports for result in report.results]
    save_grades(folder / "grades.csv", rows, results)
    console.print(summary(reports))
    if timings:
        console.print(timings(results))
    changes = [change for report in reports for change in report.changes]
    if changes:
        save_changes(folder / "changes.csv", changes)
        console.print(f"{len(changes)} marks moved since the last grading (reports/changes.csv):", highlight=False)
        for change in changes[:10]:
            line = f"  {change.student}, {change.unit}, {change.exercise}: {change.points_before:g} → {change.points_now:g}"
            console.print(line, highlight=False, markup=False, soft_wrap=True)
    left_out = [f"{student}, {report.unit}" for report in reports for student in report.left_out]
    if left_out:
        problems = [*problems, f"Handed in again while the class was graded: {'; '.join(left_out)}. Run this again for them."]
    for problem in [*problems, *(line for report in reports for line in report.told)]:
        console.print(problem, highlight=False, markup=False, soft_wrap=True)
    odd = to_look_at(results)
    if odd:
        console.print("To look at (tricks earn nothing, but you may want to know):", highlight=False)
        for line in odd[:12]:
            console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    waiting = sum(bool(row["to_be_marked_by_hand"]) for row in rows)
    first = next((page(course, result.unit, result.student) for result in results if page(course, result.unit, result.student).is_file()), None)
    console.print("Open next:")
    console.print(f"  {_relative(folder / 'grades.csv')}   the grades", highlight=False)
    if first:
        console.print(f"  {_relative(first)}   a student's feedback page", highlight=False, soft_wrap=True)
    if waiting:
        console.print(f"  jupyter lab, then Nbgrader → Formgrader   {waiting} submissions wait for written answers to be marked", highlight=False, soft_wrap=True)


def _relative(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

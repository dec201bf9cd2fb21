"""What a graded class looks like: grades as CSV, frequent slips, timings."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import mean
from typing import Any

from rich.table import Table

from litu.grading.classrun import UnitReport
from litu.grading.result import Result
from litu.grading.store import write_whole

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

"""What a graded class looks like: grades as CSV, frequent slips, timings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from litu.course import Course
from litu.grading.results.feedback import page
from litu.grading.results.models import Result, UnitReport
from litu.grading.results.plain_text import first_of, plain
from litu.grading.results.regrades import save_changes
from litu.grading.results.store import store_of
from litu.grading.results.tables import write_table

Row = dict[str, Any]
COLUMNS = (
    "student", "last_name", "first_name", "unit", "score", "out_of", "written_score", "to_be_marked_by_hand", "handed_in", "late_hours",
    "late_penalty", "status", "suspicions", "doubts",
)  # fmt: skip
MOST_CHANGES, MOST_ODD, MOST_SUSPICIONS = 10, 12, 6
"""So many are listed on the screen; the files hold all."""
NOTHING = "nothing handed in"


def whole_class(
    course: Course, rows: dict[str, list[Row]], roster: dict[str, tuple[str, str]], reports: Iterable[UnitReport]
) -> Iterator[dict[str, object]]:
    """Yield a row for each student of the roster in each unit that the gradebook knows: marks from it, the rest from the results on disk."""
    fresh = {(result.student, report.unit): result for report in reports for result in report.results}
    for unit, in_book in rows.items():
        store = store_of(course, unit)
        known = {row["student"]: row for row in in_book}
        for student in sorted(roster):
            last, first = roster[student]
            result = fresh.get((student, unit)) or store.final(student)
            found = (
                {
                    "status": result.status,
                    "suspicions": "; ".join(first_of(result.suspicions, MOST_SUSPICIONS)),
                    "doubts": "; ".join(first_of(result.doubts, MOST_SUSPICIONS)),
                }
                if result
                else {"status": NOTHING}
            )
            yield {"student": student, "last_name": last, "first_name": first, "unit": unit, **known.get(student, {}), **found}


def frequent_slip(results: Iterable[Result]) -> str:
    """Return the most frequent recognised mistake, with its exercise and how many made it."""
    slips = Counter(
        (exercise.name, exercise.slip)
        for result in results
        for exercise in result.exercises
        if exercise.slip and exercise.points < exercise.worth
    )
    if not slips:
        return "none"
    (name, slip), number = max(slips.items(), key=lambda item: (item[1], item[0]))
    return f"{name}: {slip} ({number})"


def summary(reports: Iterable[UnitReport]) -> Table:
    """Return the short table that ends a run."""
    table = Table(title="Graded", title_justify="left")
    for head, justify in (
        ("unit", "left"),
        ("students", "right"),
        ("mean of checks", "right"),
        ("to look at", "right"),
        ("most frequent slip", "left"),
    ):
        table.add_column(head, justify=justify, no_wrap=head == "unit")  # type: ignore[arg-type]
    for report in reports:
        results = report.results
        worth = results[0].worth if results else 0
        average = mean(result.points for result in results) if results else 0
        odd = sum(bool(result.suspicions or result.doubts) or result.status != "graded" for result in results)
        table.add_row(report.unit, str(len(results)), f"{average:.1f} of {worth:g}", str(odd), Text(plain(frequent_slip(results))))
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
        table.add_row(unit, Text(plain(name)), str(len(times)), f"{ordered[len(times) // 2]:.3f}", f"{ordered[-1]:.3f}")
    return table


def to_look_at(results: Iterable[Result]) -> list[str]:
    """Return a line for each submission that could not be read or that tried something odd."""
    lines = []
    for result in results:
        if result.status != "graded":
            lines.append(f"{result.student}, {result.unit}: not graded. {result.reason}")
        elif found := [*result.suspicions, *result.doubts]:
            lines.append(f"{result.student}, {result.unit}: {'; '.join(first_of(found, MOST_SUSPICIONS))}")
    return lines


def save(course: Course, reports: list[UnitReport], rows: Iterable[dict[str, object]]) -> None:
    """Save the grades of the whole class, and the marks that moved."""
    folder = course.grading / "reports"
    write_table(folder / "grades.csv", COLUMNS, rows)
    changes = [change for report in reports for change in report.changes]
    if changes:
        save_changes(folder / "changes.csv", changes)


def show(console: Console, course: Course, reports: list[UnitReport], waiting: int, problems: list[str], *, with_timings: bool) -> None:
    """Print the table, the marks that moved, ``problems``, oddities and the next steps."""

    def say(text: str) -> None:
        console.print(text, highlight=False, markup=False, soft_wrap=True)

    def listed(lines: list[str], most: int) -> None:
        for line in first_of([plain(line) for line in lines], most):
            say(f"  {line}")

    folder = course.grading / "reports"
    results = [result for report in reports for result in report.results]
    console.print(summary(reports))
    if with_timings:
        console.print(timings(results))
    changes = [change for report in reports for change in report.changes]
    if changes:
        say(f"{len(changes)} marks moved since the last grading (reports/changes.csv):")
        moved = [f"{one.student}, {one.unit}, {one.exercise}: {one.points_before:g} → {one.points_now:g}" for one in changes]
        listed(moved, MOST_CHANGES)
    for problem in [*problems, *(line for report in reports for line in report.told)]:
        say(plain(problem))
    left_out = [f"{student}, {report.unit}" for report in reports for student in report.left_out]
    if left_out:
        say("Handed in again while the class was graded; run this again for them:")
        listed(left_out, MOST_ODD)
    odd = to_look_at(results)
    if odd:
        say("To look at (tricks earn nothing; where something was in doubt, it says what was done):")
        listed(odd, MOST_ODD)
    first = next(
        (page(course, result.unit, result.student) for result in results if page(course, result.unit, result.student).is_file()), None
    )
    say("Open next:")
    say(f"  {_relative(folder / 'grades.csv')}   the grades")
    if first:
        say(f"  {_relative(first)}   a student's feedback page")
    if waiting:
        say(f"  litu mark {reports[0].unit[:2]}   {waiting} submissions wait for written answers to be marked")
    say(f"  litu report {reports[0].unit[:2]}   what the class did: exercises, slips, who needs help")


def _relative(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

"""What a run leaves for its instructor: grades.csv, changes.csv, and what to open next."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from litu.course import Course
from litu.grading import report as reporting
from litu.grading.changes import save_changes
from litu.grading.classrun import UnitReport
from litu.grading.feedback import page


def save_and_show(
    console: Console, course: Course, reports: list[UnitReport], rows: list[dict[str, object]], problems: list[str], *, timings: bool
) -> None:
    """Save the grades and the marks that moved; print the table, ``problems``, oddities and the next steps."""
    folder = course.grading / "reports"
    results = [result for report in reports for result in report.results]
    reporting.save_grades(folder / "grades.csv", rows, results)
    console.print(reporting.summary(reports))
    if timings:
        console.print(reporting.timings(results))
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
    for problem in problems:
        console.print(problem, highlight=False, markup=False, soft_wrap=True)
    odd = reporting.to_look_at(results)
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

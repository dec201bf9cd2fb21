"""The commands for a class: reports, learning platforms, marking by hand. nbgrader takes seconds to load, so only they load it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litu.course import Course
from litu.grading.execution import fast_jsonschema

Unit = Annotated[str, typer.Argument(help="Unit by name or number, for example 04.")]
Db = Annotated[str | None, typer.Option("--db", help="Gradebook address; else that of nbgrader_config.py.")]


def report(
    unit: Unit,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Numbers drawn by lot in place of names, in a folder of its own.")] = False,
    db: Db = None,
) -> None:
    """Write what a graded class did in a unit, as a page and CSV tables: exercises, slips, who needs help, what to look at."""
    course = Course.find()
    name = course.lesson(unit).stem
    fast_jsonschema.load()
    from litu.grading.gradebook.due_dates import open_gradebook
    from litu.grading.results.class_report.findings import gather
    from litu.grading.results.class_report.write import write_report

    with open_gradebook(course, db) as book:
        findings = gather(course, name, book, anonymous=anonymous)
    page = write_report(course, findings, anonymous=anonymous)
    print(
        f"{name}: {len(findings.graded)} graded, {len(findings.missing)} handed in nothing, {len(findings.need_help)} need help, "
        f"{len(findings.questionable)} exercises may not work, {findings.waiting} written answers to be marked."
    )
    print("Open next:")
    print(f"  {shown(page)}   the report")
    print(f"  {shown(page.parent)}/*.csv   its tables")


def shown(path: Path) -> Path:
    """Return a path as it is named from the working folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

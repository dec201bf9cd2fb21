"""The commands for a class: reports, learning platforms, marking by hand. nbgrader takes seconds to load, so only they load it."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litu.course import Course
from litu.errors import LituError
from litu.grading.execution import fast_jsonschema
from litu.grading.results.plain_text import first_of, plain
from litu.grading.upkeep.access import open_course

if TYPE_CHECKING:
    from litu.grading.gradebook.gradebook import GradebookWriter
    from litu.grading.lms.export import Exported

Unit = Annotated[str, typer.Argument(help="Unit by name or number, for example 04.")]
Roster = Annotated[Path | None, typer.Option("--roster", help="The list of the class as a CSV file; else the students of the gradebook.")]
MOST_LINES = 30
"""On the screen; the table has all."""
Db = Annotated[str | None, typer.Option("--db", help="Gradebook address; else that of nbgrader_config.py.")]


@contextmanager
def opened(unit: str, db: str | None) -> Iterator[tuple[Course, str, GradebookWriter]]:
    """Give the course, the unit's full name and the gradebook: what every command for a class works on."""
    course = open_course()
    name = course.lesson(unit).stem
    fast_jsonschema.load()
    from litu.grading.gradebook.due_dates import open_gradebook

    with open_gradebook(course, db) as book:
        yield course, name, book


def report(
    unit: Unit,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Numbers drawn by lot in place of names, in a folder of its own.")] = False,
    db: Db = None,
) -> None:
    """Write what a graded class did in a unit, as a page and CSV tables: exercises, slips, who needs help, what to look at."""
    with opened(unit, db) as (course, name, book):
        from litu.grading.results.class_report.findings import gather
        from litu.grading.results.class_report.write import write_report

        findings = gather(course, name, book, anonymous=anonymous)
    page = write_report(course, findings, anonymous=anonymous)
    print(
        f"{name}: {len(findings.graded)} graded, {len(findings.missing)} handed in nothing, {len(findings.need_help)} need help, "
        f"{len(findings.questionable)} exercises may not work, {findings.waiting} written answers to be marked."
    )
    print("Open next:")
    print(f"  {shown(page)}   the report")
    print(f"  {shown(page.parent)}/*.csv   its tables")


def collect(
    unit: Unit,
    archive: Annotated[Path, typer.Argument(help="The zip file of all submissions, as Moodle or Canvas gives it.")],
    roster: Roster = None,
    zone: Annotated[
        str | None, typer.Option("--zone", help="Of times in the list, such as Asia/Shanghai; else c.Exchange.timezone.")
    ] = None,
    db: Db = None,
) -> None:
    """File a learning platform's archive of submissions under grading/submitted/, with the list of the class as a CSV file.

    The list may be your own (`student`, `last name`, `first name`, `email`, …), Canvas's gradebook export or Moodle's grading worksheet, which
    also says when work came in. Nothing is lost: what cannot be filed goes to grading/unfiled/, what is replaced to grading/replaced/.
    """
    with opened(unit, db) as (course, name, book):
        from litu.grading.gradebook.due_dates import zone_named
        from litu.grading.lms.collect import collect as file_archive
        from litu.grading.lms.collect import collected
        from litu.grading.lms.members import enroll, members_of

        members = members_of(roster, book)
        lines = file_archive(course, name, archive, members, zone_named(course, zone))
        enroll(members if roster else (), book)
    filed = [line for line in lines if line.student]
    print(f"{archive.name}: {len(filed)} of {len(lines)} files filed, for {len({line.student for line in filed})} students.")
    for text in first_of([f"{line.file}: {line.what}" for line in lines if not line.is_plain], MOST_LINES):
        print(f"  {plain(text)}")
    print("Open next:")
    print(f"  {shown(collected(course))}   what was done with each file")
    print(f"  litu grade {name[:2]}")


def export(
    unit: Unit,
    moodle: Annotated[
        bool, typer.Option("--moodle", help="Marks for Moodle's grade import, and the feedback pages as a zip file.")
    ] = False,
    canvas: Annotated[bool, typer.Option("--canvas", help="Marks for Canvas's gradebook import.")] = False,
    roster: Roster = None,
    column: Annotated[str | None, typer.Option("--column", help='Canvas\'s assignment, such as "Unit 04 (12345)"; else the unit.')] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="Also marks of those whose written answers wait to be marked.")] = False,
    db: Db = None,
) -> None:
    """Write the marks of a unit as files that Moodle's or Canvas's importer takes."""
    if not (moodle or canvas):
        raise LituError("Say for which platform: --moodle or --canvas.")
    with opened(unit, db) as (course, name, book):
        from litu.grading.lms import export as platforms
        from litu.grading.lms.feedback_zip import moodle_feedback
        from litu.grading.lms.members import members_of

        members = members_of(roster, book)
        marks = {str(row["student"]): row for row in book.rows(name)}
    if not marks:
        raise LituError(f"Nothing of {name} has been graded yet; run `litu grade {name[:2]}` first.")
    folder = course.grading / "reports" / name
    if canvas:
        tell(platforms.canvas(folder / "canvas-grades.csv", column or name, members, marks, waiting=waiting))
    if moodle:
        tell(platforms.moodle(folder / "moodle-grades.csv", name, members, marks, waiting=waiting))
        try:
            tell(moodle_feedback(folder / "moodle-feedback.zip", course, name, members))
        except LituError as error:
            print(f"No zip file of feedback pages. {error}")


def mark(
    unit: Unit,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="No names, and an order by lot.")] = False,
    marker: Annotated[str | None, typer.Option("--marker", help="Who marks; else your name on this machine.")] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Of this machine; 0 takes a free one.")] = 0,
    db: Db = None,
) -> None:
    """Mark the written answers of a unit on one page in the browser, a box for each criterion; totals go into the gradebook."""
    with opened(unit, db) as (course, name, book):
        from litu.grading.gradebook.marking.server import serve

        sheet = book.sheet(course, name, marker or getpass.getuser(), anonymous=anonymous)
        if not any(question.answers for question in sheet.questions()):
            raise LituError(f"No written answer of {name} has been graded yet; run `litu grade {name[:2]}` first.")
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(sheet, port))


def tell(done: Exported) -> None:
    """Print what was written for a platform, and what is not in it."""
    print(f"{shown(done.path)}: {done.students} students")
    for text in done.told:
        print(f"  {plain(text)}")


def shown(path: Path) -> Path:
    """Return a path as it is named from the working folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

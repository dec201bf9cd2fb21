"""When units are due: for the class, and for a student with an extension. nbgrader keeps both in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from functools import partial

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.results.plain_text import plain
from litu.grading.results.regrades import save_removed
from litu.grading.submissions.timestamps import named_zone, read_time, zone_of

NEVER = "never"


def open_gradebook(course: Course, db: str | None) -> GradebookWriter:
    """Return the gradebook of a course, or that at ``db``."""
    config = course.nbgrader_config()
    if db:
        config.CourseDirectory.db_url = db
    return GradebookWriter(config)


def set_due(course: Course, unit: str, when: str, zone: str | None, student: str | None, db: str | None) -> None:
    """Enter when a unit is due for the class or for one student. Raises LituError when ``when`` cannot be read."""
    due = None if when == NEVER else _read(course, when, zone)
    with open_gradebook(course, db) as book:
        if student is None:
            book.set_due(unit, due)
            return
        if student not in book.roster() and not (course.place("submitted") / student).is_dir():
            raise LituError(f"There is no student {student!r} in the gradebook or in {course.named('submitted')}/.")
        if book.due(unit) is None:
            raise LituError(f"{unit} is never due, so nobody needs an extension; first set when: `litu due {unit[:2]} 2026-03-01T23:59`.")
        book.prepare(Assignment.load(course, unit), partial(save_removed, course.grading / "reports"))
        book.extend(unit, student, due)


def show_due(course: Course, units: list[str], zone: str | None, db: str | None) -> Iterator[str]:
    """Yield a line for each unit, and one for each student with an extension."""
    there = zone_named(course, zone)
    with open_gradebook(course, db) as book:
        for unit in units:
            due = book.due(unit)
            yield f"{unit}: {_shown(due, there)}"
            for student, until in sorted(book.extensions(unit).items()) if due else ():
                yield f"  {plain(student)}: {_shown(until, there)}"


def _read(course: Course, when: str, zone: str | None) -> datetime:
    try:
        return read_time(when, zone_of(course.nbgrader_config()), zone_named(course, zone))
    except ValueError as error:
        raise LituError(f"{str(error)[0].upper()}{str(error)[1:]}") from None


def zone_named(course: Course, zone: str | None) -> tzinfo:
    """Return the zone of a name, or the course's own. Raises LituError."""
    try:
        return named_zone(zone) if zone else zone_of(course.nbgrader_config())
    except ValueError as error:
        raise LituError(f"{str(error)[0].upper()}{str(error)[1:]}") from None


def _shown(due: datetime | None, there: tzinfo) -> str:
    if due is None:
        return "never due"
    local = due.replace(tzinfo=UTC).astimezone(there)
    also = "" if local.utcoffset() == UTC.utcoffset(None) else f" ({due:%Y-%m-%d %H:%M} UTC)"
    return f"due {local:%Y-%m-%d %H:%M} {local:%Z}{also}"

"""Which gradebook a course's pages and reports come from; another one takes its place only when that is asked for."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from litu.course import Course
from litu.errors import LituError
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.results.store import store_of, write_whole

RECORD = "gradebook.txt"
"""In grading/reports/: the gradebook that pages and reports were last made from; below it, copies made of it since."""


def refuse_another(course: Course, book: GradebookWriter) -> None:
    """Raise LituError when pages and reports come from another gradebook, or when this one has lost all that was entered."""
    before, now = recorded(course), name_of(course, book.url)
    if before and now not in before:
        raise LituError(
            f"Pages and reports here come from the gradebook {before[0]}; this is {now}, without the marks and comments that were given "
            "by hand in the other: `litu gradebook copy` takes them along. To go on without them, and make pages and reports anew: "
            "--new-gradebook."
        )
    graded = [unit for unit in course.units() if store_of(course, unit).has_results()]
    if graded and not any(book.entered(unit) for unit in graded if book.knows(unit)):
        raise LituError(
            f"The gradebook {now} is new or empty, but {', '.join(graded)} were graded here before. Put the old one back; or, to enter "
            "the results anew, without the marks and comments that were given by hand: --new-gradebook."
        )


def record(course: Course, book: GradebookWriter) -> None:
    """Write down that pages and reports are made from this gradebook."""
    _write(course, [name_of(course, book.url)])


def record_copy(course: Course, source: str, target: str) -> None:
    """Write down that ``target`` is a copy of the gradebook ``source``, and may take its place until one of them is graded into."""
    known = recorded(course)
    if name_of(course, source) in known:
        _write(course, list(dict.fromkeys([*known, name_of(course, target)])))


def recorded(course: Course) -> list[str]:
    """Return the gradebook that pages and reports come from, then copies of it; empty when there are none."""
    try:
        return (course.grading / "reports" / RECORD).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _write(course: Course, names: list[str]) -> None:
    if recorded(course) != names:
        write_whole(course.grading / "reports" / RECORD, "\n".join(names) + "\n")


def name_of(course: Course, address: str) -> str:
    """Return what stays the same of a gradebook's address when the course moves or a password changes."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "").absolute()
        return str(path.relative_to(course.root) if path.is_relative_to(course.root) else path)
    host = url.host or url.query.get("host") or "localhost"
    return f"{url.database} ({url.get_backend_name()} on {host}{f':{url.port}' if url.port else ''})"

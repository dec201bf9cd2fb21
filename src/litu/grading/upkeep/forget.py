"""`litu forget`: takes a student who left the course out of it, with every trace."""

from __future__ import annotations

import csv
import difflib
import shutil
from collections.abc import Iterator
from pathlib import Path

from litu.course import Course
from litu.errors import LituError
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.results.store import write_whole
from litu.grading.results.tables import write_table
from litu.grading.upkeep.traces import Traces, find_traces, is_row_of, names_one, still_named


def traces_of(course: Course, student: str, book: GradebookWriter) -> Traces:
    """Return all that is known of a student. Raises LituError when that is nothing."""
    roster = book.roster()
    traces = find_traces(course, student, roster)
    if not traces.names:
        close = difflib.get_close_matches(student, roster, n=1)
        raise LituError(
            f"There is no student {student!r} in the gradebook or in grading/.{f' Did you mean {close[0]!r}?' if close else ''}"
        )
    return traces


def plan(course: Course, traces: Traces, book: GradebookWriter) -> Iterator[str]:
    """Yield a line for each thing that will be taken out."""
    for name in sorted(traces.names & book.roster().keys()):
        yield f"gradebook: {name}, {book.holds(name)}"
    for path in traces.places:
        yield f"{_shown(course, path)}{'/' if path.is_dir() else ''}"
    for path, rows in traces.tables.items():
        yield f"{_shown(course, path)}: {rows} rows"
    for path, lines in traces.logs.items():
        yield f"{_shown(course, path)}: {lines} lines"
    if traces.exchange:
        yield f"nothing in nbgrader's exchange: {traces.exchange}"


def take_out(course: Course, traces: Traces, book: GradebookWriter) -> list[str]:
    """Take a student out; return the files in which the name stands still. May be repeated after it was stopped."""
    try:
        for path in reversed(traces.places):  # the exchange first: what is handed in knows the way to it
            _remove(path)
        for path in traces.tables:
            with path.open(encoding="utf-8-sig", newline="") as file:
                table = csv.DictReader(file)
                rows, columns = [row for row in table if not is_row_of(row, traces.names)], list(table.fieldnames or ())
            write_table(path, columns, rows)
        for path in traces.logs:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
            write_whole(path, "".join(line for line in lines if not names_one(line, traces.names)))
    except OSError as error:
        raise LituError(f"{error.filename} cannot be taken out ({error.strerror}); mend that and run this again to go on.") from None
    for name in sorted(traces.names & book.roster().keys()):
        book.forget(name)
    return still_named(course, traces.names)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _shown(course: Course, path: Path) -> str:
    return str(path.relative_to(course.root) if path.is_relative_to(course.root) else path)

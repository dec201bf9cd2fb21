"""Grades what a class handed in: in parallel, resumable, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.autograde import mark_submission
from litu.grading.execution.executor import Limits, Pool
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.gradebook.records import Entry, marks_of
from litu.grading.results.models import Result, UnitReport
from litu.grading.results.plain_text import first_of
from litu.grading.results.regrades import changes_between, save_removed
from litu.grading.results.store import Store, store_of, write_whole
from litu.grading.submissions.collect import Submission, handed_in
from litu.grading.submissions.companions import copy_companions
from litu.grading.submissions.timestamps import EXAMPLE, TIMESTAMP, written

BATCH = 20
"""So many results are entered into the gradebook in one transaction."""


class Grader(Protocol):
    """Runs submissions somewhere and yields their results in any order."""

    def results(self, assignment: Assignment, work: list[Submission]) -> Iterator[Result]:
        """Yield one result for each piece of work that is still what was found."""


@dataclass
class LocalGrader:
    """Runs submissions on this machine, ``jobs`` at a time, in boxes of one warm pool."""

    pool: Pool
    jobs: int
    limits: Limits = Limits()

    def results(self, assignment: Assignment, work: list[Submission]) -> Iterator[Result]:
        """Yield results as they come."""
        with ThreadPoolExecutor(self.jobs) as threads:
            running = [threads.submit(self._result, assignment, item) for item in work]
            try:
                for done in as_completed(running):
                    if (result := done.result()) is not None:
                        yield result
            finally:
                for future in running:
                    future.cancel()

    def _result(self, assignment: Assignment, item: Submission) -> Result | None:
        found = item.read()
        if found is None:
            return None
        return mark_submission(self.pool, assignment, item.student, found.data, found.notes, self.limits, found.files, item.later)


def grade_unit(
    course: Course,
    unit: str,
    grader: Grader,
    book: GradebookWriter,
    *,
    students: Iterable[str] | None = None,
    tell: Callable[[str, int], None],
) -> UnitReport:
    """Grade what was handed in for ``unit`` and enter the marks.

    ``tell(student, of)`` is called after each submission; ``of`` is their
    number. Submissions that have not changed since their marks were entered
    are not run again.
    """
    assignment = Assignment.load(course, unit)
    work = list(handed_in(course, unit, students, book.roster()))
    if not work:
        raise LituError(f"Nothing was handed in for {unit}: there is no {course.named('submitted')}/<student>/{unit}/.")
    store = store_of(course, unit)
    report = UnitReport(unit, told=book.prepare(assignment, partial(save_removed, course.grading / "reports")))
    handed = {item.student: item for item in work}
    handed_in_at = {item.student: item.handed_in for item in work}

    for student in handed:
        folder = autograded(course, unit, student).parent
        if folder.is_symlink() or folder.parent.is_symlink():
            raise LituError(f"{folder} is a link; grading/autograded/ must hold plain folders.")

    def enter(results: list[Result]) -> None:
        entries = []
        for result in results:
            store.save_draft(result)
            old = store.final(result.student) or store.replaced(result.student)
            resubmitted = old is not None and old.submitted != result.submitted
            entries.append(Entry(result, handed_in_at[result.student], resubmitted))
        book.write(unit, entries)
        for result in results:
            write_whole(autograded(course, unit, result.student), result.notebook)
            store.finish(result.student)
            _take_up(result)

    def _take_up(result: Result) -> None:
        result.notebook = ""  # on disk by now
        left_out = _write_beside(course, handed[result.student])
        if left_out:
            report.told.append(
                f"{result.student}, {unit}: {len(left_out)} files handed in beside the notebook were not taken along, among them {left_out[0]!r}."
            )
        report.results.append(result)
        tell(result.student, len(work))

    to_run, ready, done = _sort(work, assignment, course, store, book)
    for result in done:
        _take_up(result)
    for start in range(0, len(ready), BATCH):
        enter(ready[start : start + BATCH])
    batch: list[Result] = []
    try:
        for result in grader.results(assignment, to_run) if to_run else ():
            batch.append(result)
            report.graded.append(result.student)
            if len(batch) == BATCH:
                full, batch = batch, []
                enter(full)
    finally:
        enter(batch)
    report.left_out = sorted({item.student for item in to_run} - set(report.graded))
    book.settle(unit, handed_in_at)
    report.told += untimed(work, book.due(unit) is not None)
    report.results.sort(key=lambda result: result.student)
    for result in report.results:
        report.changes += changes_between(store.replaced(result.student), result)
    return report


def untimed(work: list[Submission], is_due: bool) -> list[str]:
    """Return what the instructor has to know of submissions whose time is not known: none of them counts as late."""
    lines = [
        f"{item.student}, {item.unit}: {TIMESTAMP} says {item.came.unreadable!r}, which is no time; this counts as in time. "
        f"Write a {TIMESTAMP} such as {EXAMPLE} and grade again."
        for item in work
        if item.came.unreadable
    ]
    silent = [item.student for item in work if item.handed_in is None and not item.came.unreadable]
    if is_due and silent:
        names = ", ".join(first_of(silent, 10))
        lines.append(f"{work[0].unit} is due, but {len(silent)} submissions carry no {TIMESTAMP} and count as in time: {names}")
    return lines


def _sort(
    work: list[Submission], assignment: Assignment, course: Course, store: Store, book: GradebookWriter
) -> tuple[list[Submission], list[Result], list[Result]]:
    """Return the submissions to run, the results that only have to be entered, and those that are entered."""
    entered = book.entered(assignment.unit)
    to_run, ready, done = [], [], []
    for item in work:
        digest = item.digest(assignment)
        draft, final = store.draft(item.student), store.final(item.student)
        if draft and draft.digest == digest:
            ready.append(draft)
        elif final is None or final.digest != digest:
            to_run.append(replace(item, later=_later(assignment, entered.get(item.student), final)))
        elif entered.get(item.student) == marks_of(final) and autograded(course, final.unit, final.student).is_file():
            done.append(final)
        else:
            ready.append(final)
    return to_run, ready, done


def _later(assignment: Assignment, entered: Mapping[str, float | None] | None, final: Result | None) -> frozenset[str]:
    """Return the exercises and written answers that were not there yet when a student's work was last graded."""
    had = entered or (marks_of(final) if final else None)
    return frozenset() if had is None else assignment.later_than(had)


def autograded(course: Course, unit: str, student: str) -> Path:
    """Return where a student's executed notebook is."""
    return course.place("autograded") / student / unit / f"{unit}.ipynb"


def _write_beside(course: Course, item: Submission) -> list[str]:
    """Write what belongs beside the executed notebook: what was handed in with it, and the time that tells nbgrader which submission it is.

    Return the names of the files that are too many or too large.
    """
    folder = autograded(course, item.unit, item.student).parent
    left_out = copy_companions(item.place, folder)
    time = written(item.handed_in) if item.handed_in else ""
    path = folder / TIMESTAMP
    if not time:
        path.unlink(missing_ok=True)
    elif not path.is_file() or path.read_text(encoding="utf-8") != time:
        write_whole(path, time)
    return left_out

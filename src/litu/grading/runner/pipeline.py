"""Grades what a class handed in: in parallel, resumable, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
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
from litu.grading.results.regrades import changes_between
from litu.grading.results.store import Store, store_of, write_whole
from litu.grading.submissions.collect import Submission, handed_in

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
        return found and mark_submission(self.pool, assignment, item.student, *found, self.limits)


def grade_unit(
    course: Course, unit: str, grader: Grader, book: GradebookWriter, *, students: Iterable[str] | None = None, tell: Callable[[str, int], None]
) -> UnitReport:
    """Grade what was handed in for ``unit`` and enter the marks.

    ``tell(student, of)`` is called after each submission; ``of`` is their
    number. Submissions that have not changed since their marks were entered
    are not run again.
    """
    assignment = Assignment.load(course, unit)
    work = list(handed_in(course, unit, students))
    if not work:
        raise LituError(f"Nothing was handed in for {unit}: there is no grading/submitted/<student>/{unit}/.")
    book.prepare(assignment)
    store = store_of(course, unit)
    report = UnitReport(unit)
    handed_in_at = {item.student: item.handed_in for item in work}

    def enter(results: list[Result]) -> None:
        entries = []
        for result in results:
            store.save_draft(result)
            old = store.final(result.student) or store.replaced(result.student)
            resubmitted = old is not None and old.submitted != result.submitted
            entries.append(Entry(result, handed_in_at[result.student], resubmitted))
        book.write(unit, entries)
        for result in results:
            _write_autograded(course, result, handed_in_at[result.student])
            store.finish(result.student)
            _take_up(result)

    def _take_up(result: Result) -> None:
        result.notebook = ""  # on disk by now
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
    report.results.sort(key=lambda result: result.student)
    for result in report.results:
        report.changes += changes_between(store.replaced(result.student), result)
    return report





def _sort(work: list[Submission], assignment: Assignment, course: Course, store: Store, book: GradebookWriter) -> tuple[list[Submission], list[Result], list[Result]]:
    """Return the submissions to run, the results that only have to be entered, and those that are entered."""
    entered = book.entered(assignment.unit)
    to_run, ready, done = [], [], []
    for item in work:
        digest = item.digest(assignment)
        draft, final = store.draft(item.student), store.final(item.student)
        if draft and draft.digest == digest:
            ready.append(draft)
        elif final is None or final.digest != digest:
            to_run.append(item)
        elif entered.get(item.student) == marks_of(final) and autograded(course, final.unit, final.student).is_file():
            done.append(final)
        else:
            ready.append(final)
    return to_run, ready, done


def autograded(course: Course, unit: str, student: str) -> Path:
    """Return where a student's executed notebook is."""
    return course.place("autograded") / student / unit / f"{unit}.ipynb"


def _write_autograded(course: Course, result: Result, handed_in_at: datetime | None) -> None:
    """Write the executed notebook, and the time that tells nbgrader which submission it was made from."""
    path = autograded(course, result.unit, result.student)
    if path.parent.is_symlink() or path.parent.parent.is_symlink():
        raise LituError(f"{path.parent} is a link; grading/autograded/ must hold plain folders.")
    write_whole(path, result.notebook)
    if handed_in_at:
        write_whole(path.with_name("timestamp.txt"), f"{handed_in_at:%Y-%m-%d %H:%M:%S.%f} UTC\n")

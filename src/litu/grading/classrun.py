"""Grades what a class handed in: in parallel, resumable, nothing lost."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from nbgrader.utils import parse_utc

from litu.course import Course
from litu.errors import LituError
from litu.grading.book import Book, Entry
from litu.grading.changes import Change, changes_between
from litu.grading.engine import Limits, WarmPool
from litu.grading.intake import Refusal, read_bytes
from litu.grading.kit import Kit
from litu.grading.mark import mark_submission
from litu.grading.open_kernels import OpenKernels
from litu.grading.result import Result
from litu.grading.store import Store, write_whole

BATCH = 20
"""So many results are entered into the gradebook in one transaction."""


@dataclass
class Work:
    """One submission as it lies on disk."""

    student: str
    data: bytes | None
    notes: list[str]
    handed_in: datetime | None

    def digest(self, kit: Kit) -> str:
        """Return a digest of the submission and of what its marks depend on."""
        return hashlib.sha256((self.data or b"none") + kit.digest.encode()).hexdigest()


@dataclass
class UnitReport:
    """What one run found in one unit."""

    unit: str
    results: list[Result] = field(default_factory=list)
    graded: list[str] = field(default_factory=list)
    """Students whose submissions were run; the others had not changed."""
    changes: list[Change] = field(default_factory=list)


class Grader(Protocol):
    """Runs submissions somewhere and yields their results in any order."""

    def results(self, kit: Kit, work: list[Work]) -> Iterator[Result]:
        """Yield one result for each piece of work."""


@dataclass
class LocalGrader:
    """Runs submissions on this machine, ``jobs`` at a time, in boxes of one warm pool."""

    pool: WarmPool | OpenKernels
    jobs: int
    limits: Limits = Limits()

    def results(self, kit: Kit, work: list[Work]) -> Iterator[Result]:
        """Yield results as they come."""
        with ThreadPoolExecutor(self.jobs) as threads:
            running = [
                threads.submit(mark_submission, self.pool, kit, item.student, item.data, item.notes, self.limits) for item in work
            ]
            try:
                for done in as_completed(running):
                    yield done.result()
            finally:
                for future in running:
                    future.cancel()


def grade_unit(
    course: Course, unit: str, grader: Grader, book: Book, *, students: Iterable[str] | None = None, tell: Callable[[str, int], None]
) -> UnitReport:
    """Grade what was handed in for ``unit`` and enter the marks.

    ``tell(student, of)`` is called after each submission; ``of`` is their
    number. Submissions that have not changed since their marks were entered
    are not run again.
    """
    kit = Kit.load(course, unit)
    book.prepare(kit)
    store = Store(course.grading / "reports" / "results" / unit)
    work = list(handed_in(course, unit, students))
    if not work:
        raise LituError(f"Nothing was handed in for {unit}: grading/submitted/<student>/{unit}/ is empty.")
    report = UnitReport(unit)
    to_run, ready = _sort(work, kit, store, book)
    by_student = {item.student: item for item in work}

    def enter(results: list[Result]) -> None:
        for result in results:
            store.save_draft(result)
        old = {result.student: store.final(result.student) for result in results}
        entries = [
            Entry(result, by_student[result.student].handed_in, _changed(old[result.student], result)) for result in results
        ]
        book.write(unit, entries)
        for result in results:
            _write_autograded(course, result)
            report.changes += changes_between(old[result.student], result)
            store.finish(result.student)

    if ready:
        enter(ready)
    report.results = ready + [result for item in work if (result := store.final(item.student)) and item not in to_run and result not in ready]
    for result in report.results:
        tell(result.student, len(work))
    batch: list[Result] = []
    try:
        for result in grader.results(kit, to_run):
            batch.append(result)
            report.results.append(result)
            report.graded.append(result.student)
            tell(result.student, len(work))
            if len(batch) == BATCH:
                enter(batch)
                batch = []
    finally:
        if batch:
            enter(batch)
    report.results.sort(key=lambda result: result.student)
    return report


def _sort(work: list[Work], kit: Kit, store: Store, book: Book) -> tuple[list[Work], list[Result]]:
    """Return the submissions to run, and the results that only have to be entered."""
    missing = book.missing(kit.unit, [item.student for item in work])
    to_run, ready = [], []
    for item in work:
        digest = item.digest(kit)
        draft, final = store.draft(item.student), store.final(item.student)
        if draft and draft.digest == digest:
            ready.append(draft)
        elif final and final.digest == digest:
            if item.student in missing:
                ready.append(final)
        else:
            to_run.append(item)
    return to_run, ready


def _changed(old: Result | None, new: Result) -> bool:
    return old is not None and old.digest != new.digest


def handed_in(course: Course, unit: str, students: Iterable[str] | None = None) -> Iterator[Work]:
    """Yield every submission of ``unit`` below grading/submitted/, readable or not."""
    folder = course.grading / "submitted"
    names = sorted(entry.name for entry in os.scandir(folder) if not entry.name.startswith(".")) if folder.is_dir() else []
    wanted = None if students is None else set(students)
    unknown = sorted((wanted or set()) - set(names))
    if unknown:
        raise LituError(f"There is no student {unknown[0]!r} in grading/submitted/.")
    for name in names:
        place = folder / name / unit
        if (wanted is None or name in wanted) and os.path.lexists(place):
            yield _work(name, place, unit)


def _work(student: str, place: Path, unit: str) -> Work:
    try:
        data, notes = read_bytes(place, unit)
    except Refusal as refusal:
        return Work(student, None, [str(refusal)], None)
    return Work(student, data, notes, _timestamp(place / "timestamp.txt"))


def _timestamp(path: Path) -> datetime | None:
    """Return when the work was handed in, from the file nbgrader's collect leaves; None when it says nothing of use."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        return parse_utc(path.read_bytes()[:100].decode("ascii").strip())
    except (OSError, ValueError, OverflowError):
        return None


def _write_autograded(course: Course, result: Result) -> None:
    folder = course.grading / "autograded" / result.student / result.unit
    if folder.is_symlink() or folder.parent.is_symlink():
        raise LituError(f"{folder} is a link; grading/autograded/ must hold plain folders.")
    write_whole(folder / f"{result.unit}.ipynb", result.notebook)

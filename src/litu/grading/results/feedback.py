"""Feedback pages: nbgrader's own, for the students whose work was graded."""

from __future__ import annotations

import glob
import hashlib
import json
import logging
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from litu.course import Course
from litu.grading.execution import fast_jsonschema
from litu.grading.results.models import UnitReport
from litu.grading.results.store import store_of
from litu.grading.submissions.files_beside import SECRET

FEW = 30
"""So many pages are sooner written here than by processes that have to load nbgrader first."""


def stale_pages(course: Course, report: UnitReport, rows: list[dict[str, Any]], by_hand: dict[str, list[Any]]) -> dict[str, str]:
    """Return the students whose page does not show what the gradebook holds of them, each with what it has to show.

    ``rows`` and ``by_hand`` are what the gradebook says of the unit: totals, and what was marked or commented by hand.
    """
    store = store_of(course, report.unit)
    in_book = {row["student"]: row for row in rows}
    wanted = {
        student: json.dumps([result.digest, in_book.get(student), by_hand.get(student), _secret(course, report.unit, student)])
        for result in report.results
        for student in [result.student]
    }
    return {
        student: shows
        for student, shows in wanted.items()
        if store.page_shows(student) != shows or not page(course, report.unit, student).is_file()
    }


def _secret(course: Course, unit: str, student: str) -> str:
    """Return a digest of the secret by which a page finds its way back; empty when there is none."""
    path = course.place("autograded") / student / unit / SECRET
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def write_feedback(course: Course, due: Mapping[str, Mapping[str, str]], jobs: int, db_url: str) -> Iterator[tuple[str, str | None]]:
    """Write the pages that are due, by unit and student with what each has to show.

    Yields the unit of each page that is done with None, or with a sentence why there is no page.
    """
    stores = {name: store_of(course, name) for name in due}
    pages = [(unit, student) for unit, students in due.items() for student in students]
    for (unit, student), problem in _written(course, pages, jobs, db_url):
        if problem:
            yield unit, f"The feedback page of {student!r} for {unit} could not be written ({problem})."
        else:
            stores[unit].page_made(student, due[unit][student])
            yield unit, None


def _written(course: Course, pages: list[tuple[str, str]], jobs: int, db_url: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield each unit and student with the reason why there is no page, empty when there is one."""
    if len(pages) < FEW or jobs == 1:
        for unit, student in pages:
            yield (unit, student), _page(course, unit, student, db_url)
        return
    # Not forked: the parent runs threads.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=fast_jsonschema.load) as pool:
        running = {pool.submit(_page, course, unit, student, db_url): (unit, student) for unit, student in pages}
        for done in as_completed(running):
            yield running[done], done.result()


def _page(course: Course, unit: str, student: str, db_url: str) -> str:
    config = course.nbgrader_config()
    config.CourseDirectory.db_url = db_url
    # A student's name is a pattern to nbgrader, and blanks at its ends are lost.
    pattern = re.sub(r"^\s|\s$", lambda blank: f"[{blank[0]}]", glob.escape(student))
    folders = CourseDirectory(config=config, assignment_id=unit, student_id=pattern)
    logger = logging.getLogger("litu.feedback")
    logger.setLevel(logging.CRITICAL)
    try:
        GenerateFeedback(coursedir=folders, config=config, force=True, log=logger).start()
    except Exception as error:  # one student's page must not cost the others theirs
        return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return ""


def page(course: Course, unit: str, student: str) -> Path:
    """Return where a student's feedback page is."""
    return course.place("feedback") / student / unit / f"{unit}.html"

"""Feedback pages: nbgrader's own, for the students whose work was graded."""

from __future__ import annotations

import glob
import json
import logging
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from litu.course import Course
from litu.grading.classrun import UnitReport, store_of


def stale_pages(course: Course, report: UnitReport, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return the students whose page does not show their marks in the gradebook, each with what it has to show."""
    store = store_of(course, report.unit)
    in_book = {row["student"]: row for row in rows}
    wanted = {result.student: json.dumps([result.digest, in_book.get(result.student)]) for result in report.results}
    return {
        student: shows
        for student, shows in wanted.items()
        if store.page_shows(student) != shows or not page(course, report.unit, student).is_file()
    }


def write_feedback(course: Course, unit: str, due: dict[str, str], jobs: int, db_url: str) -> Iterator[str | None]:
    """Write the pages that are due; yield None for each that is done, or a sentence why it is not."""
    if not due:
        return
    store = store_of(course, unit)
    # Not forked: the parent runs threads.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(_page, course, unit, student, db_url): student for student in due}
        for done in as_completed(running):
            student = running[done]
            error = done.exception()
            if error:
                why = " ".join(str(error).split())[:200]
                yield f"The feedback page of {student!r} for {unit} could not be written ({type(error).__name__}: {why})."
            else:
                store.page_made(student, due[student])
                yield None


def _page(course: Course, unit: str, student: str, db_url: str) -> None:
    config = course.nbgrader_config()
    config.CourseDirectory.db_url = db_url
    # A student's name is a pattern to nbgrader, and blanks at its ends are lost.
    pattern = re.sub(r"^\s|\s$", lambda blank: f"[{blank[0]}]", glob.escape(student))
    folders = CourseDirectory(config=config, assignment_id=unit, student_id=pattern)
    logger = logging.getLogger("litu.feedback")
    logger.setLevel(logging.CRITICAL)
    GenerateFeedback(coursedir=folders, config=config, force=True, log=logger).start()


def page(course: Course, unit: str, student: str) -> Path:
    """Return where a student's feedback page is."""
    return course.grading / "feedback" / student / unit / f"{unit}.html"

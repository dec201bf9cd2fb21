"""Feedback pages: nbgrader's own, for the students whose work was graded."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from litu.course import Course


def write_feedback(course: Course, unit: str, students: list[str], jobs: int, db_url: str) -> Iterator[str]:
    """Write the feedback page of each student; yield their names as the pages are done."""
    # Not forked: the parent runs threads.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(_page, course, unit, student, db_url): student for student in students}
        for done in as_completed(running):
            done.result()
            yield running[done]


def _page(course: Course, unit: str, student: str, db_url: str) -> None:
    config = course.nbgrader_config()
    config.CourseDirectory.db_url = db_url
    folders = CourseDirectory(config=config, assignment_id=unit, student_id=student)
    logger = logging.getLogger("litu.feedback")
    logger.setLevel(logging.ERROR)
    GenerateFeedback(coursedir=folders, config=config, force=True, log=logger).start()


def page(course: Course, unit: str, student: str) -> Path:
    """Return where a student's feedback page is."""
    return course.grading / "feedback" / student / unit / f"{unit}.html"

"""The page that comes back: what a student asks first, nothing of the course's machinery, and never older than the gradebook."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from grading_tools import ESSAY, FULL, SLIP, UNIT, Grades, filled_in, hand_in, mark_by_hand, needs_box, open_book, run_nbgrader

from litu.course import Course
from litu.grading.results.feedback import page, stale_pages, write_feedback

pytest_plugins = ["grading_fixtures"]
pytestmark = [pytest.mark.slow, needs_box]


def pages(root: Path, grade: Grades) -> dict[str, str]:
    """Grade, write the pages that are due and return their text by student."""
    course, report = Course.find(root), grade(root)
    with open_book(root) as book:
        due = stale_pages(course, report, book.rows(UNIT), book.by_hand(UNIT))
        problems = list(write_feedback(course, {UNIT: due}, 1, book.url))
    assert problems == [(UNIT, None)] * len(due)
    return {student: text(root, student) for student in due}


def text(root: Path, student: str) -> str:
    """Return the words of a student's page."""
    html = page(Course.find(root), UNIT, student).read_text(encoding="utf-8")
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(style|script)\b.*?</\1>", " ", html)).split())


def comment(root: Path, student: str, says: str) -> None:
    """Comment on the written answer as Formgrader does."""
    with open_book(root) as book:
        found = book._book.find_comment("critique", UNIT, UNIT, student)
        found.manual_comment = says
        book._book.db.commit()


def test_page_says_what_a_student_asks_first(classroom: Path, grade: Grades) -> None:
    """Names of exercises with verdict and points, what waits for its marker, when it came in; no machinery and no mark scheme yet."""
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    hand_in(classroom, "bo", filled_in(classroom, {"urban-share": SLIP, "critique": ESSAY}), time="2026-03-01 22:30:00 +0800")
    with open_book(classroom) as book:
        book.set_due(UNIT, datetime(2026, 3, 1, 12))

    found = pages(classroom, grade)

    assert "✓ urban-share: right (2 / 2)" in found["ann"] and "✗ urban-share: wrong (0 / 2)" in found["bo"]
    assert "critique (waits for marking, up to 3)" in found["ann"]
    assert "3 of these points wait for somebody to mark what you wrote." in found["ann"]
    assert "Handed in on 2026-03-01 10:00 UTC, in time. It was due on 2026-03-01 12:00 UTC." in found["ann"]
    assert "Handed in on 2026-03-01 14:30 UTC, 2 h 30 min late." in found["bo"]
    for said in found.values():
        for machinery in ("Test cell", "MARK SCHEME", "Names the people who live", "exercises right", "Stuck?", "In [ ]", "Where to go on"):
            assert machinery not in said, machinery


def test_mark_scheme_comes_with_the_mark_and_a_later_comment_reaches_the_student(classroom: Path, grade: Grades) -> None:
    """Once marked, the page shows mark and scheme; a comment that is changed later, the mark the same, makes a new page."""
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    pages(classroom, grade)
    mark_by_hand(classroom, "ann", "critique", 2.5)
    comment(classroom, "ann", "Say **which way** it moves.")

    marked = pages(classroom, grade)["ann"]
    assert "critique (2.5 / 3)" in marked and "Names the people who live in towns" in marked and "===" not in marked
    assert "Say which way it moves." in marked

    comment(classroom, "ann", "Well seen.")
    assert "Well seen." in pages(classroom, grade)["ann"]
    assert pages(classroom, grade) == {}


def test_nbgraders_door_makes_the_same_page(classroom: Path, grade: Grades) -> None:
    """`nbgrader generate_feedback` writes the page that `litu grade` writes."""
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    ours = pages(classroom, grade)["ann"]

    ran = run_nbgrader(classroom, "generate_feedback", UNIT, "--force")

    assert ran.code == 0, ran.said
    assert text(classroom, "ann") == ours

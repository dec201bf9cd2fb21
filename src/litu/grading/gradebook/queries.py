"""What the gradebook says of a unit, read with one query each.

nbgrader's own properties read one student at a time and look through all
grades for each; that is slow for a large class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbgrader.api import Assignment, BaseCell, Comment, Grade, GradeCell, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import case, func, or_
from sqlalchemy.orm import Session

from litu.grading.gradebook.late_penalties import seconds_late


def entered(session: Session, assignment: Assignment) -> dict[str, dict[str, float | None]]:
    """Return the automatic marks: student to cell to mark."""
    query = (
        session.query(SubmittedAssignment.student_id, BaseCell.name, Grade.auto_score)
        .select_from(SubmittedAssignment)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .filter(SubmittedAssignment.assignment == assignment)
    )
    found: dict[str, dict[str, float | None]] = {}
    for student, cell, mark in query:
        found.setdefault(student, {})[cell] = mark
    return found


def by_hand(session: Session, assignment: Assignment) -> dict[str, list[Any]]:
    """Return what a marker gave, by student: cell, mark, extra credit and comment of each cell that has one."""
    found: dict[str, list[Any]] = {}
    given = ((Grade, (Grade.manual_score, Grade.extra_credit)), (Comment, (Comment.manual_comment,)))
    for table, columns in given:
        query = (
            session.query(SubmittedAssignment.student_id, BaseCell.name, *columns)
            .select_from(SubmittedAssignment)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(table, table.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, BaseCell.id == table.cell_id)
            .filter(SubmittedAssignment.assignment == assignment)
            .filter(or_(*(column.isnot(None) for column in columns)))
            .order_by(BaseCell.name)
        )
        for student, *what in query:
            found.setdefault(student, []).append(what)
    return found


@dataclass(frozen=True)
class WrittenMark:
    """The mark of one written answer."""

    student: str
    cell: str
    score: float
    waits: bool
    """Whether it waits for its marker."""


def written_marks(session: Session, assignment: Assignment) -> list[WrittenMark]:
    """Return the marks of a unit's written answers."""
    query = (
        session.query(SubmittedAssignment.student_id, GradeCell.name, Grade.score, Grade.needs_manual_grade)
        .select_from(SubmittedAssignment)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .filter(SubmittedAssignment.assignment == assignment)
        .filter(GradeCell.cell_type == "markdown")
    )
    return [WrittenMark(student, cell, score or 0.0, bool(waits)) for student, cell, score, waits in query]


def rows(session: Session, assignment: Assignment) -> list[dict[str, Any]]:
    """Return a row for each student with a submission: score, late penalty, what waits to be marked by hand."""
    query = (
        session.query(
            SubmittedAssignment,
            func.coalesce(func.sum(Grade.score), 0.0),
            func.coalesce(func.sum(case((GradeCell.cell_type == "markdown", Grade.score), else_=0.0)), 0.0),
            func.max(case((Grade.needs_manual_grade, 1), else_=0)),
            func.max(SubmittedNotebook.late_submission_penalty),
            func.coalesce(func.sum(GradeCell.max_score), 0.0),
        )
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .outerjoin(GradeCell, GradeCell.id == Grade.cell_id)
        .filter(SubmittedAssignment.assignment == assignment)
        .group_by(SubmittedAssignment.id)
    )
    found = [
        {
            "student": submission.student_id,
            "unit": assignment.name,
            "score": round(score - (penalty or 0.0), 2),
            "out_of": out_of,
            "written_score": round(written, 2),
            "to_be_marked_by_hand": bool(waiting),
            "handed_in": f"{submission.timestamp:%Y-%m-%d %H:%M} UTC" if submission.timestamp else "",
            "late_hours": round(seconds_late(submission) / 3600, 1),
            "late_penalty": penalty or 0.0,
        }
        for submission, score, written, waiting, penalty, out_of in query
    ]
    return sorted(found, key=lambda row: row["student"])


def holds(session: Session, student: str) -> str:
    """Return in words what the gradebook holds of a student."""
    submissions = session.query(SubmittedAssignment).filter(SubmittedAssignment.student_id == student).all()
    notebooks = [notebook for submission in submissions for notebook in submission.notebooks]
    by_hand = sum(grade.manual_score is not None for notebook in notebooks for grade in notebook.grades)
    comments = sum(comment.manual_comment is not None for notebook in notebooks for comment in notebook.comments)
    extensions = sum(bool(submission.extension) for submission in submissions)
    return f"{len(submissions)} submissions, {by_hand} marks by hand, {comments} comments, {extensions} extensions"

"""The gradebook: nbgrader's database, written in batches.

Marks are written as nbgrader's own autograder would write them, so that
Formgrader, feedback and export go on from there: a manual mark is never
touched, and a submission that changed under it is flagged for review.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import nbformat
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import AssignLatePenalties, SaveCells
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import selectinload
from traitlets.config import Config

from litu.errors import LituError
from litu.grading.kit import Kit
from litu.grading.result import Result


@dataclass(frozen=True)
class Entry:
    """One result to be written, with what else the gradebook keeps of it."""

    result: Result
    handed_in: datetime | None
    changed: bool
    """Whether the submission or its checks changed since the marks were last written."""


class Book:
    """nbgrader's gradebook, open for one unit after the other; use it in a ``with`` statement."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.url = str(config.CourseDirectory.db_url)
        self.course_id = str(config.CourseDirectory.course_id)

    def __enter__(self) -> Self:
        try:
            self._book = Gradebook(self.url, self.course_id)
        except (DBAPIError, ImportError) as error:
            raise LituError(f"The gradebook {self._shown()} cannot be opened: {str(error).splitlines()[0]}") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def _shown(self) -> str:
        """Return the address without its password."""
        return self.url if "@" not in self.url else self.url.split("//")[0] + "//…@" + self.url.split("@")[-1]

    def prepare(self, kit: Kit) -> None:
        """Enter the unit's cells and points, as ``nbgrader generate_assignment`` does."""
        self._book.update_or_create_assignment(kit.unit)
        notebook = nbformat.reads(kit.source_text, as_version=4)
        resources = {"nbgrader": {"notebook": kit.unit, "assignment": kit.unit, "student": ".", "db_url": self.url}}
        try:
            for step in GenerateAssignment.preprocessors.default():
                notebook, resources = step(config=self.config).preprocess(notebook, resources)
                if step is SaveCells:
                    break
        except RuntimeError:
            raise LituError(
                f"{kit.unit} has other cells than when its submissions were graded; "
                "grade the new version under a new gradebook, or put the removed cells back."
            ) from None

    def set_due(self, unit: str, due: datetime) -> None:
        """Enter when a unit is due."""
        self._book.update_or_create_assignment(unit, duedate=due.isoformat())

    def missing(self, unit: str, students: Iterable[str]) -> set[str]:
        """Return the students whose submission of ``unit`` is not in the gradebook."""
        known = self._book.db.query(Student.id).join(SubmittedAssignment).filter(
            SubmittedAssignment.assignment == self._book.find_assignment(unit)
        )
        return set(students) - {row[0] for row in known}

    def write(self, unit: str, entries: list[Entry]) -> None:
        """Write a batch of results in one transaction."""
        session = self._book.db
        try:
            submissions = self._submissions(unit, entries)
            for entry in entries:
                _set_marks(submissions[entry.result.student].notebooks[0], entry)
            session.flush()
            for entry in entries:
                self._set_penalty(submissions[entry.result.student], entry.result.student)
            session.commit()
        except Exception:
            session.rollback()
            raise

    def _submissions(self, unit: str, entries: list[Entry]) -> dict[str, SubmittedAssignment]:
        session, assignment = self._book.db, self._book.find_assignment(unit)
        names = [entry.result.student for entry in entries]
        students = {student.id: student for student in session.query(Student).filter(Student.id.in_(names))}
        grades = selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.grades)
        query = session.query(SubmittedAssignment).filter(
            SubmittedAssignment.assignment == assignment, SubmittedAssignment.student_id.in_(names)
        )
        found = {submission.student_id: submission for submission in query.options(grades)}
        for entry in entries:
            name = entry.result.student
            if name not in students:
                students[name] = Student(id=name)
                session.add(students[name])
            if name not in found:
                with session.no_autoflush:
                    found[name] = _new_submission(assignment, students[name])
                    session.add(found[name])
            if entry.handed_in is not None:
                found[name].timestamp = entry.handed_in
        session.flush()
        return found

    def _set_penalty(self, submission: SubmittedAssignment, student: str) -> None:
        notebook = submission.notebooks[0]
        seconds = submission.total_seconds_late
        penalty = None
        if seconds > 0:
            rule = AssignLatePenalties(config=self.config)
            rule.init_plugin()
            self._book.db.refresh(notebook)
            penalty = rule.plugin_inst.late_submission_penalty(student, notebook.score, seconds)
            penalty = penalty if penalty is None else rule._check_late_penalty(notebook, penalty)
        if notebook.late_submission_penalty != penalty:
            notebook.late_submission_penalty = penalty

    def rows(self, unit: str) -> list[dict[str, Any]]:
        """Return what the gradebook holds of a unit: a row for each student with a submission."""
        try:
            assignment = self._book.find_assignment(unit)
        except MissingEntry:
            return []
        rows = []
        for submission in sorted(assignment.submissions, key=lambda submission: submission.student_id):
            rows.append(
                {
                    "student": submission.student_id,
                    "unit": unit,
                    "score": round(submission.score - (submission.late_submission_penalty or 0), 2),
                    "out_of": submission.max_score,
                    "written_score": round(submission.written_score, 2),
                    "to_be_marked_by_hand": bool(submission.needs_manual_grade),
                    "late_hours": round(submission.total_seconds_late / 3600, 1),
                    "late_penalty": submission.late_submission_penalty or 0,
                }
            )
        return rows

    def marks(self, unit: str) -> dict[tuple[str, str], tuple[Any, ...]]:
        """Return every mark of a unit by student and cell: automatic, manual, extra, waiting, and the penalty."""
        return {
            (grade.notebook.student.id, grade.name): (
                grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade, grade.notebook.late_submission_penalty
            )
            for grade in self._book.db.query(Grade)
            if grade.assignment.name == unit
        }  # fmt: skip


def _new_submission(assignment: Any, student: Student) -> SubmittedAssignment:
    """Return an empty submission that mirrors the assignment, as nbgrader's ``add_submission`` makes it."""
    submission = SubmittedAssignment(assignment=assignment, student=student)
    for notebook in assignment.notebooks:
        handed_in = SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in notebook.grade_cells:
            Grade(cell_id=cell.id, notebook=handed_in, cell=cell)
        for cell in notebook.solution_cells:
            Comment(cell_id=cell.id, notebook=handed_in, cell=cell)
    return submission


def _set_marks(notebook: SubmittedNotebook, entry: Entry) -> None:
    result = entry.result
    wanted: dict[str, float | None] = {f"check-{exercise.name}": exercise.points for exercise in result.exercises}
    wanted |= {written.name: 0.0 if written.untouched else None for written in result.written}
    for grade in notebook.grades:
        mark = wanted[grade.cell.name]
        if entry.changed or grade.auto_score != mark:
            grade.auto_score = mark
            grade.needs_manual_grade = mark is None or grade.manual_score is not None
    untouched = {exercise.name for exercise in result.exercises if exercise.outcome == "not started"}
    untouched |= {written.name for written in result.written if written.untouched}
    for comment in notebook.comments:
        comment.auto_comment = "No response." if comment.cell.name in untouched else None

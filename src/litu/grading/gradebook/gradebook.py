"""The gradebook: nbgrader's database, written in batches.

Marks are written as nbgrader's own autograder would write them, so that
Formgrader, feedback and export go on from there: a manual mark is never
touched, and a submission that changed under it is flagged for review.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Self

import nbformat
from nbgrader.api import Assignment as StoredAssignment
from nbgrader.api import Grade, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import SaveCells
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, selectinload
from traitlets.config import Config

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.gradebook import cells, queries, schema
from litu.grading.gradebook.late_penalties import LateRule
from litu.grading.gradebook.marking.sheet import Sheet
from litu.grading.gradebook.records import Entry, new_rows, set_marks


class GradebookWriter:
    """nbgrader's gradebook, open for one unit after the other; use it in a ``with`` statement."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.url = str(config.CourseDirectory.db_url)
        self.course_id = str(config.CourseDirectory.course_id)
        self._late = LateRule(config)

    def __enter__(self) -> Self:
        try:
            self._book = schema.opened(self.url, self.course_id)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise LituError(f"The gradebook {self._shown()} cannot be opened: {first_line(error)}.") from None
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._book.close()
        if isinstance(error, SQLAlchemyError):
            raise LituError(
                f"The gradebook {self._shown()} could not be written: {first_line(error)}; nothing is lost, run this again to go on."
            ) from None

    def _shown(self) -> str:
        return without_password(self.url)

    def prepare(self, assignment: Assignment, keep: Callable[[list[dict[str, Any]]], None] = lambda _: None) -> list[str]:
        """Enter the unit's cells and points, as ``nbgrader generate_assignment`` does.

        ``keep`` gets the marks of exercises that the unit has no longer, before they are taken out.
        Returns a sentence for each change of what was graded before.
        """
        with schema.alone(self._book.engine):
            return self._prepare(assignment, keep)

    def _prepare(self, assignment: Assignment, keep: Callable[[list[dict[str, Any]]], None]) -> list[str]:
        self._book.update_or_create_assignment(assignment.unit)
        notebook = nbformat.reads(assignment.source_text, as_version=4)
        resources = {"nbgrader": {"notebook": assignment.unit, "assignment": assignment.unit, "student": ".", "db_url": self.url}}
        told: list[str] = []
        for step in GenerateAssignment.preprocessors.default():
            if step is SaveCells:
                told = cells.follow(self._session, assignment.unit, notebook, keep)
            notebook, resources = step(config=self.config).preprocess(notebook, resources)
            if step is SaveCells:
                break
        self._session.expire_all()
        return told

    def due(self, unit: str) -> datetime | None:
        """Return when a unit is due, in UTC; None when it never is."""
        found = self._session.query(StoredAssignment).filter_by(name=unit).one_or_none()
        return found and found.duedate

    def set_due(self, unit: str, due: datetime | None) -> None:
        """Enter when a unit is due, in UTC; None takes it back."""
        assignment = self._book.update_or_create_assignment(unit)
        assignment.duedate = due
        self._session.commit()

    def extensions(self, unit: str) -> dict[str, datetime]:
        """Return when a unit is due for students who have an extension."""
        return {one.student_id: one.duedate for one in self._submissions(unit) if one.extension and one.assignment.duedate}

    def extend(self, unit: str, student: str, until: datetime | None) -> None:
        """Give one student until ``until``, in UTC, or no extension; the unit must be due and in the gradebook."""
        self._book.update_or_create_student(student)
        with self._session.no_autoflush:
            submission = self._book.update_or_create_submission(unit, student)
        submission.extension = until - submission.assignment.duedate if until else None
        self._session.commit()

    @property
    def _session(self) -> Session:
        return self._book.db

    def entered(self, unit: str) -> dict[str, dict[str, float | None]]:
        """Return the automatic marks of a unit that are in the gradebook: student to cell to mark."""
        return queries.entered(self._session, self._book.find_assignment(unit))

    def write(self, unit: str, entries: list[Entry]) -> None:
        """Write a batch of results in one transaction."""
        if not entries:
            return
        names = [entry.result.student for entry in entries]
        try:
            schema.take_turns(self._session)
            begun = {submission.student_id: submission for submission in self._submissions(unit, names, with_marks=True)}
            # An extension given before the unit was known has left a submission without notebooks.
            whole = {student: submission for student, submission in begun.items() if submission.notebooks}
            for entry in entries:
                if entry.result.student in whole:
                    set_marks(whole[entry.result.student], entry)
            self._session.flush()
            self._add(unit, [entry for entry in entries if entry.result.student not in whole], {name: begun[name].id for name in begun})
            self._late.set_penalties(self._session, self._submissions(unit, names))
            self._session.commit()
        except BaseException:
            self._session.rollback()
            raise

    def settle(self, unit: str, handed_in: dict[str, datetime | None]) -> None:
        """Bring times and late penalties up to date, for example after an extension was given."""
        submissions = [submission for submission in self._submissions(unit) if submission.student_id in handed_in]
        for submission in submissions:
            time = handed_in[submission.student_id]
            if time is not None and submission.timestamp != time:
                submission.timestamp = time
        self._late.set_penalties(self._session, submissions)
        self._session.commit()

    def _submissions(self, unit: str, students: list[str] | None = None, *, with_marks: bool = False) -> list[SubmittedAssignment]:
        """Return the submissions of a unit, of some students or of all."""
        query = self._session.query(SubmittedAssignment).filter(SubmittedAssignment.assignment == self._book.find_assignment(unit))
        if students is not None:
            query = query.filter(SubmittedAssignment.student_id.in_(students))
        notebooks = selectinload(SubmittedAssignment.notebooks)
        loaded = [notebooks.joinedload(SubmittedNotebook.notebook)]
        if with_marks:
            loaded += [notebooks.selectinload(SubmittedNotebook.grades), notebooks.selectinload(SubmittedNotebook.comments)]
        return list(query.options(*loaded))

    def _add(self, unit: str, entries: list[Entry], begun: dict[str, str]) -> None:
        """Add submissions that are not in the gradebook yet, or only as the empty submission whose id ``begun`` gives."""
        if not entries:
            return
        session, assignment = self._session, self._book.find_assignment(unit)
        names = [entry.result.student for entry in entries]
        known = {name for (name,) in session.query(Student.id).filter(Student.id.in_(names))}
        for table, rows in new_rows(assignment, entries, known, begun).items():
            if rows:
                session.execute(insert(table), rows)
        session.expire_all()

    def rows(self, unit: str) -> list[dict[str, Any]]:
        """Return what the gradebook holds of a unit: a row for each student with a submission."""
        try:
            return queries.rows(self._session, self._book.find_assignment(unit))
        except MissingEntry:
            return []

    def by_hand(self, unit: str) -> dict[str, list[Any]]:
        """Return what a marker gave in a unit, by student: cell, mark, extra credit and comment."""
        return queries.by_hand(self._session, self._book.find_assignment(unit))

    def written_marks(self, unit: str) -> list[queries.WrittenMark]:
        """Return the marks of a unit's written answers; none when the gradebook does not hold it."""
        return queries.written_marks(self._session, self._book.find_assignment(unit)) if self.knows(unit) else []

    def sheet(self, course: Course, unit: str, marker: str, *, anonymous: bool = False) -> Sheet:
        """Return the written answers of a unit to be marked by ``marker``."""
        return Sheet(course, unit, self._session, marker, anonymous=anonymous)

    def knows(self, unit: str) -> bool:
        """Return whether the gradebook holds a unit."""
        return self._session.query(StoredAssignment).filter_by(name=unit).count() > 0

    def roster(self) -> dict[str, tuple[str, str]]:
        """Return every student of the class with last and first name, as far as they are known."""
        return {student.id: (student.last_name or "", student.first_name or "") for student in self._session.query(Student)}

    def holds(self, student: str) -> str:
        """Return in words what the gradebook holds of a student."""
        return queries.holds(self._session, student)

    def forget(self, student: str) -> None:
        """Take a student out with all submissions, marks, comments and extensions, so that no page of the database holds the name."""
        self._book.remove_student(student)
        with self._book.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")

    def enroll(self, students: Mapping[str, Mapping[str, str]]) -> None:
        """Enter the students of a class with what is known of them (``last_name``, ``first_name``, ``email``, ``lms_user_id``); nobody is taken out."""
        known = {student.id: student for student in self._session.query(Student)}
        for name, facts in students.items():
            student = known.get(name) or Student(id=name)
            for field, value in facts.items():
                if value:
                    setattr(student, field, value)
            self._session.add(student)
        self._session.commit()

    def enrolled(self) -> dict[str, dict[str, str]]:
        """Return every student of the class with what ``enroll`` enters."""
        fields = ("last_name", "first_name", "email", "lms_user_id")
        return {student.id: {field: getattr(student, field) or "" for field in fields} for student in self._session.query(Student)}

    def marks(self, unit: str) -> dict[tuple[str, str], tuple[Any, ...]]:
        """Return every mark of a unit by student and cell: automatic, manual, extra, waiting, and the penalty."""
        return {
            (grade.notebook.student.id, grade.name): (
                grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade, grade.notebook.late_submission_penalty
            )
            for grade in self._book.db.query(Grade)
            if grade.assignment.name == unit
        }  # fmt: skip


def without_password(address: str) -> str:
    """Return a gradebook's address as it may be shown."""
    return address if "@" not in address else address.split("//")[0] + "//…@" + address.split("@")[-1]


def first_line(error: Exception) -> str:
    """Return what a database says of an error, in one line."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")

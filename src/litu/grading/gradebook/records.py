"""One result as it goes into the gradebook: the marks that nbgrader's autograder would write."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader.api import Assignment, Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook, new_uuid

from litu.grading.gradebook.late_penalties import notebook_of
from litu.grading.results.models import Result


@dataclass(frozen=True)
class Entry:
    """One result to be written, with what else the gradebook keeps of it."""

    result: Result
    handed_in: datetime | None
    resubmitted: bool
    """Whether the submission changed since its marks were last written."""


def marks_of(result: Result) -> dict[str, float | None]:
    """Return the automatic mark of each graded cell; a written answer has none until it is marked, 0 when untouched."""
    marks: dict[str, float | None] = {f"check-{exercise.name}": exercise.points for exercise in result.exercises}
    return marks | {written.name: 0.0 if written.untouched else None for written in result.written}


def _untouched(result: Result) -> set[str]:
    """Return the cells that are as they were released."""
    untouched = {exercise.name for exercise in result.exercises if exercise.outcome == "not started"}
    return untouched | {written.name for written in result.written if written.untouched}


def _comment(cell: str, untouched: set[str]) -> str | None:
    return "No response." if cell in untouched else None


def set_marks(submission: SubmittedAssignment, entry: Entry) -> None:
    """Set the marks of a submission that is in the gradebook, as nbgrader's autograder does."""
    if entry.handed_in is not None:
        submission.timestamp = entry.handed_in
    notebook, marks, untouched = notebook_of(submission), marks_of(entry.result), _untouched(entry.result)
    if len(notebook.grades) < len(marks):
        complete(notebook, _solved(entry.result))
    for grade in notebook.grades:
        if grade.cell.name not in marks:
            continue
        mark = marks[grade.cell.name]
        if entry.resubmitted or grade.auto_score != mark:
            grade.auto_score = mark
            grade.needs_manual_grade = mark is None or grade.manual_score is not None
        elif mark is None and grade.manual_score is None:
            grade.needs_manual_grade = True  # also in the empty submission that an extension has made
    for comment in notebook.comments:
        comment.auto_comment = _comment(comment.cell.name, untouched)


def complete(notebook: SubmittedNotebook, solved: Collection[str]) -> None:
    """Add what a submission that was graded before lacks of the exercises and written answers that it holds now."""
    graded, commented = {grade.cell.name for grade in notebook.grades}, {comment.cell.name for comment in notebook.comments}
    for cell in notebook.notebook.grade_cells:
        if cell.name.removeprefix("check-") in solved and cell.name not in graded:
            notebook.grades.append(Grade(cell=cell))
    for cell in notebook.notebook.solution_cells:
        if cell.name in solved and cell.name not in commented:
            notebook.comments.append(Comment(cell=cell))


def _solved(result: Result) -> set[str]:
    return {exercise.name for exercise in result.exercises} | {written.name for written in result.written}


def new_rows(assignment: Assignment, entries: list[Entry], known: set[str], begun: dict[str, str]) -> dict[type, list[dict[str, Any]]]:
    """Return the rows, by table, that nbgrader's ``add_submission`` makes, with the marks in them.

    ``known`` are the students who have a row already, ``begun`` the ids of the submissions that have one.
    """
    rows: dict[type, list[dict[str, Any]]] = {table: [] for table in (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)}
    for entry in entries:
        student = entry.result.student
        submission = begun.get(student) or new_uuid()
        if student not in known:
            rows[Student].append({"id": student})
        if student not in begun:
            rows[SubmittedAssignment].append(
                {"id": submission, "assignment_id": assignment.id, "student_id": student, "timestamp": entry.handed_in}
            )
        marks, untouched, solved = marks_of(entry.result), _untouched(entry.result), _solved(entry.result)
        for source in assignment.notebooks:
            notebook = new_uuid()
            rows[SubmittedNotebook].append({"id": notebook, "assignment_id": submission, "notebook_id": source.id})
            for cell in source.grade_cells:
                if cell.name not in marks:
                    continue
                mark = marks[cell.name]
                rows[Grade].append({"cell_id": cell.id, "notebook_id": notebook, "auto_score": mark, "needs_manual_grade": mark is None})
            for cell in source.solution_cells:
                if cell.name not in solved:
                    continue
                rows[Comment].append({"cell_id": cell.id, "notebook_id": notebook, "auto_comment": _comment(cell.name, untouched)})
    return rows

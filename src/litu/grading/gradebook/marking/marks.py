"""Marks given by hand: read with a version, and written only where they are still of that version.

nbgrader keeps one mark and one comment for each answer. What each criterion got is kept beside it, in
``grading/marking/<student>/<unit>.json``, and shown as long as it adds up to the mark.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Comment, Grade, GradeCell, SolutionCell, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import and_, update
from sqlalchemy.orm import Session, aliased

from litu.course import Course
from litu.errors import LituError
from litu.grading.results.store import write_whole

LONGEST_COMMENT = 20_000


@dataclass(frozen=True)
class Mark:
    """What the gradebook holds of one written answer."""

    student: str
    cell: str
    grade: str
    """nbgrader's id of the row; that of the comment is ``remark``."""
    remark: str
    auto: float | None
    score: float | None
    waits: bool
    comment: str | None

    @property
    def is_empty(self) -> bool:
        """Whether the answer was left as it was released, which counts as zero."""
        return self.auto is not None and self.score is None and not self.waits

    def version(self, digest: str) -> str:
        """Return what is different as soon as somebody changes the mark or the comment; behind the dash, the answer by its ``digest``."""
        marked = json.dumps([self.auto, self.score, self.waits, self.comment])
        return f"{hashlib.sha256(marked.encode()).hexdigest()[:24]}-{digest}"


def marks_of(session: Session, unit: str, student: str | None = None) -> list[Mark]:
    """Return the written answers that are in the gradebook, of one student or of all."""
    answer = aliased(SolutionCell, flat=True)
    query = (
        session.query(
            SubmittedAssignment.student_id, GradeCell.name, Grade.id, Comment.id,
            Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade, Comment.manual_comment,
        )
        .select_from(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .join(answer, and_(answer.name == GradeCell.name, answer.notebook_id == GradeCell.notebook_id))
        .join(Comment, and_(Comment.notebook_id == SubmittedNotebook.id, Comment.cell_id == answer.id))
        .filter(Assignment.name == unit, GradeCell.cell_type == "markdown")
    )  # fmt: skip
    if student is not None:
        query = query.filter(SubmittedAssignment.student_id == student)
    return [
        Mark(student, cell, grade, remark, auto, score, bool(waits), comment)
        for student, cell, grade, remark, auto, score, waits, comment in query
    ]


def write(session: Session, old: Mark, score: float | None, comment: str) -> bool:
    """Write a mark (None: as it was) and a comment where the rows are still what ``old`` says; return whether they were."""
    wanted = old.score if score is None else score
    waits = old.waits if score is None else False
    grades, comments = Grade.__table__, Comment.__table__
    steps = (
        update(grades)
        .where(grades.c.id == old.grade, grades.c.manual_score.is_not_distinct_from(old.score))
        .where(grades.c.auto_score.is_not_distinct_from(old.auto), grades.c.needs_manual_grade == old.waits)
        .values(manual_score=wanted, needs_manual_grade=waits),
        update(comments)
        .where(comments.c.id == old.remark, comments.c.manual_comment.is_not_distinct_from(old.comment))
        .values(manual_comment=comment or (None if old.comment is None else "")),
    )
    try:
        written = all(session.execute(step).rowcount == 1 for step in steps)  # type: ignore[attr-defined]
        if written:
            session.commit()
        else:
            session.rollback()
    except BaseException:
        session.rollback()
        raise
    return written


def total(boxes: Sequence[Any], most: Sequence[float]) -> float | None:
    """Return the sum of the boxes, None when all are empty. Raises LituError for a value that a box cannot hold."""
    if len(boxes) != len(most):
        raise LituError("The mark scheme has changed since this page was opened; load it again.")
    if all(box is None for box in boxes):
        return None
    for number, (box, highest) in enumerate(zip(boxes, most), start=1):
        if box is None:
            raise LituError(f"Box {number} is empty. Fill all boxes, or none to leave the mark as it is.")
        if isinstance(box, bool) or not isinstance(box, (int, float)) or not math.isfinite(box) or not 0 <= box <= highest:
            raise LituError(f"Box {number} takes 0 to {highest:g}.")
    return round(sum(boxes), 2)


class Boxes:
    """What each criterion got, on disk, by student and answer."""

    def __init__(self, course: Course, unit: str) -> None:
        self._folder, self._unit = course.grading / "marking", unit

    def _path(self, student: str) -> Path:
        return self._folder / student / f"{self._unit}.json"

    def _read(self, student: str) -> dict[str, Any]:
        try:
            kept = json.loads(self._path(student).read_text(encoding="utf-8"))
            return kept if isinstance(kept, dict) else {}
        except (OSError, ValueError, RecursionError):
            return {}

    def of(self, mark: Mark, most: Iterable[float]) -> list[float] | None:
        """Return the boxes of an answer; None where they are not those of its mark or of the mark scheme as it is now."""
        kept = self._read(mark.student).get(mark.cell)
        boxes = kept.get("boxes") if isinstance(kept, dict) else None
        try:
            fits = isinstance(boxes, list) and mark.score is not None and total(boxes, list(most)) == round(mark.score, 2)
        except LituError:
            fits = False
        return boxes if fits else None

    def keep(self, student: str, cell: str, boxes: Sequence[float], marker: str) -> None:
        """Write down what each criterion got, from whom and when."""
        kept = self._read(student)
        kept[cell] = {"boxes": list(boxes), "marker": marker, "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"}
        write_whole(self._path(student), json.dumps(kept, ensure_ascii=False, indent=1))

"""Everything that the marking page shows and takes: questions, answers in their order, marks with their versions."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from litu.answers.contract import WrittenKey
from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.gradebook.marking.answers import Text, as_html, texts
from litu.grading.gradebook.marking.marks import LONGEST_COMMENT, Boxes, Mark, marks_of, total, write

GONE = Text("<p><em>The graded notebook is not there; run <code>litu grade</code>.</em></p>", "")


@dataclass(frozen=True)
class Answer:
    """One student's answer to one question, as the page shows it."""

    number: str
    """By which the page names it; tells nothing of the student."""
    title: str
    html: str
    version: str
    waits: bool
    changed: bool
    """Whether the work changed under a mark that was given before."""
    score: float | None
    boxes: list[float] | None
    comment: str


@dataclass(frozen=True)
class Question:
    """One written exercise with its answers."""

    name: str
    key: WrittenKey
    prompt: str
    model: str
    answers: list[Answer]
    empty: int
    """So many were left as they were released and count as zero."""


class Conflict(Exception):
    """Somebody else changed a mark meanwhile; holds the answer as it is now."""

    def __init__(self, now: Answer) -> None:
        super().__init__()
        self.now = now


class Sheet:
    """The marking of one unit."""

    def __init__(self, course: Course, unit: str, session: Session, marker: str, *, anonymous: bool = False) -> None:
        self._course, self._session = course, session
        self.unit, self.marker, self.anonymous = unit, marker, anonymous
        self._key = Assignment.load(course, unit).key
        self._boxes = Boxes(course, unit)
        self._secret = secrets.token_bytes(32)
        if not self._key.written:
            raise LituError(f"{unit} has no written answers.")

    @property
    def title(self) -> str:
        """The unit's title."""
        return self._key.title

    def questions(self) -> list[Question]:
        """Return the questions with all answers to be marked or marked, in the order of names, or by lot when anonymous."""
        self._session.expire_all()
        marks = marks_of(self._session, self.unit)
        self._session.rollback()  # nobody who marks waits for who reads
        return [self._question(name, key, [mark for mark in marks if mark.cell == name]) for name, key in self._key.written.items()]

    def save(self, number: str, version: str, boxes: list[Any], comment: str) -> Answer:
        """Write one mark and return the answer as it is then. Raises Conflict, and LituError for what cannot be a mark."""
        mark = self._find(number)
        most = self._most(mark.cell)
        score = total(boxes, most)
        if len(comment) > LONGEST_COMMENT:
            raise LituError(f"A comment holds up to {LONGEST_COMMENT} characters.")
        if mark.version(self._text(mark).digest) != version or not write(self._session, mark, score, comment.strip()):
            raise Conflict(self._answer(self._find(number), 0))
        if score is not None:
            self._boxes.keep(mark.student, mark.cell, boxes, self.marker)
        return self._answer(self._find(number), 0)

    def _find(self, number: str) -> Mark:
        marks = marks_of(self._session, self.unit)
        self._session.rollback()
        found = next((mark for mark in marks if hmac.compare_digest(self._number(mark), number)), None)
        if found is None:
            raise LituError("This answer is no longer in the gradebook; load the page again.")
        return found

    def _number(self, mark: Mark) -> str:
        return hmac.new(self._secret, f"{mark.student}\0{mark.cell}".encode(), hashlib.sha256).hexdigest()[:20]

    def _most(self, cell: str) -> list[float]:
        return [float(criterion["points"]) for criterion in self._key.written[cell].rubric]

    def _text(self, mark: Mark) -> Text:
        return texts(self._course, self.unit, mark.student).get(mark.cell, GONE)

    def _question(self, name: str, key: WrittenKey, marks: list[Mark]) -> Question:
        shown = [mark for mark in marks if not mark.is_empty]
        shown.sort(key=self._number if self.anonymous else lambda mark: mark.student)
        parts = [key.model, *([f"**A sample of middling quality.** {key.sample}"] if key.sample else [])]
        parts += ["**What to listen for.**\n\n" + "\n".join(f"- {comment}" for comment in key.comments)] if key.comments else []
        answers = [self._answer(mark, place) for place, mark in enumerate(shown, start=1)]
        return Question(name, key, as_html(key.prompt), as_html("\n\n".join(parts)), answers, len(marks) - len(shown))

    def _answer(self, mark: Mark, place: int) -> Answer:
        text = self._text(mark)
        title = f"Answer {place}" if self.anonymous else mark.student
        boxes = self._boxes.of(mark, self._most(mark.cell))
        changed = mark.waits and mark.score is not None
        return Answer(
            self._number(mark), title, text.html, mark.version(text.digest), mark.waits, changed, mark.score, boxes, mark.comment or ""
        )

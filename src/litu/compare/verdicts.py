"""Verdicts: an answer as plain data held against the answer key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litu.answers.plain import Options, Plain
from litu.answers.verdict import Outcome, Verdict
from litu.kinds.base import Kind
from litu.kinds.registry import kind_asked, kind_of, kinds

Key = dict[str, Any]
"""One exercise of an answer key: variable, options, answer, found, settled, accepts, mistakes, points."""


@dataclass(frozen=True)
class Question:
    """What an exercise asks for, known to the key and to a student's copy alike."""

    variable: str
    kind: Kind
    options: Options

    @classmethod
    def of_key(cls, key: Key) -> Question:
        """Return the question of an exercise in an answer key."""
        return cls(key["variable"], kind_asked(key["answer"], key["options"]), key["options"])

    @classmethod
    def of_entry(cls, entry: dict[str, Any]) -> Question:
        """Return the question of an exercise in a student's copy."""
        return cls(entry["variable"], kinds()[entry["kind"]], entry["options"])

    def read(self, answer: Plain) -> Plain | Verdict:
        """Return ``answer`` as the kind asked for, or the verdict where that is all there is to say."""
        if answer["kind"] == "nothing":
            return self.not_started()
        if self.kind.ungraded:
            return Verdict(Outcome.RECORDED, 0.0, f"`{self.variable}` is noted: {kind_of(answer).found(answer)}. Now see what the figures say.")
        read = self.kind.read(answer, self.options)
        if read is None:
            advice = self.kind.instead.get(answer["kind"], f"`type({self.variable})` shows what it is now.")
            return Verdict(Outcome.WRONG, 0.0, self.compose(answer, advice), "type")
        return self.not_started() if self.kind.unfinished(read) else read

    def not_started(self) -> Verdict:
        """Return the verdict on an untouched starter."""
        return Verdict(Outcome.NOT_STARTED, 0.0, f"`{self.variable}` is not there yet: {self.kind.expected(self.options)} is expected.")

    def right(self, found: str, settled: dict[str, str] | None = None) -> Verdict:
        """Return the verdict on a right answer; ``found`` says what it found out, ``settled`` which claims and how."""
        return Verdict(Outcome.RIGHT, 1.0, f"`{self.variable}` is right. {found}".strip(), settled=settled or {})

    def compose(self, answer: Plain, advice: str) -> str:
        """Return a whole message about ``answer`` with ``advice`` at its end."""
        kind = self.kind
        if kind.is_form and kind.read(answer, self.options) is not None:
            return f"`{self.variable}` is not all right yet. {advice}"
        if answer["kind"] == kind.name and kind.name in ("chart", "function"):
            return f"`{self.variable}` is {kind.words}, but not yet the one asked for. {advice}"
        return f"`{self.variable}` should be {kind.expected(self.options)}; found {kind_of(answer).found(answer)}. {advice}"


def judge(answer: Plain, key: Key) -> Verdict:
    """Return the verdict on ``answer``, which may come from a hostile process.

    Both are plain data (see :mod:`litu.kinds.wire`). The message never quotes
    the right answer.
    """
    question = Question.of_key(key)
    kind, options = question.kind, question.options
    read = question.read(answer)
    if isinstance(read, Verdict):
        return read
    rights = rights_of(key)
    difference = kind.closest(read, rights, options)
    if difference.none:
        return question.right(found_by(read, key), key["settled"])
    share = round(min(difference.share, 0.99), 4)
    outcome = Outcome.PARTLY if share else Outcome.WRONG
    mistakes = [(mistake, plain) for mistake in key["mistakes"] if (plain := kind.read(mistake["answer"], options)) is not None]
    place = kind.mistake(read, [plain for _, plain in mistakes], rights, options)
    if place is not None:
        mistake = mistakes[place][0]
        return Verdict(outcome, share, question.compose(answer, mistake["says"]), mistake["slip"], difference.parts)
    return Verdict(outcome, share, question.compose(answer, difference.advice), difference.slip, difference.parts)


def rights_of(key: Key) -> list[Plain]:
    """Return all right answers of an exercise that can be read as the kind it asks for."""
    kind, options = kind_asked(key["answer"], key["options"]), key["options"]
    answers = [key["answer"], *(accept["answer"] for accept in key["accepts"])]
    return [read for answer in answers if (read := kind.read(answer, options)) is not None]


def found_by(read: Plain, key: Key) -> str:
    """Return what a right answer found out: the accepted answer's own words, else those of the exercise."""
    kind, options = kind_asked(key["answer"], key["options"]), key["options"]
    for accept in key["accepts"]:
        other = kind.read(accept["answer"], options)
        if accept["found"] and other is not None and kind.compare(read, other, options).none:
            main = kind.read(key["answer"], options)
            return str(key["found"] if main is not None and kind.compare(read, main, options).none else accept["found"])
    return str(key["found"])

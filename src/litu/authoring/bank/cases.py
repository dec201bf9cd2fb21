"""The cases of the bank: one exercise's right answers, wrong answers and everything between."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

from litu.answers.contract import ExerciseKey
from litu.answers.messages import MAX_WORDS
from litu.answers.plain import Plain, places_of
from litu.answers.verdict import Outcome, Verdict
from litu.compare.book import KeyBook
from litu.kinds.base import at
from litu.kinds.registry import kind_asked

BEYOND, WITHIN = 1.5, 0.45
"""Perturbations in units of the last decimal place that counts."""
OTHER_KINDS: tuple[Plain, ...] = (
    {"kind": "text", "value": "about the same"},
    {"kind": "number", "value": 7},
    {"kind": "list", "items": []},
    {"kind": "other", "type": "builtins.module"},
)
REJECTED = (Outcome.WRONG, Outcome.PARTLY)


@dataclass(frozen=True)
class Case:
    """One answer and what the check must say of it."""

    exercise: str
    what: str
    answer: Plain
    outcomes: tuple[Outcome, ...]
    says: str = ""
    slip: str | None = None

    def failure(self, verdict: Verdict, *, public: bool, graded: bool) -> str | None:
        """Return what is wrong with ``verdict``, or None."""
        allowed = (*self.outcomes, Outcome.RECORDED) if public and graded else self.outcomes
        where = f"{self.exercise}: {self.what}" + (" (student copy)" if public else "")
        if verdict.outcome not in allowed:
            return f"{where} is called {verdict.outcome.value}: {verdict.message}"
        if verdict.outcome is Outcome.RECORDED:
            return None
        if self.says and self.says not in verdict.message:
            return f"{where} does not draw its message but: {verdict.message}"
        if self.slip and verdict.slip != self.slip:
            return f"{where} is not recognised as {self.slip} but: {verdict.message}"
        if verdict.outcome is not Outcome.RIGHT and len(verdict.message.split()) > MAX_WORDS:
            return f"{where} draws a message of more than {MAX_WORDS} words"
        return None


def cases(name: str, key: ExerciseKey) -> Iterator[Case]:
    """Yield the cases of one exercise that need no code to be run."""
    answer, options = key.answer, key.options
    kind = kind_asked(answer, options)
    yield Case(name, "the untouched starter", key.starter, (Outcome.NOT_STARTED,))
    if kind.ungraded:
        yield Case(name, "the sample", answer, (Outcome.RECORDED,))
        return
    read = KeyBook.of(key).rights[0]
    yield Case(name, "the solution", answer, (Outcome.RIGHT,))
    for number, accept in enumerate(key.accepts, 1):
        yield Case(name, f"equivalent {number}", accept.answer, (Outcome.RIGHT,))
    for number, rewritten in enumerate(kind.equivalents(read, options), 1):
        yield Case(name, f"rewritten answer {number}", rewritten, (Outcome.RIGHT,))
    for mistake in key.mistakes:
        yield Case(name, f"mistake {mistake.slip!r}", mistake.answer, REJECTED, says=mistake.says)
    for other in OTHER_KINDS:
        if kind.read(other, options) is None:
            yield Case(name, f"an answer that is a {other['kind']}", other, (Outcome.WRONG,), slip="type")
    for what, perturbed in perturbations(read, key, WITHIN):
        yield Case(name, f"{what} within the tolerance", perturbed, (Outcome.RIGHT,))
    for what, perturbed in perturbations(read, key, BEYOND):
        yield Case(name, f"{what} beyond the tolerance", perturbed, REJECTED)


def perturbations(answer: Plain, key: ExerciseKey, size: float) -> Iterator[tuple[str, Plain]]:
    """Yield the answer with one number moved up or down by ``size`` units of its last place."""
    options = key.options
    for path, name in kind_asked(key.answer, options).samples(answer, options):
        for sign in (1, -1):
            moved = copy.deepcopy(answer)
            at(moved, path[:-1])[path[-1]] += sign * size * 10.0 ** -places_of(options, name)
            yield f"{name or 'the number'} moved {'up' if sign > 0 else 'down'}", moved

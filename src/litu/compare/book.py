"""What is known of the answers to one exercise, in the open: the answer key's own book.

A verdict asks a book only three things, so that the locked book of a
student's copy (:mod:`litu.public_checks.judge`) leads to the same verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Protocol

from litu.answers.contract import ExerciseKey
from litu.answers.plain import Plain
from litu.compare.question import Question
from litu.kinds.base import Difference, Kind, Parts, Scalars, Standing, all_agree
from litu.kinds.function import public_calls

ROUNDED = "It is very near: one of the steps was rounded. Keep all decimals until the last step and round only there."


@dataclass(frozen=True)
class Told:
    """What is said of a whole answer that is right or foreseen."""

    share: float
    says: str = ""
    slip: str | None = None
    parts: tuple[str, ...] = ()
    settled: dict[str, str] = field(default_factory=dict)
    """Of a right answer: the verdict on each claim that it supports; ``says`` is what was found."""


class Book(Protocol):
    """What a verdict asks."""

    def told(self, parts: Parts) -> Told | None:
        """Return what is said of an answer as a whole."""

    def stand(self, parts: Parts) -> Standing:
        """Return which parts of an answer are right."""

    def agreeing(self, tries: Sequence[tuple[str, Scalars]]) -> list[Scalars | None]:
        """Return, for each part with scalars that might be right, the right ones that they agree with."""


@dataclass(frozen=True)
class KeyBook:
    """The book of an answer key."""

    key: ExerciseKey
    question: Question

    @staticmethod
    @lru_cache(maxsize=256)
    def of(key: ExerciseKey) -> KeyBook:
        """Open the book of an exercise, once for all answers to it."""
        return KeyBook(key, Question.of_key(key))

    @property
    def kind(self) -> Kind:
        """The kind of answer asked for."""
        return self.question.kind

    @cached_property
    def rights(self) -> list[Plain]:
        """All right answers that can be read as the kind asked for, that of the solution first."""
        answers = [self.key.answer, *(accept.answer for accept in self.key.accepts)]
        read = [read for answer in answers if (read := self.kind.read(answer, self.question.options)) is not None]
        return [answer for answer in read if answer is read[0] or None not in self.parts(answer).values()]

    @cached_property
    def right_parts(self) -> list[Parts]:
        """The parts of each right answer."""
        return [self.parts(right) for right in self.rights]

    def parts(self, read: Plain) -> Parts:
        """Return the parts of an answer."""
        return self.kind.parts(read, self.question.options, self.question.form)

    @cached_property
    def catalogue(self) -> list[tuple[Parts, Told]]:
        """Every whole answer that something is told of, right ones first, then the author's mistakes."""
        found: list[tuple[Parts, Told]] = []
        options = self.question.options
        for whole in self.kind.wholes(self.rights, options):
            parts = self.parts(whole)
            found.append((parts, Told(1.0, self._finding(parts), settled=self.key.settled)))
        for mistake in self.key.mistakes:
            read = self.kind.read(mistake.answer, options)
            if read is not None:
                share, names = self._worth(read, mistake.costs)
                told = Told(share, mistake.says, mistake.slip, names)
                found += [(self.parts(same), told) for same in self.kind.alike(read, self.rights, options)]
        found += [
            (self.parts(read), Told(part.share, part.advice, part.slip, part.parts))
            for read, part in self.kind.partly(self.rights, options)
        ]
        for rounding in self.key.roundings:
            read = self.kind.read(rounding, options)
            if read is not None:
                share, names = self._worth(read)
                found.append((self.parts(read), Told(share, ROUNDED, "rounding", names)))
        return found

    def _finding(self, parts: Parts) -> str:
        """Return what a right answer found out: an accepted answer's own words, else those of the exercise."""
        if self._agree(parts, self.right_parts[0]):
            return self.key.found
        return next((accept.found for accept in self.key.accepts if accept.found and self._is(parts, accept.answer)), self.key.found)

    def _is(self, parts: Parts, answer: Plain) -> bool:
        read = self.kind.read(answer, self.question.options)
        return read is not None and self._agree(parts, self.parts(read))

    def _worth(self, read: Plain, costs: Sequence[str] = ()) -> tuple[float, tuple[str, ...]]:
        """Return the share that a wrong answer earns and the parts that are wrong; with ``costs`` only those count."""
        found = self.difference(read)
        if found is None:
            standing = self.stand(self.parts(read))
            if costs:
                standing = Standing(standing.parts, {name: right or name not in costs for name, right in standing.right.items()})
            found = Difference(self.kind.share(standing, self.question.form), "", tuple(standing.wrong))
        return min(round(found.share, 4), 0.99), found.parts

    def difference(self, read: Plain) -> Difference | None:
        """Return what is not right where parts do not stand by themselves; None where they do."""
        return self.kind.compare(read, self.rights, self.question.options) if self.kind.only_wholes(self.question.form) else None

    def told(self, parts: Parts) -> Told | None:
        """Return what is said of an answer as a whole.

        A mistake of a function is known by the inputs that students see.
        """
        found = next((told for known, told in self.catalogue if self._agree(parts, known)), None)
        public = list(parts)[: self.question.form.get("public", len(parts))]
        if found or len(public) == len(parts):
            return found
        seen = [
            (known, told)
            for known, told in self.catalogue
            if all(name in known and self._part_agrees(parts, known, name) for name in public)
        ]
        return None if any(told.share == 1 for _, told in seen) else next((told for _, told in seen), None)

    def _part_agrees(self, parts: Parts, known: Parts, name: str) -> bool:
        return all_agree(parts[name], known[name], self.question.options, name)

    def _agree(self, parts: Parts, known: Parts) -> bool:
        return parts.keys() == known.keys() and all(self._part_agrees(parts, known, name) for name in parts)

    def stand(self, parts: Parts) -> Standing:
        """Return which parts of an answer are right, by the right answer that it is nearest to."""
        by_right: list[dict[str, bool | None]] = [
            {name: name in right and self._part_agrees(parts, right, name) for name in parts} for right in self.right_parts
        ]
        return nearest(parts, by_right, self.right_parts, self.kind.merges)

    def agreeing(self, tries: Sequence[tuple[str, Scalars]]) -> list[Scalars | None]:
        """Return, for each part with scalars that might be right, the right ones that they agree with."""
        options = self.question.options
        return [
            next((right[name] for right in self.right_parts if name in right and all_agree(values, right[name], options, name)), None)
            for name, values in tries
        ]


def nearest(parts: Parts, by_right: Sequence[dict[str, bool | None]], wanted: Sequence[Parts], merges: bool) -> Standing:
    """Return how an answer stands, given how its parts agree with each right answer."""
    if merges:
        right: dict[str, bool | None] = {}
        for name in parts:
            stands = [own[name] for own in by_right]
            right[name] = True if True in stands else None if None in stands else False
        best = 0
    else:
        best = max(range(len(by_right)), key=lambda place: sum(stands is True for stands in by_right[place].values()))
        right = by_right[best]
    known = {name: values for name in parts if (values := wanted[best].get(name)) is not None}
    return Standing(parts, right, known)


def students_key(key: ExerciseKey) -> ExerciseKey:
    """Return a key whose functions are called with the public inputs only, as in a student's copy."""

    def cut(answer: Plain) -> Plain:
        return public_calls(answer, key.public_calls)

    return replace(
        key,
        answer=cut(key.answer),
        accepts=tuple(replace(accept, answer=cut(accept.answer)) for accept in key.accepts),
        mistakes=tuple(replace(mistake, answer=cut(mistake.answer)) for mistake in key.mistakes),
        roundings=tuple(cut(rounding) for rounding in key.roundings),
    )

"""What every kind of answer can do: the protocol that checks, seals, leak checks and the bank go by."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from litu.answers.plain import NotPlain, Options, Plain, Scalar

Form = dict[str, Any]
"""The form of a right answer without its values, as students may see it."""
Part = tuple[str, list[Scalar]]
"""A named part of an answer (a column, an entry, the whole) and its scalars."""
Path = tuple[list[Any], str | None]
"""The way to one number in a plain answer, and the name of the part it belongs to."""
Repair = tuple[str, str, Plain]
"""A slip's name, the sentence about it, and the answer as it would be without it."""


class Writer(Protocol):
    """Writes objects down as plain data and counts what it takes (see :mod:`litu.kinds.wire`)."""

    def plain(self, value: object, depth: int) -> Plain:
        """Return an inner value as plain data."""

    def take(self, number: int) -> None:
        """Count some more values."""


class Reader(Protocol):
    """Rebuilds untrusted plain data and counts what it takes (see :mod:`litu.kinds.wire`)."""

    def plain(self, given: Any, depth: int) -> Plain:
        """Return an inner value rebuilt."""

    def get(self, given: Any, name: str, kind: type) -> Any:
        """Return a field that must be of exactly this type."""

    def finite(self, value: Any) -> int | float:
        """Return a number that is one."""

    def scalars(self, values: Any) -> list[Scalar]:
        """Return a list of cells."""

    def type(self, given: Any) -> str:
        """Return what a column says that its values are."""


@dataclass(frozen=True)
class Difference:
    """One answer held against one right answer.

    ``share`` is the part that is right (1 means no difference), ``parts``
    names what is not, ``advice`` is a sentence or two for the student, and
    ``slip`` names the mistake when it is a known one.
    """

    share: float
    advice: str = ""
    parts: tuple[str, ...] = ()
    slip: str | None = None

    @property
    def none(self) -> bool:
        """Whether the two are the same for the purposes of the check."""
        return self.share >= 1


SAME = Difference(1.0)
LABELS = ("text", "boolean")
"""Kinds of values that can be guessed: a student's copy tells only whether all of them are right."""


def at(plain: Plain, path: Sequence[Any]) -> Any:
    """Return what lies at the end of a path into a plain answer."""
    place: Any = plain
    for step in path:
        place = place[step]
    return place


def above_chance(right: float, of: int, best: float) -> float:
    """Return the part of ``of`` labels that is right, less the ``best`` that one label for all of them would earn."""
    return max(0.0, (right - best) / (of - best)) if best < of else 0.0


class Kind:
    """One kind of answer. A kind overrides what it needs; a new kind needs at least the first four methods."""

    name: ClassVar[str]
    words: ClassVar[str]
    """What it is, for students: "a number"."""
    rank: ClassVar[int] = 50
    """Kinds of a lower rank are asked first whether a Python object is one of theirs."""
    instead: ClassVar[Mapping[str, str]] = {}
    """Advice for an answer of another kind, by the name of that kind."""
    lost: ClassVar[str] = ""
    """Advice where all that is known is that the values are not right."""
    guarded: ClassVar[bool] = False
    """Whether messages may not even quote right numbers that stand in data/."""
    is_form: ClassVar[bool] = False
    """Whether it is asked for by ``form=`` and read from another kind."""
    ungraded: ClassVar[bool] = False
    """Whether answers are written down and never marked."""

    # From a Python object to plain data and back

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        """Return ``value`` as plain data, or None when it is not of this kind."""
        return None

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        """Return the untrusted ``given`` rebuilt. Raises NotPlain for anything but what ``serialize`` makes."""
        raise NotPlain(f"{self.name} is no kind of plain data")

    def restore(self, plain: Plain) -> Any:
        """Return the Python object that an input of a function exercise stands for."""
        raise ValueError(f"{self.name} cannot be an input of a function exercise")

    def compare(self, value: Plain, right: Plain, options: Options) -> Difference:
        """Hold an answer against one right answer."""
        raise NotImplementedError

    def fit(self, answer: Plain, wanted: Plain) -> None:
        """Raise NotPlain when an answer rebuilt from untrusted data is at odds with itself or with what was asked."""

    # In words

    def expected(self, options: Options) -> str:
        """Return what a check wants, with its unit or choices."""
        if options.get("choices"):
            choices = ", ".join(f'"{choice}"' for choice in options["choices"])
            return f"one of {choices}" if self.name == "text" else f"{self.words} of {choices}"
        return f"{self.words} ({options['unit']})" if options.get("unit") else self.words

    def found(self, plain: Plain) -> str:
        """Return what the student gave, in a few words."""
        return self.words

    # Judging

    def read(self, answer: Plain, options: Options) -> Plain | None:
        """Return ``answer`` as one of this kind, or None when it cannot be read so."""
        return answer if answer["kind"] == self.name else None

    def as_list(self, plain: Plain) -> Plain | None:
        """Return an answer of this kind as a list, where that is no other answer."""
        return None

    def unfinished(self, answer: Plain) -> bool:
        """Return whether an answer is an untouched starter, although it is of this kind."""
        return False

    def misfit(self, answer: Plain, options: Options, points: float) -> str | None:
        """Return what in the author's options does not fit the right answer, or None."""
        return None

    def problem(self, answer: Plain, form: Form, options: Options) -> str | None:
        """Return what the form alone tells to be wrong, or None."""
        return None

    def same(self, value: Plain, right: Plain, options: Options, part: str | None = None) -> bool:
        """Return whether two answers of this kind are the same, as a whole or inside another answer."""
        return self.compare(value, right, options).none

    def closest(self, value: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        """Hold an answer against all right answers and return the smallest difference."""
        return max((self.compare(value, right, options) for right in rights), key=lambda difference: difference.share)

    def mistake(self, value: Plain, mistakes: Sequence[Plain], rights: Sequence[Plain], options: Options) -> int | None:
        """Return which of the author's mistakes an answer makes."""
        return next((place for place, mistake in enumerate(mistakes) if self.compare(value, mistake, options).none), None)

    # In a student's copy

    def form(self, answer: Plain, options: Options) -> Form:
        """Return the form of the right answer without its values."""
        return {}

    def parts(self, answer: Plain, options: Options, form: Form) -> list[Part]:
        """Return the scalars in an order that does not depend on how the answer is written.

        Raises KeyError or ValueError when the answer has not the ``form`` of the right one.
        """
        return [("value", list(self.scalars(answer)))]

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        """Yield all scalars of an answer, also of one inside another."""
        yield self.name

    def own_hash(self, scalars: list[Scalar], places: int) -> bool:
        """Return whether a part is hard enough to guess to have a hash of its own."""
        return False

    def wholes(self, rights: Sequence[Plain], options: Options) -> list[Plain]:
        """Return every answer that is wholly right."""
        return list(rights)

    def partly(self, right: Plain, options: Options) -> Iterator[tuple[Plain, Difference]]:
        """Yield answers that earn part of the points, each with what a check says of it."""
        yield from ()

    def room(self, right: Plain, options: Options) -> float:
        """Return how many answers are conceivable, as far as that is known to be few."""
        return math.inf

    def only_wholes(self, right: Plain) -> bool:
        """Return whether a student's copy tells only that all is right, since single parts could be guessed."""
        return False

    def repairs(self, answer: Plain) -> Iterator[Repair]:
        """Yield what the answer would be without each slip that any answer of this kind can show."""
        yield from ()

    # For the leak check and the bank

    def secrets(self, answer: Plain) -> list[str]:
        """Return the texts that no hint or message may quote."""
        return []

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        """Yield the way to each number that is compared."""
        yield from ()

    def samples(self, answer: Plain, options: Options) -> Iterator[Path]:
        """Yield the ways to the numbers that the bank moves: one for each part where parts are long."""
        return self.numbers(answer, options)

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        """Yield the same answer written in other ways that never count."""
        yield from ()

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        """Yield answers that say the same everywhere and must earn nothing."""
        yield from ()

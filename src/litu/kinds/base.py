"""What every kind of answer can do: the protocol that checks, seals, leak checks and the bank go by."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from litu.answers.plain import NotPlain, Options, Plain, Scalar, agrees, is_number, places_of, tidy
from litu.kinds.forms.labels import foreign, no_choice

Form = dict[str, Any]
"""The form of a right answer without its values, as students may see it."""
Scalars = list[Scalar]
Parts = dict[str, "Scalars | None"]
"""The named parts of an answer (columns, entries, the whole) and their scalars; None for a part that is not there."""
Path = tuple[list[Any], str | None]
"""The way to one number in a plain answer, and the name of the part it belongs to."""

LABELS = ("text", "boolean")
"""Kinds of values that can be guessed: a student's copy tells only whether all of them are right."""
AFFORDABLE = 40_000
"""So many answers can be tried in ten minutes on two cores (`bench/guess.py`)."""
MOST_NEIGHBOURS = 200
"""A student's copy tells no more answers than these that are wrong in one place."""
ROWS = "rows"
"""The part that names the rows of a table or Series; without it no other part counts."""


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

    def scalars(self, values: Any) -> Scalars:
        """Return a list of cells."""

    def type(self, given: Any) -> str:
        """Return what a column says that its values are."""


@dataclass(frozen=True)
class Difference:
    """What is not right of an answer.

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
        """Whether the answer is right for the purposes of the check."""
        return self.share >= 1


SAME = Difference(1.0)


@dataclass(frozen=True)
class Standing:
    """How the parts of an answer stand."""

    parts: Parts
    right: dict[str, bool | None]
    """Of a part that cannot be told yet: None."""
    wanted: dict[str, Scalars] = field(default_factory=dict)
    """The right scalars of the parts of which they are known."""

    @property
    def wrong(self) -> list[str]:
        """The parts that are not right."""
        return [name for name, right in self.right.items() if right is False]

    @property
    def unknown(self) -> list[str]:
        """The parts that cannot be told yet."""
        return [name for name, right in self.right.items() if right is None]


class Kind:
    """One kind of answer. A kind overrides what it needs; a new kind needs at least ``serialize``, ``validate`` and ``scalars``."""

    name: ClassVar[str]
    words: ClassVar[str]
    """What it is, for students: "a number"."""
    rank: ClassVar[int] = 50
    """Kinds of a lower rank are asked first whether a Python object is one of theirs."""
    lost: ClassVar[str] = "Work one of its values out by hand and compare."
    """Advice where nothing more is known than that it is not right."""
    guarded: ClassVar[bool] = False
    """Whether messages may not even quote right numbers that stand in data/."""
    is_form: ClassVar[bool] = False
    """Whether it is asked for by ``form=`` and read from another kind."""
    ungraded: ClassVar[bool] = False
    """Whether answers are written down and never marked."""
    speaking: ClassVar[bool] = False
    """Whether the names of parts mean something to a student, as those of columns do."""
    merges: ClassVar[bool] = False
    """Whether one part may be right by one accepted answer and the next by another."""

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

    def fit(self, answer: Plain, wanted: Plain) -> None:
        """Raise NotPlain when an answer rebuilt from untrusted data is at odds with itself or with what was asked."""

    def as_list(self, plain: Plain) -> Plain | None:
        """Return an answer of this kind as a list, where that is no other answer."""
        return None

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

    def now(self, plain: Plain) -> str | None:
        """Return the student's value where it is short enough to be repeated below a message."""
        return None

    def instead(self, answer: Plain) -> str | None:
        """Return what to do with an answer of another kind."""
        return None

    def named(self, part: str, answer: Plain, form: Form) -> str:
        """Return a part of an answer in words, fit to begin a sentence; empty for the whole answer."""
        return ""

    def place(self, part: str, number: int, parts: Parts, answer: Plain) -> str:
        """Return where one scalar of a part stands, in words that follow a statement about it: " in the row Hebei"."""
        return ""

    # Judging

    def read(self, answer: Plain, options: Options) -> Plain | None:
        """Return ``answer`` as one of this kind, or None when it cannot be read so."""
        return answer if answer["kind"] == self.name else None

    def unfinished(self, answer: Plain) -> bool:
        """Return whether an answer is an untouched starter, although it is of this kind."""
        return False

    def misfit(self, answer: Plain, options: Options, points: float) -> str | None:
        """Return what in the author's options does not fit the right answer, or None."""
        return None

    def form(self, answer: Plain, options: Options) -> Form:
        """Return the form of the right answer without its values."""
        return {}

    def problem(self, answer: Plain, form: Form, options: Options) -> Difference | None:
        """Return what the form alone tells to be wrong with an answer that then earns nothing, or None."""
        return None

    def parts(self, answer: Plain, options: Options, form: Form) -> Parts:
        """Return the parts of an answer that ``form`` names, with their scalars in an order that does not depend on how it is written."""
        return {"": list(self.scalars(answer))}

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        """Yield all scalars of an answer, also of one inside another."""
        yield self.name

    def share(self, standing: Standing, form: Form) -> float:
        """Return the part of the points that an answer earns whose parts stand like this."""
        names = [name for name in standing.right if name != ROWS]
        if standing.right.get(ROWS) is False or is_constant(standing.parts):
            return 0.0
        return sum(standing.right[name] is True for name in names) / len(names)

    def faults(self, standing: Standing, answer: Plain, form: Form) -> dict[str, str]:
        """Return sentences about wrong parts whose form tells what is wrong with them: missing, misspelt, of another type."""
        return {}

    def variants(self, answer: Plain) -> Iterator[tuple[str, str, Plain]]:
        """Yield what the answer would be without a slip that only this kind can show: its name, the sentence, the answer."""
        yield from ()

    def told(self, answer: Plain, form: Form, options: Options) -> str | None:
        """Return what can be said of an answer of which only wholes are told, without giving anything away."""
        choices = options.get("choices") or ()
        strange = foreign((value for value in self.scalars(answer) if isinstance(value, str)), choices) if choices else []
        return no_choice(strange, choices) if strange else None

    def only_wholes(self, form: Form) -> bool:
        """Return whether a student's copy tells only that all is right, since single parts could be guessed."""
        return False

    def compare(self, answer: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        """Hold an answer of which only wholes are told against all right ones: for the key alone."""
        raise NotImplementedError

    def wholes(self, rights: Sequence[Plain], options: Options) -> list[Plain]:
        """Return every answer that is wholly right."""
        return list(rights)

    def alike(self, mistake: Plain, rights: Sequence[Plain], options: Options) -> list[Plain]:
        """Return the answers that make the same mistake: what is right in it may be right in another way."""
        return [mistake]

    def partly(self, rights: Sequence[Plain], options: Options) -> Iterator[tuple[Plain, Difference]]:
        """Yield answers next to a right one that earn part of the points, each with what a check says of it."""
        yield from ()

    def room(self, right: Plain, options: Options) -> float:
        """Return how many answers are conceivable, as far as that is known to be few."""
        return math.inf

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


def at(plain: Plain, path: Sequence[Any]) -> Any:
    """Return what lies at the end of a path into a plain answer."""
    place: Any = plain
    for step in path:
        place = place[step]
    return place


def agree(value: Scalar, right: Scalar, places: int) -> bool:
    """Return whether two scalars are the same for the purposes of a check."""
    if isinstance(value, bool) or isinstance(right, bool):
        return value is right
    if isinstance(value, (int, float)) and isinstance(right, (int, float)):
        return agrees(value, right, places)
    if isinstance(value, str) and isinstance(right, str):
        return tidy(value) == tidy(right)
    return value is None and right is None


def all_agree(values: Scalars | None, rights: Scalars | None, options: Options, part: str) -> bool:
    """Return whether a part of an answer is that of a right one."""
    if values is None or rights is None:
        return values is rights
    places = places_of(options, part)
    return len(values) == len(rights) and all(agree(value, right, places) for value, right in zip(values, rights, strict=True))


def is_constant(parts: Parts) -> bool:
    """Return whether an answer of several values says one and the same everywhere, as no worked-out answer does."""
    values = [value for name, part in parts.items() if name != ROWS for value in part or ()]
    return len(values) > 1 and all(value == values[0] for value in values) and all(part is not None for part in parts.values())


def can_be_told(neighbours: int, room: float) -> bool:
    """Return whether a student's copy may tell answers that are wrong in one place only.

    Whoever tries answers at random meets one of these neighbours of the right
    answer sooner than the right one.
    """
    return neighbours <= MOST_NEIGHBOURS and room >= AFFORDABLE * (1 + neighbours)


def above_chance(right: float, of: int, best: float) -> float:
    """Return the part of ``of`` labels that is right, less the ``best`` that one label for all of them would earn."""
    return max(0.0, (right - best) / (of - best)) if best < of else 0.0


def type_of_scalars(values: Sequence[Scalar]) -> str:
    """Return what all values are, None left out; "other" for a mixture or nothing."""
    found = {"boolean" if isinstance(value, bool) else "number" if is_number(value) else "text" for value in values if value is not None}
    return found.pop() if len(found) == 1 else "other"


TYPE_WORDS = {"number": "numbers", "text": "texts", "boolean": "True or False"}
"""What the values of a part are, in words."""

"""The contract between the halves: what an answer key and a student's copy of the checks hold.

A build writes both; grading reads the key, a notebook the checks. One reader
looks at the format number and says in one sentence what is wrong with a file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from litu.answers.plain import Options, Plain
from litu.answers.records import rebuild
from litu.errors import LituError

KEY_FORMAT = 2
CHECKS_FORMAT = 2


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that the author foresaw."""

    says: str
    slip: str
    answer: Plain
    costs: tuple[str, ...] = ()
    """The parts that this mistake costs, where the other wrong ones only follow from them; none named: all wrong parts."""


@dataclass(frozen=True)
class Accept:
    """Another right answer, perhaps with its own finding."""

    answer: Plain
    found: str = ""


@dataclass(frozen=True, eq=False)
class ExerciseKey:
    """One exercise of an answer key."""

    variable: str
    answer: Plain
    points: float = 0
    options: Options = field(default_factory=dict)
    found: str = ""
    """What a right answer found out and why it matters."""
    accepts: tuple[Accept, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    roundings: tuple[Plain, ...] = ()
    """What the solution gives when it is rounded at one of its steps."""
    starter: Plain = field(default_factory=lambda: {"kind": "nothing"})
    solution: str = ""
    hints: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    settled: dict[str, str] = field(default_factory=dict)
    """The verdict on each claim that a right answer supports."""
    feedback: str = "instant"
    public_calls: int = 0
    """So many calls of a function are made in a student's copy; grading makes them all."""


@dataclass(frozen=True)
class WrittenKey:
    """One written answer: what its marker needs."""

    points: float
    prompt: str
    rubric: tuple[dict[str, Any], ...]
    model: str
    claims: tuple[str, ...] = ()
    sample: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerKey:
    """The answer key of a unit."""

    format: int
    unit: str
    title: str
    exercises: dict[str, ExerciseKey]
    written: dict[str, WrittenKey] = field(default_factory=dict)


@dataclass(frozen=True)
class PublicEntry:
    """What a student's copy holds of one exercise: its form in the open, what is known of answers under lock."""

    variable: str
    kind: str
    points: float = 0
    form: dict[str, Any] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    feedback: str = "instant"
    starter: str = ""
    """The exercise's cell as a student gets it."""
    inputs: tuple[list[Plain], ...] | None = None
    hidden: bool = False
    """Whether grading calls a function with further inputs."""
    salt: str = ""
    shifts: dict[str, int] = field(default_factory=dict)
    """Which shift of the grid the numbers of each part are laid on."""
    strong: dict[str, dict[str, str]] = field(default_factory=dict)
    """By part: what is locked with the hash of its right value, by tag. Such a part is hard to guess by itself."""
    weak: dict[str, str] = field(default_factory=dict)
    """What is locked with the hashes of a weak part and of a strong one together, by tag."""
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    """Where no part is strong: what is locked with the hash of several parts together, by their names and tag."""
    known: dict[str, str] = field(default_factory=dict)
    """What is said of whole answers that are right or foreseen, locked with the hashes of all their parts, by tag."""
    meaning: dict[str, Any] | None = None
    """The form of a wanted chart."""


@dataclass(frozen=True)
class PublicChecks:
    """A student's copy of a unit's checks."""

    format: int
    unit: str
    title: str
    exercises: dict[str, PublicEntry]
    course: str = "course"
    minutes: float = 0
    scrypt: dict[str, int] = field(default_factory=dict)
    scorecard: tuple[dict[str, str], ...] = ()
    released: dict[str, Any] = field(default_factory=dict)
    """The unit's notebook as it is handed out, to put it back."""


LARGEST = 10_000_000
"""Bytes of a checks.json that are read; the largest unit's has half a million."""
File = TypeVar("File", AnswerKey, PublicChecks)


def read_key(text: str, name: object, unit: str) -> AnswerKey:
    """Return an answer key from the text of the file ``name``. Raises LituError."""
    return _read(AnswerKey, text, name, KEY_FORMAT, f"run `litu build {unit}`")


def read_checks(path: Path) -> PublicChecks:
    """Return a student's copy of the checks. Raises LituError."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise LituError(f"{path} is larger than {LARGEST // 1_000_000} MB; copy it again from the course's release folder.")
        text = data.decode()
    except FileNotFoundError:
        raise LituError(f"There is no checks.json in {path.parent}; open the notebook in its own folder of the course.") from None
    except (OSError, UnicodeDecodeError):
        text = ""
    return _read(PublicChecks, text, path, CHECKS_FORMAT, "copy it again from the course's release folder")


def _read(kind: type[File], text: str, name: object, number: int, advice: str) -> File:
    try:
        given = json.loads(text)
        if isinstance(given, dict) and given.get("format", number) != number:
            raise LituError(f"{name} is of another version (format {given['format']}, wanted {number}); {advice}.")
        return rebuild(kind, given)
    except (ValueError, RecursionError) as error:
        what = "it is no JSON" if isinstance(error, (json.JSONDecodeError, RecursionError)) else str(error)
        raise LituError(f"{name} cannot be read ({what}); {advice}.") from None

"""What the top of a lesson says of the unit: title, time, the parts, what of the documents it walks and tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

VERDICTS = ("reconciles", "fails", "cannot be tested", "defended")
"""What the scorecard of claims can say."""
WITHOUT = "no exercise: "
"""Begins the reason why a section or an inconsistency has no exercise."""


@dataclass(frozen=True)
class Part:
    """A stretch of a unit that can be done in one go."""

    title: str
    minutes: float


@dataclass(frozen=True)
class Score:
    """The verdict on a claim that a right answer to an exercise supports."""

    claim: str
    verdict: str
    exercise: str


@dataclass(frozen=True)
class FrontMatter:
    """The ``litu:`` part of a lesson's front matter."""

    title: str
    minutes: float
    parts: tuple[Part, ...] = ()
    walks: dict[str, str] = field(default_factory=dict)
    """Section of a document → the exercise that walks it, or ``no exercise: why``."""
    inconsistencies: dict[str, str] = field(default_factory=dict)
    """Inconsistency, such as K9 → the exercise in which the student finds it."""
    scorecard: tuple[Score, ...] = ()


def read_front_matter(given: Any) -> FrontMatter:
    """Return the front matter of a lesson. Raises ValueError that says what is wrong."""
    for name, kind in (("title", str), ("minutes", (int, float))):
        if not isinstance(given, dict) or not isinstance(given.get(name), kind):
            raise ValueError(f'the front matter needs "litu:" with "{name}:"')
    strange = sorted(set(given) - {"title", "minutes", "parts", "walks", "inconsistencies", "scorecard", "reads"})
    if strange:
        raise ValueError(f"the front matter has no field {strange[0]!r}")
    return FrontMatter(
        given["title"],
        given["minutes"],
        tuple(_part(part) for part in _list(given, "parts")),
        _texts(given, "walks"),
        _texts(given, "inconsistencies"),
        tuple(_score(score) for score in _list(given, "scorecard")),
    )


def exercises_named(header: FrontMatter) -> list[tuple[str, str]]:
    """Return the field and the name of each exercise that the front matter speaks of."""
    named = [("walks", name) for name in header.walks.values()]
    named += [("inconsistencies", name) for name in header.inconsistencies.values()]
    named += [("scorecard", score.exercise) for score in header.scorecard]
    return [(where, name) for where, name in named if not name.startswith(WITHOUT)]


def _list(given: dict[str, Any], name: str) -> list[Any]:
    value = given.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"{name} in the front matter must be a list")
    return value


def _texts(given: dict[str, Any], name: str) -> dict[str, str]:
    value = given.get(name, {})
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValueError(f"{name} in the front matter must be `key: exercise` lines")
    return {str(key): text for key, text in value.items()}


def _part(given: Any) -> Part:
    if not isinstance(given, dict) or set(given) != {"title", "minutes"}:
        raise ValueError("a part in the front matter has a title and minutes")
    return Part(str(given["title"]), float(given["minutes"]))


def _score(given: Any) -> Score:
    if not isinstance(given, dict) or set(given) != {"claim", "verdict", "exercise"}:
        raise ValueError("a line of the scorecard has claim, verdict and exercise")
    if given["verdict"] not in VERDICTS:
        raise ValueError(f"the verdict on claim {given['claim']} must be one of {', '.join(VERDICTS)}")
    return Score(*(str(given[name]) for name in ("claim", "verdict", "exercise")))

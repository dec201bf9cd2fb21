"""What a check says of an answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any


class Outcome(str, Enum):
    """The outcomes a student can read."""

    NOT_STARTED = "not started"
    RIGHT = "right"
    PARTLY = "partly right"
    WRONG = "wrong"
    RECORDED = "recorded"
    """An answer of the right kind, whose verdict is given only after grading."""


@dataclass(frozen=True)
class Verdict:
    """Outcome of one check.

    ``share`` is the part of the points earned, 0 to 1. ``message`` is plain
    text for the student and never holds the right answer. ``slip`` names the
    recognised mistake, if one was. ``parts`` names what is wrong of a table,
    dict, function or chart.
    """

    outcome: Outcome
    share: float
    message: str
    slip: str | None = None
    parts: tuple[str, ...] = ()
    settled: dict[str, str] = field(default_factory=dict)
    """Of a right answer: the verdict on each claim that it supports."""

    def points(self, worth: float) -> float:
        """Return the points earned of ``worth``, rounded to hundredths."""
        return round(worth * self.share, 2)

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON-able data."""
        return {**asdict(self), "outcome": self.outcome.value, "parts": list(self.parts)}

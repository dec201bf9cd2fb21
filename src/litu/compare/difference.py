"""What a comparison finds: how much is right and what is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Plain = dict[str, Any]
Options = dict[str, Any]

DEFAULT_PLACES = 2
"""Decimal places that count when a check names none."""


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


def places_of(options: Options, column: str | None = None) -> int:
    """Return the decimal places that count, for one column if they differ."""
    places = options.get("places", DEFAULT_PLACES)
    if isinstance(places, dict):
        named = {tidy(name): number for name, number in places.items()}
        return int(named.get(tidy(column or ""), DEFAULT_PLACES))
    return int(places)


def agrees(value: float | None, right: float | None, places: int) -> bool:
    """Return whether ``value`` is ``right`` to within half a unit of decimal place ``places``."""
    if value is None or right is None:
        return value is right
    return abs(value - right) <= 0.5 * 10.0**-places * (1 + 1e-6) + 1e-12 * abs(right)


def tidy(text: str) -> str:
    """Return a text without what does not count: case, spacing, dashes, underscores, full stops at its end."""
    return re.sub(r"[\s_\-‐-―]+", " ", text).strip(" .").casefold()

"""Plain data, which answers are made of between processes, and what counts as the same in it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

Plain = dict[str, Any]
"""An answer as strict JSON: ``{"kind": "number", "value": 7}``. The modules of :mod:`litu.kinds` say what each kind holds."""
Options = dict[str, Any]
"""What the author told a check: ``{"unit": "km", "places": 2}``."""
Scalar = bool | int | float | str | None

MAX_ITEMS = 100_000
"""Longest list, set, dict, Series or table column that is taken over."""
MAX_DEPTH = 8
"""Deepest nesting of lists and dicts that is taken over."""
MAX_VALUES = 200_000
"""Most values one answer may hold, at all depths together."""
MAX_INTEGER = 10**300
"""A whole number of more digits counts as infinite."""
DEFAULT_PLACES = 2
"""Decimal places that count when a check names none."""


SHORT, REMEMBERED = 200, 5000
"""Of so many texts of at most so many characters it is remembered what counts in them: labels are compared again and again."""


class TooMuch(ValueError):
    """An answer that holds more values than are taken over."""


class NotPlain(ValueError):
    """Something that is not plain data."""


def places_of(options: Options, part: str | None = None) -> int:
    """Return the decimal places that count, for one part (a column, an entry) if they differ."""
    places = options.get("places", DEFAULT_PLACES)
    if isinstance(places, dict):
        named = {tidy(name): number for name, number in places.items()}
        return int(named.get(tidy(part or ""), DEFAULT_PLACES))
    return int(places)


def agrees(value: float | None, right: float | None, places: int) -> bool:
    """Return whether ``value`` is ``right`` to within half a unit of decimal place ``places``."""
    if value is None or right is None:
        return value is right
    return abs(value - right) <= 0.5 * 10.0**-places * (1 + 1e-6) + 1e-12 * abs(right)


def tidy(text: str) -> str:
    """Return a text without what does not count: case, spacing, dashes, underscores, full stops at its end."""
    return _tidy(text) if len(text) <= SHORT else _tidy.__wrapped__(text)


def squeezed(text: str) -> str:
    """Return a label without what does not count in it: case, spaces and dashes, but for one that is nothing but a dash."""
    return _squeezed(text) if len(text) <= SHORT else _squeezed.__wrapped__(text)


@lru_cache(REMEMBERED)
def _tidy(text: str) -> str:
    return re.sub(r"[\s_\-‐-―]+", " ", text).strip(" .").casefold()


@lru_cache(REMEMBERED)
def _squeezed(text: str) -> str:
    return re.sub(r"[\s_\-‐-―]+", "", text).strip(".").casefold() or ("-" if re.search(r"[\-‐-―]", text) else "")


def is_number(value: object) -> bool:
    """Return whether a scalar is a number; True and False are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def sortable(value: Scalar) -> tuple[int, float, str]:
    """Return a key that brings scalars of any type into one order."""
    if isinstance(value, (int, float)):
        return (0, round(float(value), 6), "")
    return (1, 0.0, "" if value is None else tidy(value))

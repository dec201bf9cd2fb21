"""What a drawing is made from: a table with the columns that it needs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Real
from typing import Any

import pandas as pd

from litu.display.numbers import short
from litu.errors import LituError

PLURAL = re.compile(r"(?!series)[a-z]{2,}[^\Ws]s")
MOST_ROWS = 200
"""Rows of a table that one drawing can show."""


class DrawingError(LituError):
    """A table that cannot be drawn, and what it lacks."""


def rows_of(table: Any, needed: Iterable[str], optional: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return the rows of a table, each with the needed columns and those of the optional ones that are there.

    Missing values become None. Raises `DrawingError` when the table is none, is empty or too long, or lacks a column.
    """
    if not isinstance(table, pd.DataFrame):
        raise DrawingError(f"A drawing needs a table (a DataFrame); this is {type(table).__name__}.")
    needed = tuple(needed)
    for name in needed:
        if name not in table.columns:
            lower = {str(column).lower(): column for column in table.columns}
            near = get_close_matches(name.lower(), lower, n=1)
            hint = f"; is {lower[near[0]]!r} meant? Rename it" if near else f"; it has {', '.join(map(repr, table.columns)) or 'none'}"
            raise DrawingError(f"The table has no column {name!r}{hint}.")
    if not 0 < len(table) <= MOST_ROWS:
        raise DrawingError(f"A drawing shows 1 to {MOST_ROWS} rows; this table has {len(table)}.")
    names = [*needed, *(name for name in optional if name in table.columns and name not in needed)]
    return [{name: None if missing(value) else value for name, value in zip(names, row)} for row in zip(*(table[name] for name in names))]


def missing(value: object) -> bool:
    """Return whether a cell holds nothing: no value, an empty text, a placeholder."""
    return (
        value is None
        or value is ...
        or value is pd.NA
        or value is pd.NaT
        or value == ""
        or (isinstance(value, float) and math.isnan(value))
    )


def number(value: object) -> float | None:
    """Return a finite number, or None for everything else."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        return None
    return float(value)


def written(value: object, unit: str = "") -> str:
    """Return a value as a picture shows it: a number by the rules of `litu.display.numbers`, anything else as its text."""
    amount = number(value)
    if amount is None:
        return f"{value} {unit}".strip()
    return short(amount, _singular(unit) if amount == 1 else unit)


def _singular(unit: str) -> str:
    """Return a unit as it follows a 1: "village" for "villages"."""
    first, _, rest = unit.partition(" ")
    return f"{first[:-1]} {rest}".strip() if PLURAL.fullmatch(first) else unit

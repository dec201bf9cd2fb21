"""Fingerprints: one text that all right answers share and no other has.

Numbers are laid on a grid whose cells are a little wider than the tolerance.
The grid is shifted, number by number, so that the right one lies near the
middle of its cell: an answer rounded as the task asks stays in the cell. The
shift says where in *a* cell the number lies, never in which cell.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from litu.answers.plain import Plain, Scalar, is_number, places_of, tidy
from litu.charts import ChartMeaning
from litu.kinds.registry import kinds

CELL = 1.25
"""Width of a cell in units of the last decimal place that counts."""
SHIFTS = 8
"""How finely the grid can be shifted: one of eight places."""

Entry = dict[str, Any]
"""What checks.json holds of one exercise."""


def shifts(scalars: Sequence[Scalar], places: int) -> str:
    """Return the shift of the grid for each number, one digit each."""
    step = CELL * 10.0**-places
    numbers = (scalar for scalar in scalars if isinstance(scalar, (int, float)) and is_number(scalar))
    return "".join(str(round((number / step) % 1 * SHIFTS - SHIFTS / 2) % SHIFTS) for number in numbers)


def fingerprint(scalars: Sequence[Scalar], places: int, grid: str, nudge: int = 0) -> str:
    """Return the text that stands for these scalars on the grid; ``nudge`` moves every number by whole cells."""
    step = CELL * 10.0**-places
    digits = iter(grid)
    marks = []
    for scalar in scalars:
        if isinstance(scalar, bool):
            marks.append("true" if scalar else "false")
        elif isinstance(scalar, (int, float)):
            shift = int(next(digits, "0")) / SHIFTS
            marks.append(str(math.floor(scalar / step - shift) + nudge))
        else:
            marks.append("-" if scalar is None else "'" + tidy(scalar))
    return "|".join(marks)


def part_text(name: str, scalars: Sequence[Scalar], entry: Entry, nudge: int = 0) -> str:
    """Return the text of one part of an answer that is hashed; ``nudge`` moves its numbers by whole cells."""
    return f"{name}={fingerprint(scalars, places_of(entry['options'], name), entry['grid'].get(name, ''), nudge)}"


def whole_text(answer: Plain, entry: Entry, nudge: int = 0) -> str:
    """Return the text of a whole answer, read as the kind that ``entry`` asks for, that is hashed.

    Raises KeyError or ValueError when the answer has not the form of the right one.
    """
    parts = kinds()[entry["kind"]].parts(answer, entry["options"], entry["form"])
    return "&".join(part_text(name, scalars, entry, nudge) for name, scalars in parts)


def chart_text(wanted: ChartMeaning) -> str:
    """Return the text of a wanted chart that is hashed: it locks what a right chart found out, which is no secret but no reading before either."""
    return json.dumps(wanted.to_plain(), sort_keys=True)

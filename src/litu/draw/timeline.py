"""Events at their place in time: the line runs down, so that every label has room for its words."""

from __future__ import annotations

import re
from datetime import date, datetime
from numbers import Integral
from typing import Any

import altair as alt
import pandas as pd

from litu.display.palette import BLUE, INK
from litu.draw.canvas import canvas
from litu.draw.shapes import WIDTH, Mark, Shape, Stroke, Words, text_height
from litu.draw.spread import spread
from litu.draw.tables import DrawingError, rows_of
from litu.draw.text import text_width, wrap

_GAP = 9


def timeline(events: pd.DataFrame, *, title: str, description: str) -> alt.LayerChart:
    """Return a line of time, earliest first, each event at its true distance from the others.

    `events` has the columns `date` (a year, `2016-08` or `2016-08-31`) and `label`. Raises `DrawingError` for a
    date that cannot be read.
    """
    found = [(*_moment(row["date"], place), str(row["label"] or "")) for place, row in enumerate(rows_of(events, ["date", "label"]), 1)]
    found.sort(key=lambda event: event[0])
    left = max(text_width(words, bold=True) for _, words, _ in found)
    line, room = left + 16, WIDTH - left - 62
    labels = [wrap(label, room) for _, _, label in found]
    sizes = [text_height(len(lines)) for lines in labels]
    first, last = found[0][0], found[-1][0]
    needed = sum(sizes) + _GAP * (len(sizes) - 1)
    length = max(120.0, needed) if last > first else 0.0
    true = [(moment - first) / (last - first) * length if last > first else 0.0 for moment, _, _ in found]
    middles = spread(true, sizes, _GAP)
    top = 8 + max(0.0, *(size / 2 - middle for size, middle in zip(sizes, middles)))
    shapes: list[Shape] = [Stroke(((line, top + true[0] - 6), (line, top + true[-1] + 6)), INK, 2, strength=0.6)]
    for at, middle, lines in zip(true, middles, labels):
        y, at = top + middle, top + at
        bend = ((line, at), (line + 12, at), (line + 28, y), (line + 34, y))
        shapes.append(Stroke(bend, INK, 1, strength=0.6))
        shapes.append(Mark(line, at, size=60, fill=BLUE, stroke=BLUE))
        shapes.append(Words(line + 40, y, tuple(lines), "left"))
    shapes += _dates(true, [words for _, words, _ in found], left, top)
    height = top + max(m + s / 2 for m, s in zip(middles, sizes)) + 8
    return canvas(shapes, height, title=title, description=description, told=[f"{date}: {label}" for _, date, label in found])


def _dates(true: list[float], words: list[str], right: float, top: float) -> list[Shape]:
    """Return the dates beside the line, moved apart where events crowd; a date is written once."""
    kept = [i for i in range(len(words)) if i == 0 or words[i] != words[i - 1]]
    middles = spread([true[i] for i in kept], [15.0] * len(kept))
    shapes: list[Shape] = []
    for i, middle in zip(kept, middles):
        shapes.append(Words(right, top + middle, (words[i],), "right", bold=True))
        shapes.append(Stroke(((right + 4, top + middle), (right + 16, top + true[i])), INK, 1, strength=0.6))
    return shapes


def _moment(value: Any, place: int) -> tuple[float, str]:
    """Return a date as a number of years, and as it is written."""
    if isinstance(value, datetime | date):
        return _years(value.year, value.month, value.day), value.strftime("%Y-%m-%d")
    if isinstance(value, Integral) or (isinstance(value, float) and value.is_integer()):
        return float(value), str(int(value))
    match = re.fullmatch(r"(\d{3,4})(?:-(\d\d)(?:-(\d\d))?)?", str(value).strip())
    if match is None:
        raise DrawingError(f"Row {place} of the timeline: the date {value!r} is no year, 2016-08 or 2016-08-31.")
    year, month, day = match.groups()
    try:
        return (_years(int(year), int(month), int(day or 1)) if month else float(year)), match[0]
    except ValueError:
        raise DrawingError(f"Row {place} of the timeline: there is no day {value!r}.") from None


def _years(year: int, month: int, day: int) -> float:
    days = (date(year, month, day) - date(year, 1, 1)).days
    return year + days / ((date(year + 1, 1, 1) - date(year, 1, 1)).days if year < 9999 else 365)

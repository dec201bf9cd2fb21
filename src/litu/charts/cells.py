"""One cell of a chart's data as a number, a label or a date."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

FORMATS = ("%Y", "%Y-%m", "%Y/%m/%d", "%d %B %Y", "%B %Y", "%b %d, %Y", "%B %d, %Y")
EPOCH = datetime(1970, 1, 1)
NO_MONTH_YEAR = 2012
"""The year that Vega-Lite gives dates cut down to a month or a quarter."""
UNITS = re.compile(r"(?:utc|binned)?((?:year|quarter|month|date)+)")


def number(value: Any) -> float | int | None:
    """Return a finite number, also from text that is one; None for anything else."""
    try:
        if isinstance(value, str):
            value = float(value[:40])
        if isinstance(value, (int, float)) and math.isfinite(value) and abs(value) < 1e300:
            return int(value) if isinstance(value, bool) else value
    except (ValueError, OverflowError):
        pass
    return None


def label(value: Any) -> str | float | int | bool | None:
    """Return a category as it stands in the data; nothing for a list, an object or NaN."""
    return value if isinstance(value, (str, bool)) else number(value)


def moment(value: Any) -> str | None:
    """Return a date as ISO text without a time zone.

    Like Vega, a bare number is read as milliseconds since 1970.
    """
    if isinstance(value, Mapping):
        parts = [number(value.get(name, first)) for name, first in (("year", None), ("month", 1), ("date", 1))]
        known = [part for part in parts if part is not None]
        return _date_of(*known) if len(known) == len(parts) else None
    if isinstance(value, str):
        return _read_date(value[:40].strip())
    milliseconds = None if isinstance(value, bool) else number(value)
    if milliseconds is None or abs(milliseconds) > 6e13:
        return None
    return (EPOCH + timedelta(milliseconds=milliseconds)).isoformat()


def _date_of(year: float, month: float, day: float) -> str | None:
    try:
        return datetime(int(year), int(month), int(day)).isoformat()
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=4096)
def _read_date(text: str) -> str | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat()
    except ValueError:
        pass
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).isoformat()
        except ValueError:
            continue
    return None


def known_unit(unit: str) -> bool:
    """Return whether dates can be cut down to this time unit here."""
    return UNITS.fullmatch(unit) is not None


def cut(date: str | None, unit: str) -> str | None:
    """Return the start of the year, quarter, month or day that a date lies in, as Vega-Lite does."""
    if date is None:
        return None
    day = datetime.fromisoformat(date)
    year = day.year if "year" in unit else NO_MONTH_YEAR
    month = day.month if "month" in unit else 1
    if "quarter" in unit:
        month = (day.month - 1) // 3 * 3 + 1
    return _date_of(year, month, day.day if "date" in unit else 1)


@lru_cache(maxsize=65536)
def _canonical_text(text: str) -> str:
    text = unicodedata.normalize("NFC", text.strip())
    date = re.fullmatch(r"(\d{4})(-\d\d-\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?)?", text)
    if date:
        return date[1] if date[2] == "-01-01" else date[1] + date[2]
    try:
        return format(float(text), ".12g") if len(text) < 20 else text
    except ValueError:
        return text


def canonical(value: Any) -> str:
    """Return one text for values that name the same category: 2016, "2016" and 1 January 2016."""
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, str):
        return _canonical_text(value)
    return format(float(value), ".12g")

"""How the course writes numbers: thousands set apart from ten thousand on, so that years and small counts stay as they are."""

from __future__ import annotations

import math

MANY = 10_000
"""From here on thousands are set apart."""
HUGE, TINY = 1e15, 0.001
DECIMALS = 4
AXIS = f"abs(datum.value) >= {MANY} ? format(datum.value, ',.0f') : format(datum.value, '~g')"
"""The same for the labels of an axis, in Vega's words."""


def whole(value: float) -> str:
    """Return a whole number as text: 2016, 15,000."""
    return f"{value:,.0f}" if abs(value) >= MANY else f"{value:.0f}"


def full(value: float) -> str:
    """Return a number for a table: 15,000 for 15000.0, 0.3333 for a third."""
    if not math.isfinite(value) or abs(value) >= HUGE:
        return str(value)
    if value == round(value):
        return whole(value)
    if abs(value) < TINY:
        return f"{value:.3g}"
    return f"{value:{',' if abs(value) >= MANY else ''}.{DECIMALS}f}".rstrip("0")


def short(value: float, unit: str = "") -> str:
    """Return a number for a picture or a sentence, with at most three figures that count after a whole number's own: 3.68 km, 0.344."""
    if not math.isfinite(value) or abs(value) >= HUGE:
        text = str(value)
    elif value == round(value):
        text = whole(value)
    elif abs(value) >= 1:
        comma = "," if abs(value) >= MANY else ""
        text = f"{value:{comma}.{max(1, 3 - len(str(int(abs(value)))))}f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:.3g}"
    return f"{text} {unit}".strip()

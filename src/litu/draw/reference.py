"""A line at a value of an axis, with its label."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import altair as alt

from litu.display.palette import INK
from litu.draw.shapes import SIZE
from litu.draw.tables import DrawingError, number


def reference_line(value: float | str | date, label: str, axis: Literal["x", "y"] = "y") -> alt.LayerChart:
    """Return a broken line at a value of the x or y axis with its label: add it to a chart with `+`.

    `value` is a number or a date (`2016-08-31`, for a time axis).
    """
    if axis not in ("x", "y"):
        raise DrawingError(f"A reference line stands at a value of 'x' or 'y', not {axis!r}.")
    at: Any = value
    if isinstance(value, datetime | date):
        at = alt.DateTime(year=value.year, month=value.month, date=value.day)
    elif isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise DrawingError(f"A reference line needs a number or a date like 2016-08-31; this is {value!r}.") from None
        at = alt.DateTime(year=day.year, month=day.month, date=day.day)
    elif number(value) is None:
        raise DrawingError(f"A reference line needs a number or a date; this is {value!r}.")
    base = alt.Chart(alt.Data(values=[{"label": label}]))
    rule = base.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.5, aria=False)
    text = base.mark_text(color=INK, fontSize=SIZE, aria=False, baseline="bottom", dy=-3, align="left", dx=4)
    if axis == "y":
        y = alt.Y(datum=at, title=None)
        return alt.LayerChart(layer=[rule.encode(y=y), text.encode(y=y, x=alt.value(0), text="label:N")])
    x = alt.X(datum=at, title=None)
    beside = base.mark_text(color=INK, fontSize=SIZE, aria=False, baseline="top", align="left", dx=5, dy=3)
    return alt.LayerChart(layer=[rule.encode(x=x), beside.encode(x=x, y=alt.value(0), text="label:N")])

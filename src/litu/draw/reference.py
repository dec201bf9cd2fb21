"""A line at a value, and a guess beside the figure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import altair as alt

from litu.display.facts import TOLD
from litu.display.palette import BLUE, INK, ORANGE
from litu.draw.canvas import SIZE, WIDTH, title_of
from litu.draw.tables import DrawingError, number, written


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
        place = alt.Y(datum=at, title=None)
        return alt.layer(rule.encode(y=place), text.encode(y=place, x=alt.value(0), text="label:N"))
    place = alt.X(datum=at, title=None)
    beside = base.mark_text(color=INK, fontSize=SIZE, aria=False, baseline="top", align="left", dx=5, dy=3)
    return alt.layer(rule.encode(x=place), beside.encode(x=place, y=alt.value(0), text="label:N"))


def guess_beside(figure: Any, guess: Any, *, label: str, unit: str, title: str, description: str) -> alt.LayerChart:
    """Return the figure as a filled mark and the reader's own guess as a hollow one, on one axis in `unit`.

    A guess of `...`, or one that is no number, leaves the figure alone, with a sentence that says so. So does a
    figure of `...` or None, the result of an exercise not done yet: the guess stands alone. Raises `DrawingError` for a
    figure that is anything else but a number.
    """
    value, own = number(figure), number(guess)
    if value is None and figure is not ... and figure is not None:
        raise DrawingError(f"The figure is a number; this is {figure!r}.")
    ends = [0.0, *(end for end in (value, own) if end is not None)]
    low, high = min(ends), max(ends)
    room = (high - low or 1) * 0.04
    scale = alt.Scale(domain=[low - (room if low < 0 else 0), high + room], nice=False, zero=False)
    rows: list[dict[str, Any]] = []
    notes = []
    if value is None:
        notes.append("No figure yet: do the exercise above, then run this cell again.")
    else:
        rows.append({"value": value, "row": 26, "text": f"figure: {written(value, unit)}", "kind": "figure"})
    if own is not None:
        rows.append({"value": own, "row": 74, "text": f"your guess: {written(own, unit)}", "kind": "your guess"})
    elif guess is ...:
        notes.append("No guess yet: put a number in the cell above and run both cells again.")
    else:
        notes.append("The guess is no number, so it is not drawn.")
    title_lines = title_of(title)
    if notes:
        title_lines.subtitle = notes
    middle = (low + high) / 2
    for row in rows:
        row["side"] = "left" if row["value"] <= middle else "right"
        row["foot"] = row["row"] + 9
    name = label[:1].upper() + label[1:]
    x = alt.X("value:Q", scale=scale, title=f"{name} ({unit})" if unit and unit != label else name, axis=alt.Axis(grid=False, tickCount=6, labels=bool(rows), ticks=bool(rows)))
    down = alt.Scale(domain=[0, 100], reverse=True)
    y, foot = alt.Y("row:Q", scale=down, axis=None), alt.Y("foot:Q", scale=down, axis=None)
    data = alt.Chart(alt.Data(values=rows))
    stems = data.mark_rule(color=INK, strokeOpacity=0.4, aria=False).encode(x=x, y=foot, y2=alt.value("height"))
    layers = [stems]
    for kind, colour, filled in (("figure", BLUE, True), ("your guess", ORANGE, False)):
        mine = alt.Chart(alt.Data(values=[row for row in rows if row["kind"] == kind]))
        layers.append(mine.mark_point(shape="circle", size=190, filled=filled, color=colour, strokeWidth=3, opacity=1).encode(x=x, y=y))
    for side, dx in (("left", 14), ("right", -14)):
        mine = alt.Chart(alt.Data(values=[row for row in rows if row["side"] == side]))
        layers.append(mine.mark_text(align=side, dx=dx, color=INK, fontSize=13, fontWeight="bold", lineBreak="\n").encode(x=x, y=y, text="text:N"))
    return alt.layer(*layers).properties(
        width=WIDTH - 20,
        height=100,
        title=title_lines,
        description=description,
        view=alt.ViewBackground(stroke=None, fill=None),
        usermeta={TOLD: [str(row["text"]) for row in rows]},
    )

"""One's own guess beside the figure, on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from litu.display.facts import TOLD
from litu.display.numbers import AXIS
from litu.display.palette import BLUE, INK, ORANGE
from litu.draw.canvas import title_of
from litu.draw.shapes import LINE_HEIGHT, WIDTH, Align
from litu.draw.tables import DrawingError, number, written
from litu.draw.text import text_width, wrap

_LONG, _HIGH, _SIZE = WIDTH - 20, 100, 13
_FROM_MARK = 14
_ROWS = {"figure": 26, "your guess": 74}


@dataclass(frozen=True)
class _Mark:
    """A value, where it lies in pixels, and its label: lines that start or end beside it."""

    kind: str
    value: float
    x: float
    lines: tuple[str, ...]
    align: Align

    @property
    def y(self) -> float:
        return _ROWS[self.kind]

    @property
    def span(self) -> tuple[float, float]:
        """Left and right end of the label."""
        wide = max(text_width(line, _SIZE, bold=True) for line in self.lines)
        start = self.x + _FROM_MARK if self.align == "left" else self.x - _FROM_MARK - wide
        return start, start + wide


def guess_beside(figure: Any, guess: Any, *, label: str, unit: str, title: str, description: str) -> alt.LayerChart:
    """Return the figure as a filled mark and the reader's own guess as a hollow one, on one axis in `unit`.

    A guess of `...`, or one that is no number, leaves the figure alone, with a sentence that says so. So does a
    figure of `...` or None, the result of an exercise not done yet: the guess stands alone. Raises `DrawingError` for a
    figure that is anything else but a number.
    """
    value, own = number(figure), number(guess)
    if value is None and figure is not ... and figure is not None:
        raise DrawingError(f"The figure is a number; this is {figure!r}.")
    values = {kind: amount for kind, amount in (("figure", value), ("your guess", own)) if amount is not None}
    low, high = min([0.0, *values.values()]), max([0.0, *values.values()])
    room = (high - low or 1) * 0.04
    low, high = low - (room if low < 0 else 0), high + room
    marks: list[_Mark] = []
    for kind, amount in values.items():
        marks.append(_placed(kind, amount, (amount - low) / (high - low) * _LONG, unit, [mark.x for mark in marks]))
    name = label[:1].upper() + label[1:]
    heading = title_of(title)
    if notes := _notes(value, own, guess):
        heading.subtitle = notes
    axis = alt.Axis(grid=False, tickCount=6, labels=bool(marks), ticks=bool(marks), labelExpr=AXIS)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    x = alt.X("value:Q", scale=scale, title=f"{name} ({unit})" if unit and unit != label else name, axis=axis)
    return alt.LayerChart(layer=_layers(marks, x)).properties(
        width=_LONG,
        height=_HIGH,
        title=heading,
        description=description,
        view=alt.ViewBackground(stroke=None, fill=None),
        usermeta={TOLD: [" ".join(mark.lines) for mark in marks]},
    )


def _notes(value: float | None, own: float | None, guess: Any) -> list[str]:
    """Return what is still missing, in sentences."""
    notes = [] if value is not None else ["No figure yet: do the exercise above, then run this cell again."]
    if own is None:
        notes.append(
            "No guess yet: put a number in the cell above and run both cells again."
            if guess is ...
            else "The guess is no number, so it is not drawn."
        )
    return notes


def _placed(kind: str, value: float, x: float, unit: str, stems: list[float]) -> _Mark:
    """Return a mark whose label stands on the side where it fits and crosses no stem; else on the wider side, in lines."""
    text = f"{kind}: {written(value, unit)}"

    def fault(mark: _Mark) -> tuple[bool, bool, float]:
        start, end = mark.span
        return start < 0 or end > _LONG, any(start - 4 < stem < end + 4 for stem in stems), -min(start, _LONG - end)

    sides: dict[Align, float] = {"left": _LONG - x - _FROM_MARK, "right": x - _FROM_MARK}
    one_line = [_Mark(kind, value, x, (text,), align) for align in sides]
    in_lines = [_Mark(kind, value, x, tuple(wrap(text, max(room, 130), _SIZE, bold=True)), align) for align, room in sides.items()]
    return min([*one_line, *in_lines], key=fault)


def _layers(marks: list[_Mark], x: alt.X) -> list[alt.Chart]:
    down = alt.Scale(domain=[0, _HIGH], reverse=True)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=down, axis=None)

    pieces = [{"value": mark.value, "from": start, "to": end} for mark in marks for start, end in _stem(mark, marks)]
    stems = alt.Chart(alt.Data(values=pieces)).mark_rule(color=INK, strokeOpacity=0.4, aria=False).encode(x=x, y=y("from"), y2="to")
    layers = [stems]
    for mark in marks:
        own = alt.Chart(alt.Data(values=[{"value": mark.value, "row": mark.y}]))
        colour, filled = (BLUE, True) if mark.kind == "figure" else (ORANGE, False)
        layers.append(
            own.mark_point(shape="circle", size=190, filled=filled, color=colour, strokeWidth=3, opacity=1).encode(x=x, y=y("row"))
        )
        first = mark.y - (len(mark.lines) - 1) / 2 * _SIZE * LINE_HEIGHT
        text = alt.Chart(alt.Data(values=[{"value": mark.value, "row": first, "text": "\n".join(mark.lines)}])).mark_text(
            align=mark.align, dx=_FROM_MARK if mark.align == "left" else -_FROM_MARK, baseline="middle",
            color=INK, fontSize=_SIZE, fontWeight="bold", lineBreak="\n", lineHeight=_SIZE * LINE_HEIGHT,
        )  # fmt: skip
        layers.append(text.encode(x=x, y=y("row"), text="text:N"))
    return layers


def _stem(mark: _Mark, marks: list[_Mark]) -> list[tuple[float, float]]:
    """Return the line from a mark to the axis, in two pieces where another label lies over it."""
    top = mark.y + 9
    for other in marks:
        start, end = other.span
        if other.y > mark.y and start - 4 < mark.x < end + 4:
            half = len(other.lines) * _SIZE * LINE_HEIGHT / 2
            return [(top, other.y - half), (other.y + half, _HIGH)]
        if other.y > mark.y and abs(other.x - mark.x) < 10:
            return [(top, other.y - 9)]
    return [(top, _HIGH)]

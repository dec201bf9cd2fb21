"""A chain: boxes and arrows from left to right."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import altair as alt
import pandas as pd

from litu.display.palette import INK, ORANGE, TINT
from litu.draw.canvas import canvas
from litu.draw.graphs.graph import first_met, read_graph, sentences
from litu.draw.graphs.layered import Columns, Item, columns_of
from litu.draw.graphs.rows import CHANNEL, PORT, Row, fold, place
from litu.draw.shapes import SIZE, WIDTH, Rect, Shape, Stroke, Words, bend, head, text_height
from litu.draw.tables import DrawingError
from litu.draw.text import longest_word, text_width, wrap

DASHES = {"": (1, 0), "printed": (1, 0), "inferred": (6, 4)}
_OTHER = (2, 3)
_PAD = 9
_WIDEST, _NARROWEST = 190, 100
_WORDS = 84
_LONGEST = 170
"""A longer word is cut in pieces."""


def chain(
    edges: pd.DataFrame,
    *,
    title: str,
    description: str,
    nodes: pd.DataFrame | None = None,
    highlight: Collection[object] = (),
) -> alt.LayerChart:
    """Return boxes and arrows from left to right; what does not fit goes on in a new row.

    `edges` has the columns `from` and `to` and perhaps `relation`, written on the arrow, and `status`: `printed` is
    drawn solid, `inferred` dashed, anything else dotted, and a key tells them apart. `nodes` gives labels (`node`, `label`) and
    perhaps a `status`. `highlight` names boxes, or arrows as pairs, to draw thick. Raises `DrawingError` for a table that cannot
    be drawn and for a highlight that is not there.
    """
    graph = read_graph(edges, nodes)
    marked = {str(item) if not isinstance(item, tuple) else tuple(map(str, item)) for item in highlight}
    there = {*graph.labels, *((e.source, e.target) for e in graph.edges)}
    if marked - there:
        raise DrawingError(f"There is nothing {sorted(map(str, marked - there))[0]!r} to highlight in this chain.")
    flow = columns_of(graph)
    rows = _fitted(flow, graph.labels)
    channels = _channels(rows)
    left = CHANNEL * (channels + 1) if channels else 4.0
    placed = place(rows, left)
    shapes: list[Shape] = []
    for item in (item for row in placed for column in row.columns for item in column):
        if item.kind == "box":
            shapes += _box(item, graph.labels[item.name], graph.status.get(item.name, ""), item.name in marked)
        elif item.kind == "words":
            sign = len(item.name) == 1
            shapes.append(Words(item.x + item.width / 2, item.y, tuple(wrap(item.name, _WORDS)), size=17 if sign else SIZE, bold=sign))
    shapes += _arrows(flow, placed, left, marked)
    height = placed[-1].bottom + 6
    styles = sorted(first_met([*(e.status for e in graph.edges), *graph.status.values()]), key=lambda style: [*DASHES, style].index(style))
    if styles:
        key, height = _key(styles, height + 18)
        shapes += key
    told = sentences(graph)
    return canvas(shapes, height, title=title, description=description, told=told, width=max(WIDTH, _right(placed) + left))


def _fitted(flow: Columns, labels: dict[str, str]) -> list[list[list[Item]]]:
    """Size the items so that few rows hold them, few arrows go on from row to row, and the first rows are full; return the rows."""

    def cost(widest: int) -> tuple[int, int, list[int], int]:
        _size(flow, labels, widest)
        rows = _rows(flow)
        return len(rows), sum(len(item.after) for row in rows[:-1] for item in row[-1]), [-len(row) for row in rows], -widest

    _size(flow, labels, min(range(_WIDEST, _NARROWEST - 1, -6), key=cost))
    return _rows(flow)


def _rows(flow: Columns) -> list[list[list[Item]]]:
    """Fold the columns, with room at both sides for the arrows that go on in the next row."""
    rows = fold(flow.columns, WIDTH - 8)
    for channels in range(1, 30):
        if len(rows) == 1 or _channels(rows) < channels:
            break
        rows = fold(flow.columns, WIDTH - 2 * CHANNEL * (channels + 1))
    return rows


def _size(flow: Columns, labels: dict[str, str], widest: float) -> None:
    for column in flow.columns:
        for item in column:
            if item.kind == "box":
                room = max(widest - 2 * _PAD, min(longest_word(labels[item.name]), _LONGEST))
                item.width = max(text_width(line) for line in wrap(labels[item.name], room)) + 2 * _PAD
            elif item.kind == "words":
                lines = wrap(item.name, _WORDS)
                item.width, item.height = max(text_width(line) for line in lines) + 6, text_height(len(lines))
            else:
                item.width, item.height = 4.0, 2.0
        wide = max(item.width for item in column)
        for item in (item for item in column if item.kind == "box"):
            lines = wrap(labels[item.name], wide - 2 * _PAD + 0.5)
            ports = max(len(item.before), len(item.after), 1)
            item.width, item.height = wide, max(text_height(len(lines)) + 2 * _PAD, PORT * ports + 6)


def _channels(rows: list[list[list[Item]]]) -> int:
    """Return how many arrows at most go on from one row to the next."""
    return max((sum(len(item.after) for item in row[-1]) for row in rows[:-1]), default=0)


def _right(rows: list[Row]) -> float:
    return max(item.x + item.width for row in rows for column in row.columns for item in column)


def _box(item: Item, label: str, status: str, thick: bool) -> Iterator[Shape]:
    dash = DASHES.get(status, _OTHER)
    yield Rect(
        item.x,
        item.y - item.height / 2,
        item.x + item.width,
        item.y + item.height / 2,
        TINT,
        ORANGE if thick else INK,
        3.5 if thick else 1.2,
        dash,
    )
    yield Words(item.x + item.width / 2, item.y, tuple(wrap(label, item.width - 2 * _PAD + 0.5)), bold=False)


def _arrows(flow: Columns, rows: list[Row], left: float, marked: Collection[object]) -> Iterator[Shape]:
    """Yield each arrow, in pieces where words interrupt it, and its head."""
    row_of = {id(item): number for number, row in enumerate(rows) for column in row.columns for item in column}
    right = _right(rows)
    turns = dict.fromkeys(range(len(rows)), 0)
    for way in flow.ways:
        thick = (way.edge.source, way.edge.target) in marked
        colour = ORANGE if thick else INK
        pieces: list[list[tuple[float, float]]] = [[]]
        for one, two in zip(way.items, way.items[1:]):
            start, end = (one.x + one.width, _port(one, two, after=True)), (two.x, _port(two, one, after=False))
            if one is way.items[0] and way.back:
                pieces[-1].append(start)
                start = (start[0] + 8, start[1])
            if two is way.items[-1] and not way.back:
                end = (end[0] - 8, end[1])
            number = row_of[id(one)]
            if number == row_of[id(two)]:
                pieces[-1] += bend(*start, *end)
            else:
                turns[number] += 1
                pieces[-1] += _to_next_row(start, end, CHANNEL * turns[number], left, right, rows[number].bottom + 10)
            if two is way.items[-1] and not way.back:
                pieces[-1].append((end[0] + 3, end[1]))
            if two.kind == "words":
                pieces.append([])
        for piece in pieces:
            yield Stroke(tuple(piece), colour, 3.5 if thick else 1.5, DASHES.get(way.edge.status, _OTHER), strength=0.85)
        first, last = way.items[0], way.items[-1]
        if way.back:
            yield head(first.x + first.width, _port(first, way.items[1], after=True), "left", colour)
        else:
            yield head(last.x, _port(last, way.items[-2], after=False), "right", colour)


def _to_next_row(
    start: tuple[float, float], end: tuple[float, float], channel: float, left: float, right: float, below: float
) -> list[tuple[float, float]]:
    """Return the way round from the end of one row to the start of the next, in a channel of its own."""
    out, down, back = right + channel, below + channel, left - channel
    return [start, (out, start[1]), (out, down), (back, down), (back, end[1]), end]


def _port(item: Item, other: Item, *, after: bool) -> float:
    """Return the height at which an arrow to or from ``other`` meets an item's side."""
    if item.kind != "box":
        return item.y
    near = sorted(item.after if after else item.before, key=lambda one: one.y)
    return item.y + (near.index(other) - (len(near) - 1) / 2) * PORT


def _key(styles: list[str], top: float) -> tuple[list[Shape], float]:
    """Return the key of line styles below a drawing, and its lower edge."""
    shapes: list[Shape] = []
    x, y = 4.0, top
    for style in styles:
        wide = 46 + text_width(style) + 22
        if x > 4 and x + wide > WIDTH:
            x, y = 4.0, y + 20
        shapes.append(Stroke(((x, y), (x + 38, y)), INK, 1.5, DASHES.get(style, _OTHER)))
        shapes.append(Words(x + 46, y, (style,), "left", SIZE))
        x += wide
    return shapes, y + 12

"""Villages at equal distances: the two lattices that cover a plain evenly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import EllipsisType
from typing import Literal

import altair as alt

from litu.display.palette import BLUE, INK, ORANGE
from litu.draw.canvas import canvas
from litu.draw.shapes import WIDTH, Mark, Shape, Stroke, Words
from litu.draw.tables import DrawingError, number, written
from litu.draw.text import text_width

_STEP = 112.0
"""Pixels from one village to the next: the picture keeps its scale, the label tells the distance."""
_ROWS = 4


def lattice(
    spacing: float | EllipsisType,
    kind: Literal["hexagonal", "square"] = "hexagonal",
    *,
    title: str,
    description: str,
    unit: str = "km",
) -> alt.LayerChart:
    """Return villages on a lattice, the land of each, and the distance to the next village with its length.

    `spacing` is that distance in `unit`; a value that is still `...` is written as "?". Raises `DrawingError`
    for a spacing that is no number above 0 and for another kind.
    """
    if kind not in ("hexagonal", "square"):
        raise DrawingError(f"A lattice is 'hexagonal' or 'square', not {kind!r}.")
    length = number(spacing)
    if spacing is not ... and (length is None or length <= 0):
        raise DrawingError(f"The spacing of a lattice is a number above 0; this is {spacing!r}.")
    down = _STEP * (math.sqrt(3) / 2 if kind == "hexagonal" else 1)
    high = down * (_ROWS - 1) + 2 * _STEP * 0.62
    shapes: list[Shape] = []
    villages = list(_villages(kind, down))
    one, two = _measured(villages)
    for border in _borders(villages, kind):
        shapes += [Stroke(piece, BLUE, 1, strength=0.8) for piece in _around_label(border, one, two)]
    for x, y in villages:
        shapes.append(Mark(x, y, size=90, fill=BLUE, stroke=BLUE))
    distance = f"{written(length)} {unit}" if length else f"? {unit}"
    shapes += _distance(one, two, distance)
    key = f"Dots: villages, {'six' if kind == 'hexagonal' else 'four'} nearest neighbours each. Thin lines: the land of each village."
    shapes.append(Words(0, high + 12, (key,), "left"))
    told = [f"Villages on a {kind} lattice; from each to its nearest neighbours: {distance}", key]
    return canvas(shapes, high + 22, title=title, description=description, told=told)


def _villages(kind: str, down: float) -> Iterator[tuple[float, float]]:
    for row in range(_ROWS):
        shift = _STEP / 2 if kind == "hexagonal" and row % 2 else 0
        count = 5 if not shift else 4
        left = (WIDTH - 4 * _STEP) / 2
        for column in range(count):
            yield left + shift + column * _STEP, _STEP * 0.62 + row * down


def _measured(villages: list[tuple[float, float]]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return two neighbours in the middle of the second row."""
    row = sorted({y for _, y in villages})[1]
    one, two = [village for village in villages if village[1] == row][1:3]
    return one, two


def _borders(villages: list[tuple[float, float]], kind: str) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield each border once: all points beyond it are nearer to another village."""
    corners = 6 if kind == "hexagonal" else 4
    reach = _STEP / 2 / math.cos(math.pi / corners)
    turn = math.pi / 2 if corners == 6 else math.pi / 4
    seen = set()
    for x, y in villages:
        angles = [turn + corner * 2 * math.pi / corners for corner in range(corners + 1)]
        outline = [(round(x + reach * math.cos(angle), 1), round(y + reach * math.sin(angle), 1)) for angle in angles]
        for start, end in zip(outline, outline[1:]):
            middle = (round(start[0] + end[0]), round(start[1] + end[1]))
            if middle not in seen:
                seen.add(middle)
                yield start, end


def _around_label(
    border: tuple[tuple[float, float], tuple[float, float]], one: tuple[float, float], two: tuple[float, float]
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield a border, in two pieces where the length is written over it."""
    (x, y), (x2, y2) = border
    label = (one[1] - 26, one[1] - 4)
    if abs(x - x2) < 1 and one[0] < x < two[0] and min(y, y2) < label[0] and label[1] < max(y, y2):
        yield (x, min(y, y2)), (x, label[0])
        yield (x, label[1]), (x, max(y, y2))
    else:
        yield border


def _distance(one: tuple[float, float], two: tuple[float, float], words: str) -> Iterator[Shape]:
    """Yield the measured way between two villages."""
    (x, y), (x2, _) = one, two
    yield Stroke(((x + 8, y), (x2 - 8, y)), ORANGE, 2.5)
    yield Mark(x + 11, y, "triangle-left", 90, fill=ORANGE, stroke=ORANGE)
    yield Mark(x2 - 11, y, "triangle-right", 90, fill=ORANGE, stroke=ORANGE)
    size = 15 if text_width(words, 15, bold=True) < _STEP - 20 else 12
    yield Words((x + x2) / 2, y - 15, (words,), size=size, bold=True, colour=INK)

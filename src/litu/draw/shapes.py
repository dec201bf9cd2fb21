"""Shapes on a plane of pixels: x to the right, y downwards, (0, 0) at the upper left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litu.display.palette import INK

WIDTH = 600
"""Width of a drawing in pixels: what a notebook shows without shrinking."""
SIZE = 12
"""Font size of a drawing's text in pixels."""
LINE_HEIGHT = 1.25
"""Distance of two lines of text, in font sizes."""
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Rect:
    """A rectangle; an empty colour paints nothing."""

    x: float
    y: float
    x2: float
    y2: float
    fill: str = "transparent"
    stroke: str = INK
    thick: float = 1
    dash: tuple[float, ...] = (1, 0)


@dataclass(frozen=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str = INK
    thick: float = 1.5
    dash: tuple[float, ...] = (1, 0)
    strength: float = 1.0


@dataclass(frozen=True)
class Mark:
    """A small sign: an arrow head, a dot."""

    x: float
    y: float
    shape: str = "circle"
    size: float = 70
    angle: float = 0
    fill: str = INK
    stroke: str = INK
    thick: float = 1.5


@dataclass(frozen=True)
class Words:
    """Lines of text round a point: ``y`` is the middle of the block."""

    x: float
    y: float
    lines: tuple[str, ...]
    align: Align = "center"
    size: float = SIZE
    bold: bool = False
    colour: str = INK

    @property
    def height(self) -> float:
        """Height of the block in pixels."""
        return text_height(len(self.lines), self.size)


Shape = Rect | Stroke | Mark | Words


def text_height(lines: int, size: float = SIZE) -> float:
    """Return the height of so many lines of text in pixels."""
    return lines * size * LINE_HEIGHT


def bend(x: float, y: float, x2: float, y2: float) -> tuple[tuple[float, float], ...]:
    """Return the points of a line that leaves and arrives level."""
    if abs(y2 - y) < 0.5:
        return ((x, y), (x2, y2))
    steps = [step / 10 for step in range(11)]
    return tuple((x + (x2 - x) * t, y + (y2 - y) * t * t * (3 - 2 * t)) for t in steps)


def head(x: float, y: float, way: str, colour: str = INK) -> Mark:
    """Return an arrow head whose tip is at a point; ``way`` is right, left, up or down."""
    back = {"right": (-5, 0), "left": (5, 0), "up": (0, 5), "down": (0, -5)}[way]
    return Mark(x + back[0], y + back[1], f"triangle-{way}", 75, fill=colour, stroke=colour, thick=0.5)

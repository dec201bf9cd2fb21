"""China as tiles of equal size, one for each province: no boundary is drawn, and small provinces are as easy to see as large ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from litu.dataset.tables import load
from litu.display.palette import INK, text_on
from litu.draw.shapes import WIDTH, Rect, Shape, Stroke, Words, text_height
from litu.draw.tables import DrawingError
from litu.draw.text import wrap

COLUMNS, ROWS, TALL, GAP = 7, 8, 66, 4
WIDE = (WIDTH + GAP) / COLUMNS
BOTTOM = ROWS * TALL - GAP
EMPTY = (2, 3)
"""The outline of a tile with nothing in it."""
MOST_LINES = 2
COVERS = "One tile for each of 31 province-level units; our tables have no figures for Hong Kong, Macau and Taiwan."
"""What every map of tiles says of what it does not show."""
_NAME = 12


@dataclass(frozen=True)
class Tile:
    """One province: where its tile lies and what is written in it."""

    name: str
    x: float
    y: float

    @property
    def x2(self) -> float:
        """Right edge."""
        return self.x + WIDE - GAP

    @property
    def y2(self) -> float:
        """Lower edge."""
        return self.y + TALL - GAP

    @property
    def middle(self) -> float:
        """Middle of its width."""
        return (self.x + self.x2) / 2


def grid() -> dict[str, Tile]:
    """Return the tile of each province, in the order of the table `province_grid`."""
    return {
        row.province: Tile(row.province, (row.column - 1) * WIDE, (row.row - 1) * TALL)
        for row in load("province_grid").itertuples(index=False)
    }


def unknown_province(name: object, tiles: dict[str, Tile]) -> DrawingError:
    """Return the error for a name that is no province's."""
    return DrawingError(f"There is no tile for the province {name!r}; the names are {', '.join(tiles)}.")


def tile_shapes(tile: Tile, lines: list[str], fill: str, dash: tuple[float, ...] = (1, 0)) -> Iterator[Shape]:
    """Yield a tile with the name of its province and, in bold, its value."""
    filled = fill.startswith("#")
    colour = text_on(fill) if filled else INK
    yield Rect(tile.x, tile.y, tile.x2, tile.y2, fill, INK if not filled else fill, 1, dash)
    name = wrap(tile.name, WIDE - GAP - 6, _NAME)
    value = [line for text in lines for line in lines_of(text)]
    if len(value) > MOST_LINES:
        raise DrawingError(f"{lines[0]!r} is too long for a tile: {MOST_LINES} lines of about 12 letters fit.")
    high = text_height(len(name), _NAME) + text_height(len(value), _NAME)
    top = (tile.y + tile.y2 - high) / 2
    yield Words(tile.middle, top + text_height(len(name), _NAME) / 2, tuple(name), size=_NAME, colour=colour)
    if value:
        yield Words(tile.middle, top + high - text_height(len(value), _NAME) / 2, tuple(value), size=_NAME, bold=True, colour=colour)


def lines_of(text: str) -> list[str]:
    """Return the lines that a value takes in a tile."""
    return wrap(text, WIDE - GAP - 6, _NAME, bold=True)


def hatched(tile: Tile, colour: str) -> Iterator[Shape]:
    """Yield slanting lines over a tile and a broken outline."""
    yield from slant(tile.x, tile.y, tile.x2, tile.y2, colour)
    yield Rect(tile.x + 1, tile.y + 1, tile.x2 - 1, tile.y2 - 1, "transparent", INK, 2, (5, 3))


def slant(x: float, y: float, x2: float, y2: float, colour: str, step: float = 9) -> Iterator[Shape]:
    """Yield slanting lines inside a frame."""
    high = y2 - y
    start = x - high + step
    while start < x2 - 1:
        left, right = max(start, x + 1), min(start + high, x2 - 1)
        yield Stroke(((left, y2 - (left - start)), (right, y2 - (right - start))), colour, 1, strength=0.3)
        start += step

"""China as tiles of equal size, one for each province: no boundary is drawn, and small provinces are as easy to see as large ones."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from litu.dataset.tables import load
from litu.display.palette import CATEGORIES, INK, STEPS, text_on
from litu.draw.canvas import SIZE, WIDTH, Rect, Shape, Stroke, Words, canvas, text_height
from litu.draw.tables import DrawingError, number, rows_of, written
from litu.draw.text import text_width, wrap

COLUMNS, TALL, GAP = 7, 66, 4
WIDE = (WIDTH + GAP) / COLUMNS
_NAME = 12
_MOST_LINES = 2
NO_BREAK = "\u00a0"


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
        row.province: Tile(row.province, (row.column - 1) * WIDE, (row.row - 1) * TALL) for row in load("province_grid").itertuples(index=False)
    }


def tile_map(
    table: pd.DataFrame,
    value: str,
    *,
    title: str,
    description: str,
    unit: str = "",
    missing: str = "no figure",
    label: str | None = None,
    doubtful: str | None = None,
) -> alt.LayerChart:
    """Return a map of tiles, each with its province's name and value and a colour that says the same.

    `table` has one row for each province: the column `province` and the column named by `value`, numbers or a
    few words. `label` names a column to write in place of the value; `doubtful` a column of True and False:
    such tiles are hatched. A province without a row or value is outlined only and called `missing`.
    Raises `DrawingError` for an unknown province or one with two rows.
    """
    tiles = grid()
    rows = _by_province(rows_of(table, ["province", value], filter(None, (label, doubtful))), tiles)
    values = {name: row[value] for name, row in rows.items() if row[value] is not None}
    if not values:
        raise DrawingError(f"The column {value!r} holds no value to draw.")
    colours, key = _classes(values, unit)
    letters: dict[Any, str] = {}
    if any(len(_lines(str(value))) > _MOST_LINES for value in values.values() if number(value) is None):
        letters = {words: "ABCDEF"[i] for i, (_, _, words) in enumerate(key)}
        key = [(fill, dash, f"{letters[words]}: {words}") for fill, dash, words in key]
    shapes: list[Shape] = []
    unsure = False
    for name, tile in tiles.items():
        if name not in values:
            shapes += _tile(tile, [], "transparent", dash=(2, 3))
            continue
        row, fill = rows[name], colours(values[name])
        shown = row[label] if label and row.get(label) is not None else letters.get(values[name], values[name])
        shapes += _tile(tile, [written(shown)], fill)
        if doubtful and row.get(doubtful) in (True, "True", "true", 1):
            unsure = True
            shapes += _hatched(tile, text_on(fill))
    if len(values) < len(tiles):
        key.append(("transparent", (2, 3), missing))
    if unsure:
        key.append(("hatched", (1, 0), "hatched: doubtful"))
    legend, height = _key(key)
    told = [f"{name}: {written(value, unit)}" for name, value in values.items()]
    if rest := [name for name in tiles if name not in values]:
        told.append(f"{missing}: {', '.join(rest)}")
    return canvas([*shapes, *legend], height, title=title, description=description, told=told)


def places(table: pd.DataFrame, *, title: str, description: str) -> alt.LayerChart:
    """Return a map of tiles with numbered places in them and the list of their names below.

    `table` has the columns `place` and `province` and perhaps `unit` and `note`. A place without a province, such
    as a group of provinces, stands in the list only. Raises `DrawingError` for an unknown province.
    """
    tiles = grid()
    rows = rows_of(table, ["place", "province"], ["unit", "note"])
    unknown = sorted({row["province"] for row in rows if row["province"] is not None} - tiles.keys())
    if unknown:
        raise _unknown(unknown[0], tiles)
    order = {name: rank for rank, name in enumerate(tiles)}
    rows.sort(key=lambda row: order.get(row["province"], len(order)))
    numbers: dict[str, list[str]] = {}
    for count, row in enumerate(rows, 1):
        numbers.setdefault(row["province"] or "", []).append(str(count))
    shapes: list[Shape] = []
    for name, tile in tiles.items():
        here = numbers.get(name, [])
        line = " ".join(here) if len(here) < 4 else f"{here[0]} to {here[-1]}"
        shapes += _tile(tile, [line], STEPS[1]) if here else _tile(tile, [], "transparent", dash=(2, 3))
    below = max(tile.y2 for tile in tiles.values()) + 22
    listed, height = _listed(rows, below)
    told = [f"{row['place']}, {row['province'] or 'no single province'}" for row in rows]
    return canvas([*shapes, *listed], height, title=title, description=description, told=told)


def _by_province(rows: list[dict[str, Any]], tiles: dict[str, Tile]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = row["province"]
        if name not in tiles:
            raise _unknown(name, tiles)
        if name in found:
            raise DrawingError(f"The table has two rows for {name}: a tile shows one value. Keep one row for each province.")
        found[name] = row
    return found


def _unknown(name: object, tiles: dict[str, Tile]) -> DrawingError:
    return DrawingError(f"There is no tile for the province {name!r}; the names are {', '.join(tiles)}.")


def _tile(tile: Tile, lines: list[str], fill: str, dash: tuple[float, ...] = (1, 0)) -> Iterator[Shape]:
    """Yield a tile with the name of its province and, in bold, its value."""
    filled = fill.startswith("#")
    colour = text_on(fill) if filled else INK
    yield Rect(tile.x, tile.y, tile.x2, tile.y2, fill, INK if not filled else fill, 1, dash)
    name = wrap(tile.name, WIDE - GAP - 6, _NAME)
    value = [line for text in lines for line in _lines(text)]
    if len(value) > _MOST_LINES:
        raise DrawingError(f"{lines[0]!r} is too long for a tile: {_MOST_LINES} lines of about 12 letters fit.")
    high = text_height(len(name), _NAME) + text_height(len(value), _NAME)
    top = (tile.y + tile.y2 - high) / 2
    yield Words(tile.middle, top + text_height(len(name), _NAME) / 2, tuple(name), size=_NAME, colour=colour)
    if value:
        yield Words(tile.middle, top + high - text_height(len(value), _NAME) / 2, tuple(value), size=_NAME, bold=True, colour=colour)


def _lines(text: str) -> list[str]:
    return wrap(text, WIDE - GAP - 6, _NAME, bold=True)


def _hatched(tile: Tile, colour: str) -> Iterator[Shape]:
    """Yield slanting lines over a tile and a broken outline."""
    yield from _slant(tile.x, tile.y, tile.x2, tile.y2, colour)
    yield Rect(tile.x + 1, tile.y + 1, tile.x2 - 1, tile.y2 - 1, "transparent", INK, 2, (5, 3))


def _slant(x: float, y: float, x2: float, y2: float, colour: str, step: float = 9) -> Iterator[Shape]:
    high = y2 - y
    start = x - high + step
    while start < x2 - 1:
        left, right = max(start, x + 1), min(start + high, x2 - 1)
        yield Stroke(((left, y2 - (left - start)), (right, y2 - (right - start))), colour, 1, strength=0.3)
        start += step


def _classes(values: dict[str, Any], unit: str) -> tuple[Any, list[tuple[str, tuple[float, ...], str]]]:
    """Return a function from a value to its colour, and the key: colour, outline and words of each class."""
    amounts = {name: number(value) for name, value in values.items()}
    if None in amounts.values():
        words = sorted({str(value) for value in values.values()})
        if len(words) > len(CATEGORIES):
            raise DrawingError(f"A tile map tells at most {len(CATEGORIES)} words apart; the table has {len(words)}: {', '.join(words[:8])} …")
        colours = dict(zip(words, CATEGORIES))
        return lambda value: colours[str(value)], [(colours[word], (1, 0), word) for word in words]
    bounds = breaks(list(amounts.values()))
    fills = STEPS[len(STEPS) - len(bounds) + 1 :] if len(bounds) > 2 else STEPS[2:3]
    inner = bounds[1:-1]
    whole = all(amount == round(amount) for amount in amounts.values())
    key = [
        (fill, (1, 0), _between(low, high, last=high == bounds[-1], whole=whole, unit=unit))
        for fill, (low, high) in zip(fills, pairwise(bounds))
    ]
    return lambda value: fills[sum(value >= bound for bound in inner)], key


def breaks(values: list[float]) -> list[float]:
    """Return round limits of at most five classes: steps of equal size, or of equal ratio where the values span more than 1 to 50."""
    low, high = min(values), max(values)
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-9):
        return [low, high]
    if low > 0 and high / low > 50:
        inner = [step * 10.0**power for power in range(-9, 13) for step in (1, 2, 5)]
        inside = [bound for bound in inner if low < bound < 0.8 * high]
        every = max(1, -(-len(inside) // 4))
        return [low, *inside[every - 1 :: every], high]
    step = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(step))
    whole = all(value == round(value) for value in values)
    sizes = (m * power for m in (1, 2, 2.5, 5, 10, 20))
    size = next(size for size in sizes if size >= step * 0.999 and not (whole and size % 1))
    first = math.floor(low / size) + 1
    inside = [float(f"{(first + i) * size:.10g}") for i in range(5)]
    return [low, *[bound for bound in inside if low < bound < high][:4], high]


def _between(low: float, high: float, *, last: bool, whole: bool, unit: str) -> str:
    if low == high:
        return written(low, unit)
    if whole:
        top = high if last else high - 1
        return written(low, unit) if top <= low else f"{written(low)} to {written(top, unit)}"
    return f"{written(low)} to {written(high, unit)}" if last else f"{written(low)} to under {written(high, unit)}"


def _key(entries: list[tuple[str, tuple[float, ...], str]]) -> tuple[list[Shape], float]:
    """Return the key, in the sea at the lower left or else below the map, and the height of map and key."""
    step, box, wide = 18, 14, 22
    bottom = 8 * TALL - GAP
    fits = step * len(entries) < 2 * TALL and max(text_width(words) for _, _, words in entries) < 3 * WIDE - GAP - wide - 8
    top = bottom - step * len(entries) if fits else bottom + 16
    shapes: list[Shape] = []
    for count, (fill, dash, words) in enumerate(entries):
        y = top + count * step
        hatched = fill == "hatched"
        shapes.append(Rect(0, y, wide, y + box, "transparent" if hatched else fill, INK if hatched or fill == "transparent" else fill, 1, dash))
        shapes += _slant(0, y, wide, y + box, INK, 5) if hatched else []
        shapes.append(Words(wide + 8, y + box / 2, (words,), "left", SIZE))
    return shapes, max(bottom, top + step * len(entries)) + 2


def _listed(rows: list[dict[str, Any]], top: float) -> tuple[list[Shape], float]:
    """Return the numbered names in columns, and where they end."""
    columns = 3 if len(rows) > 8 else 2
    wide = WIDTH / columns
    entries = []
    for count, row in enumerate(rows, 1):
        where = row["province"] or "no single province"
        text = str(row["place"]) if row["place"] == where else f"{row['place']}, {where}"
        if row.get("unit") is not None:
            units = str(row["unit"]).split()
            text += f" (unit{'s' if len(units) > 1 else ''} {', '.join(units)})".replace(" ", NO_BREAK).replace(NO_BREAK, " ", 1)
        if row.get("note") is not None:
            text += f": {row['note']}"
        entries.append((str(count), wrap(text, wide - 36)))
    total = sum(text_height(len(lines)) + 4 for _, lines in entries)
    shapes: list[Shape] = []
    x, y, lowest = 0.0, top, top
    for count, lines in entries:
        high = text_height(len(lines)) + 4
        if y > top and y + high / 2 > top + total / columns and x + wide < WIDTH - 1:
            x, y = x + wide, top
        shapes.append(Words(x + text_width("00", bold=True), y + SIZE * 0.6, (count,), "right", SIZE, True))
        shapes.append(Words(x + 26, y + text_height(len(lines)) / 2, tuple(lines), "left"))
        y += high
        lowest = max(lowest, y)
    return shapes, lowest

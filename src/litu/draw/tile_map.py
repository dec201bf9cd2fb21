"""A value for each province, as a map of tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from litu.display.palette import INK, text_on
from litu.draw.canvas import canvas
from litu.draw.classes import classes
from litu.draw.shapes import Rect, Shape, Words
from litu.draw.tables import DrawingError, number, rows_of, written
from litu.draw.text import text_width
from litu.draw.tiles import (
    BOTTOM,
    COVERS,
    EMPTY,
    GAP,
    MOST_LINES,
    TALL,
    WIDE,
    Tile,
    grid,
    hatched,
    lines_of,
    slant,
    tile_shapes,
    unknown_province,
)


@dataclass(frozen=True)
class Entry:
    """A line of the key: a colour, its words and the outline of its box."""

    fill: str
    words: str
    dash: tuple[float, ...] = (1, 0)


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
    found = classes(list(values.values()), unit)
    key = [Entry(fill, words) for fill, words in found.key]
    letters: dict[Any, str] = {}
    if any(len(lines_of(str(value))) > MOST_LINES for value in values.values() if number(value) is None):
        letters = {words: letter for (_, words), letter in zip(found.key, "ABCDEF")}
        key = [Entry(fill, f"{letters[words]}: {words}") for fill, words in found.key]
    shapes: list[Shape] = []
    unsure = False
    for name, tile in tiles.items():
        if name not in values:
            shapes += tile_shapes(tile, [], "transparent", dash=EMPTY)
            continue
        row, fill = rows[name], found.colour(values[name])
        shown = row[label] if label and row.get(label) is not None else letters.get(values[name], values[name])
        shapes += tile_shapes(tile, [written(shown)], fill)
        if doubtful and row.get(doubtful) in (True, "True", "true", 1):
            unsure = True
            shapes += hatched(tile, text_on(fill))
    rest = [name for name in tiles if name not in values]
    if rest:
        key.append(Entry("transparent", missing, EMPTY))
    if unsure:
        key.append(Entry("hatched", "hatched: doubtful"))
    legend, height = _key(key)
    told = [f"{name}: {written(value, unit)}" for name, value in values.items()] + ([f"{missing}: {', '.join(rest)}"] if rest else [])
    return canvas([*shapes, *legend], height, title=title, description=description, told=[*told, COVERS], note=COVERS)


def _by_province(rows: list[dict[str, Any]], tiles: dict[str, Tile]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = row["province"]
        if name not in tiles:
            raise unknown_province(name, tiles)
        if name in found:
            raise DrawingError(f"The table has two rows for {name}: a tile shows one value. Keep one row for each province.")
        found[name] = row
    return found


def _key(entries: list[Entry]) -> tuple[list[Shape], float]:
    """Return the key, in the sea at the lower left or else below the map, and the height of map and key."""
    step, box, wide = 18, 14, 22
    fits = step * len(entries) < 2 * TALL and max(text_width(entry.words) for entry in entries) < 3 * WIDE - GAP - wide - 8
    top = BOTTOM - step * len(entries) if fits else BOTTOM + 16
    shapes: list[Shape] = []
    for count, entry in enumerate(entries):
        y = top + count * step
        empty = entry.fill in ("hatched", "transparent")
        shapes.append(Rect(0, y, wide, y + box, "transparent" if empty else entry.fill, INK if empty else entry.fill, 1, entry.dash))
        shapes += slant(0, y, wide, y + box, INK, 5) if entry.fill == "hatched" else []
        shapes.append(Words(wide + 8, y + box / 2, (entry.words,), "left"))
    return shapes, max(BOTTOM, top + step * len(entries)) + 2

"""Where the places of a text lie: numbers in tiles, and their names below."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from litu.display.palette import STEPS
from litu.draw.canvas import canvas
from litu.draw.shapes import SIZE, WIDTH, Shape, Words, text_height
from litu.draw.tables import rows_of
from litu.draw.text import NO_BREAK, text_width, wrap
from litu.draw.tiles import BOTTOM, COVERS, EMPTY, grid, tile_shapes, unknown_province


def places(table: pd.DataFrame, *, title: str, description: str) -> alt.LayerChart:
    """Return a map of tiles with numbered places in them and the list of their names below.

    `table` has the columns `place` and `province` and perhaps `unit` and `note`. A place without a province, such
    as a group of provinces, stands in the list only. Raises `DrawingError` for an unknown province.
    """
    tiles = grid()
    rows = rows_of(table, ["place", "province"], ["unit", "note"])
    unknown = sorted({row["province"] for row in rows if row["province"] is not None} - tiles.keys())
    if unknown:
        raise unknown_province(unknown[0], tiles)
    order = {name: rank for rank, name in enumerate(tiles)}
    rows.sort(key=lambda row: order.get(row["province"], len(order)))
    numbers: dict[str, list[str]] = {}
    for count, row in enumerate(rows, 1):
        numbers.setdefault(row["province"] or "", []).append(str(count))
    shapes: list[Shape] = []
    for name, tile in tiles.items():
        here = numbers.get(name, [])
        line = " ".join(here) if len(here) < 4 else f"{here[0]} to {here[-1]}"
        shapes += tile_shapes(tile, [line], STEPS[1]) if here else tile_shapes(tile, [], "transparent", dash=EMPTY)
    listed, height = _listed(rows, BOTTOM + 22)
    told = [f"{row['place']}, {row['province'] or 'no single province'}" for row in rows]
    return canvas([*shapes, *listed], height, title=title, description=description, told=[*told, COVERS], note=COVERS)


def _listed(rows: list[dict[str, Any]], top: float) -> tuple[list[Shape], float]:
    """Return the numbered names in columns, and where they end."""
    columns = 3 if len(rows) > 8 else 2
    wide = WIDTH / columns
    entries = [(str(count), wrap(_told(row), wide - 36)) for count, row in enumerate(rows, 1)]
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


def _told(row: dict[str, Any]) -> str:
    """Return a place in words: its name, province, units and note."""
    where = row["province"] or "no single province"
    text = str(row["place"]) if row["place"] == where else f"{row['place']}, {where}"
    if row.get("unit") is not None:
        units = str(row["unit"]).split()
        together = f"(unit{'s' if len(units) > 1 else ''} {', '.join(units)})"
        text += f" {together.replace(' ', NO_BREAK)}"
    return text if row.get("note") is None else f"{text}: {row['note']}"

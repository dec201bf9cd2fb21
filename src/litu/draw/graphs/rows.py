"""Columns of boxes in rows, as a text goes on in the next line, and a place for each item."""

from __future__ import annotations

from dataclasses import dataclass

from litu.draw.graphs.layered import Item
from litu.draw.spread import spread

GAP, GAP_AT_WORDS = 28, 17
"""Between two columns: room for an arrow, or for its half on either side of its words."""
APART = 14
"""Between two items of a column."""
CHANNEL = 9
"""Between two arrows that go on in the next row."""
PORT = 12
"""Between two arrows at the side of a box."""


@dataclass(frozen=True)
class Row:
    """Columns beside one another, and where the row lies."""

    columns: list[list[Item]]
    top: float
    bottom: float


def fold(columns: list[list[Item]], width: float) -> list[list[list[Item]]]:
    """Return the columns in rows of at most `width` pixels; each row ends with a column of boxes."""
    groups: list[list[list[Item]]] = []
    for column in columns:
        if groups and not any(item.kind == "box" for item in groups[-1][-1]):
            groups[-1].append(column)
        else:
            groups.append([column])
    rows: list[list[list[Item]]] = []
    for group in groups:
        if rows and _across([*rows[-1], *group]) <= width:
            rows[-1] += group
        else:
            rows.append(group)
    return rows


def _across(columns: list[list[Item]]) -> float:
    return sum(max(item.width for item in column) for column in columns) + sum(map(gap, columns, columns[1:]))


def gap(one: list[Item], two: list[Item]) -> float:
    """Return the room between two neighbouring columns."""
    return GAP if all(any(item.kind == "box" for item in column) for column in (one, two)) else GAP_AT_WORDS


def place(rows: list[list[list[Item]]], left: float) -> list[Row]:
    """Give each item its place; return the rows with their upper and lower edge."""
    placed: list[Row] = []
    top = 4.0
    for row in rows:
        x = left
        for column, before in zip(row, [None, *row]):
            x += gap(before, column) if before else 0
            wide = max(item.width for item in column)
            for item in column:
                item.x, item.width = x, wide if item.kind != "words" else item.width
                item.x += (wide - item.width) / 2
            x += wide
        _stack(row)
        up = min(item.y - item.height / 2 for column in row for item in column)
        for column in row:
            for item in column:
                item.y += top - up
        bottom = max(item.y + item.height / 2 for column in row for item in column)
        placed.append(Row(row, top, bottom))
        last = row[-1]
        on = sum(1 for item in last for other in item.after if other.column > item.column)
        top = bottom + 26 + CHANNEL * max(0, on - 1) + 12
    return placed


def _stack(row: list[list[Item]]) -> None:
    """Put the items of each column as level with their neighbours as their sizes allow."""
    inside = {id(item) for column in row for item in column}
    for column in row:
        y = 0.0
        for item in column:
            item.y = y + item.height / 2
            y += item.height + APART
        for item in column:
            item.y -= y / 2
    for turn in range(12):
        forward = turn % 2 == 0
        for column in row if forward else reversed(row):
            wanted = []
            for item in column:
                near = [other.y for other in (item.before if forward else item.after) if id(other) in inside]
                wanted.append(sum(near) / len(near) if near else item.y)
            for item, y in zip(column, spread(wanted, [item.height for item in column], APART)):
                item.y = y

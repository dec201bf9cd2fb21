"""The points of two views laid side by side, matched by what names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litu.charts.cells import canonical, number
from litu.charts.meaning import View
from litu.charts.scales import PATHS, stacks
from litu.charts.transforms import shown

PointKey = tuple[str, ...]
Measures = tuple[float | None, ...]
Table = dict[PointKey, list[Measures]]

NEARLY = 1e-6
"""Relative difference below which two values are drawn as one."""


def key_channels(view: View, channels: list[str]) -> list[str]:
    """Return the channels that say which point is meant; the others say how large it is."""
    found = {channel: view.encodings[channel] for channel in channels}
    if any(encoding.aggregate for encoding in found.values()):
        return [channel for channel, encoding in found.items() if not encoding.aggregate]
    keys = [channel for channel, encoding in found.items() if encoding.type != "quantitative" or encoding.bin]
    if "x" in found and "y" in found and "x" not in keys and "y" not in keys and view.mark in PATHS:
        keys.append("x")
    return keys


def side_by_side(view: View, wanted: View, pairs: Mapping[str, str], keys: list[str], places: Any) -> Comparison:
    """Lay the points of two views side by side; `places` says how many decimals count."""
    measures = [channel for channel in pairs if channel not in keys]
    return Comparison(
        rights=_table(wanted, {channel: channel for channel in pairs}, keys, measures),
        values=_table(view, pairs, keys, measures),
        measures=measures,
        named=[place for place, channel in enumerate(keys) if wanted.encodings[channel].type != "quantitative"],
        tolerances=[_tolerance(places, channel) for channel in measures],
    )


@dataclass(frozen=True)
class Comparison:
    """The points of two views by what names them, with the places of the keys that may be told."""

    rights: Table
    values: Table
    measures: list[str]
    named: list[int]
    tolerances: list[float]

    @property
    def common(self) -> list[PointKey]:
        """The keys that both views have."""
        return [key for key in self.rights if key in self.values]

    def repeated(self) -> list[PointKey]:
        """Return the keys that are drawn more often than wanted."""
        return [key for key in self.common if len(self.values[key]) > len(self.rights[key])]

    def unmatched(self, key: PointKey, place: int | None = None) -> int:
        """Return how many right points of a key are not drawn, by one measure or by all of them."""
        rights, values, tolerances = self.rights[key], self.values[key], self.tolerances
        if place is not None:
            rights, values = [(row[place],) for row in rights], [(row[place],) for row in values]
            tolerances = tolerances[place : place + 1]
        return _unmatched(rights, values, tolerances)

    def part_unmatched(self, place: int) -> float:
        """Return the part of the points, or of the keys they have, whose measure differs."""
        if list(self.rights) == [()]:
            return self.unmatched((), place) / len(self.rights[()])
        return sum(self.unmatched(key, place) > 0 for key in self.common) / max(len(self.common), 1)

    def example(self, found: list[PointKey]) -> str:
        """Return the name of the first of some keys, made to follow a count of them."""
        parts = ", ".join(shown(found[0][place]) for place in self.named)
        return f", among them {parts}" if parts and len(found) > 1 else f" ({parts})" if parts else ""


def _table(view: View, pairs: Mapping[str, str], keys: list[str], measures: list[str]) -> Table:
    table: Table = {}
    for point in view.points or ():
        key = tuple(canonical(point[pairs[channel]]) for channel in keys)
        table.setdefault(key, []).append(tuple(_measure(point[pairs[channel]]) for channel in measures))
    if len(measures) == 1 and stacks(view.mark, view.encodings) == pairs[measures[0]]:
        return {key: [(sum(row[0] or 0 for row in rows),)] for key, rows in table.items()}
    return table


def _measure(value: Any) -> float | None:
    """Return a number, or the year of a date that stands for a whole one."""
    own = number(value)
    return number(canonical(value)) if own is None and isinstance(value, str) else own


def _tolerance(places: Any, channel: str) -> float:
    chosen = places.get(channel) if isinstance(places, Mapping) else places
    return 0.0 if chosen is None else 0.5 * 10.0**-chosen * (1 + 1e-6)


def _unmatched(rights: list[Measures], values: list[Measures], tolerances: list[float]) -> int:
    """Return how many of the right rows have no equal among the values."""
    wanted, given = (Counter(tuple(_digits(part) for part in row) for row in rows) for rows in (rights, values))
    left, over = sorted((wanted - given).elements(), key=_rank), sorted((given - wanted).elements(), key=_rank)
    near = sum(all(map(_near, row, right, tolerances)) for row, right in zip(over, left, strict=False))
    return max(len(left), len(over)) - near


def _digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.9g}")


def _rank(row: Measures) -> tuple[float, ...]:
    return tuple(float("-inf") if part is None else part for part in row)


def _near(value: float | None, right: float | None, tolerance: float) -> bool:
    if value is None or right is None:
        return value is right
    return abs(value - right) <= max(tolerance, NEARLY * abs(right))

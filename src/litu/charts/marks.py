"""What a view draws: its encodings applied to the rows of its data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from litu.charts.cells import canonical, cut, known_unit, label, moment, number
from litu.charts.encodings import Encoding
from litu.charts.scales import listed, order, starts_at_zero
from litu.charts.transforms import MAX_STEPS, Row, Unfollowed, WorkBudget, aggregate, column, shown

POSITIONS = ("x", "y", "theta", "radius")
FEW_BINS = ("row", "column", "size", "color", "fill", "stroke", "opacity", "shape")
MOST_BINS = 1000


def draw(
    mark: str, encodings: Mapping[str, Encoding], sorts: Mapping[str, Any], rows: list[Row], work: WorkBudget
) -> tuple[dict[str, Encoding], list[dict[str, Any]]]:
    """Return the encodings with order and zero resolved, and one point for each mark drawn."""
    if len(encodings) > MAX_STEPS:
        raise Unfollowed("The chart has more channels than can be read. Draw fewer of them.")
    work.take(len(rows) * len(encodings))
    readers = {channel: _reader(channel, encoding, rows) for channel, encoding in encodings.items()}
    resolved = {
        channel: replace(
            encoding,
            zero=starts_at_zero(mark, channel, encodings),
            sort=order(channel, encodings, sorts.get(channel), rows, readers[channel], mark),
            sort_asked=encoding.sort is not None or sorts.get(channel) != "ascending" or listed(encoding),
            found=encoding.field is None or not rows or any(map(_holds(encoding.field), rows)),
        )
        for channel, encoding in encodings.items()
    }
    points = [
        point for point in _points(encodings, readers, rows)
        if all(point[channel] is not None for channel in POSITIONS if channel in point and encodings[channel].continuous)
    ]  # fmt: skip
    if mark == "rule" or all(encoding.field is None and not encoding.aggregate for encoding in encodings.values()):
        points = list({tuple(map(canonical, point.values())): point for point in points}.values())
    return resolved, points


def _holds(field: str) -> Callable[[Row], bool]:
    read = column(field)
    return lambda row: read(row) is not None


def _points(encodings: Mapping[str, Encoding], readers: Mapping[str, Callable[[Row], Any]], rows: list[Row]) -> list[dict[str, Any]]:
    measured = {channel: encoding for channel, encoding in encodings.items() if encoding.aggregate}
    if not measured:
        return [{channel: read(row) for channel, read in readers.items()} for row in rows]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    by = [channel for channel in encodings if channel not in measured]
    for row in rows:
        groups.setdefault(tuple(readers[channel](row) for channel in by), []).append(row)
    points = []
    for group, members in groups.items():
        point = dict(zip(by, group, strict=True))
        for channel, encoding in measured.items():
            values = [readers[channel](row) for row in members]
            point[channel] = aggregate(encoding.aggregate or "", values, encoding.type == "temporal")
        points.append({channel: point[channel] for channel in encodings})
    return points


def _reader(channel: str, encoding: Encoding, rows: list[Row]) -> Callable[[Row], Any]:
    """Return the function that gives one row's value on a channel."""
    if encoding.field is None:
        return lambda row: encoding.datum
    read, unit = column(encoding.field), encoding.time_unit
    if encoding.aggregate in ("count", "distinct"):
        return lambda row: label(read(row))
    if unit is not None:
        if not known_unit(unit):
            raise Unfollowed(f"This check cannot follow the time unit '{shown(unit)}'. Make that column in pandas first.")
        return lambda row: cut(moment(read(row)), unit)
    if encoding.bin is not None:
        return _bin_reader(read, encoding.bin, 6 if channel in FEW_BINS else 10, rows)
    convert = {"quantitative": number, "temporal": moment}.get(encoding.type, label)
    return lambda row: convert(read(row))


def _bin_reader(read: Callable[[Row], Any], bins: Mapping[str, float], most: int, rows: list[Row]) -> Callable[[Row], Any]:
    """Return the lower edge of the bin of each value, with Vega's choice of bins."""
    values = [value for value in (number(read(row)) for row in rows) if value is not None]
    low, high = (min(values), max(values)) if values else (0, 1)
    span = float(high - low or abs(low) or 1)
    most = min(max(int(bins.get("maxbins", most)), 2), MOST_BINS)
    step = bins.get("step")
    if step is None:
        least = bins.get("minstep", 0)
        step = max(least, 10.0 ** (round(math.log10(span)) - math.ceil(math.log10(most))))
        while math.ceil(span / step) > most:
            step *= 10
        for part in (5, 2):
            if step / part >= least and span / (step / part) <= most:
                step /= part
    if span / step > MOST_BINS:
        raise Unfollowed("The bins of the chart are too many to follow. Choose wider ones.")
    start = math.floor(low / step + 1e-9) * step
    last = max(math.ceil(high / step - 1e-9) - 1, math.floor(start / step + 1e-9))

    def edge(row: Row) -> float | None:
        value = number(read(row))
        return None if value is None else number(float(f"{min(math.floor(value / step + 1e-9), last) * step:.12g}"))

    return edge

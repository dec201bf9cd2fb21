"""How the scales of a view run: from zero or not, piled up, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litu.charts.cells import canonical, label, number
from litu.charts.encodings import Encoding, constant
from litu.charts.transforms import Row, aggregate, column, operation

PATHS = ("line", "area", "trail", "bar")
STACKED = ("bar", "area")


def starts_at_zero(mark: str, channel: str, encodings: Mapping[str, Encoding]) -> bool | None:
    """Return whether a scale starts at zero, as Vega-Lite decides it."""
    encoding = encodings[channel]
    if encoding.zero is not None or channel not in ("x", "y") or encoding.scale != "linear":
        return encoding.zero
    if encoding.domain:
        ends = [number(value) for value in encoding.domain]
        known = [end for end in ends if end is not None]
        return len(known) == len(ends) and min(known) <= 0 <= max(known)
    other = encodings.get("y")
    along = channel == "x" and mark in PATHS and other is not None and other.type == "quantitative"
    return encoding.bin is None and not along


def stacks(mark: str, encodings: Mapping[str, Encoding]) -> str | None:
    """Return the channel whose values Vega-Lite piles up on one another, if there is one."""
    if mark not in STACKED:
        return None
    for channel in ("y", "x"):
        found = encodings.get(channel)
        if found is not None and found.type == "quantitative" and found.bin is None:
            summed = found.aggregate in (None, "sum", "count", "distinct")
            return channel if summed and found.stack != "none" and found.scale == "linear" else None
    return None


def listed(encoding: Encoding) -> bool:
    """Return whether the scale lists its categories, which also orders them."""
    return not encoding.continuous and encoding.domain is not None


def order(
    channel: str, encodings: Mapping[str, Encoding], sort: Any, rows: list[Row], read: Callable[[Row], Any], mark: str
) -> tuple[str, ...] | str | None:
    """Return the categories in the order drawn, or the direction of a continuous scale."""
    encoding = encodings[channel]
    if encoding.continuous:
        return "descending" if (sort == "descending") != (encoding.sort == "descending") else "ascending"
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(read(row), []).append(row)
    if listed(encoding) or isinstance(sort, list):
        wished = {canonical(constant(value)): None for value in (encoding.domain or () if listed(encoding) else sort)}
        drawn_names = {canonical(value): None for value in groups}
        names = [name for name in wished if name in drawn_names] + [name for name in drawn_names if name not in wished]
    elif sort is None:
        names = [canonical(value) for value in groups]
    else:
        by = _sort_key(sort, encodings, stacks(mark, encodings), groups)
        ranked = sorted(groups, key=by if by else _natural)
        down = sort == "descending" or isinstance(sort, str) and sort.startswith("-")
        down = down or isinstance(sort, Mapping) and sort.get("order") == "descending"
        if down:
            ranked.reverse()
        names = [canonical(value) for value in ranked]
    return tuple(reversed(names)) if encoding.sort == "descending" else tuple(names)


def _sort_key(
    sort: Any, encodings: Mapping[str, Encoding], stacked: str | None, groups: Mapping[Any, list[Row]]
) -> Callable[[Any], Any] | None:
    """Return the value that each category is sorted by; None for the categories themselves."""
    sort = {"encoding": sort.lstrip("-")} if isinstance(sort, str) else sort
    if not isinstance(sort, Mapping):
        return None
    target = encodings.get(str(sort.get("encoding")))
    name = target.field if target else sort.get("field")
    op = target.aggregate if target else sort.get("op")
    if not isinstance(name, str) and op != "count":
        return None
    op, read = operation(op or ("sum" if stacked else "min")), column(name or "")
    values = {value: aggregate(op, [read(row) for row in members]) for value, members in groups.items()}
    if all(found is None for found in values.values()):
        values = {value: canonical(label(read(members[0]))) for value, members in groups.items()}
    return lambda value: _natural(values[value])


def _natural(value: Any) -> tuple[int, Any]:
    if value is None:
        return (2, 0)
    return (1, value) if isinstance(value, str) else (0, value)

"""The rows of a chart's data and what its transforms make of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from litu.charts.cells import canonical, label, moment, number
from litu.charts.filters import predicate_of

MAX_ROWS = 20_000
MAX_STEPS = 24
MAX_PARTS, MAX_NAME = 10, 1000
"""Most dots and brackets, and characters, in the name of a column."""
MAX_WORK = 200_000
"""Most cells that are looked at to read one chart."""
STEPS = (
    "calculate", "joinaggregate", "window", "lookup", "timeUnit", "bin", "stack", "impute", "pivot", "density",
    "regression", "loess", "quantile", "sample", "extent", "flatten",
)  # fmt: skip

Row = Mapping[str, Any]


class Unfollowed(Exception):
    """Why a chart cannot be read, and what to do instead, in plain sentences."""


class WorkBudget:
    """Counts what is looked at while one chart is read, so that no chart takes long."""

    def __init__(self) -> None:
        self._left = MAX_WORK

    def take(self, cells: int) -> None:
        """Count some more cells. Raises Unfollowed when it is too much for one chart."""
        self._left -= cells
        if self._left < 0:
            raise Unfollowed(
                "The chart is too large to be read: too many rows, channels, steps or layers. Group or filter the table in pandas first."
            )


def source_rows(data: Any, datasets: Any, most: int = MAX_ROWS) -> list[Row]:
    """Return the rows written in the spec; an address is never followed."""
    if data is None:
        return [{}]
    values = data.get("values")
    if values is None and isinstance(data.get("name"), str) and isinstance(datasets, Mapping):
        values = datasets.get(data["name"])
    if values is None and "url" in data:
        raise Unfollowed("The chart points to a file or address, which is never opened. Give `alt.Chart` the table itself.")
    if not isinstance(values, list):
        raise Unfollowed("The data of the chart are not in it. Give `alt.Chart` the table itself, as a DataFrame.")
    if len(values) > most:
        raise Unfollowed(f"The chart holds more than {MAX_ROWS:,} rows. Group or filter the table in pandas first.")
    return [row if isinstance(row, Mapping) else {"data": row} for row in values]


def column(field: str) -> Callable[[Row], Any]:
    """Return a reader of one column; dots and brackets look inside a cell, as in Vega."""
    if len(field) > MAX_NAME:
        raise Unfollowed(f"A column's name in the chart has more than {MAX_NAME:,} characters. Rename the column.")
    escaped = re.sub(r"\\(.)", lambda found: chr(0xE000 + ord(found[1])) if ord(found[1]) < 128 else found[0], field)
    parts = [part for part in re.split(r"""\.|\[['"]?|['"]?\]""", escaped) if part]
    parts = [re.sub("[\ue000-\ue07f]", lambda found: chr(ord(found[0]) - 0xE000), part) for part in parts]
    if len(parts) > MAX_PARTS:
        raise Unfollowed("A column's name in the chart has too many dots or brackets. Rename the column.")

    def read(row: Any) -> Any:
        for part in parts:
            row = row.get(part) if isinstance(row, Mapping) else None
        return row

    return read


def transformed(rows: list[Row], steps: Iterable[Any], work: WorkBudget) -> list[Row]:
    """Return the rows after the transforms of a view; raise Unfollowed at one that is not known here."""
    for place, step in enumerate(steps):
        if place >= MAX_STEPS or not isinstance(step, Mapping):
            raise Unfollowed("The transforms of the chart cannot be read. Prepare the table in pandas first.")
        if "filter" in step:
            parts = [0]
            keep = _predicate(step["filter"], parts)
            work.take(len(rows) * parts[0])
            rows = [row for row in rows if keep(row)]
        elif isinstance(step.get("fold"), list):
            rows = _folded(rows, step)
            work.take(len(rows))
        elif isinstance(step.get("aggregate"), list):
            work.take(len(rows) * (len(step["aggregate"]) + len(list_of(step.get("groupby")))))
            rows = _aggregated(rows, step)
        else:
            name = next((name for name in STEPS if name in step), "…")
            raise Unfollowed(f"This check cannot follow `transform_{name.lower()}`. Do that step in pandas first.")
    return rows


def aggregate(op: str, values: list[Any], dates: bool = False) -> Any:
    """Return one aggregate of a group's values; None when it has none."""
    if op == "count":
        return len(values)
    if op == "distinct":
        return len({canonical(label(value)) for value in values})
    valid = [value for value in map(moment if dates else number, values) if value is not None]
    if not valid:
        return None
    if op in ("min", "max"):
        return min(valid) if op == "min" else max(valid)
    if op in ("sum", "mean", "median") and not dates:
        middle = sorted(valid)[(len(valid) - 1) // 2 : len(valid) // 2 + 1]
        chosen = middle if op == "median" else valid
        total = sum(value for value in chosen if not isinstance(value, str))
        return number(total / (1 if op == "sum" else len(chosen)))
    raise Unfollowed(f"This check cannot follow the aggregate '{shown(op)}'. Work it out in pandas first.")


def operation(name: Any) -> str:
    """Return the plain name of an aggregate."""
    if not isinstance(name, str):
        raise Unfollowed("This check cannot follow argmin and argmax. Choose those rows in pandas first.")
    return {"average": "mean"}.get(name, name)


def list_of(value: Any) -> list[Any]:
    """Return a list as it is and anything else as an empty one."""
    return value if isinstance(value, list) else []


def shown(name: Any) -> str:
    """Return a name of the student's fit to stand in a message."""
    text = " ".join(str(name)[:200].split())
    return text if len(text) <= 40 else text[:39] + "…"


def _aggregated(rows: list[Row], step: Row) -> list[Row]:
    names = [name for name in list_of(step.get("groupby")) if isinstance(name, str)]
    if max(len(names), len(step["aggregate"])) > MAX_STEPS:
        raise Unfollowed("A `transform_aggregate` of the chart is too large to follow. Use `groupby` in pandas first.")
    readers = [column(name) for name in names]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(label(read(row)) for read in readers), []).append(row)
    made: list[dict[str, Any]] = [dict(zip(names, group, strict=True)) for group in groups]
    for rule in step["aggregate"]:
        if not isinstance(rule, Mapping) or not isinstance(rule.get("as"), str):
            raise Unfollowed("A `transform_aggregate` has no name for its result. Aggregate in pandas first.")
        op, read = operation(rule.get("op")), column(str(rule.get("field", "")))
        for row, group in zip(made, groups.values(), strict=True):
            row[rule["as"]] = aggregate(op, [read(found) for found in group])
    return [*made]


def _folded(rows: list[Row], step: Row) -> list[Row]:
    names = [name for name in step["fold"] if isinstance(name, str)]
    given = step.get("as")
    key, value = given if isinstance(given, list) and len(given) == 2 else ("key", "value")
    if len(rows) * len(names) > MAX_ROWS or not (isinstance(key, str) and isinstance(value, str)):
        raise Unfollowed("A `transform_fold` of the chart is too large to follow. Use `melt` in pandas first.")
    readers = [(name, column(name)) for name in names]
    return [{**row, key: name, value: read(row)} for row in rows for name, read in readers]


def _predicate(test: Any, seen: list[int]) -> Callable[[Row], bool]:
    """Return a test of one row for a filter made of comparisons."""
    seen[0] += 1
    test = predicate_of(test) if isinstance(test, str) else test
    if not isinstance(test, Mapping) or seen[0] > MAX_STEPS or "timeUnit" in test:
        raise Unfollowed("This check cannot follow this `transform_filter`. Filter the table in pandas first.")
    for word, combine in (("and", all), ("or", any)):
        if isinstance(test.get(word), list):
            tests = [_predicate(part, seen) for part in test[word]]
            return lambda row: combine(keep(row) for keep in tests)
    if "not" in test:
        inner = _predicate(test["not"], seen)
        return lambda row: not inner(row)
    if not isinstance(test.get("field"), str):
        raise Unfollowed("This check cannot follow a filter that waits for a click. Filter the table in pandas first.")
    read = column(test["field"])
    if "equal" in test or isinstance(test.get("oneOf"), list):
        listed = test["oneOf"] if "oneOf" in test else [test["equal"]]
        allowed = {canonical(_side(value)) for value in listed}
        return lambda row: canonical(label(read(row))) in allowed
    if isinstance(test.get("range"), list) and len(test["range"]) == 2:
        low, high = test["range"]
        return _within(read, gte=low, lte=high)
    limits = {word: test[word] for word in ("lt", "lte", "gt", "gte") if word in test}
    if limits:
        return _within(read, **limits)
    if isinstance(test.get("valid"), bool):
        return lambda row: (label(read(row)) is not None) is test["valid"]
    raise Unfollowed("This check cannot follow one `transform_filter` of the chart. Filter the table in pandas first.")


def _side(value: Any) -> Any:
    return moment(value) if isinstance(value, Mapping) else label(value)


def _within(read: Callable[[Row], Any], **limits: Any) -> Callable[[Row], bool]:
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "lt": lambda a, b: a < b, "lte": lambda a, b: a <= b, "gt": lambda a, b: a > b, "gte": lambda a, b: a >= b,
    }  # fmt: skip
    bounds = [(compare[word], _side(limit)) for word, limit in limits.items() if limit is not None]

    def keep(row: Row) -> bool:
        value = label(read(row))
        for test, limit in bounds:
            sides: tuple[Any, Any] = (number(value), number(limit))
            if None in sides:
                sides = (moment(value), moment(limit))
            if None in sides:
                sides = (value, limit)
            if not (isinstance(sides[0], str) == isinstance(sides[1], str)) or None in sides or not test(*sides):
                return False
        return True

    return keep

"""Fingerprints: one text that all right answers share and no other has.

Numbers are laid on a grid whose cells are a little wider than the tolerance.
The grid is shifted, number by number, so that the right one lies near the
middle of its cell: an answer rounded as the task asks stays in the cell. The
shift says where in *a* cell the number lies, never in which cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from litu.compare.difference import Options, Plain, tidy

CELL = 1.25
"""Width of a cell in units of the last decimal place that counts."""
SHIFTS = 8
"""How finely the grid can be shifted: one of eight places."""

Scalar = bool | int | float | str | None
Part = tuple[str, list[Scalar]]
"""A named part of an answer (a column, a dict entry, the whole) and its scalars."""


def parts_of(answer: Plain, options: Options, form: dict[str, Any] | None = None) -> list[Part]:
    """Return the scalars of an answer in an order that does not depend on how it is written.

    ``form`` is what :func:`form_of` said of the right answer; without it the
    answer describes itself. Raises KeyError or ValueError when the answer
    has another form.
    """
    form = form or form_of(answer, options)
    kind = answer["kind"]
    if kind == "dict":
        entries = {tidy(str(key.get("value"))): item for key, item in zip(answer["keys"], answer["values"], strict=True)}
        return [(key, list(_scalars(entries[tidy(key)]))) for key in form["keys"]]
    if kind in ("table", "series"):
        return _columns(answer, options, form)
    if kind == "function":
        return [("results", [scalar for call in answer["calls"] for scalar in _result(call)])]
    if kind == "set" or (kind == "list" and options.get("order") is False):
        return [("items", sorted((s for item in answer["items"] for s in _scalars(item)), key=_sortable))]
    return [("value", list(_scalars(answer)))]


def form_of(answer: Plain, options: Options) -> dict[str, Any]:
    """Return the form of an answer without its values, as students may see it."""
    kind = answer["kind"]
    if kind == "dict":
        return {"keys": [str(key.get("value")) for key in answer["keys"]]}
    if kind in ("list", "set"):
        return {"length": len(answer["items"])}
    if kind == "series":
        return {"rows": len(answer["values"]), "type": answer["type"], "default_index": answer["index"]["default"]}
    if kind == "table":
        names = list(options.get("columns") or (column["name"] for column in answer["columns"]))
        types = {column["name"]: column["type"] for column in answer["columns"] if column["name"] in names}
        keys = options.get("by") or [name for name in names if types[name] not in ("number", "boolean")]
        keys = names[:1] if len(keys) in (0, len(names)) else list(keys)
        return {"rows": len(answer["index"]["values"]), "columns": types, "by": keys}
    return {}


def _result(call: dict[str, Any]) -> Iterator[Scalar]:
    if "result" not in call:
        raise ValueError("a call raised an error")
    yield from _scalars(call["result"])


def _scalars(plain: Plain) -> Iterator[Scalar]:
    kind = plain["kind"]
    if kind in ("number", "boolean", "text"):
        yield plain["value"] if plain["value"] is not None else plain.get("special")
    elif kind in ("list", "set"):
        for item in plain["items"]:
            yield from _scalars(item)
    elif kind == "dict":
        for key, item in sorted(zip(plain["keys"], plain["values"], strict=True), key=lambda pair: str(pair[0])):
            yield from _scalars(key)
            yield from _scalars(item)
    elif kind == "series":
        rows = zip(plain["index"]["values"], plain["values"], strict=True)
        for row, value in sorted(rows, key=lambda pair: [_sortable(label) for label in pair[0]]):
            yield from row
            yield value
    elif kind == "table":
        for column in sorted(plain["columns"], key=lambda column: str(column["name"])):
            yield column["name"]
            yield from column["values"]
    else:
        yield kind


def _columns(answer: Plain, options: Options, form: dict[str, Any]) -> list[Part]:
    levels = answer["index"]["names"]
    index = {name: [row[i] for row in answer["index"]["values"]] for i, name in enumerate(levels) if name is not None}
    if answer["kind"] == "series":
        ordered = form["default_index"] or options.get("order")
        rows = range(len(answer["values"]))
        keys = [] if form["default_index"] else [list(level) for level in zip(*answer["index"]["values"], strict=True)]
        columns = {"values": answer["values"]}
        by, names = [], ["values"]
    else:
        columns = index | {column["name"]: column["values"] for column in answer["columns"]}
        by, names = form["by"], list(form["columns"])
        keys = [columns[name] for name in by]
        rows = range(len(columns[names[0]]))
        ordered = options.get("order")
    sorting = [*keys, *(columns[name] for name in names if name not in by)]
    order = list(rows) if ordered else sorted(rows, key=lambda row: [_sortable(column[row]) for column in sorting])
    parts = [("rows", [key[row] for key in keys for row in order])]
    return parts + [(name, [columns[name][row] for row in order]) for name in names if name not in by]


def _sortable(value: Scalar) -> tuple[int, float, str]:
    if isinstance(value, (int, float)):
        return (0, round(float(value), 6), "")
    return (1, 0.0, "" if value is None else tidy(value))


def shifts(scalars: list[Scalar], places: int) -> str:
    """Return the shift of the grid for each number, one digit each."""
    step = CELL * 10.0**-places
    numbers = (scalar for scalar in scalars if _is_number(scalar))
    return "".join(str(round((number / step) % 1 * SHIFTS - SHIFTS / 2) % SHIFTS) for number in numbers)


def fingerprint(scalars: list[Scalar], places: int, grid: str, nudge: int = 0) -> str:
    """Return the text that stands for these scalars on the grid; ``nudge`` moves every number by whole cells."""
    step = CELL * 10.0**-places
    digits = iter(grid)
    marks = []
    for scalar in scalars:
        if _is_number(scalar):
            shift = int(next(digits, "0")) / SHIFTS
            marks.append(str(math.floor(scalar / step - shift) + nudge))
        elif isinstance(scalar, bool):
            marks.append("true" if scalar else "false")
        else:
            marks.append("-" if scalar is None else "'" + tidy(scalar))
    return "|".join(marks)


def _is_number(scalar: Scalar) -> bool:
    return isinstance(scalar, (int, float)) and not isinstance(scalar, bool)


"""Answers as plain data.

A check compares plain data only: strict JSON that can be written down, sent
between processes and looked at without running anything of the student's.
``to_plain`` is the one place where a Python object becomes plain data.
"""

from __future__ import annotations

import datetime
import decimal
import inspect
import math
import numbers
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any

import numpy as np
import pandas as pd

Plain = dict[str, Any]

MAX_ITEMS = 100_000
"""Longest list, set, dict, Series or table column that is taken over."""
MAX_DEPTH = 8
"""Deepest nesting of lists and dicts that is taken over."""
MAX_VALUES = 200_000
"""Most values one answer may hold, at all depths together."""
MAX_INTEGER = 10**300
"""A whole number of more digits counts as infinite."""


class TooMuch(ValueError):
    """An answer that holds more values than are taken over."""


def to_plain(value: object, inputs: Sequence[Sequence[Any]] | None = None) -> Plain:
    """Return ``value`` as plain data.

    ``inputs`` holds the argument tuples on which a function is called, in
    order; a call that raises is recorded with its error, not raised. A value
    of no known kind comes back as ``{"kind": "other", "type": ...}``.
    """
    if inputs is not None and callable(value):
        return {"kind": "function", "calls": [_call(value, args) for args in inputs]}
    return _bounded(value)


def from_plain(plain: Plain) -> Any:
    """Return the Python object that a plain number, text, boolean, list, dict or Series stands for."""
    kind = plain["kind"]
    if kind in ("number", "boolean", "text"):
        return plain["value"] if plain["value"] is not None else float(plain["special"])
    if kind == "list":
        return [from_plain(item) for item in plain["items"]]
    if kind == "dict":
        return {from_plain(key): from_plain(value) for key, value in zip(plain["keys"], plain["values"], strict=True)}
    if kind == "series":
        return pd.Series(plain["values"], index=[row[0] for row in plain["index"]["values"]], name=plain["name"])
    raise ValueError(f"{kind} cannot be an input of a function exercise")


def _call(function: Callable[..., object], args: Sequence[Any]) -> Plain:
    shown = [_bounded(arg) for arg in args]
    try:
        return {"args": shown, "result": _bounded(function(*args))}
    except (Exception, SystemExit) as error:
        return {"args": shown, "error": f"{type(error).__name__}: {error}"[:300]}


def _bounded(value: object) -> Plain:
    try:
        return _plain(value, MAX_DEPTH, iter(range(MAX_VALUES)))
    except TooMuch:
        return {"kind": "other", "type": f"a collection of more than {MAX_VALUES} values"}


def _plain(value: object, depth: int, left: Iterator[int]) -> Plain:
    """Return ``value`` as plain data; ``left`` runs out when an answer holds too much."""
    if next(left, None) is None:
        raise TooMuch
    if value is None or value is Ellipsis:
        return {"kind": "nothing"}
    if isinstance(value, (bool, np.bool_)):
        return {"kind": "boolean", "value": bool(value)}
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        return number(value)
    if isinstance(value, str):
        return {"kind": "text", "value": str(value)}
    if isinstance(value, datetime.date) and value is not pd.NaT:
        return {"kind": "text", "value": value.isoformat().removesuffix("T00:00:00")}
    if isinstance(value, pd.Series):
        return _series(value)
    if isinstance(value, pd.DataFrame):
        return _table(value)
    if type(value).__module__.partition(".")[0] == "altair" and hasattr(value, "to_dict"):
        return _chart(value)
    if inspect.isroutine(value):
        return {"kind": "function", "calls": []}
    return _collection(value, depth, left)


def number(value: Any) -> Plain:
    """Return a real number as plain data; whole numbers stay ``int``."""
    if isinstance(value, numbers.Integral):
        whole = int(value)
        return {"kind": "number", "value": whole} if abs(whole) < MAX_INTEGER else _special("inf" if whole > 0 else "-inf")
    as_float = float(value)
    if math.isfinite(as_float):
        return {"kind": "number", "value": as_float}
    return _special(str(as_float))


def _special(name: str) -> Plain:
    return {"kind": "number", "value": None, "special": name}


def _collection(value: object, depth: int, left: Iterator[int]) -> Plain:
    other = {"kind": "other", "type": f"{type(value).__module__}.{type(value).__qualname__}"}
    if depth == 0:
        return other
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return _plain(value.item(), depth, left)
    if isinstance(value, (Mapping, Set, Sequence, np.ndarray, pd.Index)) and len(value) > MAX_ITEMS:
        return {"kind": "other", "type": f"a collection of {len(value)} items"}
    if isinstance(value, Mapping):
        return {
            "kind": "dict",
            "keys": [_key(key, depth - 1, left) for key in value],
            "values": [_plain(value[key], depth - 1, left) for key in value],
        }
    if isinstance(value, Set):
        return {"kind": "set", "items": [_plain(item, depth - 1, left) for item in value]}
    if isinstance(value, (np.ndarray, pd.Index)) or (isinstance(value, Sequence) and not isinstance(value, bytes)):
        return {"kind": "list", "items": [_plain(item, depth - 1, left) for item in value]}
    return other


def _key(key: object, depth: int, left: Iterator[int]) -> Plain:
    """Return a key of a dict; 2016.0 and 2016 are one key, as they are in Python."""
    plain = _plain(key, depth, left)
    whole = plain["kind"] == "number" and isinstance(plain["value"], float) and plain["value"].is_integer()
    return {**plain, "value": int(plain["value"])} if whole else plain


def _series(series: pd.Series) -> Plain:
    if len(series) > MAX_ITEMS:
        return {"kind": "other", "type": f"a Series of {len(series)} values"}
    return {"kind": "series", "name": _label(series.name), "index": _index(series.index), **_column(series)}


def _table(frame: pd.DataFrame) -> Plain:
    if len(frame) > MAX_ITEMS or frame.size > MAX_VALUES:
        return {"kind": "other", "type": f"a table of {len(frame)} rows"}
    columns = [
        {"name": _label(name), **_column(frame.iloc[:, position])} for position, name in enumerate(frame.columns)
    ]
    return {"kind": "table", "columns": columns, "index": _index(frame.index)}


def _column(series: pd.Series) -> Plain:
    values = [_scalar(value) for value in series]
    return {"type": _type_of(series, values), "values": values}


def _type_of(series: pd.Series, values: list[Any]) -> str:
    if pd.api.types.is_bool_dtype(series):
        return "boolean"
    if pd.api.types.is_datetime64_any_dtype(series):
        return "date"
    found = {_kind(value) for value in values if value is not None}
    if not found:
        return "number" if pd.api.types.is_numeric_dtype(series) else "other"
    return found.pop() if len(found) == 1 else "other"


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, (int, float)) else "text"


def _scalar(value: Any) -> bool | int | float | str | None:
    """Return one cell of a table: missing values and infinities become None."""
    plain = _plain(value, 1, iter(range(MAX_ITEMS)))
    if plain["kind"] in ("boolean", "number", "text"):
        return plain["value"]
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else str(plain.get("type", plain["kind"]))


def _index(index: pd.Index) -> Plain:
    rows = index if isinstance(index, pd.MultiIndex) else ((value,) for value in index)
    return {
        "names": [None if name is None else str(name) for name in index.names],
        "values": [[_scalar(value) for value in row] for row in rows],
        "default": isinstance(index, pd.RangeIndex) and index.name is None,
    }


def _label(name: object) -> str | None:
    return None if name is None else str(name)


def _chart(chart: Any) -> Plain:
    try:
        return {"kind": "chart", "spec": chart.to_dict()}
    except Exception as error:
        return {"kind": "other", "type": "an Altair chart that cannot be drawn: " + str(error).split("\n", 1)[0][:200]}

"""Plain data from an untrusted process, taken over only when it is what it says."""

from __future__ import annotations

import math
from typing import Any

from litu.answers.serialize import MAX_DEPTH, Plain

MAX_NODES = 200_000
"""Most values one answer may hold, at all depths together."""
MAX_COLUMNS = 200
MAX_INTEGER = 10**300
TYPES = {"number", "text", "boolean", "date", "other"}


class NotPlain(ValueError):
    """Something that is not plain data in the sense of :mod:`litu.answers.serialize`."""


class _Reader:
    """Rebuilds an answer from JSON, counting what it takes."""

    def __init__(self) -> None:
        self.left = MAX_NODES

    def plain(self, given: Any, depth: int = MAX_DEPTH + 2) -> Plain:
        self._count()
        kind = self._get(given, "kind", str)
        if depth == 0:
            raise NotPlain("too deep")
        if kind == "nothing":
            return {"kind": kind}
        if kind == "boolean":
            return {"kind": kind, "value": self._get(given, "value", bool)}
        if kind == "text":
            return {"kind": kind, "value": self._get(given, "value", str)}
        if kind == "other":
            return {"kind": kind, "type": self._get(given, "type", str)[:300]}
        if kind == "number":
            return self._number(given)
        if kind in ("list", "set"):
            return {"kind": kind, "items": [self.plain(item, depth - 1) for item in self._get(given, "items", list)]}
        if kind == "dict":
            keys, values = self._get(given, "keys", list), self._get(given, "values", list)
            if len(keys) != len(values):
                raise NotPlain("a dict with more keys than values")
            return {"kind": kind, "keys": [self.plain(k, depth - 1) for k in keys], "values": [self.plain(v, depth - 1) for v in values]}
        if kind == "function":
            return {"kind": kind, "calls": [self._call(call, depth - 1) for call in self._get(given, "calls", list)]}
        if kind == "chart":
            return {"kind": kind, "spec": self._get(given, "spec", dict)}
        if kind == "series":
            return {"kind": kind, "name": self._label(given), "index": self._index(given), **self._column(given)}
        if kind == "table":
            return self._table(given)
        raise NotPlain(f"the kind {kind[:30]!r} is not known")

    def _count(self, number: int = 1) -> None:
        self.left -= number
        if self.left < 0:
            raise NotPlain("too many values")

    def _get(self, given: Any, name: str, kind: type) -> Any:
        value = given.get(name) if type(given) is dict else None
        if type(value) is not kind:
            raise NotPlain(f"{name} is not a {kind.__name__}")
        return value

    def _number(self, given: Any) -> Plain:
        value = given.get("value")
        if value is None:
            special = self._get(given, "special", str)
            if special not in ("nan", "inf", "-inf"):
                raise NotPlain("a number of no value")
            return {"kind": "number", "value": None, "special": special}
        return {"kind": "number", "value": self._finite(value)}

    def _finite(self, value: Any) -> int | float:
        if type(value) is int and abs(value) < MAX_INTEGER:
            return value
        if type(value) is float and math.isfinite(value):
            return value
        raise NotPlain("a number that is none")

    def _scalar(self, value: Any) -> Any:
        if value is None or type(value) in (bool, str):
            return value
        return self._finite(value)

    def _scalars(self, values: Any) -> list[Any]:
        if type(values) is not list:
            raise NotPlain("a column that is not a list")
        self._count(len(values))
        return [self._scalar(value) for value in values]

    def _label(self, given: Any) -> str | None:
        return None if given.get("name") is None else self._get(given, "name", str)

    def _column(self, given: Any) -> dict[str, Any]:
        kind = self._get(given, "type", str)
        if kind not in TYPES:
            raise NotPlain("a column of no known type")
        return {"type": kind, "values": self._scalars(given.get("values"))}

    def _index(self, given: Any) -> dict[str, Any]:
        index = self._get(given, "index", dict)
        names = self._scalars(index.get("names"))
        if not names or any(name is not None and type(name) is not str for name in names):
            raise NotPlain("an index without names")
        rows = [self._scalars(row) for row in self._get(index, "values", list)]
        if any(len(row) != len(names) for row in rows):
            raise NotPlain("an index of uneven rows")
        return {"names": names, "values": rows, "default": self._get(index, "default", bool)}

    def _table(self, given: Any) -> Plain:
        columns = self._get(given, "columns", list)
        if len(columns) > MAX_COLUMNS:
            raise NotPlain("too many columns")
        read = [{"name": self._label(column), **self._column(column)} for column in columns if type(column) is dict]
        index = self._index(given)
        if len(read) != len(columns) or any(len(column["values"]) != len(index["values"]) for column in read):
            raise NotPlain("columns of uneven length")
        return {"kind": "table", "columns": read, "index": index}

    def _call(self, call: Any, depth: int) -> dict[str, Any]:
        args = [self.plain(arg, depth) for arg in self._get(call, "args", list)]
        if "error" in call:
            return {"args": args, "error": self._get(call, "error", str)[:300]}
        return {"args": args, "result": self.plain(call.get("result"), depth)}


def accept(given: Any, wanted: Plain) -> Plain:
    """Return ``given`` rebuilt as plain data. Raises NotPlain.

    ``wanted`` is the right answer: a function must have been called as often
    as that one, and a Series must have as many values as its index has rows.
    """
    answer = _Reader().plain(given)
    if answer["kind"] == "series" and len(answer["values"]) != len(answer["index"]["values"]):
        raise NotPlain("a Series of uneven length")
    if answer["kind"] == wanted["kind"] == "function" and len(answer["calls"]) != len(wanted["calls"]):
        raise NotPlain("a function that was not called as asked")
    return answer

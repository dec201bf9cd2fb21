"""Answers on their way between processes: written down here, rebuilt there.

A check compares plain data only: strict JSON that can be sent and looked at
without running anything of the student's. ``to_plain`` is the one place where
a Python object becomes plain data, ``accept`` the one where plain data from a
process that may lie is taken over.
"""

from __future__ import annotations

import dis
import math
from collections.abc import Sequence
from types import CodeType
from typing import Any

import pandas as pd

from litu.answers.plain import MAX_DEPTH, MAX_INTEGER, MAX_VALUES, NotPlain, Plain, Scalar, TooMuch
from litu.kinds.base import Kind
from litu.kinds.registry import kind_of, kinds

NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "POP_TOP"}
"""What the byte code of a function consists of that does nothing."""
TYPES = {"number", "text", "boolean", "date", "other"}
"""What the values of a column can be."""


def other(description: str) -> Plain:
    """Return a value of no known kind."""
    return {"kind": "other", "type": description[:300]}


class Writer:
    """Writes objects down as plain data and counts what it takes."""

    def __init__(self) -> None:
        self._left = MAX_VALUES
        self._kinds = list(kinds().values())

    def plain(self, value: object, depth: int = MAX_DEPTH) -> Plain:
        """Return ``value`` as plain data. Raises TooMuch when there is more of it than is taken over."""
        self.take(1)
        for kind in self._kinds:
            found = kind.serialize(value, depth, self)
            if found is not None:
                return found
        return other(f"{type(value).__module__}.{type(value).__qualname__}")

    def take(self, number: int) -> None:
        """Count some more values."""
        self._left -= number
        if self._left < 0:
            raise TooMuch

    def bounded(self, value: object) -> Plain:
        """Return ``value`` as plain data, or say that it is too much."""
        try:
            return self.plain(value)
        except TooMuch:
            return other(f"a collection of more than {MAX_VALUES} values")


def to_plain(value: object, inputs: Sequence[Sequence[Any]] | None = None) -> Plain:
    """Return ``value`` as plain data.

    ``inputs`` holds the argument tuples on which a function is called, in
    order; a call that raises is recorded with its error, not raised. A value
    of no known kind comes back as ``{"kind": "other", "type": ...}``.
    """
    if inputs is not None and callable(value):
        return {"kind": "function", "calls": [_call(value, args) for args in inputs], "blank": _does_nothing(value)}
    return Writer().bounded(value)


def _does_nothing(function: object) -> bool:
    """Return whether the body of a function is that of an untouched starter: `...`, or a docstring."""
    code = getattr(function, "__code__", None)
    return isinstance(code, CodeType) and all(step.opname in NOTHING for step in dis.get_instructions(code))


def _call(function: Any, args: Sequence[Any]) -> Plain:
    shown = [Writer().bounded(arg) for arg in args]
    try:
        return {"args": shown, "result": Writer().bounded(function(*args))}
    except (Exception, SystemExit) as error:
        return {"args": shown, "error": f"{type(error).__name__}: {error}"[:300]}


def from_plain(plain: Plain) -> Any:
    """Return the Python object that a plain number, text, boolean, list, dict, Series or array stands for."""
    return kind_of(plain).restore(plain)


def arguments(answer: Plain) -> list[list[Plain]] | None:
    """Return the arguments with which a function is called; None for an answer that is none."""
    return [call["args"] for call in answer["calls"]] if answer["kind"] == "function" else None


def inputs_of(calls: Sequence[Sequence[Plain]] | None) -> list[list[Any]] | None:
    """Return plain arguments as Python objects."""
    return None if calls is None else [[from_plain(arg) for arg in args] for args in calls]


def scalar(value: Any) -> Scalar:
    """Return one cell of a table: missing values and infinities become None."""
    plain = Writer().plain(value, 1)
    if plain["kind"] in ("boolean", "number", "text"):
        return plain["value"]  # type: ignore[no-any-return]
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else str(plain.get("type", plain["kind"]))


def plain_scalar(value: Scalar) -> Plain:
    """Return a cell as a plain answer of its own."""
    if value is None:
        return {"kind": "nothing"}
    return {"kind": _type(value), "value": value}


def type_of(values: Sequence[Scalar], numeric: bool) -> str:
    """Return what all values of a column are; a column without values is as ``numeric`` says."""
    found = {_type(value) for value in values if value is not None}
    if not found:
        return "number" if numeric else "other"
    return found.pop() if len(found) == 1 else "other"


def _type(value: Scalar) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, (int, float)) else "text"


class Reader:
    """Rebuilds an answer from JSON, counting what it takes."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def plain(self, given: Any, depth: int = MAX_DEPTH + 2) -> Plain:
        """Return the untrusted ``given`` rebuilt. Raises NotPlain."""
        self.count()
        name = self.get(given, "kind", str)
        if depth == 0:
            raise NotPlain("too deep")
        kind: Kind | None = kinds().get(name)
        if kind is None:
            raise NotPlain(f"the kind {name[:30]!r} is not known")
        return kind.validate(given, depth, self)

    def count(self, number: int = 1) -> None:
        """Count some more values."""
        self._left -= number
        if self._left < 0:
            raise NotPlain("too many values")

    def get(self, given: Any, name: str, kind: type) -> Any:
        """Return a field that must be of exactly this type."""
        value = given.get(name) if type(given) is dict else None
        if type(value) is not kind:
            raise NotPlain(f"{name} is not a {kind.__name__}")
        return value

    def finite(self, value: Any) -> int | float:
        """Return a number that is one."""
        if type(value) is int and abs(value) < MAX_INTEGER:
            return value
        if type(value) is float and math.isfinite(value):
            return value
        raise NotPlain("a number that is none")

    def scalars(self, values: Any) -> list[Scalar]:
        """Return a list of cells."""
        if type(values) is not list:
            raise NotPlain("a column that is not a list")
        self.count(len(values))
        return [value if value is None or type(value) in (bool, str) else self.finite(value) for value in values]

    def type(self, given: Any) -> str:
        """Return what a column says that its values are."""
        kind: str = self.get(given, "type", str)
        if kind not in TYPES:
            raise NotPlain("a column of no known type")
        return kind


def accept(given: Any, wanted: Plain) -> Plain:
    """Return ``given`` rebuilt as plain data. Raises NotPlain.

    ``wanted`` is the right answer: a function must have been called as often as that one.
    """
    answer = Reader().plain(given)
    kind_of(answer).fit(answer, wanted)
    return answer

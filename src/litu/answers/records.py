"""Frozen records rebuilt from JSON: a dataclass says which fields there are and of what type."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def rebuild(cls: type[Record], given: Any) -> Record:
    """Return the record that JSON stands for. Raises ValueError that names the field which is wrong or missing."""
    return cast(Record, _read(cls, given, cls.__name__))


def to_json(record: Any) -> dict[str, Any]:
    """Return a record as JSON-able data."""
    return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return to_json(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _read(kind: Any, given: Any, where: str) -> Any:
    if kind is Any:
        return given
    if is_dataclass(kind):
        return _record(cast("type[Any]", kind), given, where)
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if given is None else _read(next(one for one in inside if one is not type(None)), given, where)
    if origin is tuple:
        return tuple(_read(inside[0], item, f"{where}[{place}]") for place, item in enumerate(_of(list, given, where)))
    if origin is dict:
        return {key: _read(inside[1], item, f"{where}.{key}") for key, item in _of(dict, given, where).items()}
    if origin is list:
        return [_read(inside[0], item, f"{where}[{place}]") for place, item in enumerate(_of(list, given, where))]
    return _of((int, float) if kind is float else kind, given, where)


def _of(kind: Any, given: Any, where: str) -> Any:
    if not isinstance(given, kind) or isinstance(given, bool) and kind is not bool:
        raise ValueError(f"{where} is no {getattr(kind, '__name__', 'number')}")
    return given


def _record(cls: type[Any], given: Any, where: str) -> Any:
    if not isinstance(given, Mapping):
        raise ValueError(f"{where} is no record")
    known = {field.name: field for field in fields(cls)}
    needed = [name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING]
    missing = [name for name in needed if name not in given]
    if missing:
        raise ValueError(f"{where} has no {missing[0]}")
    hints = _hints(cls)  # type: ignore[arg-type]
    return cls(**{name: _read(hints[name], value, f"{where}.{name}") for name, value in given.items() if name in known})

"""A Series: values with labels, or in order where nobody set labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from litu.answers.messages import count
from litu.answers.plain import MAX_ITEMS, NotPlain, Options, Plain, Scalar, is_number, sortable
from litu.kinds.base import Difference, Form, Kind, Part, Path, Reader, Writer
from litu.kinds.table import (
    MIN_ROWS,
    Columns,
    compare_columns,
    label,
    read_column,
    read_index,
    read_label,
    sorted_parts,
    write_column,
    write_index,
    wrong_length,
)  # fmt: skip
from litu.kinds.wire import other, plain_scalar


class Series(Kind):
    """``{"kind": "series", "name", "index": {...}, "type": "number", "values": [...]}``."""

    name = "series"
    words = "a Series"
    rank = 45
    instead = {"table": "Choose the one column that is asked for."}

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if not isinstance(value, pd.Series):
            return None
        if len(value) > MAX_ITEMS:
            return other(f"a Series of {len(value)} values")
        return {"kind": "series", "name": label(value.name), "index": write_index(value.index), **write_column(value)}

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return {"kind": "series", "name": read_label(given, reader), "index": read_index(given, reader), **read_column(given, reader)}

    def fit(self, answer: Plain, wanted: Plain) -> None:
        if len(answer["values"]) != len(answer["index"]["values"]):
            raise NotPlain("a Series of uneven length")

    def restore(self, plain: Plain) -> Any:
        return pd.Series(plain["values"], index=[row[0] for row in plain["index"]["values"]], name=plain["name"])

    def found(self, plain: Plain) -> str:
        return f"a Series of {count(len(plain['values']), 'value')}"

    def problem(self, answer: Plain, form: Form, options: Options) -> str | None:
        return None if len(answer["values"]) == form["rows"] else wrong_length(form["rows"], "value").advice

    def compare(self, value: Plain, right: Plain, options: Options) -> Difference:
        """Compare two Series as one-column tables keyed by their index; without labels the order counts."""
        if len(value["values"]) != len(right["values"]):
            return wrong_length(len(right["values"]), "value")
        if right["index"]["default"]:
            return compare_columns(_as_columns(value, []), _as_columns(right, []), ["values"], [], {**options, "order": True})
        if len(value["index"]["names"]) != len(right["index"]["names"]):
            return Difference(0, "The index has another number of levels than expected. Check what it is grouped by.", ("index",))
        given, wanted = _as_columns(value, _levels(value)), _as_columns(right, _levels(right))
        return compare_columns(given, wanted, list(wanted), list(wanted)[:-1], options)

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        rows = zip(plain["index"]["values"], plain["values"], strict=True)
        for row, value in sorted(rows, key=lambda pair: [sortable(name) for name in pair[0]]):
            yield from row
            yield value

    def form(self, answer: Plain, options: Options) -> Form:
        return {"rows": len(answer["values"]), "type": answer["type"], "default_index": answer["index"]["default"]}

    def parts(self, answer: Plain, options: Options, form: Form) -> list[Part]:
        keys = [] if form["default_index"] else [list(level) for level in _levels(answer)]
        return sorted_parts(keys, {"values": answer["values"]}, {**options, "order": form["default_index"] or options.get("order")})

    def own_hash(self, scalars: list[Scalar], places: int) -> bool:
        return len(scalars) >= MIN_ROWS

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        if answer["type"] == "number":
            yield from ((["values", place], None) for place, value in enumerate(answer["values"]) if is_number(value))

    def samples(self, answer: Plain, options: Options) -> Iterator[Path]:
        yield from list(self.numbers(answer, options))[:1]

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        if not (answer["index"]["default"] or options.get("order")):
            index = {**answer["index"], "values": answer["index"]["values"][::-1]}
            yield {**answer, "index": index, "values": answer["values"][::-1]}

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        if len(answer["values"]) > 1:
            for value in dict.fromkeys(answer["values"]):
                yield {**answer, "values": [value] * len(answer["values"])}


def as_dict(answer: Plain) -> Plain:
    """Return a Series as the dict from its first labels to its values."""
    return {
        "kind": "dict",
        "keys": [plain_scalar(row[0]) for row in answer["index"]["values"]],
        "values": [plain_scalar(value) for value in answer["values"]],
    }


def _levels(value: Plain) -> list[tuple[Any, ...]]:
    return list(zip(*value["index"]["values"], strict=True))


def _as_columns(value: Plain, levels: list[tuple[Any, ...]]) -> Columns:
    columns: Columns = {f"index {place}": {"type": "key", "values": list(level)} for place, level in enumerate(levels)}
    return {**columns, "values": {"type": value["type"], "values": value["values"]}}


KINDS = (Series(),)

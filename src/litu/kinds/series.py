"""A Series: values with labels, or in order where nobody set labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from litu.answers.messages import count
from litu.answers.plain import MAX_ITEMS, NotPlain, Options, Plain, Scalar, is_number, sortable
from litu.kinds.base import ROWS, TYPE_WORDS, Difference, Form, Kind, Parts, Path, Reader, Standing, Writer
from litu.kinds.table import label, read_column, read_index, read_label, row_named, sorted_parts, write_column, write_index, wrong_length
from litu.kinds.wire import other, plain_scalar

VALUES = "values"


class Series(Kind):
    """``{"kind": "series", "name", "index": {...}, "type": "number", "values": [...]}``."""

    name = "series"
    words = "a Series"
    rank = 45

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

    def instead(self, answer: Plain) -> str | None:
        return "Choose the one column that is asked for." if answer["kind"] == "table" else None

    def named(self, part: str, answer: Plain, form: Form) -> str:
        return "The Series"

    def place(self, part: str, number: int, parts: Parts, answer: Plain) -> str:
        return row_named(parts, number, len(answer["values"]))

    def form(self, answer: Plain, options: Options) -> Form:
        form = {"rows": len(answer["values"]), "type": answer["type"], "default_index": answer["index"]["default"]}
        return form | {"levels": len(answer["index"]["names"])}

    def problem(self, answer: Plain, form: Form, options: Options) -> Difference | None:
        if len(answer["values"]) != form["rows"]:
            return wrong_length(len(answer["values"]), form["rows"], "value")
        if not form["default_index"] and len(answer["index"]["names"]) != form["levels"]:
            return Difference(0, "The index has another number of levels than expected. Check what it is grouped by.", ("index",))
        return None

    def parts(self, answer: Plain, options: Options, form: Form) -> Parts:
        if form["default_index"]:
            return sorted_parts([], {VALUES: answer["values"]}, {"order": True})
        return sorted_parts([list(level) for level in zip(*answer["index"]["values"], strict=True)], {VALUES: answer["values"]}, options)

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        rows = zip(plain["index"]["values"], plain["values"], strict=True)
        for row, value in sorted(rows, key=lambda pair: [sortable(name) for name in pair[0]]):
            yield from row
            yield value

    def faults(self, standing: Standing, answer: Plain, form: Form) -> dict[str, str]:
        if ROWS in standing.wrong:
            return {ROWS: "The index does not hold the labels expected. Check their spelling and which are kept."}
        if form["type"] in TYPE_WORDS and answer["type"] not in (form["type"], "other"):
            return {VALUES: f"The values should be {TYPE_WORDS[form['type']]}. Convert them first."}
        return {}

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


KINDS = (Series(),)

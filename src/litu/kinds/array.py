"""A NumPy array of any shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from litu.answers.messages import are, count
from litu.answers.plain import MAX_ITEMS, MAX_VALUES, NotPlain, Options, Plain, Scalar, is_number
from litu.kinds.base import (
    LABELS,
    SAME,
    TYPE_WORDS,
    Difference,
    Form,
    Kind,
    Parts,
    Path,
    Reader,
    Scalars,
    Standing,
    Writer,
    above_chance,
    agree,
)  # fmt: skip
from litu.kinds.collection import MOST_PARTS
from litu.kinds.wire import other, plain_scalar, scalar, type_of

MAX_DIMENSIONS = 8
SIMPLE = "biufU"
"""NumPy's letters for booleans, numbers and texts; arrays of anything else are written down as lists."""
TURNED = "Rows and columns are exchanged. Turn the array with `.T`."
INSTEAD = {
    "list": "All its rows must be as long and hold one sort of value.",
    "table": "Take its values with `.to_numpy()`.",
    "series": "Take its values with `.to_numpy()`.",
}


class Array(Kind):
    """``{"kind": "array", "shape": [2, 3], "type": "number", "values": [...]}``, row by row; a list is read as one."""

    name = "array"
    words = "an array"
    rank = 70

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if not isinstance(value, np.ndarray) or value.dtype.kind not in SIMPLE and value.ndim > 0:
            return None
        if value.ndim == 0:
            return writer.plain(value.item(), depth)
        if value.size > MAX_ITEMS or value.ndim > MAX_DIMENSIONS:
            return other(f"a collection of {value.size} items")
        writer.take(value.size)
        values = [scalar(item) for item in value.reshape(-1).tolist()]
        return {"kind": "array", "shape": list(value.shape), "type": type_of(values, value.dtype.kind in "iuf"), "values": values}

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        shape = reader.get(given, "shape", list)
        if not 0 < len(shape) <= MAX_DIMENSIONS or any(type(size) is not int or not 0 <= size <= MAX_VALUES for size in shape):
            raise NotPlain("an array without a shape")
        values = reader.scalars(given.get("values"))
        if prod(shape) != len(values):
            raise NotPlain("an array of uneven rows")
        return {"kind": "array", "shape": list(shape), "type": reader.type(given), "values": values}

    def restore(self, plain: Plain) -> Any:
        return np.array(plain["values"]).reshape(plain["shape"])

    def as_list(self, plain: Plain) -> Plain:
        return {"kind": "list", "items": _nested(plain["values"], plain["shape"])}

    def read(self, answer: Plain, options: Options) -> Plain | None:
        return _of_list(answer) if answer["kind"] == "list" else super().read(answer, options)

    def found(self, plain: Plain) -> str:
        return f"an array of shape {_shape(plain['shape'])}"

    def instead(self, answer: Plain) -> str | None:
        return INSTEAD.get(answer["kind"])

    def named(self, part: str, answer: Plain, form: Form) -> str:
        return part.replace("row", "Row").replace("item", "Item") or "The array"

    def form(self, answer: Plain, options: Options) -> Form:
        return {"shape": answer["shape"], "type": answer["type"]}

    def problem(self, answer: Plain, form: Form, options: Options) -> Difference | None:
        if answer["shape"] != form["shape"]:
            if answer["shape"] == form["shape"][::-1]:
                return Difference(0, TURNED, ("shape",), "transposed")
            sizes = " by ".join(count(size, "value") if len(form["shape"]) == 1 else str(size) for size in form["shape"])
            return Difference(0, f"Its shape is {_shape(answer['shape'])}; {sizes} {are(form['shape'][0])} expected.", ("shape",))
        if answer["type"] != form["type"]:
            return Difference(
                0, f"It should hold {TYPE_WORDS.get(form['type'], 'one sort of value')}. Convert it with `.astype(...)`.", ("type",)
            )
        return None

    def parts(self, answer: Plain, options: Options, form: Form) -> Parts:
        rows = form["shape"][0]
        if rows > MOST_PARTS or rows < 2 or self.only_wholes(form) or answer["shape"] != form["shape"]:
            return {"": list(answer["values"])}
        step = len(answer["values"]) // rows
        name = "item" if len(form["shape"]) == 1 else "row"
        return {f"{name} {row + 1}": answer["values"][row * step : (row + 1) * step] for row in range(rows)}

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        yield from plain["values"]

    def faults(self, standing: Standing, answer: Plain, form: Form) -> dict[str, str]:
        return {}

    def only_wholes(self, form: Form) -> bool:
        return form["type"] in LABELS

    def compare(self, answer: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        found = max((_labels(answer, right) for right in rights), key=lambda found: found.share)
        return replace(found, advice=self.told(answer, {}, options) or found.advice)

    def room(self, right: Plain, options: Options) -> float:
        sorts = len(options.get("choices") or set(right["values"]))
        return float(sorts ** min(len(right["values"]), 100)) if right["type"] in LABELS else super().room(right, options)

    def variants(self, answer: Plain) -> Iterator[tuple[str, str, Plain]]:
        if len(set(answer["shape"])) == 1 < len(answer["shape"]):
            yield "transposed", TURNED, _turned(answer)

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        yield from ((["values", place], None) for place, value in enumerate(answer["values"]) if is_number(value))

    def samples(self, answer: Plain, options: Options) -> Iterator[Path]:
        yield from list(self.numbers(answer, options))[:1]

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        if answer["type"] == "number":
            yield {**answer, "values": [value if value is None else float(value) for value in answer["values"]]}

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        if len(answer["values"]) > 1:
            for value in dict.fromkeys(answer["values"]):
                yield {**answer, "values": [value] * len(answer["values"])}


def _shape(shape: Sequence[int]) -> str:
    return str(tuple(shape))


def _nested(values: Scalars, shape: Sequence[int]) -> list[Plain]:
    if len(shape) == 1:
        return [{"kind": "number", "value": None, "special": "nan"} if value is None else plain_scalar(value) for value in values]
    step = prod(shape[1:])
    return [{"kind": "list", "items": _nested(values[row * step : (row + 1) * step], shape[1:])} for row in range(shape[0])]


def _of_list(answer: Plain) -> Plain | None:
    """Return a list, perhaps of lists, as the array that NumPy would make of it; None when its rows are uneven."""
    shape: list[int] = []
    level = [answer]
    while level and all(item["kind"] == "list" for item in level):
        lengths = {len(item["items"]) for item in level}
        if len(lengths) > 1 or len(shape) == MAX_DIMENSIONS:
            return None
        shape.append(lengths.pop())
        level = [inner for item in level for inner in item["items"]]
    if any(item["kind"] not in ("number", "text", "boolean") for item in level):
        return None
    values = [item["value"] for item in level]
    return {"kind": "array", "shape": shape, "type": type_of(values, True), "values": values}


def _turned(answer: Plain) -> Plain:
    turned = np.empty(len(answer["values"]), dtype=object)
    turned[:] = answer["values"]
    turned = turned.reshape(answer["shape"]).T
    return {**answer, "shape": list(turned.shape), "values": turned.reshape(-1).tolist()}


def _labels(answer: Plain, right: Plain) -> Difference:
    """Count the labels that are right, less what the best constant answer would earn."""
    pairs = zip(answer["values"], right["values"], strict=True)
    wrong = [place for place, (value, wanted) in enumerate(pairs) if not agree(value, wanted, 0)]
    if not wrong:
        return SAME
    of = len(right["values"])
    first = "[" + ", ".join(str(step) for step in np.unravel_index(wrong[0], right["shape"])) + "]"
    advice = f"{count(len(wrong), 'value')} of {of} {'is' if len(wrong) == 1 else 'are'} not right yet; the first is at {first}."
    return Difference(above_chance(of - len(wrong), of, max(Counter(right["values"]).values())), advice, ("values",))


KINDS = (Array(),)

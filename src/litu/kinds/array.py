"""A NumPy array of any shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from litu.answers.messages import count
from litu.answers.plain import MAX_ITEMS, MAX_VALUES, NotPlain, Options, Plain, Scalar, is_number
from litu.answers.slips import repairs, slip_between
from litu.kinds.base import LABELS, SAME, Difference, Form, Kind, Path, Reader, Repair, Writer, above_chance
from litu.kinds.registry import same
from litu.kinds.wire import other, plain_scalar, scalar, type_of

MAX_DIMENSIONS = 8
SIMPLE = "biufU"
"""NumPy's letters for booleans, numbers and texts; arrays of anything else are written down as lists."""
TURNED = "Rows and columns are exchanged. Turn the array with `.T`."


class Array(Kind):
    """``{"kind": "array", "shape": [2, 3], "type": "number", "values": [...]}``, row by row."""

    name = "array"
    words = "an array"
    rank = 70
    lost = "Its shape is right; its values are not. Work one of them out by hand."
    instead = {"list": "All its rows must be as long and hold one sort of value.", "table": "Take its values with `.to_numpy()`.", "series": "Take its values with `.to_numpy()`."}

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

    def problem(self, answer: Plain, form: Form, options: Options) -> str | None:
        if answer["shape"] != form["shape"]:
            if answer["shape"] == form["shape"][::-1]:
                return TURNED
            sizes = " by ".join(count(size, "value") if len(form["shape"]) == 1 else str(size) for size in form["shape"])
            return f"Its shape is {_shape(answer['shape'])}; {sizes} {'is' if form['shape'] == [1] else 'are'} expected."
        if answer["type"] != form["type"]:
            return f"It should hold {kind_words(form['type'])}. Convert it with `.astype(...)`."
        return None

    def compare(self, value: Plain, right: Plain, options: Options) -> Difference:
        problem = self.problem(value, self.form(right, options), options)
        if problem:
            return Difference(0, problem, ("shape" if value["shape"] != right["shape"] else "type",), "transposed" if problem == TURNED else None)
        wrong = _differing(value, right, options)
        if not wrong:
            return SAME
        if not _differing(_turned(value), right, options):
            return Difference(0, TURNED, ("values",), "transposed")
        slip = slip_between(value["values"], right["values"]) if right["type"] == "number" else None
        advice = slip[1] if slip else f"{count(len(wrong), 'value')} of {len(right['values'])} differ; the first is at {_place(wrong[0], right['shape'])}."
        return Difference(_share(value["values"], right, len(wrong)), advice, ("values",), slip and slip[0])

    def form(self, answer: Plain, options: Options) -> Form:
        return {"shape": answer["shape"], "type": answer["type"]}

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        yield from plain["values"]

    def only_wholes(self, right: Plain) -> bool:
        return right["type"] in LABELS

    def room(self, right: Plain, options: Options) -> float:
        sorts = len(options.get("choices") or set(right["values"]))
        return float(sorts ** min(len(right["values"]), 100)) if right["type"] in LABELS else super().room(right, options)

    def repairs(self, answer: Plain) -> Iterator[Repair]:
        if len(set(answer["shape"])) == 1 < len(answer["shape"]):
            yield "transposed", TURNED, _turned(answer)
        if answer["values"] and all(is_number(value) for value in answer["values"]):
            for options in zip(*(repairs(value) for value in answer["values"]), strict=True):
                if all(abs(repaired) < 1e300 for _, _, repaired in options):
                    yield options[0][0], options[0][1], {**answer, "values": [repaired for _, _, repaired in options]}

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


def kind_words(kind: str) -> str:
    """Return what the values of a column or an array are, in words."""
    return {"number": "numbers", "text": "texts", "boolean": "True or False"}.get(kind, "one sort of value")


def _shape(shape: Sequence[int]) -> str:
    return str(tuple(shape))


def _place(place: int, shape: Sequence[int]) -> str:
    return "[" + ", ".join(str(step) for step in np.unravel_index(place, shape)) + "]"


def _nested(values: Sequence[Scalar], shape: Sequence[int]) -> list[Plain]:
    if len(shape) == 1:
        return [_plain(value) for value in values]
    step = prod(shape[1:])
    return [{"kind": "list", "items": _nested(values[row * step : (row + 1) * step], shape[1:])} for row in range(shape[0])]


def _plain(value: Scalar) -> Plain:
    return {"kind": "number", "value": None, "special": "nan"} if value is None else plain_scalar(value)


def _share(values: list[Scalar], right: Plain, wrong: int) -> float:
    of = len(values)
    if right["type"] in LABELS:
        return above_chance(of - wrong, of, max(Counter(right["values"]).values()))
    return 0.0 if len(set(values)) == 1 < len(set(right["values"])) else 1 - wrong / of


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


def _differing(value: Plain, right: Plain, options: Options) -> list[int]:
    pairs = zip(value["values"], right["values"], strict=True)
    return [place for place, (own, wanted) in enumerate(pairs) if not same(_plain(own), _plain(wanted), options)]


KINDS = (Array(),)

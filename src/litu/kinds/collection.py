"""Lists and sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from litu.answers.messages import count
from litu.answers.plain import MAX_ITEMS, Options, Plain, Scalar, sortable
from litu.answers.slips import slip_between
from litu.kinds.base import SAME, Difference, Form, Kind, Part, Path, Reader, Writer
from litu.kinds.registry import kind_of, same
from litu.kinds.wire import other

MANY = 100
"""So many items more than ten times the wanted ones are not looked at one by one."""


class Collection(Kind):
    """``{"kind": "list", "items": [...]}``, and the same of a set."""

    rank = 80
    ordered: ClassVar[bool]

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return {"kind": self.name, "items": [reader.plain(item, depth - 1) for item in reader.get(given, "items", list)]}

    def found(self, plain: Plain) -> str:
        return f"{self.words} of {count(len(plain['items']), 'item')}"

    def unfinished(self, answer: Plain) -> bool:
        return bool(answer["items"]) and all(item["kind"] == "nothing" for item in answer["items"])

    def compare(self, value: Plain, right: Plain, options: Options) -> Difference:
        given, wanted = value["items"], right["items"]
        if self._in_order(options) and len(given) == len(wanted):
            return _in_turn(given, wanted, options)
        if self.ordered and len(given) != len(wanted):
            return _wrong_length(len(wanted))
        if len(given) > 10 * len(wanted) + MANY:  # looking for each of them would keep the grader busy
            return Difference(0, "There are far more items than belong. Check what should be left out.", ("length",))
        return _as_bag(given, wanted, options)

    def _in_order(self, options: Options) -> bool:
        return self.ordered and bool(options.get("order", True))

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        for item in plain["items"]:
            yield from kind_of(item).scalars(item)

    def form(self, answer: Plain, options: Options) -> Form:
        return {"length": len(answer["items"])}

    def parts(self, answer: Plain, options: Options, form: Form) -> list[Part]:
        scalars = list(self.scalars(answer))
        return [("value", scalars)] if self._in_order(options) else [("items", sorted(scalars, key=sortable))]

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        for place, item in enumerate(answer["items"]):
            if item["kind"] == "number" and item["value"] is not None:
                yield ["items", place, "value"], None

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        if self.ordered and len(answer["items"]) > 1:
            for item in answer["items"]:
                yield {**answer, "items": [item] * len(answer["items"])}


class List(Collection):
    """A list; a tuple, a range and an index are written down as one, an array is read as one."""

    name = "list"
    words = "a list"
    ordered = True

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if depth == 0:
            return None
        if not isinstance(value, (np.ndarray, pd.Index)) and (not isinstance(value, Sequence) or isinstance(value, bytes)):
            return None
        if len(value) > MAX_ITEMS:
            return other(f"a collection of {len(value)} items")
        return {"kind": "list", "items": [writer.plain(item, depth - 1) for item in value]}

    def restore(self, plain: Plain) -> Any:
        return [kind_of(item).restore(item) for item in plain["items"]]

    def as_list(self, plain: Plain) -> Plain | None:
        return plain

    def read(self, answer: Plain, options: Options) -> Plain | None:
        return kind_of(answer).as_list(answer)

    def problem(self, answer: Plain, form: Form, options: Options) -> str | None:
        return None if len(answer["items"]) == form["length"] else _wrong_length(form["length"]).advice


class Bag(Collection):
    """A set; the order of its items never counts."""

    name = "set"
    words = "a set"
    ordered = False

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if depth == 0 or not isinstance(value, Set):
            return None
        if len(value) > MAX_ITEMS:
            return other(f"a collection of {len(value)} items")
        return {"kind": "set", "items": [writer.plain(item, depth - 1) for item in value]}


def _wrong_length(wanted: int) -> Difference:
    advice = f"{count(wanted, 'item')} {'is' if wanted == 1 else 'are'} expected. Check what should be left out or added."
    return Difference(0, advice, ("length",))


def _in_turn(given: Sequence[Plain], wanted: Sequence[Plain], options: Options) -> Difference:
    wrong = [place for place, (value, right) in enumerate(zip(given, wanted, strict=True)) if not same(value, right, options)]
    if not wrong:
        return SAME
    if not _unmatched(given, wanted, options):
        return Difference(0, "The items are right but their order is not. Read again which comes first.", ("order",))
    slip = slip_of_numbers(given, wanted)
    advice = slip[1] if slip else f"{count(len(wrong), 'item')} of {len(wanted)} differ; the first is number {wrong[0] + 1}."
    share = 0.0 if alike(given) and not alike(wanted) else 1 - len(wrong) / len(wanted)
    return Difference(share, advice, tuple(f"item {place + 1}" for place in wrong), slip and slip[0])


def _as_bag(given: Sequence[Plain], wanted: Sequence[Plain], options: Options) -> Difference:
    missing = _unmatched(wanted, given, options)
    extra = _unmatched(given, wanted, options)
    if not missing and not extra:
        return SAME
    share = max(0.0, (len(wanted) - len(missing) - len(extra)) / max(len(wanted), 1))
    share = 0.0 if alike(given) and not alike(wanted) and len(given) > 1 else share
    advice = " ".join(
        f"{count(number, 'item')} {one if number == 1 else more}."
        for number, one, more in ((len(extra), "does not belong", "do not belong"), (len(missing), "is missing", "are missing"))
        if number
    )
    return Difference(share, advice, ("items",))


def _unmatched(items: Sequence[Plain], pool: Sequence[Plain], options: Options) -> list[Plain]:
    left = list(pool)
    unmatched = []
    for item in items:
        match = next((place for place, found in enumerate(left) if same(item, found, options)), None)
        if match is None:
            unmatched.append(item)
        else:
            left.pop(match)
    return unmatched


def alike(items: Sequence[Plain]) -> bool:
    """Return whether all items say the same, as no worked-out answer does."""
    return all(item == items[0] for item in items[1:])


def slip_of_numbers(given: Sequence[Plain], wanted: Sequence[Plain]) -> tuple[str, str] | None:
    """Return the slip that turns all wanted numbers into those given, if all are numbers."""
    if any(item["kind"] != "number" for item in [*given, *wanted]):
        return None
    return slip_between([item["value"] for item in given], [item["value"] for item in wanted])


KINDS = (List(), Bag())

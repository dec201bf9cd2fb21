"""Lists and sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import numpy as np
import pandas as pd

from litu.answers.messages import are, count
from litu.answers.plain import MAX_ITEMS, Options, Plain, Scalar, sortable
from litu.kinds.base import (
    LABELS,
    SAME,
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
    all_agree,
)  # fmt: skip
from litu.kinds.registry import another_kind, kind_of, scalars_as
from litu.kinds.wire import other

MOST_PARTS = 30
"""A longer list is one part: all of it or nothing."""


class List(Kind):
    """``{"kind": "list", "items": [...]}``: a list; a tuple, a range and an index are written down as one, an array is read as one."""

    name = "list"
    words = "a list"
    rank = 80

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if depth == 0:
            return None
        if not isinstance(value, (np.ndarray, pd.Index)) and (not isinstance(value, Sequence) or isinstance(value, bytes)):
            return None
        return write_items(self.name, value, depth, writer)

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return read_items(self.name, given, depth, reader)

    def restore(self, plain: Plain) -> Any:
        return [kind_of(item).restore(item) for item in plain["items"]]

    def as_list(self, plain: Plain) -> Plain | None:
        return plain

    def read(self, answer: Plain, options: Options) -> Plain | None:
        return kind_of(answer).as_list(answer)

    def found(self, plain: Plain) -> str:
        return f"a list of {count(len(plain['items']), 'item')}"

    def named(self, part: str, answer: Plain, form: Form) -> str:
        return part.capitalize()

    def unfinished(self, answer: Plain) -> bool:
        return all_open(answer["items"])

    def form(self, answer: Plain, options: Options) -> Form:
        kinds = [item["kind"] for item in answer["items"]]
        found: Form = {"length": len(kinds), "kinds": kinds}
        return found | {"bag": True} if options.get("order") is False else found

    def problem(self, answer: Plain, form: Form, options: Options) -> Difference | None:
        if len(answer["items"]) == form["length"] or form.get("bag"):
            return None
        advice = (
            f"{count(form['length'], 'item')} {are(form['length'])} expected; there {are(len(answer['items']))} {len(answer['items']):,}."
        )
        return Difference(0, f"{advice} Check what should be left out or added.", ("length",))

    def parts(self, answer: Plain, options: Options, form: Form) -> Parts:
        if form.get("bag"):
            return bag_parts(answer)
        if form["length"] > MOST_PARTS or self.only_wholes(form):
            return {"": list(self.scalars(answer))}
        return {
            f"item {place + 1}": None if item["kind"] == "nothing" else scalars_as(item, kind, options)
            for place, (item, kind) in enumerate(zip(answer["items"], form["kinds"], strict=False))
        }

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        for item in plain["items"]:
            yield from kind_of(item).scalars(item)

    def faults(self, standing: Standing, answer: Plain, form: Form) -> dict[str, str]:
        found = {}
        for place, (item, kind) in enumerate(zip(answer["items"], form["kinds"], strict=False)):
            wrong = "is still open." if item["kind"] == "nothing" else another_kind(item, kind, {})
            if wrong and f"item {place + 1}" in standing.wrong:
                found[f"item {place + 1}"] = f"Item {place + 1} {wrong}"
        return found

    def only_wholes(self, form: Form) -> bool:
        return bool(form.get("bag")) or bool(form["kinds"]) and all(kind in LABELS for kind in form["kinds"])

    def compare(self, answer: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        form = self.form(rights[0], options)
        if form.get("bag"):
            return compare_bags(answer, rights, options)
        return max(
            (_compare_labels(list(self.scalars(answer)), list(self.scalars(right))) for right in rights), key=lambda found: found.share
        )

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        for place, item in enumerate(answer["items"]):
            if item["kind"] == "number" and item["value"] is not None:
                yield ["items", place, "value"], None

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        if len(answer["items"]) > 1:
            for item in answer["items"]:
                yield {**answer, "items": [item] * len(answer["items"])}


class Bag(Kind):
    """``{"kind": "set", "items": [...]}``: a set; the order of its items never counts."""

    name = "set"
    words = "a set"
    rank = 80

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        return write_items(self.name, value, depth, writer) if depth and isinstance(value, Set) else None

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return read_items(self.name, given, depth, reader)

    def found(self, plain: Plain) -> str:
        return f"a set of {count(len(plain['items']), 'item')}"

    def unfinished(self, answer: Plain) -> bool:
        return all_open(answer["items"])

    def instead(self, answer: Plain) -> str | None:
        return "Make it a set with `set(...)`." if kind_of(answer).as_list(answer) else None

    def parts(self, answer: Plain, options: Options, form: Form) -> Parts:
        return bag_parts(answer)

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        for item in plain["items"]:
            yield from kind_of(item).scalars(item)

    def only_wholes(self, form: Form) -> bool:
        return True

    def compare(self, answer: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        return compare_bags(answer, rights, options)

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        for place, item in enumerate(answer["items"]):
            if item["kind"] == "number" and item["value"] is not None:
                yield ["items", place, "value"], None


def write_items(kind: str, value: Any, depth: int, writer: Writer) -> Plain:
    """Return the plain data of a list or set, described only where it is too long."""
    if len(value) > MAX_ITEMS:
        return other(f"a collection of {len(value)} items")
    items = [writer.plain(item, depth - 1) for item in value]
    # A set has no order of its own; the same set is the same text in every process.
    return {"kind": kind, "items": sorted(items, key=repr) if isinstance(value, (set, frozenset)) else items}


def read_items(kind: str, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
    """Return an untrusted list or set rebuilt."""
    return {"kind": kind, "items": [reader.plain(item, depth - 1) for item in reader.get(given, "items", list)]}


def all_open(items: Sequence[Plain]) -> bool:
    """Return whether nothing but placeholders stands in an answer."""
    return bool(items) and all(item["kind"] == "nothing" for item in items)


def bag_parts(answer: Plain) -> Parts:
    """Return all items as one part, in an order of their own."""
    items = [list(kind_of(item).scalars(item)) for item in answer["items"]]
    return {"": [value for item in sorted(items, key=lambda item: [sortable(value) for value in item]) for value in item]}


def compare_bags(answer: Plain, rights: Sequence[Plain], options: Options) -> Difference:
    """Count the items that belong, less those that do not."""
    return max((_bags(answer, right, options) for right in rights), key=lambda found: found.share)


def _bags(answer: Plain, right: Plain, options: Options) -> Difference:
    own, wanted = ([list(kind_of(item).scalars(item)) for item in plain["items"]] for plain in (answer, right))
    if len(own) > 10 * len(wanted) + 100:  # looking for each of them would keep the grader busy
        return Difference(0, "There are far more items than belong. Check what should be left out.", ("items",))
    extra = _unmatched(own, wanted, options)
    missing = len(wanted) - (len(own) - extra)
    if not extra and not missing:
        return SAME
    share = max(0.0, (len(wanted) - missing - extra) / max(len(wanted), 1))
    share = 0.0 if len(own) > 1 and all(item == own[0] for item in own) and any(item != wanted[0] for item in wanted) else share
    advice = " ".join(
        f"{count(number, 'item')} {one if number == 1 else more}."
        for number, one, more in ((extra, "does not belong", "do not belong"), (missing, "is missing", "are missing"))
        if number
    )
    return Difference(share, advice, ("items",))


def _unmatched(items: list[Scalars], pool: list[Scalars], options: Options) -> int:
    """Return how many items have no equal of their own in the pool."""
    left = list(pool)
    unmatched = 0
    for item in items:
        match = next((place for place, found in enumerate(left) if all_agree(item, found, options, "")), None)
        if match is None:
            unmatched += 1
        else:
            left.pop(match)
    return unmatched


def _compare_labels(own: Scalars, wanted: Scalars) -> Difference:
    if len(own) != len(wanted):
        return Difference(0, "", ("length",))
    wrong = [place for place, (value, right) in enumerate(zip(own, wanted, strict=True)) if not agree(value, right, 0)]
    if not wrong:
        return SAME
    best = max(Counter(map(str, wanted)).values())
    names = tuple(f"item {place + 1}" for place in wrong)
    some = ", ".join(str(place + 1) for place in wrong[:5]) + (", …" if len(wrong) > 5 else "")
    return Difference(
        above_chance(len(wanted) - len(wrong), len(wanted), best), f"Look again at {'item' if len(wrong) == 1 else 'items'} {some}.", names
    )


KINDS = (List(), Bag())

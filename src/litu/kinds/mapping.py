"""A dict: entries by key, each with its own value."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from litu.answers.messages import count, listed, short
from litu.answers.plain import MAX_ITEMS, NotPlain, Options, Plain, Scalar, tidy
from litu.kinds.base import LABELS, SAME, Difference, Form, Kind, Parts, Path, Reader, Standing, Writer, above_chance, all_agree
from litu.kinds.collection import all_open
from litu.kinds.number import NO_NUMBER
from litu.kinds.registry import another_kind, kind_of, scalars_as
from litu.kinds.wire import other


class Dict(Kind):
    """``{"kind": "dict", "keys": [...], "values": [...]}``."""

    name = "dict"
    words = "a dict"
    rank = 75
    guarded = True
    merges = True
    speaking = True
    lost = "Work that one out again on its own, step by step."

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if depth == 0 or not isinstance(value, Mapping):
            return None
        if len(value) > MAX_ITEMS:
            return other(f"a collection of {len(value)} items")
        return {
            "kind": "dict",
            "keys": [_key(writer.plain(key, depth - 1)) for key in value],
            "values": [writer.plain(value[key], depth - 1) for key in value],
        }

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        keys, values = reader.get(given, "keys", list), reader.get(given, "values", list)
        if len(keys) != len(values):
            raise NotPlain("a dict with more keys than values")
        return {
            "kind": "dict",
            "keys": [reader.plain(key, depth - 1) for key in keys],
            "values": [reader.plain(value, depth - 1) for value in values],
        }

    def restore(self, plain: Plain) -> Any:
        pairs = zip(plain["keys"], plain["values"], strict=True)
        return {kind_of(key).restore(key): kind_of(value).restore(value) for key, value in pairs}

    def found(self, plain: Plain) -> str:
        return f"a dict of {count(len(plain['keys']), 'entry')}"

    def instead(self, answer: Plain) -> str | None:
        if answer["kind"] == "series":
            return "`.to_dict()` makes a dict of it."
        if answer["kind"] == "table":
            return "Take the row or column that is asked for; `.to_dict()` makes a dict of it."
        return (
            "Write it as `{key: value, …}`, with the keys of the task."
            if kind_of(answer).as_list(answer) or answer["kind"] == "number"
            else None
        )

    def named(self, part: str, answer: Plain, form: Form) -> str:
        return f'The entry "{short(part, 40)}"'

    def unfinished(self, answer: Plain) -> bool:
        return all_open(answer["values"])

    def form(self, answer: Plain, options: Options) -> Form:
        return {"kinds": {key: value["kind"] for key, value in zip(keys_of(answer), answer["values"], strict=True)}}

    def parts(self, answer: Plain, options: Options, form: Form) -> Parts:
        entries = entries_of(answer)
        found: Parts = {}
        for key, kind in form["kinds"].items():
            value = entries.get(tidy(key), {"kind": "nothing"})
            found[key] = None if value["kind"] == "nothing" else scalars_as(value, kind, options)
        return found

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        for key, item in sorted(zip(plain["keys"], plain["values"], strict=True), key=lambda pair: str(pair[0])):
            yield from kind_of(key).scalars(key)
            yield from kind_of(item).scalars(item)

    def faults(self, standing: Standing, answer: Plain, form: Form) -> dict[str, str]:
        entries = entries_of(answer)
        spare = [key for key in keys_of(answer) if tidy(key) not in map(tidy, form["kinds"])]
        missing = [key for key in standing.wrong if tidy(key) not in entries]
        found = {}
        for key in standing.wrong:
            value = entries.get(tidy(key))
            if value is None:
                close = difflib.get_close_matches(key, [text[:100] for text in spare[:100]], n=1, cutoff=0.6)
                plain = f"No entry for {listed(missing)}. Use the keys as the task spells them."
                found[key] = f'No entry for "{key}". Is "{short(close[0], 40)}" meant?' if close else plain
            elif value["kind"] == "nothing":
                found[key] = f'The entry "{key}" is still open.'
            elif value["kind"] == "number" == form["kinds"][key] and value["value"] is None:
                found[key] = f'The entry "{key}" is {value["special"]}. {NO_NUMBER}'
            elif wrong := another_kind(value, form["kinds"][key], {}):
                found[key] = f'The entry "{key}" {wrong}'
        return found

    def only_wholes(self, form: Form) -> bool:
        return all(kind in LABELS for kind in form["kinds"].values())

    def compare(self, answer: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        """Count the labels that are right, less what the best constant answer would earn."""
        form = self.form(rights[0], options)
        own, wanted = self.parts(answer, options, form), [self.parts(right, options, form) for right in rights]
        wrong = [key for key in form["kinds"] if not any(all_agree(own[key], right[key], options, key) for right in wanted)]
        if not wrong:
            return SAME
        best = max(Counter(label for key in form["kinds"] for label in {str(right[key]) for right in wanted}).values())
        standing = Standing(own, {key: key not in wrong for key in form["kinds"]})
        told = list(self.faults(standing, answer, form).values())[:1]
        rest = [key for key in wrong if own[key] is not None]
        advice = " ".join([*told, *([f"Look again at {listed(rest)}."] if rest and not told else [])])
        return Difference(above_chance(len(form["kinds"]) - len(wrong), len(form["kinds"]), best), advice, tuple(wrong))

    def room(self, right: Plain, options: Options) -> float:
        choices = len(options.get("choices") or ())
        return float(choices ** len(right["keys"])) if choices else super().room(right, options)

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        for place, (key, value) in enumerate(zip(answer["keys"], answer["values"], strict=True)):
            if value["kind"] == "number" and value["value"] is not None:
                yield ["values", place, "value"], str(key.get("value"))

    def equivalents(self, answer: Plain, options: Options) -> Iterator[Plain]:
        yield {**answer, "keys": answer["keys"][::-1], "values": answer["values"][::-1]}

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        if len(answer["values"]) > 1:
            for value in answer["values"]:
                yield {**answer, "values": [value] * len(answer["values"])}


def keys_of(plain: Plain) -> list[str]:
    """Return the keys of a plain dict as they are spelled."""
    return [str(key.get("value")) for key in plain["keys"]]


def entries_of(plain: Plain) -> dict[str, Plain]:
    """Return the entries of a plain dict by key, whose case and spacing do not count."""
    return {tidy(key): item for key, item in zip(keys_of(plain), plain["values"], strict=True)}


def _key(plain: Plain) -> Plain:
    """Return a key of a dict; 2016.0 and 2016 are one key, as they are in Python."""
    whole = plain["kind"] == "number" and isinstance(plain["value"], float) and plain["value"].is_integer()
    return {**plain, "value": int(plain["value"])} if whole else plain


KINDS = (Dict(),)

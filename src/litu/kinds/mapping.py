"""A dict: entries by key, each with its own value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from litu.answers.messages import count, listed
from litu.answers.plain import MAX_ITEMS, NotPlain, Options, Plain, Scalar, is_number, tidy
from litu.kinds.base import LABELS, SAME, Difference, Form, Kind, Part, Path, Reader, Writer, above_chance
from litu.kinds.collection import alike, slip_of_numbers
from litu.kinds.registry import kind_of, same
from litu.kinds.wire import other

FREEDOM = 100_000
"""An entry has a hash of its own only when at least so many answers are conceivable."""


class Dict(Kind):
    """``{"kind": "dict", "keys": [...], "values": [...]}``."""

    name = "dict"
    words = "a dict"
    rank = 75
    guarded = True

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
        return {"kind": "dict", "keys": [reader.plain(key, depth - 1) for key in keys], "values": [reader.plain(value, depth - 1) for value in values]}

    def restore(self, plain: Plain) -> Any:
        pairs = zip(plain["keys"], plain["values"], strict=True)
        return {kind_of(key).restore(key): kind_of(value).restore(value) for key, value in pairs}

    def found(self, plain: Plain) -> str:
        return f"a dict of {count(len(plain['keys']), 'key')}"

    def unfinished(self, answer: Plain) -> bool:
        return bool(answer["values"]) and all(value["kind"] == "nothing" for value in answer["values"])

    def problem(self, answer: Plain, form: Form, options: Options) -> str | None:
        held = {tidy(key) for key in keys_of(answer)}
        missing = [key for key in form["keys"] if tidy(key) not in held]
        return _missing(missing) if missing else None

    def compare(self, value: Plain, right: Plain, options: Options) -> Difference:
        return self.closest(value, [right], options)

    def closest(self, value: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        """Hold a dict against all right ones; each key may hold what any of them holds there."""
        given = entries_of(value)
        wanted = [entries_of(right) for right in rights]
        keys = list(wanted[0])
        missing = [key for key in keys if key not in given]
        wrong = [key for key in keys if key in given and not any(key in right and same(given[key], right[key], options, key) for right in wanted)]
        if not missing and not wrong:
            return SAME
        share = _share(given, wanted, len(keys) - len(missing) - len(wrong), options)
        spelled = {tidy(key): key for key in keys_of(rights[0])}
        missing, wrong = [spelled[key] for key in missing], [spelled[key] for key in wrong]
        if missing:
            return Difference(share, _missing(missing), tuple(missing + wrong))
        slip = slip_of_numbers([given[tidy(key)] for key in wrong], [wanted[0][tidy(key)] for key in wrong])
        advice = f"The entry for {listed(wrong)} is not right yet. " + (slip[1] if slip else "Work that one out again on its own.")
        return Difference(share, advice, tuple(wrong), slip and slip[0])

    def scalars(self, plain: Plain) -> Iterator[Scalar]:
        for key, item in sorted(zip(plain["keys"], plain["values"], strict=True), key=lambda pair: str(pair[0])):
            yield from kind_of(key).scalars(key)
            yield from kind_of(item).scalars(item)

    def form(self, answer: Plain, options: Options) -> Form:
        return {"keys": keys_of(answer)}

    def parts(self, answer: Plain, options: Options, form: Form) -> list[Part]:
        entries = entries_of(answer)
        return [(key, list(kind_of(entries[tidy(key)]).scalars(entries[tidy(key)]))) for key in form["keys"]]

    def own_hash(self, scalars: list[Scalar], places: int) -> bool:
        numbers = [value for value in scalars if isinstance(value, (int, float)) and is_number(value)]
        return bool(numbers) and abs(numbers[0]) * 10.0**places >= FREEDOM

    def only_wholes(self, right: Plain) -> bool:
        return all(value["kind"] in LABELS for value in right["values"])

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


def _missing(missing: list[str]) -> str:
    return f"No entry for {listed(missing)}. Use the keys as the task spells them."


def _share(given: dict[str, Plain], wanted: list[dict[str, Plain]], right: int, options: Options) -> float:
    """Return the part that is right. What one label for every entry would earn is taken off, and one number for all earns nothing."""
    keys = list(wanted[0])
    constants = {repr(value): value for entries in wanted for value in entries.values()}
    best = max(sum(any(same(value, entries[key], options, key) for entries in wanted if key in entries) for key in keys) for value in constants.values())
    if all(value["kind"] in LABELS for value in wanted[0].values()):
        return above_chance(right, len(keys), best)
    own = [given[key] for key in keys if key in given]
    return 0.0 if len(own) == len(keys) > 1 and alike(own) else right / len(keys)


KINDS = (Dict(),)

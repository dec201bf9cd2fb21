"""Numbers, texts, booleans and collections of them, compared as plain data."""

from __future__ import annotations

from collections.abc import Sequence

from litu.answers.messages import count, listed
from litu.answers.slips import slip_between
from litu.compare.difference import SAME, Difference, Options, Plain, agrees, places_of, tidy

TYPE_WORDS = {"number": "numbers", "text": "texts", "boolean": "True or False"}


def same(value: Plain, right: Plain, options: Options, column: str | None = None) -> bool:
    """Return whether two plain values are the same for the check's options."""
    if value["kind"] != right["kind"]:
        return False
    kind = value["kind"]
    if kind == "number":
        if value["value"] is None or right["value"] is None:
            return value.get("special") == right.get("special")
        return agrees(value["value"], right["value"], places_of(options, column))
    if kind == "text":
        return tidy(value["value"]) == tidy(right["value"])
    if kind == "boolean":
        return value["value"] is right["value"]
    if kind in ("list", "set"):
        return not _items(value, right, options).parts
    if kind == "dict":
        return dicts(value, [right], options).none
    return value == right


def numbers(value: Plain, right: Plain, options: Options) -> Difference:
    """Compare two numbers."""
    if same(value, right, options):
        return SAME
    if value["value"] is None:
        return Difference(0, "Something divided by zero or a missing value came in. Look at each figure you use.")
    slip = slip_between([value["value"]], [right["value"]])
    if slip:
        return Difference(0, slip[1], slip=slip[0])
    if right["value"] is not None and value["value"] * right["value"] < 0:
        return Difference(0, "The sign is not the one expected. Check which value is taken away from which.", slip="sign")
    return Difference(0, "Look at which figures you use and what is divided by what; print each on its own.")


def texts(value: Plain, right: Plain, options: Options) -> Difference:
    """Compare two texts; a choice outside the list of choices is told apart."""
    if same(value, right, options):
        return SAME
    choices = options.get("choices")
    if choices and tidy(value["value"]) not in map(tidy, choices):
        return Difference(0, "That is not one of the choices. Copy one of them exactly.")
    return Difference(0, "Read the passage or the figures again and choose anew.")


def booleans(value: Plain, right: Plain, options: Options) -> Difference:
    """Compare True with False."""
    return SAME if same(value, right, options) else Difference(0, "Write down the two figures side by side and compare again.")


def collections(value: Plain, right: Plain, options: Options) -> Difference:
    """Compare lists (in order unless ``order=False``) or sets."""
    return _items(value, right, options)


def _items(value: Plain, right: Plain, options: Options) -> Difference:
    ordered = right["kind"] == "list" and options.get("order", True)
    given, wanted = value["items"], right["items"]
    if ordered and len(given) == len(wanted):
        wrong = [i for i, (v, r) in enumerate(zip(given, wanted, strict=True)) if not same(v, r, options)]
        if not wrong:
            return SAME
        if not _unmatched(given, wanted, options):
            return Difference(0, "The items are right but their order is not. Read again which comes first.", ("order",))
        slip = _slip(given, wanted)
        advice = slip[1] if slip else f"{count(len(wrong), 'item')} of {len(wanted)} differ; the first is number {wrong[0] + 1}."
        return Difference(1 - len(wrong) / len(wanted), advice, tuple(f"item {i + 1}" for i in wrong), slip and slip[0])
    if len(given) != len(wanted) and right["kind"] == "list":
        return Difference(0, f"{count(len(wanted), 'item')} {'is' if len(wanted) == 1 else 'are'} expected. Check what should be left out or added.", ("length",))
    if len(given) > 10 * len(wanted) + 100:  # looking for each of them would keep the grader busy
        return Difference(0, "There are far more items than belong. Check what should be left out.", ("length",))
    missing = _unmatched(wanted, given, options)
    extra = _unmatched(given, wanted, options)
    if not missing and not extra:
        return SAME
    share = max(0.0, (len(wanted) - len(missing) - len(extra)) / max(len(wanted), 1))
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
        match = next((i for i, other in enumerate(left) if same(item, other, options)), None)
        if match is None:
            unmatched.append(item)
        else:
            left.pop(match)
    return unmatched


def _slip(given: Sequence[Plain], wanted: Sequence[Plain]) -> tuple[str, str] | None:
    if any(item["kind"] != "number" for item in [*given, *wanted]):
        return None
    return slip_between([item["value"] for item in given], [item["value"] for item in wanted])


def dicts(value: Plain, rights: Sequence[Plain], options: Options) -> Difference:
    """Compare a dict key by key; each key may hold what any right answer holds there."""
    given = _mapping(value)
    wanted = [_mapping(right) for right in rights]
    keys = list(wanted[0])
    missing = [key for key in keys if key not in given]
    wrong = [
        key
        for key in keys
        if key in given and not any(key in right and same(given[key], right[key], options, key) for right in wanted)
    ]
    if not missing and not wrong:
        return SAME
    share = 1 - (len(missing) + len(wrong)) / len(keys)
    spelled = {tidy(str(key.get("value"))): str(key.get("value")) for key in rights[0]["keys"]}
    missing, wrong = [spelled[key] for key in missing], [spelled[key] for key in wrong]
    if missing:
        return Difference(share, f"No entry for {listed(missing)}. Use the keys as the task spells them.", tuple(missing + wrong))
    slip = _slip([given[tidy(key)] for key in wrong], [wanted[0][tidy(key)] for key in wrong])
    advice = f"The entry for {listed(wrong)} is not right yet. " + (slip[1] if slip else "Work that one out again on its own.")
    return Difference(share, advice, tuple(wrong), slip and slip[0])


def _mapping(value: Plain) -> dict[str, Plain]:
    return {tidy(str(key.get("value"))): item for key, item in zip(value["keys"], value["values"], strict=True)}

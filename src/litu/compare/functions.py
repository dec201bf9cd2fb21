"""Functions, compared by what they return."""

from __future__ import annotations

from litu.answers.messages import KINDS, short
from litu.answers.slips import slip_between
from litu.compare.difference import SAME, Difference, Options, Plain
from litu.compare.tables import series, tables
from litu.compare.values import same


def functions(value: Plain, right: Plain, options: Options) -> Difference:
    """Compare the results of two functions on the same calls, in order."""
    pairs = list(zip(value["calls"], right["calls"], strict=True))
    wrong = [(given, wanted) for given, wanted in pairs if not _same_call(given, wanted, options)]
    if not wrong:
        return SAME
    given, wanted = wrong[0]
    share = 1 - len(wrong) / len(pairs)
    parts = tuple(f"call {pairs.index(pair) + 1}" for pair in wrong)
    if "error" in given:
        return Difference(share, f"It raises {short(given['error'], 80)}. Try it on one pair of figures in a new cell.", parts)
    if given["result"]["kind"] != wanted["result"]["kind"]:
        if given["result"]["kind"] == "nothing":
            return Difference(share, "It returns nothing for some inputs. Does every path end in `return`?", parts)
        wants = KINDS[wanted["result"]["kind"]]
        return Difference(share, f"It returns {KINDS[given['result']['kind']]} where {wants} is expected.", parts)
    slip = _slip(wrong)
    if slip:
        return Difference(share, "Its results: " + slip[1][0].lower() + slip[1][1:], parts, slip[0])
    if share:
        return Difference(share, "It is right for some inputs and wrong for others. Which case have you not thought of?", parts)
    return Difference(0, "Its results differ from those expected. Work one case out by hand and compare step by step.", parts)


def returns_nothing(value: Plain) -> bool:
    """Return whether every call came back with nothing, as an unfinished function does."""
    return all(call.get("result", {}).get("kind") == "nothing" for call in value["calls"])


def _same_call(given: Plain, wanted: Plain, options: Options) -> bool:
    if "result" not in given:
        return False
    result, right = given["result"], wanted["result"]
    compare = {"series": series, "table": tables}.get(right["kind"])
    if compare and result["kind"] == right["kind"]:
        return compare(result, right, options).none
    return same(result, right, options)


def _slip(wrong: list[tuple[Plain, Plain]]) -> tuple[str, str] | None:
    results = [(given.get("result", {}), wanted["result"]) for given, wanted in wrong]
    if any(part.get("kind") != "number" for pair in results for part in pair):
        return None
    return slip_between([given["value"] for given, _ in results], [wanted["value"] for _, wanted in results])

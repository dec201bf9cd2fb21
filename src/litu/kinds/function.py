"""A function, compared by what it returns."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from litu.answers.messages import short
from litu.answers.plain import NotPlain, Options, Plain, Scalar
from litu.answers.slips import slip_between
from litu.kinds.base import SAME, Difference, Form, Kind, Part, Path, Reader, Repair, Writer
from litu.kinds.collection import alike
from litu.kinds.registry import kind_of, same


class Function(Kind):
    """``{"kind": "function", "calls": [{"args": [...], "result": ...} or {"args": [...], "error": "..."}]}``."""

    name = "function"
    words = "a function"
    rank = 60
    lost = "Its results differ from those expected. Work one case out by hand and compare step by step."

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        return {"kind": "function", "calls": []} if inspect.isroutine(value) else None

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return {"kind": "function", "calls": [_read_call(call, depth - 1, reader) for call in reader.get(given, "calls", list)]}

    def fit(self, answer: Plain, wanted: Plain) -> None:
        if wanted["kind"] == "function" and len(answer["calls"]) != len(wanted["calls"]):
            raise NotPlain("a function that was not called as asked")

    def unfinished(self, answer: Plain) -> bool:
        return all(call.get("result", {}).get("kind") == "nothing" for call in answer["calls"])

    def problem(self, answer: Plain, form: Form, options: Options) -> str | None:
        failed = next((call for call in answer["calls"] if "error" in call), None)
        return failed and _raises(failed)

    def misfit(self, answer: Plain, options: Options, points: float) -> str | None:
        if not answer["calls"]:
            return "a function is checked by its results; give inputs=[(...), ...]"
        failed = next((call for call in answer["calls"] if "error" in call), None)
        return failed and f"the solution raises {short(failed['error'], 80)} for one of the inputs"

    def compare(self, value: Plain, right: Plain, options: Options) -> Difference:
        """Compare the results of two functions on the same calls, in order."""
        pairs = list(zip(value["calls"], right["calls"], strict=True))
        wrong = [(given, wanted) for given, wanted in pairs if not _same_call(given, wanted, options)]
        if not wrong:
            return SAME
        given, wanted = wrong[0]
        share = 0.0 if _constant(value, right) else 1 - len(wrong) / len(pairs)
        parts = tuple(f"call {pairs.index(pair) + 1}" for pair in wrong)
        if "error" in given:
            return Difference(share, _raises(given), parts)
        if given["result"]["kind"] != wanted["result"]["kind"]:
            if given["result"]["kind"] == "nothing":
                return Difference(share, "It returns nothing for some inputs. Does every path end in `return`?", parts)
            returns, wants = (kind_of(call["result"]).words for call in (given, wanted))
            return Difference(share, f"It returns {returns} where {wants} is expected.", parts)
        slip = _slip(wrong)
        if slip:
            return Difference(share, "Its results: " + slip[1][0].lower() + slip[1][1:], parts, slip[0])
        if share:
            return Difference(share, "It is right for some inputs and wrong for others. Which case have you not thought of?", parts)
        return Difference(0, self.lost, parts)

    def parts(self, answer: Plain, options: Options, form: Form) -> list[Part]:
        return [("results", [value for call in answer["calls"] for value in _results(call)])]

    def repairs(self, answer: Plain) -> Iterator[Repair]:
        results = [call.get("result", {"kind": "nothing"}) for call in answer["calls"]]
        if results and all(result["kind"] == "number" and result["value"] is not None for result in results):
            number = kind_of(results[0])
            for repaired in zip(*(list(number.repairs(result)) for result in results), strict=False):
                if len({slip for slip, _, _ in repaired}) == 1:
                    calls = [{**call, "result": result} for call, (_, _, result) in zip(answer["calls"], repaired, strict=True)]
                    yield repaired[0][0], repaired[0][1], {**answer, "calls": calls}

    def numbers(self, answer: Plain, options: Options) -> Iterator[Path]:
        for place, call in enumerate(answer["calls"]):
            if call.get("result", {}).get("kind") == "number" and call["result"]["value"] is not None:
                yield ["calls", place, "result", "value"], None

    def constants(self, answer: Plain, options: Options) -> Iterator[Plain]:
        if len(answer["calls"]) > 1:
            for result in [call["result"] for call in answer["calls"] if "result" in call]:
                yield {**answer, "calls": [{**call, "result": result} for call in answer["calls"]]}


def public_calls(answer: Plain, public: int) -> Plain:
    """Return a function with only the calls that a student's copy makes; anything else as it is."""
    return {**answer, "calls": answer["calls"][:public]} if answer["kind"] == "function" else answer


def _read_call(call: Any, depth: int, reader: Reader) -> dict[str, Any]:
    args = [reader.plain(arg, depth) for arg in reader.get(call, "args", list)]
    if "error" in call:
        return {"args": args, "error": reader.get(call, "error", str)[:300]}
    return {"args": args, "result": reader.plain(call.get("result"), depth)}


def _raises(call: Plain) -> str:
    return f"It raises {short(call['error'], 80)}. Try it on one pair of figures in a new cell."


def _results(call: dict[str, Any]) -> Iterator[Scalar]:
    if "error" in call:
        yield _error(call)
    else:
        yield from kind_of(call["result"]).scalars(call["result"])


def _same_call(given: Plain, wanted: Plain, options: Options) -> bool:
    if "error" in given or "error" in wanted:  # a known mistake may raise
        return _error(given) == _error(wanted)
    return same(given["result"], wanted["result"], options)


def _error(call: Plain) -> str:
    return str(call.get("error", "")).partition(":")[0]


def _constant(value: Plain, right: Plain) -> bool:
    """Return whether a function returns one and the same whatever it is given, which earns nothing."""
    own, wanted = ([call.get("result", {}) for call in answer["calls"]] for answer in (value, right))
    return len(own) > 1 and alike(own) and not alike(wanted)


def _slip(wrong: list[tuple[Plain, Plain]]) -> tuple[str, str] | None:
    results = [(given.get("result", {}), wanted["result"]) for given, wanted in wrong]
    if any(part.get("kind") != "number" for pair in results for part in pair):
        return None
    return slip_between([given["value"] for given, _ in results], [wanted["value"] for _, wanted in results])


KINDS = (Function(),)

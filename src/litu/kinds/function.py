"""A function, compared by what it returns."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from litu.answers.messages import count, short
from litu.answers.plain import NotPlain, Options, Plain, Scalar
from litu.kinds.base import Difference, Form, Kind, Parts, Path, Reader, Standing, Writer, is_constant
from litu.kinds.registry import another_kind, kind_of, scalars_as
from litu.kinds.wire import from_plain

NO_RETURN = "It gives nothing back. `print` only shows a value; `return` hands it to whoever called the function."

CONSTANT = "It gives the same result for every input of this check, and should not. Does it use the names in the brackets of `def`?"


class Function(Kind):
    """``{"kind": "function", "calls": [{"args": [...], "result": ...} or {"args": [...], "error": "..."}], "blank": False}``.

    ``blank`` says that its body does nothing, as that of a starter.
    """

    name = "function"
    words = "a function"
    rank = 60
    lost = "Work one case out by hand and compare step by step."

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        return {"kind": "function", "calls": [], "blank": False} if inspect.isroutine(value) else None

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        calls = [_read_call(call, depth - 1, reader) for call in reader.get(given, "calls", list)]
        return {"kind": "function", "calls": calls, "blank": reader.get(given, "blank", bool)}

    def fit(self, answer: Plain, wanted: Plain) -> None:
        if wanted["kind"] == "function" and len(answer["calls"]) != len(wanted["calls"]):
            raise NotPlain("a function that was not called as asked")

    def named(self, part: str, answer: Plain, form: Form) -> str:
        place = int(part.removeprefix("call ")) - 1
        return f"The result for {_arguments(answer['calls'][place], place, form)}"

    def unfinished(self, answer: Plain) -> bool:
        return bool(answer["blank"]) and all(call.get("result", {}).get("kind") == "nothing" for call in answer["calls"])

    def misfit(self, answer: Plain, options: Options, points: float) -> str | None:
        if not answer["calls"]:
            return "a function is checked by its results; give inputs=[(...), ...]"
        failed = next((call for call in answer["calls"] if "error" in call), None)
        return f"the solution raises {short(failed['error'], 80)} for one of the inputs" if failed else None

    def form(self, answer: Plain, options: Options) -> Form:
        returns = [call["result"]["kind"] if "result" in call else "nothing" for call in answer["calls"]]
        results = [call.get("result") for call in answer["calls"]]
        return {"returns": returns, "first_other": next((place for place, result in enumerate(results) if result != results[0]), None)}

    def problem(self, answer: Plain, form: Form, options: Options) -> Difference | None:
        results = [call.get("result") for call in answer["calls"]]
        if results and all(result and result["kind"] == "nothing" for result in results):
            return Difference(0, NO_RETURN, ("return",), "no return")
        seen = results[: form.get("public", len(results))]
        other = form.get("first_other")
        varies = other is not None and other < len(seen)
        if varies and seen[0] and seen[0]["kind"] == form["returns"][0] and all(result == seen[0] for result in seen):
            return Difference(0, CONSTANT, ("return",), "constant")
        return None

    def parts(self, answer: Plain, options: Options, form: Form) -> Parts:
        return {
            f"call {place + 1}": _scalars(call, kind, options)
            for place, (call, kind) in enumerate(zip(answer["calls"], form["returns"], strict=True))
        }

    def share(self, standing: Standing, form: Form) -> float:
        """Count the calls: those that students see as long as one of them is wrong, else all."""
        names = list(standing.right)
        seen = names[: form.get("public", len(names))]
        counted = names if all(standing.right[name] for name in seen) else seen
        return 0.0 if is_constant(standing.parts) else sum(standing.right[name] is True for name in counted) / len(counted)

    def faults(self, standing: Standing, answer: Plain, form: Form) -> dict[str, str]:
        """Say of which calls an error, nothing or another kind of value comes back: one sentence for each, with the first input.

        That is so whatever the right result is, also of a call that cannot be told yet.
        """
        calls = [(place, call) for place, call in enumerate(answer["calls"]) if not standing.right[f"call {place + 1}"]]
        raising = [place for place, call in calls if "error" in call]
        wanted = form["returns"]
        empty = [place for place, call in calls if call.get("result", {}).get("kind") == "nothing" != wanted[place]]
        other = [place for place, call in calls if "result" in call and another_kind(call["result"], wanted[place], {})]
        found: dict[str, str] = {}
        for places, says in ((raising, _raises), (empty, _gives_nothing), (other, _returns_another_kind)):
            if places:
                more = f" and {count(len(places) - 1, 'further input')}" if len(places) > 1 else ""
                call = answer["calls"][places[0]]
                sentence = f"For {_arguments(call, places[0], form)}{more} it {says(call, wanted[places[0]])}"
                found |= {f"call {place + 1}": sentence for place in places}
        return found

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


def _scalars(call: Plain, kind: str, options: Options) -> list[Scalar]:
    if "error" in call:  # a known mistake may raise
        return [f"<{str(call['error']).partition(':')[0]}>"]
    return scalars_as(call["result"], kind, options) if kind != "nothing" else list(kind_of(call["result"]).scalars(call["result"]))


def _raises(call: Plain, kind: str) -> str:
    return f"raises {short(call['error'], 80)}. Try that input in a new cell."


def _gives_nothing(call: Plain, kind: str) -> str:
    return "gives nothing back. Does every path end in `return`?"


def _returns_another_kind(call: Plain, kind: str) -> str:
    return f"returns {(another_kind(call['result'], kind, {}) or '').removeprefix('is ')}"


def _arguments(call: Plain, place: int, form: Form) -> str:
    """Return the input of a call as a student would write it; hidden ones are never shown."""
    if place >= form.get("public", place + 1):
        return "an input that is not shown here"
    try:
        return short("(" + ", ".join(repr(from_plain(arg)) for arg in call["args"]) + ")", 60)
    except (ValueError, KeyError, TypeError):
        return "an input"


KINDS = (Function(),)

"""The cases of the bank: one exercise's right answers, wrong answers and everything between."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from litu.answers.messages import MAX_WORDS
from litu.answers.verdict import Outcome, Verdict
from litu.compare.difference import Plain, places_of
from litu.compare.verdicts import Key

BEYOND, WITHIN = 1.5, 0.45
"""Perturbations in units of the last decimal place that counts."""
OTHER_KINDS: tuple[Plain, ...] = (
    {"kind": "text", "value": "about the same"},
    {"kind": "number", "value": 7},
    {"kind": "list", "items": []},
    {"kind": "other", "type": "builtins.module"},
)
REJECTED = (Outcome.WRONG, Outcome.PARTLY)


@dataclass(frozen=True)
class Case:
    """One answer and what the check must say of it."""

    exercise: str
    what: str
    answer: Plain
    outcomes: tuple[Outcome, ...]
    says: str = ""
    slip: str | None = None

    def failure(self, verdict: Verdict, *, public: bool, graded: bool) -> str | None:
        """Return what is wrong with ``verdict``, or None."""
        allowed = (*self.outcomes, Outcome.RECORDED) if public and graded else self.outcomes
        where = f"{self.exercise}: {self.what}" + (" (student copy)" if public else "")
        if verdict.outcome not in allowed:
            return f"{where} is called {verdict.outcome.value}: {verdict.message}"
        if verdict.outcome is Outcome.RECORDED:
            return None
        if self.says and self.says not in verdict.message:
            return f"{where} does not draw its message but: {verdict.message}"
        if self.slip and verdict.slip != self.slip:
            return f"{where} is not recognised as {self.slip} but: {verdict.message}"
        if len(verdict.message.split()) > MAX_WORDS:
            return f"{where} draws a message of more than {MAX_WORDS} words"
        return None


def cases(name: str, key: Key) -> Iterator[Case]:
    """Yield the cases of one exercise that need no code to be run."""
    answer, options = key["answer"], key["options"]
    yield Case(name, "the untouched starter", key["starter"], (Outcome.NOT_STARTED,))
    yield Case(name, "the solution", answer, (Outcome.RIGHT,))
    for number, accept in enumerate(key["accepts"], 1):
        yield Case(name, f"equivalent {number}", accept, (Outcome.RIGHT,))
    for number, rewritten in enumerate(equivalents(answer, options), 1):
        yield Case(name, f"rewritten answer {number}", rewritten, (Outcome.RIGHT,))
    for mistake in key["mistakes"]:
        yield Case(name, f"mistake {mistake['slip']!r}", mistake["answer"], REJECTED, says=mistake["says"])
    for other in OTHER_KINDS:
        if other["kind"] != answer["kind"]:
            yield Case(name, f"an answer that is a {other['kind']}", other, (Outcome.WRONG,), slip="type")
    for what, perturbed in perturbations(answer, options, WITHIN):
        yield Case(name, f"{what} within the tolerance", perturbed, (Outcome.RIGHT,))
    for what, perturbed in perturbations(answer, options, BEYOND):
        yield Case(name, f"{what} beyond the tolerance", perturbed, REJECTED)


def equivalents(answer: Plain, options: dict[str, Any]) -> Iterator[Plain]:
    """Yield the same answer written in other ways that never count."""
    if answer["kind"] == "number" and isinstance(answer["value"], int):
        yield {**answer, "value": float(answer["value"])}
    if answer["kind"] == "text":
        yield {**answer, "value": f" {answer['value'].upper()} "}
    if answer["kind"] == "table":
        yield {**answer, "columns": [*reversed(answer["columns"]), {"name": "a note", "type": "text", "values": ["x"] * _rows(answer)}]}
        if not options.get("order"):
            turned = copy.deepcopy(answer)
            for column in turned["columns"]:
                column["values"].reverse()
            turned["index"]["values"].reverse()
            yield turned
    if answer["kind"] == "series" and not (answer["index"]["default"] or options.get("order")):
        index = {**answer["index"], "values": answer["index"]["values"][::-1]}
        yield {**answer, "index": index, "values": answer["values"][::-1]}
    if answer["kind"] == "dict":
        yield {**answer, "keys": answer["keys"][::-1], "values": answer["values"][::-1]}


def _rows(table: Plain) -> int:
    return len(table["columns"][0]["values"])


def perturbations(answer: Plain, options: dict[str, Any], size: float) -> Iterator[tuple[str, Plain]]:
    """Yield the answer with one number moved up or down by ``size`` units of its last place."""
    for path, name in _number_paths(answer, options):
        for sign in (1, -1):
            moved = copy.deepcopy(answer)
            place = moved
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] += sign * size * 10.0 ** -places_of(options, name)
            yield f"{name or 'the number'} moved {'up' if sign > 0 else 'down'}", moved


def _number_paths(answer: Plain, options: dict[str, Any]) -> Iterator[tuple[list[Any], str | None]]:
    kind = answer["kind"]
    if kind == "number":
        yield ["value"], None
    elif kind in ("list", "set"):
        for number, item in enumerate(answer["items"]):
            if item["kind"] == "number" and item["value"] is not None:
                yield ["items", number, "value"], None
    elif kind == "series" and answer["type"] == "number" and answer["values"][0] is not None:
        yield ["values", 0], None
    elif kind == "table":
        for number, column in enumerate(answer["columns"]):
            compared = column["name"] in (options.get("columns") or [column["name"]])
            if compared and column["type"] == "number" and column["values"][0] is not None:
                yield ["columns", number, "values", 0], column["name"]
    elif kind == "dict":
        for number, (key, value) in enumerate(zip(answer["keys"], answer["values"], strict=True)):
            if value["kind"] == "number" and value["value"] is not None:
                yield ["values", number, "value"], str(key["value"])
    elif kind == "function":
        for number, call in enumerate(answer["calls"]):
            if call.get("result", {}).get("kind") == "number" and call["result"]["value"] is not None:
                yield ["calls", number, "result", "value"], None

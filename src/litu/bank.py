"""The bank: every check held against right answers, wrong answers and everything between.

A check is trusted only when it passes each right answer, however written,
tells each known mistake by its own message and notices small planted faults.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from litu.answers import Step, walk
from litu.charts import meaning
from litu.compare import Key, judge
from litu.compare.difference import Plain, places_of
from litu.course import Course
from litu.errors import LituError
from litu.lesson import read_lesson
from litu.messages import MAX_WORDS
from litu.mutants import mutants
from litu.plain import from_plain
from litu.sealed import judge_sealed
from litu.verdict import Outcome, Verdict

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


@dataclass
class Report:
    """What the bank found for one or more units."""

    exercises: int = 0
    mistakes: int = 0
    equivalents: int = 0
    mutants: int = 0
    killed: int = 0
    survivors: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Share of planted faults that the checks noticed."""
        return self.killed / self.mutants if self.mutants else 1.0

    def line(self) -> str:
        """Return the bank's one line."""
        return (
            f"bank: {self.exercises} exercises, {self.mistakes} mistakes told apart, {self.equivalents} equivalents accepted, "
            f"mutation score {self.score:.1%} ({self.killed} of {self.mutants}), {len(self.failures)} failures"
        )

    def add(self, other: Report) -> None:
        """Add the counts of another report."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def read_built(course: Course, unit: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a unit's answer key and public checks as built."""
    paths = course.key_path(unit), course.folder("release", unit) / "checks.json"
    try:
        key, checks = (json.loads(path.read_text(encoding="utf-8")) for path in paths)
    except (OSError, ValueError):
        raise LituError(f"{unit} is not built; run `litu build {unit}` first.") from None
    return key, checks


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


def check_unit(course: Course, unit: str, *, public: bool) -> Iterator[Report]:
    """Hold every exercise of a unit against its bank; yield a report for each.

    With ``public`` the student copy's checks are tried too, which takes about
    two seconds an exercise because they are slow on purpose.
    """
    key, checks = read_built(course, unit)
    for step in walk(read_lesson(course.lesson(unit)), course.data):
        name = step.exercise.call.name
        if name not in key["exercises"] or name not in checks["exercises"]:
            raise LituError(f"{unit} has changed since it was built; run `litu build {unit}` first.")
        entry = key["exercises"][name]
        report = Report(exercises=1)
        for case in cases(name, entry):
            report.mistakes += bool(case.says)
            report.equivalents += "equivalent" in case.what or "rewritten" in case.what
            failure = case.failure(judge(case.answer, entry), public=False, graded=False)
            report.failures += [failure] if failure else []
        _plant_faults(step, entry, report)
        if public:
            report.failures += list(_public_failures(name, entry, checks["exercises"][name]))
        yield report


def _plant_faults(step: Step, entry: Key, report: Report) -> None:
    calls = entry["answer"].get("calls")
    inputs = calls and [[from_plain(arg) for arg in call["args"]] for call in calls]
    for source in mutants(step.exercise.cell.source):
        try:
            answer = json.loads(json.dumps(step.answer_of(source, step.exercise.cell, inputs)))
        except (LituError, ValueError):
            continue  # A mutant that does not run gives no answer to judge.
        if _equivalent(answer, entry["answer"]):
            continue
        report.mutants += 1
        if judge(answer, entry).outcome is Outcome.RIGHT:
            report.survivors.append(f"{step.exercise.call.name}: {source}")
        else:
            report.killed += 1


def _equivalent(answer: Plain, right: Plain) -> bool:
    """Return whether a fault changed nothing: the same values, the same points drawn."""
    if answer["kind"] == right["kind"] == "chart":
        return meaning(answer["spec"]).views == meaning(right["spec"]).views
    return answer == right


def _public_failures(name: str, key: Key, entry: dict[str, Any]) -> Iterator[str]:
    hidden = any(view["points"] is None for view in entry.get("meaning", {}).get("views", ()))
    graded = key["feedback"] == "graded" or hidden
    slow_once: set[str] = set()
    for case in cases(name, key):
        sort = case.what.rsplit(" ", 3)[-3] if "tolerance" in case.what else case.what
        if case.slip or (sort in slow_once):
            continue
        slow_once.add(sort)
        answer = case.answer
        if answer["kind"] == "function":
            answer = {**answer, "calls": answer["calls"][: key["public_calls"]]}
        failure = case.failure(judge_sealed(answer, entry), public=True, graded=graded)
        if failure:
            yield failure

"""Answer keys: a lesson run from top to bottom, with every answer, right and wrong, as plain data."""

from __future__ import annotations

import copy
import io
import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litu import messages
from litu.compare import judge
from litu.figures import unknown_claim, unknown_figure
from litu.lesson import Cell, Exercise, Lesson
from litu.plain import Plain, to_plain
from litu.verdict import Outcome

Namespace = dict[str, Any]

KEY_FORMAT = 1


@dataclass
class Step:
    """One exercise as the lesson's run reaches it, with the names defined before and after its solution."""

    exercise: Exercise
    before: Namespace
    after: Namespace
    lesson: Lesson

    def answer_of(self, source: str, of: Cell, inputs: list[Any] | None) -> Plain:
        """Run ``source`` in place of the solution and return its answer as plain data."""
        namespace = _snapshot(self.before)
        _run(self.lesson, of, source, namespace)
        variable = self.exercise.call.expression
        if variable not in namespace:
            raise self.lesson.error(of, f"it does not set {variable}")
        return to_plain(namespace[variable], inputs)


def walk(lesson: Lesson, data: Path) -> Iterator[Step]:
    """Run ``lesson`` against ``data`` cell by cell and stop at each exercise."""
    namespace: Namespace = {"__name__": "__lesson__"}
    with _reading_from(data):
        for cell in lesson.cells:
            _check_sources(lesson, cell, data)
            if cell.kind == "code":
                _run(lesson, cell, cell.source, namespace)
            elif cell.kind == "exercise":
                before = _snapshot(namespace)
                _run(lesson, cell, cell.source, namespace)
                yield Step(lesson.exercises[cell.name], before, namespace, lesson)


def answer_key(lesson: Lesson, data: Path) -> dict[str, Any]:
    """Run ``lesson`` against ``data`` and return its answer key, JSON-able.

    Every starter, solution, mistake and accept cell is executed and judged.
    Raises LessonError for a cell that raises, a mistake the check accepts, a
    right answer it rejects, or a figure or claim that is not in ``data``.
    """
    exercises = {step.exercise.call.name: _entry(step) for step in walk(lesson, data)}
    written = {cell.name: _written(cell) for cell in lesson.cells if cell.kind == "written"}
    key = {"format": KEY_FORMAT, "unit": lesson.unit, "title": lesson.title, "exercises": exercises, "written": written}
    return json.loads(json.dumps(key, allow_nan=False))


@contextmanager
def _reading_from(data: Path) -> Iterator[None]:
    before = os.environ.get("LITU_DATA")
    os.environ["LITU_DATA"] = str(data)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        if before is None:
            del os.environ["LITU_DATA"]
        else:
            os.environ["LITU_DATA"] = before


def _check_sources(lesson: Lesson, cell: Cell, data: Path) -> None:
    claim = unknown_claim(cell.source + " " + json.dumps(cell.meta), data)
    if claim:
        raise lesson.error(cell, f"claim {claim} is not a row of data/claims.csv")
    number = unknown_figure(cell.source, data) if cell.kind in ("exercise", "mistake", "accept") else None
    if number:
        raise lesson.error(cell, f"the figure {number} is not in data/; read it with load(), or add it to a table with its source")


def _run(lesson: Lesson, cell: Cell, source: str, namespace: Namespace) -> None:
    try:
        exec(compile(source, f"{lesson.path.name}:{cell.line}", "exec"), namespace)  # noqa: S102 - the author's own code
    except Exception as error:
        what = {"exercise": "the solution", "code": "the cell"}.get(cell.kind, f"this {cell.kind} cell")
        raise lesson.error(cell, f"{what} raises {type(error).__name__}: {messages.short(str(error), 200)}") from None


def _snapshot(namespace: Namespace) -> Namespace:
    """Return a copy in which tables and collections can be changed without changing the original."""
    return {
        name: copy.deepcopy(value) if isinstance(value, (list, dict, set)) or hasattr(value, "iloc") else value
        for name, value in namespace.items()
        if name != "__builtins__"
    }


def _entry(step: Step) -> dict[str, Any]:
    exercise, lesson = step.exercise, step.lesson
    cell, call = exercise.cell, exercise.call
    options = {name: eval(source, dict(step.after)) for name, source in call.options.items()}  # noqa: S307 - the author's own code
    public = [list(args) for args in options.pop("inputs", [])]
    inputs = public + [list(args) for args in cell.meta.get("hidden", [])] or None
    key = {
        "variable": call.expression,
        "points": cell.meta["points"],
        "claims": cell.meta.get("claims", []),
        "hints": cell.meta.get("hints", []),
        "feedback": cell.meta.get("feedback", "instant"),
        "options": options,
        "public_calls": len(public),
        "solution": cell.solution(),
        "starter": step.answer_of(cell.starter(), cell, inputs),
        "answer": to_plain(step.after[call.expression], inputs),
        "accepts": [step.answer_of(accept.source, accept, inputs) for accept in exercise.accepts],
        "mistakes": [
            {"says": mistake.meta["says"].strip(), "slip": _first_sentence(mistake.meta["says"]), "answer": step.answer_of(mistake.source, mistake, inputs)}
            for mistake in exercise.mistakes
        ],
    }
    _check_verdicts(lesson, exercise, key)
    return key


def _first_sentence(text: str) -> str:
    return " ".join(text.split()).split(". ")[0].rstrip(".") + "."


def _check_verdicts(lesson: Lesson, exercise: Exercise, key: dict[str, Any]) -> None:
    kind = key["answer"]["kind"]
    if kind in ("other", "nothing"):
        raise lesson.error(exercise.cell, f"the solution is {messages.found(key['answer'])}, which no check can compare")
    if judge(key["starter"], key).outcome is not Outcome.NOT_STARTED:
        raise lesson.error(exercise.cell, "the starter must leave the answer at `...`, so that it reads as not started")
    for cell, accept in zip(exercise.accepts, key["accepts"], strict=True):
        if accept["kind"] != kind:
            raise lesson.error(cell, f"it gives {messages.found(accept)} where the solution gives {messages.found(key['answer'])}")
    for cell, mistake in zip(exercise.mistakes, key["mistakes"], strict=True):
        verdict = judge(mistake["answer"], key)
        if verdict.outcome is Outcome.RIGHT:
            raise lesson.error(cell, "the check accepts this mistake")
        if mistake["says"] not in verdict.message:
            raise lesson.error(cell, f"this mistake is not told apart; the check says: {verdict.message}")


def _written(cell: Cell) -> dict[str, Any]:
    return {
        "points": cell.meta["points"],
        "claims": cell.meta.get("claims", []),
        "prompt": cell.meta["prompt"].strip(),
        "rubric": cell.meta["rubric"],
        "model": cell.source.strip(),
    }

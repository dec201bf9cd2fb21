"""Answer keys: a lesson run from top to bottom, with every answer, right and wrong, as plain data."""

from __future__ import annotations

import copy
import io
import json
import os
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litu.answers import messages
from litu.answers.contract import KEY_FORMAT, Accept, AnswerKey, ExerciseKey, Mistake, WrittenKey
from litu.answers.plain import Plain
from litu.answers.verdict import Outcome
from litu.authoring.check_options import misfit, read_options
from litu.authoring.figures import unknown_claim, unknown_figure
from litu.authoring.lesson import Cell, Exercise, Lesson
from litu.compare.book import KeyBook
from litu.compare.verdicts import judge
from litu.dataset.tables import check_published
from litu.errors import LituError
from litu.kinds.registry import kind_asked, kind_of
from litu.kinds.wire import to_plain
from litu.settings import Settings

Namespace = dict[str, Any]


@dataclass
class ExerciseRun:
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
        return _plain(to_plain(namespace[variable], inputs))


def walk(lesson: Lesson, data: Path, settings: Settings) -> Iterator[ExerciseRun]:
    """Run ``lesson`` against ``data`` cell by cell and stop at each exercise."""
    namespace: Namespace = {"__name__": "__lesson__"}
    check_published(data)
    with _reading_from(data):
        for cell in lesson.cells:
            _check_sources(lesson, cell, data, settings)
            if cell.kind == "code":
                _run(lesson, cell, cell.source, namespace)
            elif cell.kind == "exercise":
                before = _snapshot(namespace)
                _run(lesson, cell, cell.source, namespace)
                yield ExerciseRun(lesson.exercises[cell.name], before, namespace, lesson)


def answer_key(lesson: Lesson, data: Path, settings: Settings) -> AnswerKey:
    """Run ``lesson`` against ``data`` and return its answer key.

    Every starter, solution, mistake and accept cell is executed and judged.
    Raises LessonError for a cell that raises, a mistake the check accepts, a
    right answer it rejects, or a figure or claim that is not in ``data``.
    """
    exercises = {step.exercise.call.name: _entry(step) for step in walk(lesson, data, settings)}
    written = {cell.name: _written(cell) for cell in lesson.cells if cell.kind == "written"}
    return AnswerKey(KEY_FORMAT, lesson.unit, lesson.title, exercises, written)


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


def _check_sources(lesson: Lesson, cell: Cell, data: Path, settings: Settings) -> None:
    for text, line in ((cell.source, cell.first), (json.dumps(cell.meta), None)):
        claim = unknown_claim(text, settings.claims, data)
        if claim:
            at = line and text.count("\n", 0, text.find(claim)) + 1
            raise lesson.error(cell, f"claim {claim} is not a row of data/claims.csv", at)
    guess = cell.name in lesson.exercises and lesson.exercises[cell.name].call.options.get("form") == "'guess'"
    solving = cell.kind in ("exercise", "mistake", "accept") and not guess
    number = unknown_figure(cell.source, data) if settings.figures and solving else None
    if number:
        raise lesson.error(cell, f"the figure {number} is not in data/; read it with load(), or add it to a table with its source")


def _run(lesson: Lesson, cell: Cell, source: str, namespace: Namespace) -> None:
    name = f"{lesson.path.name}:{cell.line}"
    try:
        exec(compile(source, name, "exec"), namespace)  # noqa: S102 - the author's own code
    except (Exception, SystemExit) as error:
        whole = source == cell.source
        what = {"exercise": "the solution" if whole else "the starter", "code": "the cell"}.get(cell.kind, f"this {cell.kind} cell")
        told = getattr(error, "msg", None) or messages.short(str(error), 200)
        told = str(error) if isinstance(error, LituError) else f"{type(error).__name__}: {told}"
        raise lesson.error(cell, f"{what} raises {told}", _raised_at(error, name) if whole else None) from None


def _raised_at(error: BaseException, name: str) -> int | None:
    """Return the line of the cell on which it raised, if it got that far."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == name]
    return lines[-1] if lines else None


def _snapshot(namespace: Namespace) -> Namespace:
    """Return a copy in which tables and collections can be changed without changing the original."""
    return {
        name: copy.deepcopy(value) if isinstance(value, (list, dict, set)) or hasattr(value, "iloc") else value
        for name, value in namespace.items()
        if name != "__builtins__"
    }


def _entry(step: ExerciseRun) -> ExerciseKey:
    exercise, lesson = step.exercise, step.lesson
    cell, call = exercise.cell, exercise.call
    try:
        options = read_options(call, step.after)
    except ValueError as error:
        raise lesson.error(exercise.check, str(error)) from None
    public = options.pop("inputs", [])
    inputs = public + cell.meta.get("hidden", []) or None
    key = ExerciseKey(
        variable=call.expression,
        answer=_plain(to_plain(step.after[call.expression], inputs)),
        points=cell.meta["points"],
        options=options,
        found=_found(cell),
        accepts=tuple(Accept(step.answer_of(accept.source, accept, inputs), _found(accept)) for accept in exercise.accepts),
        mistakes=tuple(
            Mistake(mistake.meta["says"].strip(), _first_sentence(mistake.meta["says"]), step.answer_of(mistake.source, mistake, inputs))
            for mistake in exercise.mistakes
        ),
        starter=step.answer_of(cell.starter(), cell, inputs),
        solution=cell.solution(),
        hints=tuple(cell.meta.get("hints", ())),
        claims=tuple(cell.meta.get("claims", ())),
        settled={score.claim: score.verdict for score in lesson.header.scorecard if score.exercise == call.name},
        feedback=cell.meta.get("feedback", "instant"),
        public_calls=len(public),
    )
    _check_verdicts(lesson, exercise, key)
    return key


def _plain(answer: Plain) -> Plain:
    """Return an answer as it will be read back from JSON."""
    return dict(json.loads(json.dumps(answer, allow_nan=False)))


def _found(cell: Cell) -> str:
    return " ".join(str(cell.meta.get("found", "")).split())


def _first_sentence(text: str) -> str:
    return " ".join(text.split()).split(". ")[0].rstrip(".") + "."


def _check_verdicts(lesson: Lesson, exercise: Exercise, key: ExerciseKey) -> None:
    answer = key.answer
    if answer["kind"] in ("other", "nothing") or answer.get("special"):
        raise lesson.error(exercise.cell, f"the solution is {kind_of(answer).found(answer)}, which no check can compare")
    wrong = misfit(key.options, answer, key.points)
    if wrong:
        raise lesson.error(exercise.check, wrong)
    if judge(key.starter, key).outcome is not Outcome.NOT_STARTED:
        raise lesson.error(exercise.cell, "the starter must leave the answer at `...`, so that it reads as not started")
    wanted = Outcome.RECORDED if kind_asked(answer, key.options).ungraded else Outcome.RIGHT
    rights = [answer, *(accept.answer for accept in key.accepts)]
    for cell, right in zip([exercise.cell, *exercise.accepts], rights, strict=True):
        verdict = judge(right, key)
        if verdict.outcome is not wanted:
            what = "the solution" if cell is exercise.cell else "this right answer"
            raise lesson.error(cell, f"the check rejects {what}: {verdict.message}")
    for cell, mistake in zip(exercise.mistakes, key.mistakes, strict=True):
        verdict = judge(mistake.answer, key)
        if verdict.outcome is Outcome.RIGHT:
            raise lesson.error(cell, "the check accepts this mistake")
        if mistake.says not in verdict.message:
            raise lesson.error(cell, f"this mistake is not told apart; the check says: {verdict.message}")
    _refuse_constants(lesson, exercise, key)


def _refuse_constants(lesson: Lesson, exercise: Exercise, key: ExerciseKey) -> None:
    """An answer that says the same everywhere, without a look at the question, must earn nothing."""
    book = KeyBook.of(key)
    for constant in book.kind.constants(book.rights[0], key.options):
        share = judge(constant, key).share
        if share > 0 and not book.kind.ungraded:
            raise lesson.error(
                exercise.cell, f"one and the same value everywhere earns {share:.0%} of the points; let the right values differ"
            )


def _written(cell: Cell) -> WrittenKey:
    return WrittenKey(
        points=cell.meta["points"],
        prompt=cell.meta["prompt"].strip(),
        rubric=tuple(cell.meta["rubric"]),
        model=cell.source.strip(),
        claims=tuple(cell.meta.get("claims", ())),
        sample=cell.meta.get("sample", "").strip(),
        comments=tuple(cell.meta.get("comments", ())),
    )

"""The bank: every check held against right answers, wrong answers and everything between.

A check is trusted only when it passes each right answer, however written,
tells each known mistake by its own message and notices small planted faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from litu.answers.contract import AnswerKey, ExerciseKey, PublicChecks, PublicEntry, read_checks, read_key
from litu.answers.plain import Plain
from litu.answers.verdict import Outcome
from litu.authoring.answer_key import ExerciseRun, walk
from litu.authoring.bank.cases import cases
from litu.authoring.bank.mutants import mutants
from litu.authoring.parser import read_lesson
from litu.charts import meaning
from litu.compare.verdicts import judge
from litu.course import Course
from litu.errors import LituError
from litu.kinds.function import public_calls
from litu.kinds.registry import kind_asked
from litu.kinds.wire import arguments, inputs_of
from litu.public_checks.judge import judge_sealed


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


def read_built(course: Course, unit: str) -> tuple[AnswerKey, PublicChecks]:
    """Return a unit's answer key and public checks as built."""
    path = course.key_path(unit)
    try:
        return read_key(path.read_text(encoding="utf-8"), path, unit), read_checks(course.folder("release", unit) / "checks.json")
    except (OSError, LituError):
        raise LituError(f"{unit} is not built; run `litu build {unit}` first.") from None


def check_unit(course: Course, unit: str, *, public: bool) -> Iterator[Report]:
    """Hold every exercise of a unit against its bank; yield a report for each.

    With ``public`` the student copy's checks are tried too, which takes about
    two seconds an exercise because they are slow on purpose.
    """
    key, checks = read_built(course, unit)
    for step in walk(read_lesson(course.lesson(unit)), course.data, course.settings):
        name = step.exercise.call.name
        if name not in key.exercises or name not in checks.exercises:
            raise LituError(f"{unit} has changed since it was built; run `litu build {unit}` first.")
        entry = key.exercises[name]
        report = Report(exercises=1)
        for case in cases(name, entry):
            report.mistakes += bool(case.says)
            report.equivalents += "equivalent" in case.what or "rewritten" in case.what
            failure = case.failure(judge(case.answer, entry), public=False, graded=False)
            report.failures += [failure] if failure else []
        _plant_faults(step, entry, report)
        if public:
            report.failures += list(_public_failures(name, entry, checks.exercises[name]))
        yield report


def _plant_faults(step: ExerciseRun, entry: ExerciseKey, report: Report) -> None:
    if kind_asked(entry.answer, entry.options).ungraded:
        return
    inputs = inputs_of(arguments(entry.answer))
    for source in mutants(step.exercise.cell.source):
        try:
            answer = step.answer_of(source, step.exercise.cell, inputs)
        except (LituError, ValueError):
            continue  # A mutant that does not run gives no answer to judge.
        if _equivalent(answer, entry.answer):
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


def _public_failures(name: str, key: ExerciseKey, entry: PublicEntry) -> Iterator[str]:
    hidden = any(view["points"] is None for view in (entry.meaning or {}).get("views", ()))
    graded = entry.feedback == "graded" or hidden
    slow_once: set[str] = set()
    for case in cases(name, key):
        sort = case.what.rsplit(" ", 3)[-3] if "tolerance" in case.what else case.what
        if case.slip or (sort in slow_once):
            continue
        slow_once.add(sort)
        noted = graded or Outcome.RIGHT not in case.outcomes  # a part that is easy to guess is told when it is graded
        failure = case.failure(judge_sealed(public_calls(case.answer, key.public_calls), entry), public=True, graded=noted)
        if failure:
            yield failure

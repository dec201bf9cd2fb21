"""Every check of the course held against right answers, known mistakes and everything between."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from exercise_keys import exercise_key
from places import REPOSITORY

from litu.answers.contract import Accept, ExerciseKey, Mistake, read_key
from litu.answers.verdict import Outcome, Verdict
from litu.authoring.bank.cases import Case, cases, perturbations
from litu.authoring.bank.mutants import mutants
from litu.authoring.bank.verify import Report, check_unit
from litu.compare.verdicts import judge
from litu.course import Course
from litu.kinds.registry import kind_of
from litu.kinds.wire import to_plain

KEYS = {
    f"{path.stem}/{name}": key
    for path in sorted((REPOSITORY / "grading" / "keys").glob("*.json"))
    for name, key in read_key(path.read_text(encoding="utf-8"), path.name, path.stem).exercises.items()
}


@pytest.mark.parametrize("exercise", KEYS)
def test_a_check_tells_every_answer_apart(exercise):
    """Starter, solution, equivalents, each mistake by its message, other kinds, numbers moved within and beyond."""
    key = KEYS[exercise]
    tried = list(cases(exercise, key))
    if key.options.get("form") == "guess":
        assert [judge(case.answer, key).outcome for case in tried] == [Outcome.NOT_STARTED, Outcome.RECORDED]
        return

    assert {Outcome.NOT_STARTED, Outcome.RIGHT, Outcome.WRONG} <= {outcome for case in tried for outcome in case.outcomes}
    assert sum(bool(case.says) for case in tried) == len(key.mistakes) >= 1
    assert [failure for case in tried if (failure := case.failure(judge(case.answer, key), public=False, graded=False))] == []


@pytest.mark.parametrize("exercise", KEYS)
def test_an_exercise_has_what_a_student_needs(exercise):
    """Two to four hints, the first in under 20 words, and messages of mistakes in under 45; a guess needs none."""
    key = KEYS[exercise]
    if key.options.get("form") == "guess":
        return

    assert len(key.hints) in (2, 3, 4)
    assert len(key.hints[0].split()) < 20
    assert all(len(mistake.says.split()) < 45 for mistake in key.mistakes)


@pytest.mark.parametrize("exercise", KEYS)
def test_an_exercise_knows_enough_slips_and_ways_of_being_right(exercise):
    """Three known slips where the answer is made of numbers, two elsewhere; two more right answers where forms differ naturally."""
    key = KEYS[exercise]
    form = key.options.get("form")
    if form == "guess":
        return

    computed = not form and key.answer["kind"] in ("number", "dict", "series", "table", "function", "array")
    assert len(key.mistakes) >= (3 if computed else 2)
    assert len(key.accepts) >= (2 if computed or key.answer["kind"] == "chart" else 0)


def whole_bank(course: Course, *, public: bool) -> Report:
    """Return the bank's report over all units of a course."""
    total = Report()
    for unit in course.units():
        for report in check_unit(course, unit, public=public):
            total.add(report)
    return total


@pytest.mark.slow
def test_the_bank_finds_no_failure_and_notices_planted_faults(capsys):
    """All checks of the course together: no failure, and of the faults planted in solutions nine in ten are noticed."""
    total = whole_bank(Course.find(REPOSITORY), public=False)

    with capsys.disabled():
        print(f"\n{total.line()}")
    assert total.failures == []
    assert total.score >= 0.9
    assert total.exercises == len(KEYS)


@pytest.mark.slow
def test_the_student_copies_agree_with_the_bank():
    """The slow public checks of all units give the verdicts that the keys give."""
    assert whole_bank(Course.find(REPOSITORY), public=True).failures == []


# The bank itself: it notices a check that is too lax or too strict


def number_key(**changes: Any) -> ExerciseKey:
    """Return the key of a small exercise."""
    return replace(exercise_key(8.25, mistakes={"You took the countryside.": 21.5}, places=2), **changes)


def mistake(says: str, answer: object) -> tuple[Mistake, ...]:
    """Return a list of one mistake."""
    return (Mistake(says, says, to_plain(answer)),)


def failures(key: ExerciseKey) -> Iterator[str]:
    """Yield what the bank finds wrong with a key."""
    for case in cases("x", key):
        failure = case.failure(judge(case.answer, key), public=False, graded=False)
        if failure:
            yield failure


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, None),
        ({"starter": to_plain(0)}, "x: the untouched starter is called wrong"),
        ({"mistakes": mistake("No.", 8.2501)}, "x: mistake 'No.' is called right"),
        ({"mistakes": mistake("No.", "8")}, "x: mistake 'No.' does not draw its message"),
        ({"mistakes": mistake("No. " * 61, 9)}, f"x: mistake {'No. ' * 61!r} draws a message of more than 60 words"),
        ({"accepts": (Accept(to_plain("eight")),)}, "x: equivalent 1 is called wrong"),
    ],
    ids=["good", "starter", "mistake accepted", "mistake not told", "long message", "equivalent"],
)
def test_the_bank_notices_a_bad_check(changes, says):
    """What it finds names exercise, case and verdict."""
    found = list(failures(number_key(**changes)))

    assert found == [] if says is None else any(failure.startswith(says) for failure in found)


def test_numbers_are_moved_within_and_beyond_the_tolerance():
    """Each number of an answer is moved both ways by the size asked for, in units of its last place."""
    key = exercise_key({"a": 1.5, "b": 20}, places={"a": 1, "b": -1})

    moved = [(what, [value["value"] for value in plain["values"]]) for what, plain in perturbations(key.answer, key, 1.5)]

    assert moved == [
        ("a moved up", [pytest.approx(1.65), 20]),
        ("a moved down", [pytest.approx(1.35), 20]),
        ("b moved up", [1.5, 35]),
        ("b moved down", [1.5, 5]),
    ]


def test_rewritten_answers_leave_the_answer_as_it_was():
    """Equivalents are copies; what is judged next is not changed by them."""
    for value in (7, "a", {"a": 1, "b": 2}):
        answer = to_plain(value)
        before = copy.deepcopy(answer)

        assert list(kind_of(answer).equivalents(answer, {}))
        assert answer == before


def test_planted_faults_change_one_thing_each():
    """Operators, numbers, comparisons, flags and methods; every variant is Python."""
    source = "x = a.sum() + 2\ny = b[b > 3].head(1) if True else None"

    assert sorted(mutants(source)) == sorted([
        source.replace("+ 2", "- 2"),
        source.replace("+ 2", "+ 3"),
        source.replace("sum", "mean"),
        source.replace("b > 3", "b < 3"),
        source.replace("b > 3", "b > 4"),
        source.replace("head(1)", "tail(1)"),
        source.replace("head(1)", "head(2)"),
        source.replace("True", "False"),
    ])  # fmt: skip


def test_a_recorded_verdict_is_enough_where_marks_come_later():
    """In the student copy a graded exercise may only record; with the key it must judge."""
    case, recorded = Case("x", "the solution", to_plain(1), (Outcome.RIGHT,)), Verdict(Outcome.RECORDED, 0.0, "noted")

    assert case.failure(recorded, public=True, graded=True) is None
    assert case.failure(recorded, public=False, graded=True)
    assert case.failure(recorded, public=True, graded=False)

"""The checks held against answers that learners gave before they had seen a check: first thoughts, other ways, real slips."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml
from places import REPOSITORY

from litu.answers.verdict import Outcome, Verdict
from litu.authoring.answer_key import ExerciseRun, walk
from litu.authoring.bank.verify import read_built
from litu.authoring.parser import read_lesson
from litu.compare.verdicts import judge
from litu.course import Course
from litu.errors import LituError
from litu.kinds.wire import arguments, inputs_of

COURSE = Course.find(REPOSITORY)
PEOPLE: dict[str, list[dict[str, Any]]] = {
    unit: yaml.safe_load((REPOSITORY / "tests" / "course" / "people" / f"{unit[:2]}.yaml").read_text(encoding="utf-8"))
    for unit in COURSE.units()
}
JUDGED = {"helpful", "general", "untrue"}
"""What the learner thought of the message: it names the slip or the next step, is true of any slip, or says what was not done."""


def verdict(step: ExerciseRun, code: str, keys: dict[str, Any]) -> Verdict | None:
    """Return what the check says of a learner's code, or None where the code itself raises."""
    key = keys[step.exercise.call.name]
    try:
        answer = step.answer_of(code, step.exercise.cell, inputs_of(arguments(key.answer)))
    except LituError:
        return None
    return judge(answer, key)


def fault(answer: dict[str, Any], said: Verdict | None) -> str | None:
    """Return what the check got wrong, or None."""
    if said is None:
        return "raises" if answer["right"] else None
    if answer["right"] != (said.outcome in (Outcome.RIGHT, Outcome.RECORDED)):
        return f"{said.outcome.value}: {said.message}"
    return None


@pytest.mark.slow
@pytest.mark.parametrize("unit", PEOPLE)
def test_right_is_accepted_and_wrong_refused(unit: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every right answer passes in whatever form it came, no wrong one does, and no message names a slip that was not made."""
    answers, (key, _) = PEOPLE[unit], read_built(COURSE, unit)
    faults = []
    for step in walk(read_lesson(COURSE.lesson(unit)), COURSE.data, COURSE.settings):
        name = step.exercise.call.name
        for answer in (one for one in answers if one["exercise"] == name):
            said = verdict(step, answer["code"], dict(key.exercises))
            faults += [(name, answer["code"], found)] if (found := fault(answer, said)) else []

    judged = Counter(answer["said"] for answer in answers if not answer["right"])
    with capsys.disabled():
        print(f"\n{unit}: {sum(answer['right'] for answer in answers)} right, {judged.total()} wrong; messages {dict(judged)}")
    assert faults == []
    assert judged["untrue"] == 0


def test_the_answers_cover_the_course() -> None:
    """Some of every checked exercise, at least three hundred in all, each with who gave it and what was thought of the message."""
    every = [answer for answers in PEOPLE.values() for answer in answers]
    assert len(every) >= 300
    assert {answer["by"] for answer in every} == {"first", "other", "slip"}
    assert {answer["said"] for answer in every if not answer["right"]} <= JUDGED
    for unit, answers in PEOPLE.items():
        exercises = read_built(COURSE, unit)[0].exercises.items()
        assert {answer["exercise"] for answer in answers} >= {name for name, key in exercises if key.options.get("form") != "guess"}

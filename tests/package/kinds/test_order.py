"""Steps in order: whole, with two neighbours exchanged, or out of order."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from exercise_keys import FOUND, both, exercise_key

from litu.answers.verdict import Outcome
from litu.compare.verdicts import judge

RIGHT = ["C", "A", "F", "B", "E", "D"]
KEY = exercise_key(RIGHT, form="order", choices=["A", "B", "C", "D", "E", "F"], mistakes={"You began at the end.": RIGHT[::-1]})


@pytest.mark.parametrize(
    "answer", [RIGHT, tuple(RIGHT), np.array(RIGHT), [" c", "a ", "F", "b", "e", "d"]], ids=["list", "tuple", "array", "spelling"]
)
def test_the_right_order_is_right_however_it_is_written(answer):
    """Lists, tuples and arrays, letters in any case; the finding follows."""
    for verdict in both(answer, KEY):
        assert (verdict.outcome, verdict.message) == (Outcome.RIGHT, f"`answer` is right. {FOUND}")


@pytest.mark.parametrize("place", range(5))
def test_two_neighbours_exchanged_are_partly_right(place):
    """Both modes give the same points and name the first link that does not hold."""
    answer = list(RIGHT)
    answer[place], answer[place + 1] = answer[place + 1], answer[place]

    verdicts = both(answer, KEY)

    assert [(verdict.outcome, verdict.share) for verdict in verdicts] == [(Outcome.PARTLY, 0.6)] * 2
    assert verdicts[0].message == verdicts[1].message
    link = f'from "{answer[place - 1]}" to "{answer[place]}"' if place else f'does not begin with "{answer[0]}"'
    assert link in verdicts[0].message


def test_every_other_order_earns_nothing_and_hears_the_same():
    """Of all 720 orders six earn points; key and student's copy agree on each of a sample of the others."""
    shares = [judge({"kind": "order", "steps": list(steps)}, KEY).share for steps in permutations(RIGHT)]
    assert sorted(shares)[-7:] == [0.0, 0.6, 0.6, 0.6, 0.6, 0.6, 1.0]
    for steps in list(permutations(RIGHT))[7::90]:
        key, copy = both(list(steps), KEY)
        assert (key.outcome, key.message) == (copy.outcome, copy.message)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (["C", "A", "F", "B", "E", "X"], '"X" is not to choose from; there are "A", "B", "C", "D", "E" and "F".'),
        (["C", "A", "F", "B", "E", "E"], '"E" stands there more than once.'),
        (["C", "A", "F"], "6 steps are expected; there are 3."),
        (["C", "A", "F", "B", "E", ...], "1 place is still open."),
        (["______", "A", "F", "B", "E", "D"], "1 place is still open."),
        (RIGHT[::-1], "You began at the end."),
    ],
    ids=["another letter", "twice", "short", "open", "blank", "mistake"],
)
def test_what_is_wrong_with_the_form_is_told(answer, says):
    """Foreign, repeated and missing steps in both modes, as well as the author's mistakes."""
    for verdict in both(answer, KEY):
        assert (verdict.outcome, verdict.share) == (Outcome.WRONG, 0)
        assert says in verdict.message


def test_all_open_is_not_started_and_a_text_is_another_kind():
    """A skeleton that was uncommented and not filled in is no attempt."""
    for verdict in both(["______"] * 6, KEY):
        assert verdict.outcome is Outcome.NOT_STARTED
    for verdict in both("CAFBED", KEY):
        assert (verdict.outcome, verdict.slip) == (Outcome.WRONG, "type")

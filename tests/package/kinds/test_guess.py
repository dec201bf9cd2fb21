"""A guess is noted, whatever it is, and never marked."""

from __future__ import annotations

import pytest
from exercise_keys import both, exercise_key

from litu.answers.verdict import Outcome
from litu.authoring.bank.cases import cases
from litu.authoring.check_options import misfit

KEY = exercise_key(38, form="guess", unit="million persons")


@pytest.mark.parametrize("answer", [38, 0, -7.5, "about forty", True, [30, 50], float("nan")], ids=repr)
def test_every_guess_is_noted_and_none_is_wrong(answer):
    """In both modes alike, without points."""
    key, copy = both(answer, KEY)

    assert key == copy
    assert (key.outcome, key.share) == (Outcome.RECORDED, 0)
    assert key.message.startswith("`answer` is noted: ")


def test_no_guess_is_not_started():
    """The message names the unit."""
    for verdict in both(..., KEY):
        assert verdict.message.startswith("`answer` is not there yet: your guess (million persons) is expected. ")


def test_a_guess_has_no_points_and_no_wrong_cases():
    """The build refuses points; the bank looks at starter and sample only."""
    assert misfit(KEY.options, KEY.answer, 2) == "a guess is never marked; give it `points: 0`"
    assert misfit(KEY.options, KEY.answer, 0) is None
    assert [case.what for case in cases("x", KEY)] == ["the untouched starter", "the sample"]

"""Items matched with choices and reasons: each item counts, chance does not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest
from exercise_keys import FOUND, both, exercise_key, sealed

from litu.answers.verdict import Outcome
from litu.compare.verdicts import judge
from litu.kinds.wire import to_plain

CHOICES = ["fact", "cause", "value", "policy"]
RIGHT = {"a": "fact", "b": "fact", "c": "cause", "d": "value", "e": "policy", "f": "cause", "g": "fact"}
OTHER = {**RIGHT, "d": "policy"}
KEY = exercise_key(RIGHT, OTHER, form="match", choices=CHOICES, mistakes={"You read every line as a fact.": dict.fromkeys(RIGHT, "fact")})
REASONS = exercise_key(
    {"a": ("yes", "price"), "b": ("no", "age"), "c": ("no", "price"), "d": ("yes", "age"), "e": ("no", "place")},
    form="match", choices=["yes", "no"], reasons=["price", "age", "place"],
)  # fmt: skip


@pytest.mark.parametrize("answer", [RIGHT, OTHER, pd.Series(RIGHT), {key.upper(): f" {value.upper()}" for key, value in RIGHT.items()}])
def test_any_accepted_value_of_an_item_is_right(answer):
    """As a dict or a Series, however spelled, in both modes."""
    for verdict in both(answer, KEY):
        assert (verdict.outcome, verdict.message) == (Outcome.RIGHT, f"`answer` is right. {FOUND}")


def test_the_share_is_corrected_for_the_best_constant_answer():
    """Of seven items "fact" hits three: what remains to be earned is four."""
    for wrong, share in (
        ({"a": "value"}, 0.75),
        ({"a": "value", "c": "policy"}, 0.5),
        ({"a": "value", "b": "value", "c": "value", "e": "value"}, 0),
    ):
        verdict, copy = both({**RIGHT, **wrong}, KEY)
        assert verdict.share == share
        assert verdict.parts == tuple(wrong)
        assert copy.outcome is Outcome.RECORDED
        assert "Not all of it is right yet. Which part counts is told when your work is graded." in copy.message


def test_a_foreseen_mistake_is_told_whichever_accepted_value_the_rest_holds():
    """The mistake is about "c"; that "d" may be two things does not hide it, in either mode."""
    slip = "You took a cause for a fact."
    key = exercise_key(RIGHT, OTHER, form="match", choices=CHOICES, mistakes={slip: {**RIGHT, "c": "fact"}})

    for answer in ({**RIGHT, "c": "fact"}, {**OTHER, "c": "fact"}):
        for verdict in both(answer, key):
            assert (verdict.outcome, verdict.message, verdict.parts) == (Outcome.PARTLY, slip, ("c",))
    assert both({**OTHER, "c": "fact", "e": "fact"}, key)[1].outcome is Outcome.RECORDED


def test_a_foreseen_mistake_is_told_as_it_is_written_where_too_many_values_are_accepted():
    """Its own mixture of accepted values need be that of no right answer."""
    slip = "You took a cause for a fact."
    more = [{**RIGHT, item: "value"} for item in "befg"]
    mixed = {**RIGHT, "c": "fact", "b": "value", "e": "value"}
    key = exercise_key(RIGHT, *more, form="match", choices=CHOICES, mistakes={slip: mixed})

    for answer in (mixed, {**RIGHT, "c": "fact"}, {**more[0], "c": "fact"}):
        for verdict in both(answer, key):
            assert verdict.message == slip


@pytest.mark.parametrize("key", [KEY, REASONS], ids=["choices", "reasons"])
def test_no_constant_answer_earns_anything(key):
    """Whichever choice and reason stands everywhere."""
    items = [part["value"] for part in key.answer["keys"]]
    for choice in key.options["choices"]:
        for reason in key.options.get("reasons", [None]):
            assert judge(to_plain(dict.fromkeys(items, (choice, reason) if reason else choice)), key).share == 0


def test_a_choice_counts_without_its_reason():
    """Half an item, and the message tells choice and reason apart."""
    answer = {"a": ("yes", "age"), "b": ("yes", "age"), "c": ("no", "price"), "d": ("yes", "age"), "e": ("no", "place")}

    verdict, copy = both(answer, REASONS)

    assert 0 < verdict.share < 0.7
    assert 'Look again at "b". Of "a" the first part is right and the second is not.' in verdict.message
    assert copy.outcome is Outcome.RECORDED


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({**RIGHT, "a": "opinion"}, '"opinion" is not to choose from; there are "fact", "cause", "value" and "policy".'),
        ({**RIGHT, "a": ..., "b": "______"}, 'Still open: "a" and "b".'),
        ({key: value for key, value in RIGHT.items() if key != "c"}, 'Still open: "c".'),
    ],
    ids=["no choice", "open", "missing"],
)
def test_values_that_are_no_choice_are_told_in_both_modes(answer, says):
    """What the allowed values are gives nothing away."""
    for verdict in both(answer, KEY):
        assert says in verdict.message


def test_a_known_mistake_draws_its_message():
    """Also in a student's copy, where it is sealed with its own hash."""
    for verdict in both(dict.fromkeys(RIGHT, "fact"), KEY):
        assert (verdict.outcome, verdict.share) == (Outcome.WRONG, 0)
        assert verdict.message.endswith("You read every line as a fact.")


def test_a_small_match_is_only_noted():
    """A few hundred answers could all be tried."""
    key = exercise_key(dict(list(RIGHT.items())[:4]), form="match", choices=CHOICES)
    entry = sealed(key)

    assert entry.feedback == "graded" and not entry.known
    assert both(dict(list(RIGHT.items())[:4]), key)[1].outcome is Outcome.RECORDED


def test_all_open_is_not_started_and_lists_are_another_kind():
    """Unfilled skeletons are no attempt."""
    for verdict in both(dict.fromkeys(RIGHT, "______"), KEY):
        assert verdict.outcome is Outcome.NOT_STARTED
    for verdict in both(list(RIGHT.values()), KEY):
        assert (verdict.outcome, verdict.slip) == (Outcome.WRONG, "type")


def test_an_accepted_answer_may_have_found_something_else():
    """Its own words are told where it differs from the main answer."""
    key = exercise_key(RIGHT, OTHER, form="match", choices=CHOICES)
    key = replace(key, accepts=(replace(key.accepts[0], found="Another reading."),))

    for answer, found in ((RIGHT, FOUND), (OTHER, "Another reading.")):
        for verdict in both(answer, key):
            assert verdict.message.endswith(found)


def test_numbers_can_be_choices():
    """1, 1.0 and "1" are one choice."""
    right = dict(zip("abcdef", (1, 2, 3, 4, 5, 6), strict=True))
    key = exercise_key(right, form="match", choices=[1, 2, 3, 4, 5, 6, 7])

    assert Counter(
        verdict.outcome
        for answer in (right, {k: float(v) for k, v in right.items()}, {k: str(v) for k, v in right.items()})
        for verdict in both(answer, key)
    ) == {Outcome.RIGHT: 6}

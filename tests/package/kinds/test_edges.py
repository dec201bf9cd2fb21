"""Arrows between nodes: hits count, extra and reversed ones are taken off."""

from __future__ import annotations

import pytest
from exercise_keys import FOUND, both, exercise_key

from litu.answers.verdict import Outcome

NODES = ["farm", "agent", "market", "shop", "customer", "bank"]
RIGHT = [("farm", "agent"), ("agent", "market"), ("market", "shop"), ("shop", "customer"), ("bank", "farm")]
KEY = exercise_key(RIGHT, form="edges", choices=NODES, mistakes={"All arrows point back.": [(end, start) for start, end in RIGHT]})


@pytest.mark.parametrize(
    "answer",
    [RIGHT, set(RIGHT), [list(edge) for edge in RIGHT[::-1]], RIGHT + RIGHT[:1], dict(RIGHT), [(" Farm", "AGENT"), *RIGHT[1:]]],
    ids=["tuples", "set", "lists", "repeated", "dict", "spelling"],
)
def test_the_right_arrows_are_right_however_they_are_written(answer):
    """Lists, sets and dicts of pairs, in any order."""
    for verdict in both(answer, KEY):
        assert (verdict.outcome, verdict.message) == (Outcome.RIGHT, f"`answer` is right. {FOUND}")


@pytest.mark.parametrize(
    ("answer", "share", "says"),
    [
        (RIGHT[:4], 0.8, '1 arrow is missing; look at what leaves "bank".'),
        ([*RIGHT, ("farm", "shop")], 0.8, '"farm → shop" does not belong.'),
        ([("agent", "farm"), *RIGHT[1:]], 0.6, '"agent → farm" points the wrong way.'),
        (
            [("farm", "shop"), ("farm", "bank")],
            0,
            '"farm → bank" points the wrong way. "farm → shop" does not belong. 4 arrows are missing',
        ),
    ],
    ids=["missing", "extra", "reversed", "little"],
)
def test_missing_extra_and_reversed_arrows_are_named(answer, share, says):
    """The key counts them; the student's copy only says that not all is right."""
    verdict, copy = both(answer, KEY)

    assert verdict.share == share
    assert says in verdict.message
    assert copy.outcome is Outcome.RECORDED and "Not all of it is right yet" in copy.message


@pytest.mark.parametrize("node", NODES)
def test_what_can_be_drawn_without_reading_earns_nothing(node):
    """All arrows, and all from or to one node."""
    for answer in (
        [(start, end) for start in NODES for end in NODES if start != end],
        [(node, end) for end in NODES if end != node],
        [(start, node) for start in NODES if start != node],
    ):
        assert both(answer, KEY)[0].share == 0


@pytest.mark.parametrize(
    ("answer", "says"),
    [([*RIGHT, ("farm", "moon")], '"moon" is not to choose from'), ([*RIGHT, ("farm", "farm")], 'leads from "farm" to itself'), ([(end, start) for start, end in RIGHT], "All arrows point back.")],
    ids=["no node", "loop", "mistake"],
)  # fmt: skip
def test_what_can_be_told_is_told_in_both_modes(answer, says):
    """Foreign nodes, loops and the author's mistakes."""
    for verdict in both(answer, KEY):
        assert says in verdict.message


def test_no_arrow_is_not_started_and_what_holds_no_pairs_is_another_kind():
    """Blank pairs are no attempt; three names are no arrow."""
    for answer in ([], [("______", "______")], [(..., ...)]):
        for verdict in both(answer, KEY):
            assert verdict.outcome is Outcome.NOT_STARTED
    for answer in (7, ["farm", "agent"], [("farm", "agent", "market")], [(("farm",), "agent")]):
        for verdict in both(answer, KEY):
            assert (verdict.outcome, verdict.slip) == (Outcome.WRONG, "type")

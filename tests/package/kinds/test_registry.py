"""Every kind does what the protocol says; a kind is found by being there."""

from __future__ import annotations

import pytest
from exercise_keys import exercise_key

from litu.authoring.check_options import misfit
from litu.compare.book import KeyBook
from litu.compare.verdicts import judge
from litu.kinds.registry import forms, kinds
from litu.kinds.wire import to_plain


def test_all_kinds_are_found():
    """One of each module of the package."""
    assert {"number", "text", "boolean", "list", "set", "dict", "series", "table", "function", "chart", "array", "nothing", "other"} == set(
        kinds()
    ) - set(forms())
    assert sorted(forms()) == ["edges", "guess", "match", "order"]
    assert all(kind.words for kind in kinds().values())


@pytest.mark.parametrize(
    ("right", "options", "says"),
    [
        ([1, 2], {"form": "chain"}, "the option form is one of edges, guess, match, order"),
        (["A"] * 6, {"form": "order"}, "the form 'order' needs choices=[...]"),
        (["A", "B"], {"form": "order", "choices": ["A", "B"]}, "an order needs at least 6 steps, or it can be guessed"),
        (
            list("ABCDEX"),
            {"form": "order", "choices": list("ABCDEF")},
            '"X" is not to choose from; there are "A", "B", "C", "D", "E" and "F".',
        ),
        ({"a": "x"}, {"form": "match", "choices": ["y", "z"]}, "the right answer holds 'x', which is no choice and no reason"),
        ({"a": "y"}, {"form": "match", "choices": ["y", "z"], "reasons": ["r"]}, "reasons= is given, but the right answer names none"),
        (7, {"form": "edges", "choices": ["y", "z"]}, "the solution cannot be read as a list of pairs (from, to)"),
        ([("y", "y")], {"form": "edges", "choices": ["y", "z"]}, 'An arrow leads from "y" to itself.'),
    ],
)
def test_an_option_that_does_not_fit_is_refused(right, options, says):
    """The author is told in one sentence."""
    assert misfit(options, to_plain(right), 1) == says


CONSTANT = [
    ({"a": "x", "b": "x", "c": "y"}, {}),
    ({"a": 2.8, "b": 2.8, "c": 4.0}, {}),
    ({"a": True, "b": False, "c": True, "d": True}, {}),
    ([2.8, 2.8, 4.0], {}),
]


@pytest.mark.parametrize(("right", "options"), CONSTANT)
def test_what_says_the_same_everywhere_earns_nothing(right, options):
    """Whichever of the right values it is."""
    key = exercise_key(right, **options)
    book = KeyBook.of(key)

    tried = list(book.kind.constants(book.rights[0], key.options))

    assert len(tried) >= 3
    assert [judge(constant, key).share for constant in tried] == [0] * len(tried)

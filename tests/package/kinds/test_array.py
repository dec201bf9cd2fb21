"""Arrays: any shape, told apart by shape, type, orientation and values."""

from __future__ import annotations

import numpy as np
import pytest
from exercise_keys import FOUND, both, exercise_key

from litu.answers.plain import NotPlain
from litu.answers.verdict import Outcome
from litu.kinds.wire import accept, from_plain, to_plain

RIGHT = np.array([[1.25, 2.5, 3.75], [4.0, 5.5, 7.25]])
SQUARE = np.array([[1.5, 2.5], [3.5, 9.25]])


def test_a_right_array_is_right_in_both_modes():
    """Whole numbers for fractions, rounding to the places asked for, and what was found."""
    for answer in (RIGHT, RIGHT.astype("float32"), RIGHT + 0.004, RIGHT.tolist(), tuple(map(tuple, RIGHT))):
        for verdict in both(answer, exercise_key(RIGHT, places=2)):
            assert (verdict.outcome, verdict.message) == (Outcome.RIGHT, f"`answer` is right. {FOUND}")


@pytest.mark.parametrize(
    ("answer", "slip", "says"),
    [
        (RIGHT.tolist()[0] + [RIGHT.tolist()[1]], "type", "All its rows must be as long and hold one sort of value."),
        (7.25, "type", "`type(answer)` shows what it is now."),
        (RIGHT.astype(str), None, "It should hold numbers."),
        (RIGHT.reshape(3, 2)[:2], None, "Its shape is (2, 2); 2 by 3 are expected."),
        (RIGHT[0], None, "Its shape is (3,); 2 by 3 are expected."),
        (RIGHT.T, "transposed", "Turn the array with `.T`."),
        (RIGHT * 100, "hundred", "It is a hundred times too large."),
        (-RIGHT, "sign", "The size is right but the sign is not."),
    ],
    ids=["uneven list", "number", "texts", "shape", "dimensions", "transposed", "percent", "sign"],
)  # fmt: skip
def test_a_wrong_array_is_told_what_is_wrong(answer, slip, says):
    """Type, shape and the slips of numbers are named alike with and without the key."""
    for verdict in both(answer, exercise_key(RIGHT, places=2)):
        assert verdict.outcome is Outcome.WRONG
        assert verdict.slip in (slip, None)
        assert says in verdict.message


def test_a_square_array_that_is_turned_is_noticed():
    """Where the shape tells nothing the values do."""
    for verdict in both(SQUARE.T, exercise_key(SQUARE, places=2)):
        assert verdict.slip == "transposed"


def test_near_values_earn_the_share_that_agrees():
    """One value beyond the tolerance costs its row, which is named."""
    wrong = RIGHT.copy()
    wrong[1, 2] += 0.3

    for verdict in both(wrong, exercise_key(RIGHT, places=4)):
        assert (verdict.outcome, verdict.share, verdict.parts) == (Outcome.PARTLY, 0.5, ("row 2",))
        assert "Right so far: " in verdict.message


def test_one_value_everywhere_earns_nothing():
    """However many of the values it hits."""
    right = np.array([2.8, 2.8, 4.0])

    assert both(np.full(3, 2.8), exercise_key(right))[0].share == 0


def test_an_array_is_a_list_where_a_list_is_asked_for():
    """Of one dimension or nested."""
    for right in ([1.5, 2.5], [[1.5], [2.5]]):
        for verdict in both(np.array(right), exercise_key(right)):
            assert verdict.outcome is Outcome.RIGHT


def test_an_array_survives_the_way_between_processes():
    """What is taken over from another process is what was sent; what lies about its shape is not."""
    plain = to_plain(RIGHT)

    assert accept(plain, plain) == plain
    np.testing.assert_array_equal(from_plain(plain), RIGHT)
    for lie in ({"shape": [4, 2]}, {"shape": []}, {"shape": [-1, -6]}, {"shape": [6] * 9}, {"type": "right"}, {"values": [[1]] * 6}):
        with pytest.raises(NotPlain):
            accept({**plain, **lie}, plain)


def test_an_array_of_words_is_corrected_for_chance():
    """Of six words "low" hits four: one of the other two is half of what is left to earn."""
    right = np.array([["low", "low", "high"], ["low", "low", "none"]])
    key = exercise_key(right, choices=["low", "high", "none", "all", "some"])

    wrong = right.copy()
    wrong[0, 2] = "none"
    for answer, share in ((wrong, 0.5), (np.full((2, 3), "low"), 0)):
        verdict, copy = both(answer, key)
        assert verdict.share == share
        assert copy.outcome is Outcome.RECORDED
    assert {verdict.outcome for verdict in both(right, key)} == {Outcome.RIGHT}


def test_a_word_that_is_no_choice_is_told_in_both_modes():
    """What is to choose from is no secret, and a word spelled otherwise is the likeliest slip."""
    right = np.array([["both", "urbanisation only"] * 8] * 2)
    key = exercise_key(right, choices=["both", "urbanisation only", "neither"])

    for verdict in both(np.where(right == "both", "both", "urbanization only"), key):
        assert '"urbanization only" is not to choose from; there are "both", "urbanisation only" and "neither".' in verdict.message

"""What is said of a wrong answer is true of it: one test for each kind of sentence that once was not."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import pytest
from exercise_keys import both, exercise_key
from hypothesis import given, settings
from hypothesis import strategies as st

from litu.answers.slips import is_rounding, slips, telling
from litu.answers.verdict import Outcome
from litu.draw.tables import written
from litu.public_checks.hashing import SCRYPT

NUMBERS = st.floats(1000.0, 1e6).filter(lambda number: telling([number]))


@pytest.fixture(autouse=True, scope="module")
def quick():
    """Make a hash cheap."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SCRYPT, "n", 16)
        yield


@settings(deadline=None, max_examples=60)
@given(NUMBERS, st.sampled_from([1, 3, 4, 6, -1, -3, -4, -6]))
def test_too_large_and_too_small_are_told_apart(right, exponent):
    """Of each power of ten, in both modes."""
    way, other = ("large", "small") if exponent > 0 else ("small", "large")

    for verdict in both(right * 10.0**exponent, exercise_key(right, places=6)):
        assert f"times too {way}" in verdict.message and f"times too {other}" not in verdict.message


@settings(deadline=None, max_examples=60)
@given(NUMBERS, st.integers(1, 4))
def test_every_rounding_is_known_as_one(right, digits):
    """Half up and half to even, however coarse; a number that is farther away than rounding leads is none."""
    step = 10.0 ** -(digits - 1)
    for value in (round(right / step) * step, round(right, digits - 1)):
        if abs(value - right) > 1e-6:
            assert is_rounding(value, right, 6) == (abs(value - right) <= 0.1 * right)
    assert not is_rounding(right * 1.07 + 0.33, right, 6)


@pytest.mark.parametrize(
    ("right", "places", "answer", "says"), [(682.7, 1, 683, "a whole number where 1 decimal counts"), (123_077, 0, 123_000, "3 zeros")]
)
def test_a_coarse_rounding_is_named_with_the_key_and_asked_about_without(right, places, answer, says):
    """A student's copy does not know the right number; it sees how many digits the answer has."""
    key, copy = both(answer, exercise_key(right, places=places))

    assert key.slip == "rounding"
    assert says in copy.message and "if it was rounded" in copy.message


def test_an_empty_cell_is_told_only_where_a_value_is_missing():
    """The first year of a growth rate has none, in the right table as well."""
    right = pd.DataFrame({"year": [2013, 2014, 2015, 2016], "percent": [np.nan, 12.53, 20.28, 31.07]})
    key = exercise_key(right, by=["year"])

    for verdict in both(right.assign(percent=[np.nan, 13.94, 22.17, 41.7]), key):
        assert "empty" not in verdict.message
    assert "It is empty in the row 2015" in both(right.assign(percent=[np.nan, 13.94, np.nan, 31.07]), key)[0].message.replace(
        "it is", "It is"
    )


LABELLED = pd.DataFrame({"year": [1982, 1987, 1990, 1996], "verdict": ["one rule", "rule changed", "one rule", "one year only"]})


@pytest.mark.parametrize(
    ("label", "says"),
    [("one ruel", 'holds "one ruel": is "one rule" meant?'), ("good", 'it can hold "one rule", "one year only" or "rule changed".')],
)
def test_a_label_that_the_column_cannot_hold_is_named(label, says):
    """The nearest one is asked about; else all are listed. Where they stand is not told."""
    key = exercise_key(LABELLED.assign(share=[20.6, 46.61, 26.2, 30.48]), by=["year"], places=2)
    answer = LABELLED.assign(share=[20.6, 46.61, 26.2, 30.48], verdict=[label, "rule changed", "one rule", "one year only"])

    for verdict in both(answer, key):
        assert f'The column "verdict" {says}' in verdict.message.replace(f'holds "{label}": it', "it")


INPUTS = [[60, 365], [10, 24], [5, 12]]


def test_a_function_that_prints_is_an_attempt():
    """It gives nothing back, which is said; one that does nothing at all is not started."""

    def printing(part, whole):
        print(part / whole, end="")

    def nothing(part, whole):
        """Return a share."""

    key = exercise_key(lambda part, whole: part / whole, inputs=INPUTS, places=4)
    for verdict in both(printing, key, INPUTS):
        assert verdict.outcome is Outcome.WRONG and "`return` hands it" in verdict.message
    for verdict in both(nothing, key, INPUTS):
        assert verdict.outcome is Outcome.NOT_STARTED


@settings(deadline=None, max_examples=30)
@given(st.floats(0.01, 100))
def test_a_function_of_one_result_is_told_that_its_inputs_change_nothing(result):
    """In both modes, and it earns nothing; one that should be constant is not told so."""
    for verdict in both(lambda part, whole: result, exercise_key(lambda part, whole: part / whole, inputs=INPUTS, places=4), INPUTS):
        assert (verdict.outcome, verdict.slip) == (Outcome.WRONG, "constant")
        assert "the same result for every input" in verdict.message
    for verdict in both(lambda part, whole: result, exercise_key(lambda part, whole: 210.5, inputs=INPUTS), INPUTS):
        assert verdict.slip != "constant"


ENTRIES = {"a": 12_512.53, "b": 17_251.25, "c": 99_103.17, "d": 41_877.61}


def test_the_entries_of_a_dict_are_credited_one_by_one():
    """Each wrong one is told by what is wrong with it, whatever the slip."""
    answer = {"a": ENTRIES["a"], "b": float("nan"), "c": ENTRIES["c"] / 100, "d": 38_802.42}

    for verdict in both(answer, exercise_key(ENTRIES)):
        assert (verdict.share, verdict.parts) == (0.25, ("b", "c", "d"))
        assert 'The entry "b" is nan.' in verdict.message and 'The entry "c": it is a hundred times too small' in verdict.message
        assert 'The entry "d"' in verdict.message and 'Right so far: "a".' in verdict.message


@pytest.mark.parametrize(
    ("answer", "says"), [(pd.Series(ENTRIES), "`.to_dict()` makes"), (pd.DataFrame([ENTRIES]), "Take the row or column")]
)
def test_a_series_where_a_dict_is_asked_for_is_told_the_step(answer, says):
    """And so is a table."""
    for verdict in both(answer, exercise_key(ENTRIES)):
        assert verdict.slip == "type" and says in verdict.message


def test_a_dash_is_a_label():
    """A plus, a minus and a nought are signs; only blanks are open."""
    right = dict(zip("abcdefgh", "+-0+-0+-", strict=True))
    key = exercise_key(right, form="match", choices=["+", "-", "0"])

    for verdict in both({**right, "c": "–", "f": "−"}, key):
        assert "Still open" not in verdict.message
    for verdict in both({**right, "c": "__"}, key):
        assert 'Still open: "c".' in verdict.message
    assert both(right, key)[1].outcome is Outcome.RIGHT


# Forms of which a student's copy tells only wholes


ITEMS = {item: "abcde"[place % 5] for place, item in enumerate(f"q{number}" for number in range(11))}
MATCH = exercise_key(ITEMS, form="match", choices=list("abcde"))


@pytest.mark.parametrize("item", ITEMS)
def test_one_wrong_item_of_a_large_match_is_named_in_both_modes(item):
    """With the points that grading gives; two wrong ones are too many to be told."""
    wrong = "b" if ITEMS[item] != "b" else "c"

    key, copy = both({**ITEMS, item: wrong}, MATCH)

    assert key == copy and copy.outcome is Outcome.PARTLY and copy.parts == (item,)
    assert f'Look again at "{item}".' in copy.message
    other = next(name for name in ITEMS if name != item)
    assert both({**ITEMS, item: wrong, other: "e" if ITEMS[other] != "e" else "a"}, MATCH)[1].outcome is Outcome.RECORDED


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (dict.fromkeys(ITEMS, "a"), "Every item has the same choice."),
        ({**ITEMS, "q1": "a", "q2": "a", "q99": "a"}, '"q99" is no item of the task'),
    ],
)
def test_the_form_of_a_match_is_told(answer, says):
    """One choice everywhere and an item that there is not."""
    assert says in both(answer, MATCH)[1].message


NODES = list("ABCDEFG")
ARROWS = [("A", "B"), ("B", "C"), ("C", "D"), ("A", "E"), ("E", "F"), ("F", "G"), ("B", "G")]
EDGES = exercise_key(ARROWS, form="edges", choices=NODES)


@pytest.mark.parametrize("answer", [ARROWS[1:], [*ARROWS, ("D", "G")], [("B", "A"), *ARROWS[1:]]], ids=["missing", "extra", "turned"])
def test_one_wrong_arrow_of_many_is_named_in_both_modes(answer):
    """With the points that grading gives."""
    key, copy = both(answer, EDGES)

    assert key == copy and copy.outcome is Outcome.PARTLY and 0 < copy.share < 1


def test_how_many_arrows_there_are_is_told():
    """A map with a few of them is not only noted."""
    assert "Yours has 2 arrows; the solution has 7." in both(ARROWS[:2], EDGES)[1].message


# Charts and pictures


POINTS = pd.DataFrame({"year": [2014, 2015, 2016, 2014, 2015], "towns": [19, 71, 135, 29, 87], "list": ["a", "a", "a", "b", "b"]})


def chart(mark: str, data: pd.DataFrame = POINTS, **encodings: str) -> alt.Chart:
    """Return a chart of the points."""
    return getattr(alt.Chart(data), f"mark_{mark}")().encode(x="year:O", y="towns:Q", color="list:N", **encodings)


def test_a_missing_second_sign_costs_little():
    """A shape that says what the colour says already is no half of a chart."""
    for verdict in both(chart("point"), exercise_key(chart("point", shape="list:N"))):
        assert verdict.share >= 0.8 and "once more what the colour says" in verdict.message


def test_a_line_for_points_is_shown_the_way():
    """Which a rule is not, and a mistake of the one is none of the other."""
    key = exercise_key(chart("point"), mistakes={"A line joins single counts.": chart("line")})
    assert all(verdict.message == "A line joins single counts." for verdict in both(chart("line"), key))
    for verdict in both(chart("rule"), key):
        assert "A line joins" not in verdict.message and "draws 'rule'" in verdict.message
    for verdict in both(chart("line"), exercise_key(chart("point"))):
        assert "`.mark_line(point=True)` draws both" in verdict.message


def test_one_point_is_no_points():
    """Also one village."""
    key = exercise_key(chart("point"))
    twice = pd.concat([POINTS, POINTS[:1]])
    assert all(" 1 points" not in verdict.message for verdict in both(chart("point", twice), key))
    assert (written(1, "villages"), written(2, "villages"), written(1, "million persons")) == (
        "1 village",
        "2 villages",
        "1 million persons",
    )


def test_no_two_slips_are_mended_in_the_same_way():
    """So that what a number shows is told by one sentence only."""
    for unit in ("", "km", "percent", "fraction"):
        mended = [round(slip.repair(7.3), 12) for slip in slips(unit)]
        assert len(set(mended)) == len(mended)

"""An answer held against the right one: four outcomes, named slips, messages that never tell the answer."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from exercise_keys import exercise_key, plain

from litu.answers.contract import ExerciseKey
from litu.answers.messages import MAX_WORDS, written_number
from litu.answers.plain import agrees
from litu.answers.verdict import Outcome, Verdict
from litu.compare.verdicts import judge
from litu.kinds.wire import to_plain

TABLE = pd.DataFrame({"province": ["Zhejiang", "Hebei", "Fujian"], "villages": [62, 25, 28], "share": [29.38, 11.848, 13.27]})
SERIES = TABLE.set_index("province")["share"]


def key(right: object, *accepts: object, **options: Any) -> ExerciseKey:
    """Return an answer key as a build would write it."""
    return exercise_key(right, *accepts, found="", **options)


def verdict(answer: object, right: object, *accepts: object, inputs: list[list[Any]] | None = None, **options: Any) -> Verdict:
    """Judge an answer that has travelled as JSON."""
    return judge(plain(answer, inputs), key(right, *accepts, inputs=inputs, **options))


# Four outcomes for every kind of answer


def ratio(part: float, whole: float) -> float:
    """Return a quotient, as the right function does."""
    return part / whole


INPUTS = [[60, 365], [10, 24], [5, 12]]
KINDS = {
    # right, partly right (where there are parts), wrong
    "number": (8.25, None, 9.75),
    "text": ("fact", None, "value"),
    "boolean": (True, None, False),
    "list": ([1.5, 2.5, 3.5], [1.5, 2.5, 9.5], [7.5, 8.5, 9.5]),
    "set": ({1, 2, 3}, {1, 2}, {7, 8, 9}),
    "dict": ({"a": 1.5, "b": 2.5}, {"a": 1.5, "b": 9.5}, {"a": 8.5, "b": 9.5}),
    "series": (SERIES, None, SERIES * 3),
    "table": (TABLE, TABLE.assign(share=1.5), TABLE.assign(share=1.5, villages=7)),
    "function": (ratio, lambda part, whole: part / whole if part > 5 else 7.5, lambda part, whole: part - whole),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_has_its_outcomes(kind):
    """Untouched, right, partly right and wrong are told apart, with 0 to 1 of the points."""
    right, partly, wrong = KINDS[kind]
    inputs = INPUTS if kind == "function" else None

    def outcome(answer: object) -> tuple[Outcome, bool]:
        found = verdict(answer, right, inputs=inputs)
        return found.outcome, 0 < found.share < 1

    assert outcome(...) == (Outcome.NOT_STARTED, False)
    assert outcome(None) == (Outcome.NOT_STARTED, False)
    assert outcome(right) == (Outcome.RIGHT, False)
    assert partly is None or outcome(partly) == (Outcome.PARTLY, True)
    assert outcome(wrong) == (Outcome.WRONG, False)
    assert outcome(json) == (Outcome.WRONG, False)
    assert verdict(right, right, inputs=inputs).share == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_an_answer_of_another_kind_is_wrong(kind, other):
    """What was expected and what was found is said; nothing else is compared."""
    if kind == other:
        return
    found = verdict(KINDS[other][0], KINDS[kind][0], inputs=INPUTS if kind == "function" else None)

    assert (found.outcome, found.slip) == (Outcome.WRONG, "type")
    assert found.message.startswith("`answer` should be ") and "; found " in found.message


def test_a_method_without_brackets_is_called_a_function():
    """Forgetting to call is a frequent slip and has its own advice."""
    found = verdict(TABLE["share"].sum, 54.498)

    assert found.message == "`answer` should be a number; found a function. Call the function, with its figures in brackets."


# Numbers


SLIPS = [
    # slip, unit, what the student did, what the message says
    ("percent", "fraction", lambda x: x * 100, "a percentage where a fraction is asked for"),
    ("percent", "%", lambda x: x * 100, "Was it multiplied by 100 twice?"),
    ("fraction", "percent", lambda x: x / 100, "a fraction where a percentage is asked for"),
    ("hundred", "km", lambda x: x * 100, "It is a hundred times too large"),
    ("hundred", "", lambda x: x / 100, "It is a hundred times too small"),
    ("ten thousand", "jobs", lambda x: x / 10_000, "万 (wàn)"),
    ("sign", "", lambda x: -x, "the sign is not"),
    ("inverse", "", lambda x: 1 / x, "one over the number asked for"),
    ("power of ten", "", lambda x: x * 1000, "1,000 times too large"),
]


@pytest.mark.parametrize(("slip", "unit", "change", "says"), SLIPS)
@pytest.mark.parametrize("right", [13.27, 0.0347, -2.6, 48_613.5])
def test_a_slip_of_a_number_is_recognised_without_being_listed(slip, unit, change, says, right):
    """In a number, a list, a dict, a Series, a column and the results of a function; percent only where the unit is one."""
    options = {"places": 6, "unit": unit}
    other = [change(value) for value in (right, right * 3)]
    table = pd.DataFrame({"who": ["a", "b"], "value": [right, right * 3]})

    found = [
        verdict(change(right), right, **options),
        verdict(other, [right, right * 3], **options),
        verdict({"a": other[0], "b": other[1]}, {"a": right, "b": right * 3}, **options),
        verdict(pd.Series(other, ["a", "b"]), pd.Series([right, right * 3], ["a", "b"]), **options),
        verdict(table.assign(value=other), table, **options),
        judge(to_plain(lambda x: change(x * right), [[1], [3]]), key(lambda x: x * right, inputs=[[1], [3]], **options)),
    ]

    assert [one.slip for one in found] == [slip] * 6
    assert all(one.outcome is Outcome.WRONG for one in found)
    assert all(says[1:] in one.message for one in found)
    assert not [one for one in found if "percent" in one.message and unit not in ("percent", "%", "fraction")]


@pytest.mark.parametrize("right", [1, 10, 0.001, -100])
def test_a_power_of_ten_tells_no_slip_from_another(right):
    """Of a right answer of 1 or 1,000 nobody can say which slip led away from it."""
    assert verdict(right * 10, right).slip is None


def test_neighbouring_years_are_no_rounding():
    """2014 for 2016 is another year, not an early rounding."""
    assert verdict(2014, 2016).slip is None


def test_agreement_is_within_half_a_unit_of_the_last_place():
    """Just inside counts, just outside does not, whatever the place and the sign."""
    for places in (-3, 0, 2, 5):
        for right in (0.0, 7.0, -1234.5678):
            unit = 10.0**-places
            assert all(agrees(right + side * 0.4999 * unit, right, places) for side in (1, -1))
            assert not any(agrees(right + side * 0.7 * unit, right, places) for side in (1, -1))


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, np.float64("nan"), 10**400])
def test_a_number_that_is_none_is_explained(bad):
    """NaN and infinity are found in numbers, lists, dicts, Series, tables and functions, and never raise."""
    assert "divided by zero" in verdict(bad, 8.25).message
    assert verdict([bad, 2.5], [1.5, 2.5]).outcome is Outcome.PARTLY
    assert verdict({"a": bad, "b": 2.5}, {"a": 1.5, "b": 2.5}).outcome is Outcome.PARTLY
    assert verdict(pd.Series([bad, 11.848, 13.27], SERIES.index), SERIES).outcome is Outcome.WRONG
    assert verdict(TABLE.assign(share=[bad, 11.848, 13.27]), TABLE).outcome is Outcome.PARTLY
    assert verdict(lambda part, whole: bad, ratio, inputs=INPUTS).outcome is Outcome.WRONG


def test_a_missing_value_can_be_right():
    """NaN agrees with NaN inside a list, a dict, a table and a function's results."""
    assert verdict([1.5, math.nan], [1.5, math.nan]).outcome is Outcome.RIGHT
    assert verdict({"a": math.nan}, {"a": float("nan")}).outcome is Outcome.RIGHT
    assert verdict(TABLE.assign(share=None), TABLE.assign(share=math.nan)).outcome is Outcome.RIGHT
    assert verdict(lambda x: math.nan if x == 0 else x, lambda x: math.nan if x == 0 else x, inputs=[[0], [1]]).outcome is Outcome.RIGHT
    assert verdict([1.5, 2.5], [1.5, math.nan]).outcome is Outcome.PARTLY


# Texts, lists, dicts


def test_spelling_that_does_not_count():
    """Case, spacing, dashes and a full stop at the end never count; other letters do."""
    assert verdict("  Liaoning_province. ", "liaoning-province").outcome is Outcome.RIGHT
    assert verdict("Jilin province", "liaoning-province").outcome is Outcome.WRONG


def test_a_text_outside_the_choices_is_told_apart():
    """A misspelled choice is not a wrong choice."""
    choices = ["fact", "cause"]

    assert "not one of the choices" in verdict("facts", "fact", choices=choices).message
    assert "choose anew" in verdict("cause", "fact", choices=choices).message


def test_the_order_of_a_list_counts_unless_told():
    """With order=False a list is a bag of items."""
    assert "Item 1 and item 2 have changed places." in verdict([2.5, 1.5], [1.5, 2.5]).message
    assert verdict([2.5, 1.5], [1.5, 2.5], order=False).outcome is Outcome.RIGHT
    assert "1 item does not belong. 1 item is missing." in verdict([2.5, 7.5], [1.5, 2.5], order=False).message
    assert verdict((1.5, 2.5), [1.5, 2.5]).outcome is Outcome.RIGHT
    assert verdict(np.array([1.5, 2.5]), [1.5, 2.5]).outcome is Outcome.RIGHT
    assert "2 items are expected" in verdict([1.5], [1.5, 2.5]).message


def test_a_dict_may_hold_any_right_value_key_by_key():
    """Alternatives come from several right answers and may be mixed; partial marks go by key."""
    rights = {"a": 1.5, "b": "fact"}, {"a": 7.5, "b": "cause"}

    assert verdict({"a": 7.5, "b": "fact"}, *rights).outcome is Outcome.RIGHT
    mixed = verdict({"a": 9.5, "b": "cause"}, *rights)
    assert (mixed.outcome, mixed.share, mixed.parts) == (Outcome.PARTLY, 0.5, ("a",))
    missing = verdict({"b": "fact"}, *rights)
    assert (missing.outcome, missing.parts) == (Outcome.PARTLY, ("a",))
    assert 'No entry for "a"' in missing.message


def test_keys_of_a_dict_are_read_leniently():
    """Spelling, number type and entries nobody asked for do not count."""
    assert verdict({"Hebei": 1.5, "more": 7}, {"hebei": 1.5}).outcome is Outcome.RIGHT
    assert verdict({2016.0: 1.5}, {2016: 1.5}).outcome is Outcome.RIGHT
    assert verdict({np.int64(2016): 1.5}, {2016: 1.5}).outcome is Outcome.RIGHT
    assert verdict({"2016": 1.5}, {2016: 1.5}).outcome is Outcome.RIGHT


# Tables and Series

SAME_TABLE: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "another dtype": lambda t: t.astype({"villages": "float64", "share": "float32", "province": "category"}),
    "nullable dtype": lambda t: t.convert_dtypes(),
    "numbers as objects": lambda t: t.astype({"villages": object}),
    "another row order": lambda t: t.iloc[::-1],
    "an index of its own": lambda t: t.set_axis([7, 7, 9]),
    "a key in the index": lambda t: t.set_index("province"),
    "two columns in the index": lambda t: t.set_index(["province", "villages"]),
    "further columns": lambda t: t.assign(note="x", rank=[1, 2, 3]),
    "another order of columns": lambda t: t[["share", "province", "villages"]],
    "another spelling of a key": lambda t: t.assign(province=[" zhejiang", "HEBEI", "Fujian."]),
    "rounded": lambda t: t.round(2),
}


@pytest.mark.parametrize("way", SAME_TABLE)
def test_what_never_counts_in_a_table(way):
    """dtype, row order, index, further columns, a column in the index, rounding to the places asked for."""
    found = verdict(SAME_TABLE[way](TABLE), TABLE, places=2)

    assert found.outcome is Outcome.RIGHT, found.message


def test_row_order_never_counts_when_the_key_repeats():
    """A province that stands in two rows may come in any order of years, in tables and in Series."""
    long = pd.DataFrame({"province": ["Hebei", "Hebei", "Fujian"], "year": [2014, 2016, 2014], "villages": [25, 91, 28]})
    series = pd.Series([25.0, 91.0, 28.0], ["Hebei", "Hebei", "Fujian"])

    assert verdict(long.iloc[[1, 2, 0]], long).outcome is Outcome.RIGHT
    assert verdict(series.iloc[[1, 2, 0]], series).outcome is Outcome.RIGHT
    assert verdict(long.assign(villages=[91, 25, 28]), long).outcome is Outcome.PARTLY


def test_order_counts_when_asked_for():
    """order=True compares the rows as they stand."""
    found = verdict(TABLE.iloc[::-1], TABLE, order=True)

    assert (found.outcome, found.parts) == (Outcome.WRONG, ("rows",))
    assert verdict(SERIES.iloc[::-1], SERIES, order=True).outcome is Outcome.WRONG
    assert verdict(TABLE, TABLE, order=True).outcome is Outcome.RIGHT


@pytest.mark.parametrize(
    ("change", "says", "parts", "share"),
    [
        (lambda t: t.rename(columns={"share": "shares"}), 'There is no column "share". Is "shares" meant?', ("share",), 0.5),
        (lambda t: t[["province"]], 'There is no column "villages" or "share". Add them', ("villages", "share"), 0),
        (lambda t: t.head(2), "3 rows are expected", ("rows",), 0),
        (lambda t: pd.concat([t, t]), "3 rows are expected", ("rows",), 0),
        (lambda t: t.assign(province=["Zhejiang", "Hebei", "Henan"]), 'The rows are not those expected. Check the spelling in "province"', ("rows",), 0),
        (lambda t: t.assign(province=[1, 2, 3]), 'The column "province" holds numbers; texts are expected. Convert it first.', ("province",), 0),
        (lambda t: t.assign(share=t["share"].astype(str)), 'The column "share" holds texts; numbers are expected. Convert it first.', ("share",), 0.5),
        (lambda t: t.assign(share=t["share"] / 100), 'The column "share": it is a hundred times too small', ("share",), 0.5),
        (lambda t: t.assign(share=[29.38, 40.0, 13.27]), 'The column "share": 1 value of 3 is not right, the first in the row Hebei.', ("share",), 0.5),
        (lambda t: t.assign(share=[1.0, 40.0, 70.0], villages=8), '"villages" and "share": work one row out by hand', ("villages", "share"), 0),
        (lambda t: t.iloc[:, :0], 'There is no column "province".', ("province",), 0),
        (lambda t: t.pivot_table(index="province", columns="villages", values="share"), 'There is no column "villages" or "share".', ("villages", "share"), 0),
    ],
    ids=["renamed", "missing", "short", "doubled", "other rows", "key type", "type", "slip", "one row", "two columns", "empty", "pivoted"],
)  # fmt: skip
def test_a_table_that_differs_is_told_where(change, says, parts, share):
    """The column, the row or the property is named; columns that agree earn their share."""
    found = verdict(change(TABLE), TABLE)

    assert says in found.message
    assert (found.parts, found.share) == (parts, share)


def test_only_the_columns_asked_for_are_compared():
    """columns= leaves the others out, also from the points."""
    found = verdict(TABLE.assign(villages=0), TABLE, columns=["province", "share"])

    assert found.outcome is Outcome.RIGHT


def test_places_may_differ_by_column():
    """places={column: n} names the decimal places of each."""
    near = TABLE.assign(villages=TABLE["villages"] + 0.4, share=TABLE["share"] + 0.0004)

    assert verdict(near, TABLE, places={"villages": 0, "share": 3}).outcome is Outcome.RIGHT
    assert verdict(near, TABLE, places={"villages": 0, "share": 4}).parts == ("share",)
    assert verdict(near, TABLE, places={"villages": 1, "share": 3}).parts == ("villages",)


def test_a_series_is_compared_by_its_labels():
    """Order, name and dtype do not count; labels do, and without labels the order does."""
    assert verdict(SERIES.iloc[::-1].rename("x"), SERIES).outcome is Outcome.RIGHT
    assert "The index does not hold the labels expected" in verdict(SERIES.rename({"Hebei": "Henan"}), SERIES).message
    assert "1 value of 3 is not right, the first in the row Fujian" in verdict(SERIES + [0, 0, 40], SERIES).message
    assert "3 values are expected" in verdict(SERIES.head(2), SERIES).message
    assert "3 values are expected" in verdict(SERIES.head(0), SERIES).message
    assert "levels" in verdict(TABLE.set_index(["province", "villages"])["share"], SERIES).message
    bare = pd.Series([3.5, 1.5, 2.5])
    assert verdict(bare.set_axis([7, 8, 9]), bare).outcome is Outcome.RIGHT
    assert verdict(bare.sort_values(), bare).outcome is Outcome.WRONG


def test_a_series_a_table_and_a_dict_are_not_the_same():
    """Each is told by its name, with the step that leads to the other."""
    assert "found a table of 3 rows and 1 column. Choose the one column" in verdict(SERIES.to_frame(), SERIES).message
    assert "found a Series of 3 values. Keep it a table" in verdict(SERIES, TABLE).message
    assert "found a dict of 3 entries" in verdict(SERIES.to_dict(), SERIES).message


def test_dates_agree_as_days_whether_text_or_date():
    """A day is a day, read as a date or left as ISO text; a missing date is missing."""
    dated = pd.DataFrame({"day": pd.to_datetime(["2016-08-01", None]), "n": [1, 2]})

    assert verdict(dated.assign(day=["2016-08-01", None]), dated).outcome is Outcome.RIGHT
    assert verdict(dated.assign(day=pd.to_datetime(["2016-08-02", None])), dated).outcome is Outcome.WRONG


# Functions


def judged(function: Callable[..., object], right: Callable[..., object], **options: Any) -> Verdict:
    """Judge a function on three calls."""
    return verdict(function, right, inputs=INPUTS, **options)


def test_a_function_is_judged_by_its_calls():
    """Raising, returning nothing, another kind, and being right for some inputs are told apart."""
    raising = judged(lambda part, whole: part / 0, ratio)
    assert raising.outcome is Outcome.WRONG
    assert "For (60, 365) and 2 further inputs it raises ZeroDivisionError: division by zero." in raising.message
    assert judged(lambda part, whole: None, ratio).outcome is Outcome.NOT_STARTED
    some = judged(lambda part, whole: part / whole if part > 5 else None, ratio)
    assert (some.outcome, some.share, some.parts) == (Outcome.PARTLY, 0.6667, ("call 3",))
    assert "Does every path end in `return`?" in some.message
    assert 'it returns the text "1"; a number is expected.' in judged(lambda part, whole: "1", ratio).message
    case = judged(lambda part, whole: part / whole if part > 5 else 0.5, ratio)
    assert "The result for (5, 12): work one case out by hand" in case.message and "Right so far: 2 of 3." in case.message
    assert "it raises TypeError" in judged(lambda part: part, ratio).message


def test_a_function_that_raises_where_it_should_not_keeps_its_other_calls():
    """One call that raises costs that call."""

    def fragile(part: float, whole: float) -> float:
        if whole == 12:
            raise ValueError("no twelves")
        return part / whole

    found = judged(fragile, ratio)

    assert (found.share, found.parts) == (0.6667, ("call 3",))
    assert "For (5, 12) it raises ValueError: no twelves." in found.message


def test_a_function_may_return_more_than_a_number():
    """Lists, dicts, Series and tables come back with the tolerance they have as answers."""
    returning: list[Callable[[float], Callable[..., object]]] = [
        lambda x: lambda part, whole: [part, x * whole],
        lambda x: lambda part, whole: {"a": x * whole},
        lambda x: lambda part, whole: SERIES * x * whole,
        lambda x: lambda part, whole: TABLE.assign(share=x * whole),
    ]
    for returns in returning:
        assert judged(returns(1 + 1e-7), returns(1)).outcome is Outcome.RIGHT
        assert judged(returns(1.1), returns(1)).outcome is Outcome.WRONG


# Known mistakes


def test_a_listed_mistake_draws_its_own_message():
    """The author's sentence stands at the end of the message, for every kind that can hold one."""
    says = "You took the countryside. Read the question again."
    for right, wrong in (
        (8.25, 9.75),
        ("fact", "value"),
        ([1.5], [9.5]),
        ({"a": 1.5}, {"a": 9.5}),
        (SERIES, SERIES * 3),
        (TABLE, TABLE.assign(share=7.5)),
    ):
        found = judge(to_plain(wrong), key(right, mistakes={"Another one.": 4321, says: wrong}))
        assert found.message.startswith(says)
        assert found.slip == says


# What a message may say


def numbers_in(message: str) -> list[float]:
    """Return the numbers that stand in a message."""
    return [float(number.replace(",", "")) for number in re.findall(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?", message)]


def test_no_message_tells_the_right_number():
    """Over hundreds of wrong numbers the message is short and quotes nothing but what was found."""
    rolls = random.Random(16)
    for _ in range(600):
        right = rolls.choice([1, -1]) * 10 ** rolls.uniform(-3, 6)
        places = rolls.choice([0, 1, 2, 4])
        wrong = rolls.choice(
            [
                right * rolls.uniform(-3, 3),
                right * 10 ** rolls.randint(-6, 6),
                -right,
                1 / right,
                right + rolls.gauss(0, 1),
                rolls.uniform(-9, 9),
            ]
        )
        form = rolls.choice(["number", "dict", "list", "series", "table"])
        made: dict[str, Callable[[float], object]] = {
            "number": lambda x: x,
            "dict": lambda x: {"a": x, "b": 7.5},
            "list": lambda x: [x, 7.5],
            "series": lambda x: pd.Series([x, 7.5], ["a", "b"]),
            "table": lambda x: pd.DataFrame({"who": ["a", "b"], "value": [x, 7.5]}),
        }
        if written_number(wrong) == written_number(right) or abs(right) < 8:
            continue

        message = verdict(made[form](wrong), made[form](right), places=places, unit="people").message

        assert len(message.split()) <= MAX_WORDS
        assert "\n" not in message
        told = [number for number in numbers_in(message) if number != float(written_number(wrong).replace(",", ""))]
        assert not [number for number in told if math.isclose(number, right, rel_tol=1e-4)], message


@pytest.mark.parametrize(
    "hostile",
    ["x" * 5000, ["y" * 500] * 50, {"k" * 400: 1.5, "a": 2}, {str(n): n for n in range(99)}, pd.DataFrame({"z" * 900: [1]}), lambda: 1],
    ids=["text", "list", "key", "dict", "column", "function"],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_message_stays_short_whatever_the_answer(kind, hostile):
    """Long answers are cut, not quoted whole."""
    message = verdict(hostile, KINDS[kind][0], inputs=INPUTS if kind == "function" else None).message

    assert len(message.split()) <= MAX_WORDS
    assert len(message) < 600

"""Python objects become plain data: strict JSON, bounded in size, whatever the object does."""

from __future__ import annotations

import datetime
import decimal
import fractions
import json
import math
import time

import altair as alt
import numpy as np
import pandas as pd
import pytest

from litu.answers.plain import MAX_VALUES
from litu.kinds.wire import from_plain, to_plain


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (..., {"kind": "nothing"}),
        (None, {"kind": "nothing"}),
        (True, {"kind": "boolean", "value": True}),
        (np.bool_(False), {"kind": "boolean", "value": False}),
        (7, {"kind": "number", "value": 7}),
        (np.int64(7), {"kind": "number", "value": 7}),
        (7.5, {"kind": "number", "value": 7.5}),
        (np.float32(7.5), {"kind": "number", "value": 7.5}),
        (np.array(7), {"kind": "number", "value": 7}),
        (fractions.Fraction(15, 2), {"kind": "number", "value": 7.5}),
        (math.nan, {"kind": "number", "value": None, "special": "nan"}),
        (-math.inf, {"kind": "number", "value": None, "special": "-inf"}),
        (10**400, {"kind": "number", "value": None, "special": "inf"}),
        (-(10**5000), {"kind": "number", "value": None, "special": "-inf"}),
        ("text", {"kind": "text", "value": "text"}),
        (datetime.date(2016, 8, 1), {"kind": "text", "value": "2016-08-01"}),
        (pd.Timestamp("2016-08-01"), {"kind": "text", "value": "2016-08-01"}),
        (pd.Timestamp("2016-08-01 12:30"), {"kind": "text", "value": "2016-08-01T12:30:00"}),
        ((1, "a"), {"kind": "list", "items": [{"kind": "number", "value": 1}, {"kind": "text", "value": "a"}]}),
        (range(1), {"kind": "list", "items": [{"kind": "number", "value": 0}]}),
        (pd.Index([1]), {"kind": "list", "items": [{"kind": "number", "value": 1}]}),
        (frozenset([1]), {"kind": "set", "items": [{"kind": "number", "value": 1}]}),
        ({2016.0: 1}, {"kind": "dict", "keys": [{"kind": "number", "value": 2016}], "values": [{"kind": "number", "value": 1}]}),
        (len, {"kind": "function", "calls": [], "blank": False}),
        (json, {"kind": "other", "type": "builtins.module"}),
        (decimal.Decimal("17.9"), {"kind": "number", "value": 17.9}),
        (decimal.Decimal("NaN"), {"kind": "number", "value": None, "special": "nan"}),
        (b"bytes", {"kind": "other", "type": "builtins.bytes"}),
        (1j, {"kind": "other", "type": "builtins.complex"}),
        ((n for n in "ab"), {"kind": "other", "type": "builtins.generator"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_object_becomes_its_plain_data(value, plain):
    """Each kind has one form; what has none is named by its type."""
    assert to_plain(value) == plain


def test_a_missing_date_is_no_text():
    """NaT is a date to Python, but it is no answer."""
    assert to_plain(pd.NaT)["kind"] == "other"


def test_a_series_keeps_name_index_and_type():
    """Missing values become null; the index is default only when nobody set it."""
    series = pd.Series([1.5, math.nan], index=pd.Index(["a", "b"], name="who"), name="x")

    assert to_plain(series) == {
        "kind": "series",
        "name": "x",
        "index": {"names": ["who"], "values": [["a"], ["b"]], "default": False},
        "type": "number",
        "values": [1.5, None],
    }
    assert to_plain(pd.Series([1]))["index"]["default"] is True


def test_a_table_keeps_its_columns_and_their_types():
    """Numbers, texts, booleans, dates and mixtures; two columns of one name stay two."""
    frame = pd.DataFrame(
        {"n": [1, 2], "t": ["a", None], "b": [True, False], "d": pd.to_datetime(["2016-08-01", None]), "m": [1, "x"], "e": [None, None]}
    )

    columns = to_plain(frame)["columns"]

    assert [(column["name"], column["type"]) for column in columns] == [
        ("n", "number"), ("t", "text"), ("b", "boolean"), ("d", "date"), ("m", "other"), ("e", "other"),
    ]  # fmt: skip
    assert columns[3]["values"] == ["2016-08-01", None]
    double = pd.DataFrame([[1, 2]], columns=["x", "x"])
    assert [column["values"] for column in to_plain(double)["columns"]] == [[1], [2]]
    nested = pd.DataFrame(
        [[1]], columns=pd.MultiIndex.from_tuples([("a", 2014)]), index=pd.MultiIndex.from_tuples([("x", 1)], names=["p", None])
    )
    assert to_plain(nested)["columns"][0]["name"] == "('a', 2014)"
    assert to_plain(nested)["index"] == {"names": ["p", None], "values": [["x", 1]], "default": False}


def test_a_function_becomes_its_calls():
    """Results and errors are kept in the order of the inputs; nothing is raised."""
    plain = to_plain(lambda x: 12 / x, [[24], [0]])

    assert [call.get("result", call.get("error")) for call in plain["calls"]] == [
        {"kind": "number", "value": 0.5},
        "ZeroDivisionError: division by zero",
    ]
    assert to_plain(7, [[24]])["kind"] == "number"


def test_a_chart_becomes_its_specification():
    """A chart that cannot be drawn says why."""
    good = alt.Chart(pd.DataFrame({"x": [1]})).mark_bar().encode(x="x:Q")
    bad = alt.Chart(pd.DataFrame({"x": [1]})).mark_bar().encode(x="nowhere")

    assert to_plain(good)["spec"]["mark"] == {"type": "bar"}
    assert to_plain(bad)["kind"] == "other"
    assert "cannot be drawn" in to_plain(bad)["type"]


def test_all_plain_data_is_strict_json():
    """Nothing that JSON has no word for comes out, from any of the kinds."""
    values = [
        math.nan,
        10**400,
        pd.Series([math.inf]),
        pd.DataFrame({"x": [math.nan, -math.inf]}),
        {math.nan: {1, 2}},
        [np.float64(1), pd.NA, pd.NaT],
    ]

    for value in values:
        json.loads(json.dumps(to_plain(value), allow_nan=False))


def in_itself() -> list[object]:
    """Return a list that holds itself a hundred times."""
    value: list[object] = []
    value.extend([value] * 100)
    return value


def endless() -> object:
    """Return a mapping of length 1 whose keys never end."""

    class Endless(dict):
        def __iter__(self):
            while True:
                yield 1

    return Endless({1: 1})


@pytest.mark.parametrize(
    "value",
    [
        [0] * 10**6,
        in_itself(),
        endless(),
        pd.Series(range(10**6)),
        pd.DataFrame(np.zeros((10**6, 2))),
        pd.DataFrame(np.zeros((10, 10**5))),
        [[0] * 1000] * 1000,
    ],
    ids=["long list", "in itself", "endless", "long Series", "long table", "wide table", "long lists"],
)
def test_an_answer_that_is_too_large_is_only_described(value):
    """It is neither copied nor followed, and the size is said."""
    began = time.process_time()

    plain = to_plain(value)

    assert plain["kind"] == "other"
    assert plain["type"].startswith(("a collection of", "a Series of", "a table of"))
    assert time.process_time() - began < 10


def test_an_answer_may_be_large():
    """Up to the bound all is taken over."""
    assert len(to_plain(list(range(MAX_VALUES // 4)))["items"]) == MAX_VALUES // 4


def test_deep_nesting_ends_in_a_type():
    """Below the deepest level only the type is kept."""
    value: list[object] = []
    for _ in range(50):
        value = [value]

    plain = to_plain(value)
    depth = 0
    while plain["kind"] == "list":
        plain, depth = plain["items"][0], depth + 1

    assert (plain, depth) == ({"kind": "other", "type": "builtins.list"}, 8)


@pytest.mark.parametrize("value", [7, 7.5, "a", True, [1, "a"], {"a": [1]}], ids=repr)
def test_inputs_come_back_as_they_were(value):
    """What a function is called with survives the way through plain data."""
    assert from_plain(to_plain(value)) == value


def test_a_series_as_an_input_comes_back():
    """A function may be asked to work on a Series."""
    series = pd.Series([1.5, 2.5], ["a", "b"], name="x")

    pd.testing.assert_series_equal(from_plain(to_plain(series)), series)

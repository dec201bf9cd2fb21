"""Tables are shown whole, with numbers as a reader writes them, and say which head belongs to which cell."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.pandas import column, data_frames, range_indexes

from litu.display.numbers import full, short
from litu.display.tables import column_format, shown, table_html

SHOPS = pd.DataFrame({
    "year": [2013, 2014, 2016],
    "stores": [15000.0, np.nan, 300000.0],
    "share": [0.5, 0.25, 1 / 3],
    "note": ["counted in December, so not comparable with the lists of August before it", "<b>", ""],
})  # fmt: skip


def cells(table: pd.DataFrame) -> list[list[ElementTree.Element]]:
    """Return the cells of the table's HTML, row by row."""
    found = table_html(table)
    root = ElementTree.fromstring(f"<div>{re.sub(r'&(?!amp;|lt;|gt;|quot;)', '&amp;', found)}</div>")
    return [list(row) for row in root.iter("tr")]


def texts(table: pd.DataFrame) -> list[list[str]]:
    """Return what stands in the cells."""
    return [[(cell.text or "").strip() for cell in row] for row in cells(table)]


def test_whole_numbers_have_no_decimal_point() -> None:
    """Whole numbers kept as floats are shown whole, from ten thousand on with commas; years stay as they are."""
    assert [row[1:4] for row in texts(SHOPS)[1:]] == [
        ["2013", "15,000", "0.5000"],
        ["2014", "NaN", "0.2500"],
        ["2016", "300,000", "0.3333"],
    ]


def test_no_text_is_cut() -> None:
    """A long text is shown to its end and gets room; HTML in it stays text."""
    shown = texts(SHOPS)
    assert shown[1][4] == SHOPS["note"][0] and shown[2][4] == "<b>"
    assert "min-width" in cells(SHOPS)[1][4].get("style")


def test_text_starts_at_the_left() -> None:
    """Cells and heads of words are aligned left, those of numbers right."""
    head, first = cells(SHOPS)[0], cells(SHOPS)[1]
    for row in (head, first):
        assert "left" in row[4].get("style") and "right" in row[2].get("style")


@pytest.mark.parametrize(
    "table",
    [
        SHOPS,
        SHOPS.set_index("year"),
        SHOPS.set_index(["year", "note"]),
        SHOPS.pivot(index="year", columns="note", values="stores"),
        SHOPS.agg({"stores": ["min", "max"], "share": ["mean"]}),
        pd.concat({"a": SHOPS, "b": SHOPS}, axis=1),
        pd.concat([SHOPS] * 40),
        SHOPS.rename(columns={"share": "stores"}),
        SHOPS.iloc[:0],
        pd.DataFrame(),
        SHOPS.astype({"stores": "Float64", "year": "Int64"}),
        SHOPS.assign(flag=True, when=pd.Timestamp("2016-08-31"), any=[{}, [1], None]),
    ],
    ids=["plain", "index", "two levels", "pivot", "summary", "wide heads", "long", "same names", "no rows", "empty", "nullable", "others"],
)
def test_every_head_has_a_scope(table: pd.DataFrame) -> None:
    """Whatever the table, its heads carry a scope, an empty corner is no head, and every row has all cells."""
    found = table_html(table)
    assert all("scope=" in head for head in re.findall(r"<th\b[^>]*>", found))
    assert not re.search(r"<th[^>]*></th>", found)


def test_a_long_table_shows_its_ends() -> None:
    """Of a table with more than sixty rows the first and last ones are shown, and its size."""
    found = table_html(pd.concat([SHOPS] * 40))
    assert found.count("<tr") < 15 and "120 rows" in found


@settings(max_examples=60, deadline=None)
@given(data_frames([column("a", dtype=float), column("b", elements=st.text(max_size=9), dtype=object)], index=range_indexes(max_size=9)))
def test_any_table_is_shown_and_left_alone(table: pd.DataFrame) -> None:
    """Any floats and texts are shown, and the table is not changed by it."""
    before = table.copy()
    assert table_html(table).count("<tr") == len(table) + 1
    pd.testing.assert_frame_equal(table, before)


@settings(max_examples=300, deadline=None)
@given(st.floats())
def test_any_number_is_written(value: float) -> None:
    """A number as text reads back as the number, to four decimals or three figures."""
    text = full(value)
    read = float(text.replace(",", ""))
    if np.isfinite(value):
        assert read == pytest.approx(value, rel=1e-12, abs=5.1e-5)
        assert not text.endswith(".0") or abs(value) >= 1e15
    else:
        assert text == str(value)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.5, 1.0], ["0.5", "1.0"]),
        ([1.0, 2.0], ["1", "2"]),
        ([1234.5, 99999.25], ["1,234.50", "99,999.25"]),
        ([0.00001, 1.0], ["1e-05", "1"]),
        ([2016.0, 1978.0], ["2016", "1978"]),
    ],
)
def test_a_column_has_as_many_decimals_as_it_needs(values: list[float], shown: list[str]) -> None:
    """All numbers of a column have the same decimals, at most four."""
    write = column_format(pd.Series(values))
    assert [write(value) for value in values] == shown


@settings(max_examples=300, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_short_number_is_near(value: float) -> None:
    """A number in a sentence is the number to three figures, and ends in no point or needless nought."""
    text = short(value)
    assert float(text.replace(",", "")) == pytest.approx(value, rel=5.1e-2 if abs(value) < 1 else 5.1e-3)
    assert not text.endswith(".") and (abs(value) >= 1e15 or not text.endswith(".0"))


def test_what_a_learner_sets_goes_before() -> None:
    """Rows shown and the format of floats follow pandas' own options when somebody sets them."""
    with pd.option_context("display.max_rows", 2, "display.min_rows", 2, "display.float_format", "{:.1f}".format):
        shown = texts(SHOPS)
    assert len(shown) == 4 and shown[1][2:4] == ["15000.0", "0.5"]


def test_a_table_of_another_make_is_left_to_pandas() -> None:
    """A table that cannot be formatted here is shown as pandas shows it."""

    class Odd(pd.DataFrame):
        def to_html(self, *args: object, **kwargs: object) -> str:
            raise ValueError("no")

    assert "<table" in shown(Odd(SHOPS))

"""What is said of a chart follows from its data."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import DATA

from litu import describe, draw
from litu.dataset.tables import Description
from litu.display.facts import summary
from litu.display.series import turns_of
from litu.errors import LituError

TABLE = pd.DataFrame({
    "year": [2013, 2014, 2015, 2016] * 2,
    "place": ["Shaji"] * 4 + ["Wujin"] * 4,
    "share": [10, 20, 30, 60, 50, 70, 40, 45.5],
})  # fmt: skip
LINES = (
    alt.Chart(TABLE, title="Two places")
    .mark_line()
    .encode(x=alt.X("year:O", title="Year"), y=alt.Y("share:Q", title="Share (%)"), color=alt.Color("place:N", title="Place"))
)


@pytest.fixture(autouse=True)
def _published_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITU_DATA", str(DATA))


def said(chart: object) -> str:
    """Return what is said of a chart, without its data."""
    return repr(describe(chart)).partition("\n\n")[0]


def test_lines_are_told_from_end_to_end() -> None:
    """Kind, axes with units and range, and for each line its ends and where it turns."""
    told = said(LINES)
    for sentence in (
        "Two places", "Line chart of Share (%) by Year, 2 lines.", "Up: Share (%), 10 to 70.",
        "Shaji: from 10 at 2013 to 60 at 2016, rising throughout.",
        "Wujin: from 50 at 2013 to 45.5 at 2016, turning at 70 at 2014 and 40 at 2015.",
    ):  # fmt: skip
        assert sentence in told


def test_bars_are_told_by_their_extremes() -> None:
    """Of bars the largest and smallest are told; what is drawn is told, here a mean."""
    told = said(alt.Chart(TABLE).mark_bar().encode(y="place:N", x="mean(share):Q"))
    assert "Bar chart of mean of share by place." in told
    assert "2 values, largest Wujin with 51.4, smallest Shaji with 30" in told


def test_a_cloud_is_told_by_its_direction() -> None:
    """Of a scatter plot the number of dots and the direction are told."""
    told = said(alt.Chart(TABLE).mark_point().encode(x="year:Q", y="share:Q"))
    assert "Scatter plot of share against year." in told and "8 dots; the two" in told


def test_a_scale_and_a_reference_line_are_told() -> None:
    """A logarithmic axis is named, and so is a line at a value, with its label."""
    chart = alt.Chart(TABLE.head(4)).mark_line().encode(x="year:Q", y=alt.Y("share:Q").scale(type="log")) + draw.reference_line(50, "half")
    assert "on a log scale" in said(chart) and "A line at 50 across: half." in said(chart)


def test_the_data_come_with_it() -> None:
    """The chart's data are there as a table: every point, under the axes' titles, to unfold in a notebook."""
    description = describe(LINES)
    assert list(description.data.columns) == ["Place", "Year", "Share (%)"] and len(description.data) == 8
    page = description._repr_html_()
    assert "<details>" in page and page.count("<tr") == 9 and 'scope="col"' in page


@pytest.mark.parametrize(
    ("chart", "sentence"),
    [
        (
            lambda: draw.chain(pd.DataFrame({"from": ["a"], "to": ["b"], "status": ["inferred"]}), title="T", description="D."),
            "a → b (inferred)",
        ),
        (
            lambda: draw.argument_map(pd.DataFrame({"from": ["a"], "to": ["b"], "relation": ["attacks"]}), title="T", description="D."),
            "a → b (attacks)",
        ),
        (
            lambda: draw.tile_map(pd.DataFrame({"province": ["Hebei"], "v": [91]}), "v", unit="villages", title="T", description="D."),
            "Hebei: 91 villages",
        ),
        (lambda: draw.places(pd.DataFrame({"place": ["Wujin"], "province": ["Jiangsu"]}), title="T", description="D."), "Wujin, Jiangsu"),
        (lambda: draw.timeline(pd.DataFrame({"date": [1984], "label": ["x"]}), title="T", description="D."), "1984: x"),
        (lambda: draw.lattice(3.4, title="T", description="D."), "nearest neighbours: 3.4 km"),
        (lambda: draw.guess_beside(3.4, 5, label="l", unit="km", title="T", description="D."), "your guess: 5 km"),
    ],
    ids=["chain", "argument_map", "tile_map", "places", "timeline", "lattice", "guess"],
)
def test_drawings_tell_what_they_show(chart: object, sentence: str) -> None:
    """A drawing is told in sentences: its arrows, tiles, dates."""
    assert sentence in said(chart()) and "Its author says: D." in said(chart())


def test_tables_are_still_described() -> None:
    """A name in quotes is a table of the course; a table itself, or something else, is told what to do."""
    assert isinstance(describe("claims"), Description)
    for other, words in ((TABLE, "name of a table in quotes"), (5, "this is int"), (alt.Chart(TABLE).mark_line().encode(x="yeer"), "yeer")):
        with pytest.raises(LituError, match=words):
            describe(other)


@pytest.mark.parametrize(
    "chart",
    [
        alt.Chart(TABLE).mark_bar(),
        alt.Chart(TABLE.iloc[:0]).mark_line().encode(x="year:Q", y="share:Q"),
        alt.Chart("x.csv").mark_line().encode(x="year:Q", y="share:Q"),
        alt.Chart(TABLE).mark_arc().encode(theta="share:Q", color="place:N"),
        alt.Chart(TABLE).mark_rect().encode(x="year:O", y="place:N", color="share:Q"),
        alt.Chart(TABLE).mark_bar().encode(x=alt.X("share:Q", bin=True), y="count()"),
        LINES | LINES,
        LINES.facet("place:N"),
        alt.Chart(TABLE.assign(share=None)).mark_line().encode(x="year:Q", y="share:Q"),
        alt.Chart(TABLE.assign(year=pd.to_datetime(TABLE["year"].astype(str)))).mark_line().encode(x="year:T", y="share:Q"),
        alt.Chart(TABLE).mark_boxplot().encode(x="place:N", y="share:Q"),
        alt.Chart(TABLE).transform_calculate(z="datum.share * 2").mark_line().encode(x="year:Q", y="z:Q"),
    ],
)
def test_any_chart_is_told(chart: alt.TopLevelMixin) -> None:
    """Whatever the chart, something true is said and nothing breaks."""
    assert said(chart)
    assert describe(chart)._repr_html_()
    assert isinstance(summary(chart.to_dict()), str)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(-5, 5), max_size=20))
def test_turns_are_where_the_direction_changes(values: list[int]) -> None:
    """Between two turns the values only rise or only fall, and there are as many turns as changes of direction."""
    ends = [0, *turns_of(values), len(values) - 1]
    for start, end in zip(ends, ends[1:]):
        part = values[start : end + 1]
        assert part in (sorted(part), sorted(part, reverse=True))
    steps = [b - a for a, b in zip(values, values[1:]) if a != b]
    assert len(turns_of(values)) == sum(a * b < 0 for a, b in zip(steps, steps[1:]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1950, 2030), st.floats(-1e6, 1e6)), min_size=2, max_size=12, unique_by=lambda pair: pair[0]))
def test_the_ends_of_any_line_are_told(points: list[tuple[int, float]]) -> None:
    """First and last year of a line are in what is said of it."""
    table = pd.DataFrame(points, columns=["year", "value"])
    told = said(alt.Chart(table).mark_line().encode(x="year:Q", y="value:Q"))
    assert f"at {table['year'].min()} to" in told and f"at {table['year'].max()}" in told

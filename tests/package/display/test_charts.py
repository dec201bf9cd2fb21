"""Charts are judged by what they show, not by how they are written."""

from __future__ import annotations

import copy
import json
import re
import time
from functools import reduce
from operator import getitem

import altair as alt
import pandas as pd
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from litu.charts import ChartMeaning, faults, meaning, share

TITLE = "Villages by province"
WORDS = "Bars of villages in four provinces; the first is far ahead of the others."

RAW = pd.DataFrame({
    "province": ["Zhejiang", "Jiangsu", "Hebei", "Fujian", "Zhejiang", "Hebei"],
    "villages": [500, 201, 91, 107, 6, 40],
    "stores": [9000, 4100, 800, 2500, 60, 300],
    "year": [2016, 2016, 2016, 2016, 2016, 2016],
})  # fmt: skip
TOTALS = RAW.groupby("province", as_index=False)["villages"].sum().rename(columns={"villages": "total"})
RANKED = TOTALS.sort_values("total", ascending=False)
YEARS = pd.DataFrame({"year": [2009, 2013, 2014, 2016, 2020], "villages": [3, 20, 212, 1311, 5425]})
DATED = YEARS.assign(year=pd.to_datetime(YEARS["year"].astype(str)))
SHARES = pd.DataFrame({
    "place": ["China"] * 3 + ["World"] * 3,
    "year": [1960, 1990, 2020] * 2,
    "urban": [16.2, 26.4, 61.4, 33.6, 43.0, 56.2],
})  # fmt: skip
WIDE = SHARES.pivot(index="year", columns="place", values="urban").reset_index()
SCATTER = pd.DataFrame({"gap": [2.1, 2.9, 3.3, 2.6, 2.7], "share": [20.5, 36.2, 49.9, 60.1, 63.2], "size": [5, 3, 8, 1, 2]})


def bars() -> alt.Chart:
    """Return the bar chart that the wanted one is held against."""
    return (
        alt.Chart(RAW, title=TITLE, description=WORDS)
        .mark_bar()
        .encode(x=alt.X("sum(villages):Q", title="Villages (number)"), y=alt.Y("province:N", title="Province", sort="-x"))
    )


def line(data: pd.DataFrame = YEARS, year: str = "year:Q", scale: str = "log") -> alt.Chart:
    """Return a line of villages by year."""
    return (
        alt.Chart(data, title=TITLE, description=WORDS)
        .mark_line()
        .encode(x=alt.X(year, title="Year"), y=alt.Y("villages:Q", title="Villages", scale=alt.Scale(type=scale)))
    )


def series() -> alt.Chart:
    """Return two lines told apart by colour and dashes."""
    return (
        alt.Chart(SHARES, title=TITLE, description=WORDS)
        .mark_line()
        .encode(
            x=alt.X("year:Q", title="Year"),
            y=alt.Y("urban:Q", title="Urban share (%)"),
            color=alt.Color("place:N", title="Place"),
        )
    )


def dots() -> alt.Chart:
    """Return a scatter plot."""
    return (
        alt.Chart(SCATTER, title=TITLE, description=WORDS)
        .mark_point()
        .encode(x=alt.X("share", title="Urban share (%)"), y=alt.Y("gap", title="Ratio"))
    )


def described(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """Return the chart with the title and description asked for."""
    return chart.properties(title=TITLE, description=WORDS)


def found(student: alt.TopLevelMixin, wanted: alt.TopLevelMixin, **options: object) -> list[str]:
    """Return the kinds of the faults of a chart, the most important first."""
    return [fault.kind for fault in listed(student, wanted, **options)]


def listed(student: alt.TopLevelMixin, wanted: alt.TopLevelMixin, **options: object) -> list:
    """Return the faults of a chart, judged as the grader does: after a trip through JSON."""
    spec = json.loads(json.dumps(student.to_dict(), allow_nan=False))
    key = ChartMeaning.from_plain(json.loads(json.dumps(meaning(wanted.to_dict()).to_plain(), allow_nan=False)))
    result = faults(meaning(spec), key, options)
    assert all(len(fault.message.split()) < 60 for fault in result)
    return result


def same_bars() -> dict[str, alt.TopLevelMixin]:
    """Return ways to write the bar chart."""
    x, y = alt.X("sum(villages)", title="Villages (number)"), alt.Y("province", title="Province", sort="-x")
    named = bars().to_dict()
    inline = copy.deepcopy(named)
    inline["data"] = {"values": inline.pop("datasets")[named["data"]["name"]]}
    total = alt.X("total").title("Villages (number)")
    by_name = alt.Y("province").title("Province")
    labels = alt.Chart(RAW).mark_text(align="left").encode(x=x, y=y, text="sum(villages)")
    return {
        "shorthand": described(alt.Chart(RAW).mark_bar().encode(x, y)),
        "long form": described(alt.Chart(RAW).mark_bar().encode(
            alt.X(field="villages", type="quantitative", aggregate="sum", title="Villages (number)"),
            alt.Y(field="province", type="nominal", title="Province", sort=alt.EncodingSortField("villages", op="sum", order="descending")),
        )),
        "encode before mark": described(alt.Chart(RAW).encode(x=x, y=y).mark_bar()),
        "methods": described(alt.Chart(RAW).mark_bar().encode(
            alt.X("villages").aggregate("sum").title("Villages (number)"), alt.Y("province").title("Province").sort("-x"),
        )),
        "titles on the axes": described(alt.Chart(RAW).mark_bar().encode(
            alt.X("sum(villages)", axis=alt.Axis(title="Villages (number)")), alt.Y("province", sort="-x").axis(title="Province"),
        )),
        "ordinal": described(alt.Chart(RAW).mark_bar().encode(x, alt.Y("province:O", title="Province", sort="-x"))),
        "totals from pandas": described(alt.Chart(TOTALS).mark_bar().encode(total, by_name.sort("-x"))),
        "sorted in pandas": described(alt.Chart(RANKED).mark_bar().encode(total, by_name.sort(None))),
        "sorted by a list": described(alt.Chart(TOTALS).mark_bar().encode(total, by_name.sort(list(RANKED["province"])))),
        "sorted by a domain": described(alt.Chart(TOTALS).mark_bar().encode(total, by_name.scale(domain=list(RANKED["province"])))),
        "sorted by an encoding": described(alt.Chart(RAW).mark_bar().encode(x, alt.Y("province", title="Province").sort(encoding="x", order="descending"))),
        "stacked rows": described(alt.Chart(RAW).mark_bar().encode(alt.X("villages", title="Villages (number)"), y)),
        "transform_aggregate": described(
            alt.Chart(RAW).transform_aggregate(n="sum(villages)", groupby=["province"]).mark_bar()
            .encode(alt.X("n:Q", title="Villages (number)"), y)
        ),
        "filtered in the chart": described(
            alt.Chart(pd.concat([RAW, RAW.assign(year=2010)])).mark_bar().encode(x, y)
            .transform_filter(alt.FieldEqualPredicate(field="year", equal=2016))
        ),
        "filtered by a formula": described(
            alt.Chart(pd.concat([RAW, RAW.assign(year=2010)])).mark_bar().encode(x, y).transform_filter(alt.datum.year > 2010)
        ),
        "with labels": described(alt.Chart(RAW).mark_bar().encode(x, y) + labels),
        "shared encoding": described(alt.layer(
            alt.Chart().mark_bar(), alt.Chart().mark_text().encode(text="sum(villages):Q"), data=RAW,
        ).encode(x=alt.X("sum(villages):Q", title="Villages (number)"), y=alt.Y("province:N", title="Province", sort="-x"))),
        "columns named in words": described(
            alt.Chart(RANKED.rename(columns={"total": "Villages (number) 2016", "province": "Name of province"})).mark_bar()
            .encode(x="Villages (number) 2016", y=alt.Y("Name of province", sort="-x"))
        ),
        "alt.Title and configure": alt.Chart(RAW, description=WORDS).mark_bar(color="teal").encode(x, y, tooltip=["province", "sum(villages)"])
        .properties(title=alt.Title([TITLE], subtitle="2016"), width=300).configure_axis(grid=False),
        "one of two panels": described((alt.Chart(RAW).mark_bar().encode(x, y)) | alt.Chart(RAW).mark_point().encode(x="stores", y="villages")),
        "data inline": alt.Chart.from_dict(inline),
    }  # fmt: skip


@pytest.mark.parametrize("way", same_bars())
def test_ways_to_write_bars(way):
    """However the same bars are written, no fault is found."""
    assert listed(same_bars()[way], bars(), units={"x": "number"}) == []


def test_wanted_chart_aggregated_before():
    """It makes no difference which of the two charts aggregates in Altair."""
    assert listed(bars(), same_bars()["sorted in pandas"]) == []


def same_lines() -> dict[str, alt.TopLevelMixin]:
    """Return ways to write the line."""
    y = alt.Y("villages").title("Villages").scale(type="log")
    return {
        "scale as a method": described(alt.Chart(YEARS).mark_line().encode(alt.X("year").title("Year"), y)),
        "with points": described(alt.Chart(YEARS).mark_line(point=True).encode(alt.X("year").title("Year"), y)),
        "dates": line(DATED, "year:T"),
        "dates cut to years": line(DATED, "year(year):T"),
        "texts as dates": line(YEARS.astype({"year": str}), "year:T"),
        "a point layer": line() + alt.Chart(YEARS).mark_point().encode(x="year", y="villages"),
        "a rule beside it": described(line() + alt.Chart().mark_rule().encode(x=alt.datum(2016))),
        "an address that only notes use": described(line() + alt.Chart("notes.csv").mark_text().encode(x="year:Q", text="note:N")),
    }  # fmt: skip


@pytest.mark.parametrize("way", [name for name in same_lines() if name != "a point layer"])
def test_ways_to_write_a_line(way):
    """Years as numbers, dates or texts draw the same line."""
    assert listed(same_lines()[way], line()) == []


def test_description_on_one_layer():
    """A description on one layer is never read out, and the message says where to put it."""
    fault = listed(same_lines()["a point layer"], line())
    assert [one.kind for one in fault] == ["description"]
    assert "layer" in fault[0].message


def same_series() -> dict[str, alt.TopLevelMixin]:
    """Return ways to write the two lines."""
    x, y = alt.X("year:Q", title="Year"), alt.Y("value:Q", title="Urban share (%)")
    base = alt.Chart(WIDE).encode(alt.X("year:Q", title="Year"))

    def one(place: str) -> alt.Chart:
        return base.mark_line().encode(alt.Y(f"{place}:Q", title="Urban share (%)"), color=alt.ColorDatum(place, title="Place"))

    return {
        "fold": described(alt.Chart(WIDE).transform_fold(["China", "World"], as_=["place", "value"]).mark_line()
                          .encode(x, y, alt.Color("place:N", title="Place"))),
        "a layer for each": described(one("China") + one("World")),
        "repeat": described(alt.Chart(WIDE).mark_line().encode(
            x, alt.Y(alt.repeat("layer"), type="quantitative", title="Urban share (%)"),
            alt.ColorDatum(alt.repeat("layer"), title="Place")).repeat(layer=["China", "World"])),
        "dashes instead": described(alt.Chart(SHARES).mark_line().encode(
            x, alt.Y("urban:Q", title="Urban share (%)"), strokeDash=alt.StrokeDash("place", title="Place"))),
        "labels instead of a legend": described(
            alt.Chart(SHARES).mark_line().encode(x, alt.Y("urban:Q", title="Urban share (%)"), alt.Color("place:N", legend=None))
            + alt.Chart(SHARES).mark_text().encode(x="year:Q", y="urban:Q", text="place:N")
        ),
    }  # fmt: skip


@pytest.mark.parametrize("way", same_series())
def test_ways_to_write_two_series(way):
    """Long and wide tables, folds and layers draw the same two lines."""
    assert listed(same_series()[way], series(), units={"y": "%"}) == []


@pytest.mark.parametrize("mark", ["circle", "square"])
def test_dots_of_any_form(mark):
    """Circles and squares are points, unless the task names the mark."""
    chart = getattr(alt.Chart(SCATTER, title=TITLE, description=WORDS), f"mark_{mark}")().encode(
        x=alt.X("share", title="Urban share (%)"), y=alt.Y("gap", title="Ratio")
    )
    assert listed(chart, dots()) == []
    assert found(chart, dots(), marks=["point"]) == ["mark"]


def test_a_line_through_points_is_a_fault_where_they_stand_alone():
    """`joined=False` refuses a line that also draws its points; without it the points are enough."""
    points = described(alt.Chart(SHARES).mark_point().encode(x="year:Q", y=alt.Y("urban:Q", title="Urban share (%)"), color="place:N"))
    joined = points.mark_line(point=True)
    assert listed(joined, points) == []
    assert found(joined, points, joined=False) == ["mark"]
    assert found(points, points, joined=False) == []


def test_horizontal_or_vertical():
    """Swapped axes are one fault, or none when the task leaves the direction open."""
    turned = described(alt.Chart(RAW).mark_bar().encode(
        alt.Y("sum(villages)", title="Villages (number)"), alt.X("province", title="Province", sort="-y"),
    ))  # fmt: skip
    assert found(turned, bars()) == ["axes swapped"]
    assert listed(turned, bars(), orientation=False, units={"x": "number"}) == []
    years = alt.Chart(YEARS).mark_bar()
    assert found(years.encode(x="villages", y="year"), years.encode(x="year:O", y="villages"))[:2] == ["axes swapped", "type"]
    untitled = turned.encode(alt.Y("sum(villages)"))
    fault = listed(untitled, bars(), orientation=False)
    assert [(one.kind, one.channel) for one in fault] == [("axis-title", "y")]
    assert "y axis" in fault[0].message


def planted() -> dict[str, tuple[alt.TopLevelMixin, alt.TopLevelMixin, dict, list[str]]]:
    """Return charts with one fault each: the chart, the wanted one, options, kinds."""
    b, ln, s, d = bars(), line(), series(), dots()
    y = alt.Y("province:N", title="Province", sort="-x")
    number = "Villages (number)"
    wrong = RAW.assign(villages=[500, 201, 91, 170, 6, 40])
    return {
        "mark": (b.mark_point(), b, {}, ["mark"]),
        "column": (b.encode(x=alt.X("sum(stores):Q", title=number)), b, {}, ["field"]),
        "column of a key": (b.encode(y=alt.Y("year:N", title="Province")), b, {}, ["field"]),
        "column of a scatter": (d.encode(y=alt.Y("size", title="Ratio")), d, {}, ["field"]),
        "misspelt column": (b.encode(x=alt.X("sum(village):Q", title=number)), b, {}, ["field"]),
        "aggregate": (b.encode(x=alt.X("mean(villages):Q", title=number)), b, {}, ["aggregate"]),
        "count": (b.encode(x=alt.X("count()", title=number)), b, {}, ["aggregate"]),
        "no aggregate": (alt.Chart(RAW, title=TITLE, description=WORDS).mark_point().encode(alt.X("villages", title=number), y),
                         b.mark_point(), {}, ["aggregate"]),
        "scale": (line(scale="linear"), ln, {}, ["scale"]),
        "years from zero": (ln.encode(x=alt.X("year:Q", title="Year", scale=alt.Scale(zero=True))), ln, {}, ["scale"]),
        "cut axis": (b.encode(x=alt.X("sum(villages):Q", title=number, scale=alt.Scale(domain=[100, 600]))), b, {}, ["scale"]),
        "domain too short": (s.encode(y=alt.Y("urban:Q", title="Urban share (%)", scale=alt.Scale(domain=[0, 50]))), s, {}, ["scale"]),
        "no sort": (b.encode(y=alt.Y("province:N", title="Province")), b, {}, ["sort"]),
        "sorted the wrong way": (b.encode(y=alt.Y("province:N", title="Province", sort="x")), b, {}, ["sort"]),
        "reversed axis": (s.encode(y=alt.Y("urban:Q", title="Urban share (%)", sort="descending")), s, {}, ["sort"]),
        "no title": (alt.Chart(RAW, description=WORDS).mark_bar().encode(alt.X("sum(villages):Q", title=number), y), b, {}, ["title"]),
        "blank title": (b.properties(title=" "), b, {}, ["title"]),
        "no axis title": (b.encode(x=alt.X("sum(villages):Q")), b, {}, ["axis-title"]),
        "axis title taken away": (b.encode(x=alt.X("sum(villages):Q", title=None)), b, {}, ["axis-title"]),
        "no unit": (s.encode(y=alt.Y("urban:Q", title="Urban share")), s, {"units": {"y": "%"}}, ["axis-title"]),
        "no description": (alt.Chart(RAW, title=TITLE).mark_bar().encode(alt.X("sum(villages):Q", title=number), y), b, {}, ["description"]),
        "short description": (b.properties(description="bars"), b, {}, ["description"]),
        "one wrong value": (alt.Chart(wrong, title=TITLE, description=WORDS).mark_bar().encode(alt.X("sum(villages):Q", title=number), y.copy()),
                            b, {}, ["data"]),
        "rows filtered away": (b.transform_filter(alt.FieldOneOfPredicate("province", ["Zhejiang", "Hebei"])), b, {}, ["data"]),
        "filter left out": (line(), line(YEARS[YEARS["year"] > 2010]), {}, ["data"]),
        "another unit": (line(YEARS.assign(villages=YEARS["villages"] / 1000)), ln, {}, ["data"]),
        "rows twice": (line(pd.concat([YEARS, YEARS])), ln, {}, ["data"]),
        "shuffled scatter": (dots().properties(data=SCATTER.assign(gap=SCATTER["gap"].to_numpy()[::-1])), d, {}, ["data"]),
        "nothing drawn": (b.transform_filter(alt.FieldEqualPredicate(field="year", equal=1999)), b, {}, ["data"]),
        "no colour": (alt.Chart(SHARES, title=TITLE, description=WORDS).mark_line().encode(
            alt.X("year:Q", title="Year"), alt.Y("urban:Q", title="Urban share (%)")), s, {}, ["channel-missing"]),
        "years as categories": (line(year="year:O"), ln, {}, ["type"]),
        "values as categories": (b.encode(x=alt.X("sum(villages):O", title=number)), b, {}, ["type"]),
        "years as milliseconds": (line(year="year:T"), ln, {}, ["type"]),
        "colour alone": (s, s, {"not_colour_alone": True}, ["colour"]),
        "click": (ln.transform_filter(alt.selection_point(name="pick")), ln, {}, ["unread"]),
        "formula of another kind": (ln.transform_filter("datum.villages / 2 > 1"), ln, {}, ["unread"]),
        "formula": (ln.transform_calculate(twice="datum.villages * 2"), ln, {}, ["unread"]),
        "address": (alt.Chart("https://example.org/t.csv", title=TITLE, description=WORDS).mark_bar().encode(
            alt.X("sum(villages):Q", title=number), y), b, {}, ["unread"]),
        "missing layer": (ln, described(ln + alt.Chart().mark_rule().encode(x=alt.datum(2016))), {"layers": True}, ["layer"]),
        "layer elsewhere": (described(ln + alt.Chart().mark_rule().encode(x=alt.datum(2014))),
                            described(ln + alt.Chart().mark_rule().encode(x=alt.datum(2016))), {"layers": True}, ["layer"]),
        "share of 100 %": (stacked("normalize"), stacked("zero"), {}, ["scale"]),
        "missing panel": (b, described(bars() | line()), {}, ["layer"]),
    }  # fmt: skip


def stacked(how: str) -> alt.Chart:
    """Return bars with two parts each."""
    return (
        alt.Chart(SHARES, title=TITLE, description=WORDS)
        .mark_bar()
        .encode(x=alt.X("year:O", title="Year"), y=alt.Y("urban:Q", title="Share", stack=how), color=alt.Color("place", title="Place"))
    )


@pytest.mark.parametrize("name", planted())
def test_planted_fault_is_named(name):
    """Each planted fault is found, alone, and costs something."""
    student, wanted, options, kinds = planted()[name]
    result = listed(student, wanted, **options)
    assert [fault.kind for fault in result] == kinds
    assert share(result) < 1


@pytest.mark.parametrize("name", planted())
def test_wanted_chart_is_right(name):
    """The wanted chart of each case has no fault itself."""
    _, wanted, options, _ = planted()[name]
    assert found(wanted, wanted, **options) in ([], ["colour"])


def test_messages_name_categories_not_values():
    """A message about data names how many rows and a category, never the right figure."""
    student, wanted, _, _ = planted()["one wrong value"]
    message = listed(student, wanted)[0].message
    assert "Fujian" in message and "1 of 4" in message and "107" not in message
    student, wanted, _, _ = planted()["rows filtered away"]
    assert "2 points are missing" in listed(student, wanted)[0].message


def test_rule_from_a_table_or_a_constant():
    """A rule may come from alt.datum or from a table of one row."""
    wanted = described(line() + alt.Chart().mark_rule().encode(x=alt.datum(2016)))
    table = alt.Chart(pd.DataFrame({"when": [2016]})).mark_rule(color="red").encode(x="when")
    assert found(described(line() + table), wanted, layers=True) == []


def test_rounded_values():
    """Values rounded in pandas are right to the places that count."""
    rounded = series().properties(data=SHARES.assign(urban=SHARES["urban"].round(0)))
    assert found(rounded, series(), places=0) == []
    assert found(rounded, series(), places={"y": 1}) == ["data"]


def test_even_years_as_categories():
    """Years without gaps look the same as categories and as numbers."""
    even = YEARS.assign(year=range(2012, 2017))
    assert found(line(even, "year:O"), line(even)) == []
    assert found(line(even, "year:O"), line(even), types={"x": ["quantitative"]}) == ["type"]


def test_unordered_wish_is_not_enforced():
    """When the wanted chart sets no order, any order of names is fine, but years stay in order."""
    plain = bars().encode(y=alt.Y("province:N", title="Province"))
    assert found(bars(), plain) == []
    years = alt.Chart(YEARS).mark_bar().encode(x="year:O", y="villages")
    assert found(years.encode(x=alt.X("year:O", sort="-y")), years) == ["sort"]


def test_ties_in_any_order():
    """Categories of the same size may stand in either order."""
    tied = pd.DataFrame({"province": ["A", "B", "C"], "n": [5, 9, 5]})
    chart = alt.Chart(tied).mark_bar().encode(x="n", y=alt.Y("province", sort="-x"))
    assert found(chart.encode(y=alt.Y("province", sort=["B", "C", "A"])), chart) == []
    assert found(chart.encode(y=alt.Y("province", sort=["C", "B", "A"])), chart) == ["sort"]


def test_order_of_faults_and_share():
    """Faults of substance come first; a chart of nothing that was asked earns nothing."""
    bad = alt.Chart(RAW).mark_point().encode(x="mean(stores):Q", y="year:N")
    kinds = found(bad, bars())
    assert kinds[0] == "mark" and kinds[-1] == "description"
    assert share([]) == 1.0
    assert 0.3 < share(listed(*planted()["column"][:2])) < share(listed(*planted()["no title"][:2])) < 1
    blank = faults(meaning({"mark": "bar", "title": TITLE, "description": WORDS}), meaning(bars().to_dict()))
    assert [fault.kind for fault in blank] == ["spec"] and share(blank) == 0


def test_public_copy_without_points():
    """A wanted meaning without points leaves the data unjudged, for a public check."""
    plain = meaning(bars().to_dict()).to_plain()
    for view in plain["views"]:
        view["points"] = None
    student = planted()["one wrong value"][0]
    assert faults(meaning(student.to_dict()), ChartMeaning.from_plain(plain)) == []


HISTOGRAM = pd.DataFrame({"n": [1, 2, 2.5, 3.7, 11, 18, 19, 7, None], "d": pd.date_range("2016-01-15", periods=9, freq="40D")})

AS_VEGA = {
    "sum": bars(),
    "median": alt.Chart(RAW).mark_bar().encode(x="median(villages)", y="province"),
    "bins": alt.Chart(HISTOGRAM).mark_bar().encode(x=alt.X("n", bin=True), y="count()"),
    "more bins": alt.Chart(HISTOGRAM).mark_bar().encode(x=alt.X("n", bin=alt.Bin(maxbins=25)), y="count()"),
    "bins of a step": alt.Chart(HISTOGRAM).mark_bar().encode(x=alt.X("n", bin=alt.Bin(step=3)), y="count()"),
    "quarters": alt.Chart(HISTOGRAM).mark_bar().encode(x="yearquarter(d):T", y="count()"),
    "missing values": alt.Chart(HISTOGRAM).mark_point().encode(x="n", y="yearmonthdate(d)"),
    "fold": same_series()["fold"],
    "filter": alt.Chart(RAW).mark_point().encode(x="villages", y="stores").transform_filter(
        alt.FieldRangePredicate(field="villages", range=[40, 201])
    ),
    **{formula: alt.Chart(RAW).mark_point().encode(x="villages", y="stores").transform_filter(formula) for formula in map(str, (
        "datum.villages >= 91 && datum['province'] != 'Hebei'", "!(datum.villages < 91 || datum.villages == 500)",
        (alt.datum.villages > 91) & ~(alt.datum.province == "Fujian"), "datum.year == 2016 || datum.year === 2010",
    ))},
    "filter of filters": alt.Chart(RAW).mark_point().encode(x="villages", y="stores").transform_filter(
        {"or": [{"field": "villages", "lt": 10}, {"not": {"field": "province", "oneOf": ["Hebei", "Fujian"]}}]}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AS_VEGA)
def test_points_are_those_vega_draws(name):
    """Our points are as many, and of the same sizes, as the marks that Vega itself draws."""
    chart = AS_VEGA[name]
    view = meaning(chart.to_dict()).views[0]
    labels = re.findall(
        r'aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="(?:bar|point)"', vl_convert.vegalite_to_svg(chart.to_dict())
    )
    if view.mark == "line":
        labels = [None] * len(SHARES)
    assert len(view.points) == len(labels)
    for label in filter(None, labels):
        values = [part.split(": ")[1] for part in label.split("; ")]
        assert any(all(drawn_as(own, text) for own, text in zip(point.values(), values, strict=True)) for point in view.points), label


def drawn_as(own: object, text: str) -> bool:
    """Return whether a value of ours is the one Vega words in a label."""
    if isinstance(own, str):
        return text == own or own[:4] in text
    return float(text.split(" – ")[0].replace(",", "")) == pytest.approx(own)


def test_order_is_that_of_vega():
    """The order of categories is the one Vega's own axis lists."""
    for name in ("shorthand", "long form", "sorted by a list", "sorted in pandas", "stacked rows", "ordinal"):
        chart = same_bars()[name]
        axis = re.search(r"discrete scale with 4 values: ([^\"]*)\"", vl_convert.vegalite_to_svg(chart.to_dict()))
        assert ", ".join(meaning(chart.to_dict()).views[0].encodings["y"].sort) == axis[1]


def nested(depth: int) -> dict:
    """Return layers within layers."""
    spec: dict = {"mark": "bar"}
    for _ in range(depth):
        spec = {"layer": [spec]}
    return spec


ROUND: dict = {"layer": []}
ROUND["layer"].append(ROUND)

HOSTILE = {
    "nothing": {},
    "no dict": ["mark"],
    "none": None,
    "deep layers": nested(200),
    "round in circles": ROUND,
    "many layers": {"layer": [{"mark": "bar"}] * 100_000},
    "many panels": {"hconcat": [{"mark": "bar"}] * 100_000},
    "many repeats": {"repeat": {"row": ["a"] * 3000, "column": ["b"] * 3000}, "spec": {"mark": "bar"}},
    "mark without a name": {"mark": {"type": ["bar"]}},
    "layer is text": {"layer": "bar"},
    "facet without spec": {"facet": 3},
}

FORMULAS = ["(" * 499, "!" * 400 + "datum.a < 5", "(" * 200 + "datum.a < 5" + ")" * 200, "datum.a <", "datum['a", "x" * 10_000]


@pytest.mark.parametrize("name", HOSTILE)
def test_specs_that_are_no_chart(name):
    """A spec that cannot be read gives a plain sentence, soon."""
    start = time.monotonic()
    result = faults(meaning(HOSTILE[name]), meaning(bars().to_dict()))
    assert time.monotonic() - start < 1
    assert [fault.kind for fault in result] == ["spec"]
    assert result[0].message.endswith(".") and share(result) == 0


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_that_cannot_be_read(formula):
    """A filter that is no comparison is told to the student."""
    result = faults(meaning({**bars().to_dict(), "transform": [{"filter": formula}]}), meaning(bars().to_dict()))
    assert [fault.kind for fault in result] == ["unread"]
    assert "transform_filter" in result[0].message


ODD_DATA = {
    "a million rows": {"values": [{"province": "A", "villages": 1}] * 1_000_000},
    "an address": {"url": "file:///etc/passwd"},
    "no such name": {"name": "elsewhere"},
    "text": {"values": "province,villages\nA,1"},
}


@pytest.mark.parametrize("name", ODD_DATA)
def test_data_that_cannot_be_read(name):
    """Data outside the spec, or too many, are told apart from wrong data."""
    spec = {**bars().to_dict(), "data": ODD_DATA[name]}
    result = faults(meaning(spec), meaning(bars().to_dict()))
    assert [fault.kind for fault in result] == ["unread"]


ODD_VALUES = [
    None, float("nan"), float("inf"), 1e308, 10**400, -1, 0, True, "", "NaN", "x" * 100_000, [], [[]], {}, {"year": 1e300},
    {"a": {"b": 1}}, {"field": 7}, {"repeat": "layer"}, {"op": {"argmax": "x"}}, "-", "\\", "a[0", "sum", "datum.a > (", "utcyear", ["a", None, {}],
]  # fmt: skip


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Return the path to every part of a spec."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in children for place in places(child, (*path, key)))]


SPECS = [chart.to_dict() for chart in (*AS_VEGA.values(), *same_bars().values(), *same_series().values(), line() + dots(), bars() | line())]


@st.composite
def broken_specs(draw: st.DrawFn) -> dict:
    """Draw a chart's spec, one to four parts of it replaced by what does not belong there."""
    chart = copy.deepcopy(draw(st.sampled_from(SPECS)))
    for _ in range(draw(st.integers(1, 4))):
        *way, last = draw(st.sampled_from(places(chart)[1:]))
        holder = reduce(getitem, way, chart)
        holder[last] = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
    return chart


@settings(max_examples=200, deadline=None)
@given(broken_specs())
def test_no_broken_spec_raises(chart: dict) -> None:
    """A spec with parts replaced at random gives faults or none, never a traceback."""
    for fault in faults(meaning(chart), meaning(bars().to_dict()), {"layers": True, "units": {"x": "%"}, "places": 1}):
        assert len(fault.message.split()) < 60 and len(fault.message) < 600
    json.dumps(meaning(chart).to_plain(), allow_nan=False)


def test_a_line_with_points_is_a_line_and_a_layer_of_points():
    """`point=True` draws what a second layer of points draws; a bare line lacks it."""
    bare = line(scale="linear")
    two_layers = described(bare + bare.mark_point())
    with_points = bare.mark_line(point=True)
    assert found(two_layers, with_points, layers=True) == []
    assert found(with_points, with_points, layers=True) == []
    assert found(bare, with_points, layers=True) == ["layer"]


def test_points_and_rules_may_stand_at_dates():
    """Layers of points and a rule that are drawn from dates stand where those drawn from years do."""
    wanted = described(line().mark_line(point=True) + alt.Chart().mark_rule().encode(x=alt.datum(2016)))
    rule = alt.Chart(pd.DataFrame({"when": pd.to_datetime(["2016-01-01"])})).mark_rule().encode(x="when:T")

    assert found(described(line(DATED, "year:T").mark_line(point=True) + rule), wanted, layers=True) == []


def test_each_missing_layer_is_a_fault_of_its_own():
    """A forgotten rule is not taken for forgotten points; a rule that lies flat is there, and lacks its x."""
    plain, dotted = line(), line().mark_line(point=True)
    rule = alt.Chart(pd.DataFrame({"when": [2016]})).mark_rule()
    wanted = described(dotted + rule.encode(x="when"))

    def layer_fault(chart):
        (fault,) = listed(described(chart), wanted, layers=True)
        return fault

    no_points, no_rule, flat = (layer_fault(chart) for chart in (plain + rule.encode(x="when"), dotted, dotted + rule.encode(y="when")))
    assert (no_points.channel, no_rule.channel, flat.channel) == ("point missing", "rule missing", "rule x")
    assert "A second layer with the mark 'rule'" in no_rule.message
    assert "In the layer with the mark 'rule': The chart does not use x axis yet" in flat.message

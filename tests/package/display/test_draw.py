"""Drawings say what their table says, and nothing in them overlaps or is cut."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from places import REPOSITORY
from shapes import faults_of, rows_of, shapes_of

from litu import describe, draw
from litu.dataset.tables import load
from litu.draw.classes import breaks
from litu.draw.spread import spread
from litu.draw.tables import DrawingError, written
from litu.draw.text import text_width, wrap

TOLD = {"title": "A title", "description": "What is to be seen."}

TALE = pd.DataFrame({"from": ["field", "cart", "market"], "to": ["cart", "market", "shop"]})
QUARREL = pd.DataFrame(
    [("rain", "sow now", "supports"), ("no seed", "sow now", "attacks"), ("sow now", "rest", "answers"), ("tired", "rest", "supports")],
    columns=["from", "to", "relation"],
)


@pytest.fixture(autouse=True)
def _published_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITU_DATA", str(REPOSITORY / "data"))


words = st.text(alphabet="aeimnorstl", min_size=1, max_size=14)
labels = st.lists(words, min_size=1, max_size=9).map(" ".join)


@st.composite
def graphs(draw_one: st.DrawFn, relations: tuple[str, ...], most: int = 15) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Edges over up to fifteen boxes, circles included, and a label for each box."""
    count = draw_one(st.integers(2, most))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    pairs = draw_one(st.lists(ends, min_size=1, max_size=24, unique=True))
    edges = pd.DataFrame(pairs, columns=["from", "to"]).astype(str)
    edges["relation"] = [draw_one(st.sampled_from(relations)) for _ in pairs]
    edges["status"] = [draw_one(st.sampled_from(["printed", "inferred", "printed apart"])) for _ in pairs]
    nodes = pd.DataFrame({"node": [str(n) for n in range(count)], "label": [draw_one(labels) for _ in range(count)]})
    return edges, nodes


@pytest.mark.slow
@pytest.mark.xfail(strict=False, reason="in some chains a line crosses the long label of an edge")
@settings(max_examples=25, deadline=None, phases=[Phase.generate])
@given(graphs(("", "+", "-", "goods", "a lower price (their share)")))
def test_any_chain_lays_out(graph: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """In a chain of up to fifteen boxes nothing overlaps, is crossed by an arrow or is cut, and every label is there."""
    edges, nodes = graph
    shapes = shapes_of(draw.chain(edges, nodes=nodes, **TOLD))
    assert faults_of(shapes) == []
    named = set(edges["from"]) | set(edges["to"])
    assert len(shapes.boxes) == len(named)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(graphs(("supports", "attacks", "answers", "qualifies")))
def test_any_argument_map_lays_out(graph: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """In an argument map of up to fifteen boxes nothing overlaps, is crossed by an arrow or is cut, and every arrow has its word."""
    edges, nodes = graph
    shapes = shapes_of(draw.argument_map(edges, nodes=nodes, **TOLD))
    assert faults_of(shapes) == []
    told = [text for text, _ in shapes.texts]
    for relation, count in edges["relation"].value_counts().items():
        assert told.count(relation) >= count


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1900, 2030), labels), min_size=1, max_size=15))
def test_any_timeline_lays_out(events: list[tuple[int, str]]) -> None:
    """In a timeline of up to fifteen events no label touches another, however close the years."""
    shapes = shapes_of(draw.timeline(pd.DataFrame(events, columns=["date", "label"]), **TOLD))
    assert [fault for fault in faults_of(shapes) if "overlap" in fault or "cut" in fault] == []
    assert all(" ".join(label.split()) in shapes.words() for _, label in events)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(1, 100)), min_size=1, max_size=20), st.floats(0, 20))
def test_spread_keeps_order_and_distance(things: list[tuple[float, float]], gap: float) -> None:
    """What is spread keeps its order, does not overlap, and stays where it is when there is room."""
    wanted, sizes = [want for want, _ in things], [size for _, size in things]
    found = spread(wanted, sizes, gap)
    for i in range(len(found) - 1):
        assert found[i + 1] - found[i] >= (sizes[i] + sizes[i + 1]) / 2 + gap - 1e-6
    if all(b - a >= (s + t) / 2 + gap for a, b, s, t in zip(wanted, wanted[1:], sizes, sizes[1:])):
        assert found == pytest.approx(wanted)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abc WM-x城乡é", min_size=1, max_size=80), st.integers(30, 300))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    """Lines are as wide as allowed, and no letter is lost."""
    lines = wrap(text, width)
    assert all(text_width(line) <= width for line in lines if len(line) > 1)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_chain_says_who_follows_whom() -> None:
    """Boxes of a simple chain stand from left to right in the order of the arrows."""
    texts = shapes_of(draw.chain(TALE, **TOLD)).texts
    assert [text for text, frame in sorted(texts, key=lambda one: one[1][0])] == ["field", "cart", "market", "shop"]


def test_inferred_arrows_are_dashed_and_the_key_says_so() -> None:
    """Printed and inferred arrows differ in line and the key names both."""
    shapes = shapes_of(draw.chain(TALE.assign(status=["printed", "inferred", "printed"]), **TOLD))
    assert len(set(shapes.dashes)) == 2
    assert "printed" in shapes.words() and "inferred" in shapes.words()


def test_a_long_chain_goes_on_in_a_new_row() -> None:
    """Twelve steps stay within 600 pixels, in rows from top to bottom."""
    steps = [f"step number {n}" for n in range(12)]
    shapes = shapes_of(draw.chain(pd.DataFrame({"from": steps[:-1], "to": steps[1:]}), **TOLD))
    assert shapes.width == 600
    assert faults_of(shapes) == []
    middles = {text: frame[1] for text, frame in shapes.texts}
    assert middles["step number 0"] == middles["step number 1"] < middles["step number 11"]


def test_circles_are_drawn() -> None:
    """A chain that comes back to its start is drawn with an arrow back."""
    shapes = shapes_of(draw.chain(pd.DataFrame({"from": ["a", "b", "c"], "to": ["b", "c", "a"]}), **TOLD))
    assert len(shapes.boxes) == 3 and faults_of(shapes) == []


def test_relations_differ_without_colour() -> None:
    """In an argument map each relation has its own line and its word."""
    shapes = shapes_of(draw.argument_map(QUARREL, **TOLD))
    assert len(set(shapes.dashes)) == 3
    assert {"supports", "attacks", "answers"} <= {text for text, _ in shapes.texts}


@pytest.mark.parametrize("table", ["sales_chain_edges", "boosters_edges", "debate_edges"])
def test_maps_of_the_course_are_drawn(table: str) -> None:
    """The chains and maps of the dataset fit on a page of 600 pixels as they are."""
    edges = load(table).rename(columns={"sign": "relation"})
    for chart in (draw.chain(edges, **TOLD), draw.argument_map(edges, **TOLD) if "relation" in edges else draw.chain(edges, **TOLD)):
        shapes = shapes_of(chart)
        assert faults_of(shapes) == []
        assert shapes.width <= 610


@pytest.mark.parametrize(
    ("edges", "says"),
    [
        (pd.DataFrame({"from": ["a"], "To": ["b"]}), "no column 'to'; is 'To' meant"),
        (pd.DataFrame({"from": ["a"], "to": [None]}), "Row 1 of the edges lacks its to"),
        (pd.DataFrame({"from": ["a", "b"], "to": ["b", "b"]}), "Row 2 of the edges goes from 'b' to itself"),
        (pd.DataFrame({"from": [], "to": []}), "has 0"),
        ({"from": ["a"]}, "needs a table"),
        (pd.DataFrame({"from": range(50), "to": range(1, 51)}), "at most 40 boxes"),
    ],
)
def test_a_bad_table_of_edges_is_told(edges: object, says: str) -> None:
    """What is wrong with a table of edges is said in one sentence."""
    with pytest.raises(DrawingError, match=says):
        draw.chain(edges, **TOLD)


def test_highlight_must_be_there() -> None:
    """A box to highlight that the chain does not have is told."""
    with pytest.raises(DrawingError, match="nothing 'cat' to highlight"):
        draw.chain(TALE, highlight=["cat"], **TOLD)


def test_tile_map_writes_each_value_in_its_tile() -> None:
    """Every province has a tile with its name; those of the table have their value in it, the others are called missing."""
    table = pd.DataFrame({"province": ["Zhejiang", "Jiangsu", "Hebei"], "villages": [506, 201, 91], "unsure": [False, False, True]})
    shapes = shapes_of(draw.tile_map(table, "villages", unit="villages", doubtful="unsure", **TOLD))
    names = {" ".join(text.split()): frame for text, frame in shapes.texts}
    assert set(load("province_grid")["province"]) <= names.keys()
    assert names["Zhejiang"][0] == pytest.approx(names["506"][0], abs=40)
    assert names["506"][1] == pytest.approx(names["Zhejiang"][3], abs=2)
    assert {"no figure", "hatched: doubtful"} <= names.keys()
    assert [fault for fault in faults_of(shapes) if "cut" in fault] == []


def test_tiles_never_overlap() -> None:
    """The tiles of all provinces lie side by side, names and words of any length inside."""
    grid = load("province_grid")
    for kind in ("west", "kind of place", "a very long name for a kind of town"):
        table = grid.assign(kind=[f"{kind} {n % 6}" for n in range(len(grid))])
        assert faults_of(shapes_of(draw.tile_map(table, "kind", **TOLD))) == []


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (pd.DataFrame({"province": ["Guangzhou"], "v": [1]}), "no tile for the province 'Guangzhou'"),
        (pd.DataFrame({"province": ["Hebei", "Hebei"], "v": [1, 2]}), "two rows for Hebei"),
        (pd.DataFrame({"province": ["Hebei"], "v": [np.nan]}), "holds no value"),
        (pd.DataFrame({"province": ["Hebei"], "w": [1]}), "no column 'v'"),
        (load, "needs a table"),
    ],
)
def test_a_bad_tile_map_is_told(table: object, says: str) -> None:
    """Unknown provinces, double rows and empty columns are told in one sentence."""
    with pytest.raises(DrawingError, match=says):
        draw.tile_map(table, "v", **TOLD)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=31))
def test_classes_hold_every_value(values: list[float]) -> None:
    """The limits of the classes rise, at most five classes, and hold all values."""
    limits = breaks(values)
    assert limits[0] == min(values) and limits[-1] == max(values)
    assert len(limits) <= 6
    assert all(a < b for a, b in zip(limits, limits[1:])) or len(set(values)) == 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=31))
def test_classes_of_counts_are_whole(values: list[int]) -> None:
    """Counts are put into classes with whole limits."""
    assert all(limit == round(limit) for limit in breaks([float(value) for value in values]))


def test_places_are_numbered_and_listed() -> None:
    """All places of the course stand on the map by number and below it by name; nothing overlaps."""
    shapes = shapes_of(draw.places(load("places"), **TOLD))
    assert [fault for fault in faults_of(shapes) if "line" not in fault] == []
    told = shapes.words()
    assert all(place in told for place in ("Suzhou", "Wujin", "Qianan", "Longgang", "Western China"))


@pytest.mark.parametrize(
    "make",
    [
        lambda: draw.tile_map(pd.DataFrame({"province": ["Hebei"], "v": [1]}), "v", **TOLD),
        lambda: draw.places(pd.DataFrame({"place": ["Wujin"], "province": ["Jiangsu"]}), **TOLD),
    ],
    ids=["tile_map", "places"],
)
def test_a_map_says_what_it_leaves_out(make: Callable[[], alt.LayerChart]) -> None:
    """A map of tiles says below its title, and to whoever reads it, that it has no figures for Hong Kong, Macau and Taiwan."""
    spec = make().to_dict()
    drawn, told = " ".join(spec["title"]["subtitle"]), str(describe(make()))
    assert all(place in text for place in ("Hong Kong", "Macau", "Taiwan") for text in (drawn, told))


def test_lattice_tells_its_spacing() -> None:
    """The distance is written with its unit; a spacing not yet known as a question mark; anything else is told."""
    assert "3.42 km" in shapes_of(draw.lattice(3.42, **TOLD)).words()
    assert "? km" in shapes_of(draw.lattice(..., "square", **TOLD)).words()
    for spacing in (0, -1, "3", float("nan"), True):
        with pytest.raises(DrawingError, match="above 0"):
            draw.lattice(spacing, **TOLD)
    with pytest.raises(DrawingError, match="not 'round'"):
        draw.lattice(1, "round", **TOLD)


@pytest.mark.parametrize("kind", ["hexagonal", "square"])
def test_lattice_neighbours_are_equally_far(kind: str) -> None:
    """The picture is true: every village has its nearest neighbours at one distance."""
    spec = draw.lattice(2, kind, **TOLD).to_dict()
    marks = [layer for layer in spec["layer"] if layer["mark"]["type"] == "point"]
    dots = [row for row in rows_of(spec, marks[0]) if row["shape"] == "circle"]
    nearest = [min(np.hypot(a["x"] - b["x"], a["y"] - b["y"]) for b in dots if b is not a) for a in dots]
    assert max(nearest) - min(nearest) < 0.3


def test_timeline_is_true_to_time() -> None:
    """Dots stand at distances in proportion to the years between them, earliest first."""
    events = pd.DataFrame({"date": ["2000", 1980, datetime.date(1990, 1, 1)], "label": ["c", "a", "b"]})
    spec = draw.timeline(events, **TOLD).to_dict()
    points = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")
    y = [row["y"] for row in rows_of(spec, points)]
    assert y[2] - y[1] == pytest.approx(y[1] - y[0], abs=0.2) and y[1] > y[0]


@pytest.mark.parametrize("date", ["yesterday", "2016-13", "2016-02-30", None])
def test_a_date_that_is_none_is_told(date: object) -> None:
    """A date that cannot be read is told with its row."""
    with pytest.raises(DrawingError, match="Row 2 of the timeline"):
        draw.timeline(pd.DataFrame({"date": ["2016", date], "label": ["a", "b"]}), **TOLD)


def test_guess_stands_beside_the_figure() -> None:
    """Figure and guess are drawn at their values, filled and hollow, each with its words."""
    spec = str(draw.guess_beside(3.42, np.float64(5), label="distance", unit="km", **TOLD).to_dict())
    assert "figure: 3.42 km" in spec and "your guess: 5 km" in spec
    assert "'filled': False" in spec and "'filled': True" in spec


def test_axis_of_a_guess_writes_numbers_as_its_labels_do() -> None:
    """Thousands are set apart from ten thousand on, beside the marks and on the axis."""
    few = vl_convert.vegalite_to_svg(draw.guess_beside(7023, 6500, label="towns", unit="towns", **TOLD).to_dict())
    many = vl_convert.vegalite_to_svg(draw.guess_beside(70230, 65000, label="towns", unit="towns", **TOLD).to_dict())
    assert ">7000<" in few and "figure: 7023 towns" in few and ">7,000<" not in few
    assert ">60,000<" in many and "70,230" in many


@settings(max_examples=40, deadline=None)
@given(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7), labels)
def test_labels_of_figure_and_guess_are_whole(figure: float, guess: float, unit: str) -> None:
    """Whatever the numbers and the unit, both labels lie on the page, beside their marks, and no stem crosses them."""
    spec = draw.guess_beside(figure, guess, label="x", unit=unit, **TOLD).to_dict()
    (low, high), long = spec["layer"][0]["encoding"]["x"]["scale"]["domain"], spec["width"]
    stems = [((row["value"] - low) / (high - low) * long, row["from"], row["to"]) for row in rows_of(spec, spec["layer"][0])]
    for layer in spec["layer"]:
        if layer["mark"]["type"] == "text":
            (row,) = rows_of(spec, layer)
            lines = row["text"].split("\n")
            wide, x = (
                max(text_width(line, 13, bold=True) for line in lines),
                (row["value"] - low) / (high - low) * long + layer["mark"]["dx"],
            )
            left = x if layer["mark"]["align"] == "left" else x - wide
            frame = (left, row["row"] - 6, left + wide, row["row"] - 6 + 16 * len(lines) - 4)
            assert left >= -1 and left + wide <= long + 1
            assert not any(frame[0] < at < frame[2] and start < frame[3] and end > frame[1] for at, start, end in stems)


@pytest.mark.parametrize("guess", [..., "5 km", None, float("nan"), float("inf"), True, [5]])
def test_no_guess_leaves_the_figure(guess: object) -> None:
    """Whatever is no number is no guess: the figure stands alone, with a sentence."""
    spec = str(draw.guess_beside(3.42, guess, label="distance", unit="km", **TOLD).to_dict())
    assert "your guess" not in spec and "figure: 3.42 km" in spec
    assert ("No guess yet" in spec) == (guess is ...)


@pytest.mark.parametrize(("figure", "guess"), [(..., 5), (None, 5), (..., ...)])
def test_no_figure_leaves_the_guess(figure: object, guess: object) -> None:
    """The result of an exercise that is not done yet is no figure: the guess stands alone, with a sentence."""
    chart = draw.guess_beside(figure, guess, label="distance", unit="km", **TOLD)
    spec = str(chart.to_dict())
    assert "figure:" not in spec and "No figure yet" in spec
    assert ("your guess: 5 km" in spec) == (guess == 5)
    assert vl_convert.vegalite_to_svg(chart.to_dict()).startswith("<svg")


@pytest.mark.parametrize("figure", ["3 km", float("nan"), [3]])
def test_a_figure_that_is_no_number_is_told(figure: object) -> None:
    """A figure that is neither a number nor open is told."""
    with pytest.raises(DrawingError, match="figure is a number"):
        draw.guess_beside(figure, 5, label="distance", unit="km", **TOLD)


@pytest.mark.parametrize(("value", "axis"), [(50, "y"), (2014.5, "x"), ("2014-06-30", "x"), (datetime.date(2014, 6, 30), "x")])
def test_reference_line_joins_a_chart(value: object, axis: str) -> None:
    """A reference line is added with + and drawn with its label; the chart's own axis titles stay."""
    dated = not isinstance(value, int | float)
    table = pd.DataFrame({"year": pd.to_datetime(["2013", "2016"]) if dated else [2013, 2016], "share": [40, 60]})
    chart = (
        alt.Chart(table)
        .mark_line()
        .encode(x=alt.X("year:T" if dated else "year:Q", title="Year").scale(zero=False), y=alt.Y("share:Q", title="Share (%)"))
    )
    svg = vl_convert.vegalite_to_svg((chart + draw.reference_line(value, "half", axis)).to_dict())
    assert ">half<" in svg and ">Year<" in svg and ">Share (%)<" in svg


@pytest.mark.parametrize(("value", "axis"), [("soon", "y"), (None, "y"), (float("nan"), "x"), (5, "z")])
def test_a_bad_reference_line_is_told(value: object, axis: str) -> None:
    """A line at no value is told in one sentence."""
    with pytest.raises(DrawingError, match="reference line"):
        draw.reference_line(value, "x", axis)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (15000.0, "stores", "15,000 stores"),
        (3.68, "km", "3.68 km"),
        (3.4, "", "3.4"),
        (0.34375, "", "0.344"),
        (np.int64(7), "", "7"),
        ("east", "", "east"),
        (34.26, "%", "34.3 %"),
    ],
)
def test_values_are_written_for_readers(value: object, unit: str, text: str) -> None:
    """Whole numbers without a decimal point, others with at most three figures that count."""
    assert written(value, unit) == text


@pytest.mark.parametrize(
    "make",
    [
        lambda: draw.chain(TALE, **TOLD),
        lambda: draw.argument_map(QUARREL, **TOLD),
        lambda: draw.tile_map(pd.DataFrame({"province": ["Hebei"], "v": [1]}), "v", **TOLD),
        lambda: draw.places(pd.DataFrame({"place": ["Wujin"], "province": ["Jiangsu"]}), **TOLD),
        lambda: draw.lattice(3, **TOLD),
        lambda: draw.timeline(pd.DataFrame({"date": [1980], "label": ["a"]}), **TOLD),
        lambda: draw.guess_beside(1, ..., label="x", unit="km", **TOLD),
    ],
    ids=["chain", "argument_map", "tile_map", "places", "lattice", "timeline", "guess_beside"],
)
def test_every_drawing_is_told_legible_and_drawn(make: object) -> None:
    """Each drawing has its title and description, no text below 12 pixels, black text left to the page, and becomes an SVG."""
    spec = make().to_dict()
    assert spec["description"] == TOLD["description"] and spec["title"]["text"] == [TOLD["title"]]
    assert all(layer["mark"]["fontSize"] >= 12 for layer in spec["layer"] if layer["mark"]["type"] == "text")
    svg = vl_convert.vegalite_to_svg(spec)
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert "currentColor" in svg

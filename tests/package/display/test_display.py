"""Charts are seen everywhere without the internet, have a name, and a hostile one does nothing."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litu.display import interactive, palette
from litu.display.renderer import not_drawn, render, shown, told
from litu.display.svg import LARGEST, NotDrawn, accessible
from litu.display.theme import theme

GROUNDS = {"white": "#ffffff", "JupyterLab dark": "#111111", "VS Code dark": "#1f1f1f"}
SHARES = pd.DataFrame({"year": [2013, 2014, 2015], "share": [40, 45, 61]})
LINE = alt.Chart(SHARES).mark_line().encode(x="year:O", y="share:Q").properties(title="Shares rise", description="From 40 to 61 %.")
SLIDER = alt.param(name="cut", value=50, bind=alt.binding_range(min=0, max=100))


def html_of(chart: alt.TopLevelMixin) -> str:
    """Return the HTML that a notebook shows for a chart."""
    return render(chart.to_dict())["text/html"]


# The theme


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=GROUNDS.keys())
@pytest.mark.parametrize("colour", palette.CATEGORIES)
def test_colours_are_seen_on_light_and_dark(colour: str, ground: str) -> None:
    """Every colour of the palette has a contrast of 3:1 to the page, light or dark (WCAG 1.4.11)."""
    assert palette.contrast(colour, ground) >= 3


@pytest.mark.parametrize("fill", [*palette.STEPS, *palette.CATEGORIES])
def test_text_on_a_filled_area_is_read(fill: str) -> None:
    """Text on a filled tile has a contrast of 4.5:1 (WCAG 1.4.3)."""
    assert palette.contrast(palette.text_on(fill), fill) >= 4.5


def test_text_takes_the_colour_of_the_page() -> None:
    """All text of the theme has the page's own text colour, so its contrast is the page's; none is below 12 pixels."""
    config = theme()["config"]
    colours = re.findall(r'"\w*(?:labelColor|titleColor|subtitleColor)": "([^"]+)"', json.dumps(config))
    assert set(colours) == {palette.INK} and config["text"]["color"] == config["title"]["color"] == palette.INK
    assert min(int(size) for size in re.findall(r'[fF]ontSize": (\d+)', json.dumps(config))) >= 12


# Machado, Oliveira and Fernandes (2009), full strength.
SEEN_BY = {
    "all": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}


def _lab(colour: str, seen: np.ndarray) -> np.ndarray:
    """Return CIE L*a*b* of a colour as somebody sees it."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.clip(seen @ np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4), 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("seen", SEEN_BY.values(), ids=SEEN_BY.keys())
def test_the_first_four_colours_differ_for_everybody(seen: np.ndarray) -> None:
    """With each form of colour blindness the first four colours of the palette are at least 28 apart in CIE Lab, all six at least 18."""
    for count, least in ((4, 28), (6, 18)):
        for one, two in itertools.combinations(palette.CATEGORIES[:count], 2):
            assert np.linalg.norm(_lab(one, seen) - _lab(two, seen)) >= least, (one, two)


# The picture


def test_a_chart_is_a_named_picture() -> None:
    """The SVG has the role of an image, its title and description as name, and black text is left to the page."""
    svg = ElementTree.fromstring(re.search(r"<svg.*</svg>", html_of(LINE), re.DOTALL)[0])
    named = {element.get("id"): element.text for element in svg.iter() if element.tag.endswith(("}title", "}desc"))}
    assert svg.get("role") == "img"
    assert [named[name] for name in svg.get("aria-labelledby").split()] == ["Shares rise", "From 40 to 61 %."]
    assert 'fill="currentColor"' in render({**LINE.to_dict(), **theme()})["text/html"]


def test_two_charts_share_no_identifier() -> None:
    """Clip paths and names of two charts on one page do not meet."""
    clipped = LINE.mark_line(clip=True)
    ids = re.findall(r'\bid="([^"]+)"', html_of(clipped) + html_of(clipped))
    assert len(ids) == len(set(ids)) > 4
    used = set(re.findall(r"url\(#([^)]+)\)", html_of(clipped)))
    assert used and all(name.startswith("c") and "-" in name for name in used)


def test_text_stands_in_where_there_are_no_pictures() -> None:
    """As plain text a chart is its title and description."""
    assert render(LINE.to_dict())["text/plain"] == "[Chart] Shares rise. From 40 to 61 %."
    assert told({"hconcat": [{"title": {"text": ["Two", "lines"]}}, {"description": "d."}]}) == "[Chart] Two lines. d."
    assert told({}) == "[Chart without a title]"
    bare = alt.Chart(SHARES).mark_line().encode(x="year:O", y="share:Q").to_dict()
    assert told(bare) == "[Chart] Line chart of share by year." and ">Line chart of share by year.</desc>" in render(bare)["text/html"]


def test_nothing_is_loaded_from_elsewhere() -> None:
    """Data and images at an address are not fetched, and no address is in the output."""
    for chart in (alt.Chart("https://example.com/x.csv").mark_bar(), alt.Chart("x.csv").mark_bar()):
        shown = render(chart.to_dict())
        assert "loads something from elsewhere" in shown["text/plain"] and "http" not in shown["text/html"]
    far = alt.Chart(pd.DataFrame({"u": ["https://example.com/x.png"]})).mark_image().encode(url="u")
    assert "example.com" not in html_of(far)
    linked = LINE.mark_point().encode(href=alt.value("https://example.com"))
    assert "example.com" not in html_of(linked)


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without vl-convert a sentence and the chart's description stand in its place."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    shown = render(LINE.to_dict())
    assert "vl-convert-python" in shown["text/plain"] and "From 40 to 61 %" in shown["text/plain"]


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"mark": "blob", "data": {"values": [{"a": 1}]}},
        {"mark": "point", "data": {"values": [{"a": 1}]}, "transform": [{"calculate": "foo(", "as": "b"}]},
        {"mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative", "scale": {"domain": {"param": "none"}}}}},
        {"layer": "x"},
        {"mark": None, "config": []},
        {"title": ["a", 1], "description": 5, "mark": "line", "data": {"values": 3}},
    ],
)
def test_a_broken_specification_is_a_sentence(spec: dict) -> None:
    """What Vega-Lite cannot draw is told in one sentence without a trace of its code."""
    shown = render(spec)
    assert shown["text/plain"]
    assert "    at " not in shown["text/plain"] and "cdn." not in shown["text/plain"]


def test_a_chart_that_is_not_valid_is_a_sentence() -> None:
    """A misspelt column or a wrong setting is told in one sentence, not in a traceback."""
    assert "yeer" in shown(alt.Chart(SHARES).mark_line().encode(x="yeer"), render)["text/plain"]
    wide = shown(LINE.encode(x=alt.X("year:O", scale="wide")), render)["text/plain"]
    assert "'wide' is an invalid value" in wide and "\n" not in wide
    long = alt.Chart(pd.DataFrame({"a": range(6000)})).mark_point().encode(x="a:Q")
    assert "5000" in shown(long, render)["text/plain"]
    assert "<svg" in shown(LINE, render)["text/html"]


LATE = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import litu, sys; early = 'altair' in sys.modules; import altair as alt; CHOSEN; chart = alt.Chart().mark_point()", silent=True)
bundle, _ = shell.display_formatter.format(shell.user_ns["chart"])
print(shell.user_ns["early"], "<svg" in bundle.get("text/html", ""), shell.user_ns["alt"].theme.active, shell.user_ns["alt"].renderers.active)
"""


@pytest.mark.parametrize(("chosen", "names"), [("", "litu litu"), ("alt.theme.enable('dark'); alt.renderers.enable('png')", "dark png")])
def test_altair_is_dressed_when_it_is_there(chosen: str, names: str) -> None:
    """`import litu` does not load Altair; the first chart is drawn in the course's look, or in the one that the learner chose."""
    code = LATE.replace("CHOSEN", chosen or "pass")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", str(not chosen), *names.split()]


HOSTILE = [
    "<script>alert(1)</script>",
    '<g onload="alert(1)"><rect width="5" height="5" onclick="x()"/></g>',
    '<a href="javascript:alert(1)"><text>press</text></a>',
    '<a xlink:href="https://example.com"><text>press</text></a>',
    '<image href="https://example.com/x.png"/>',
    '<image xlink:href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    '<use href="https://example.com/x.svg#a"/>',
    "<style>@import url(https://example.com/x.css)</style>",
    '<rect style="background:url(https://example.com)" fill="url(https://example.com#a)"/>',
    '<rect fill="URL( https://example.com )"/>',
    '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://example.com"/></foreignObject>',
    '<animate attributeName="href" to="javascript:alert(1)"/>',
    '<set attributeName="onmouseover" to="alert(1)"/>',
    "<title>mine</title><desc>mine</desc>",
    "<?xml-stylesheet href='https://example.com/x.css'?>",
    '<text id="x&quot; onload=&quot;alert(1)">a</text>',
    "<text>&lt;img src=x onerror=alert(1)&gt;</text>",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=6), st.text(max_size=40), st.integers(0, 3))
def test_a_hostile_picture_does_nothing(parts: list[str], name: str, depth: int) -> None:
    """Whatever an SVG holds, only shapes and text remain: no script, no handler, no link, no address."""
    body = "<g>" * depth + "".join(parts) + "</g>" * depth
    source = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" onload="x()">{body}</svg>'
    found = ElementTree.fromstring(accessible(source, name, name))
    for element in found.iter():
        assert element.tag.rpartition("}")[2] in {"svg", "g", "rect", "text", "tspan", "image", "title", "desc"}
        for attribute, value in element.attrib.items():
            assert not attribute.startswith("on") and "href" not in attribute
            assert "example.com" not in value and "script" not in value and "url(" not in value.lower()


@pytest.mark.parametrize(
    "source",
    ["", "no picture", "<svg", "<html/>", "<svg xmlns='http://www.w3.org/2000/svg'>" + "x" * LARGEST + "</svg>",
     "<!DOCTYPE svg [<!ENTITY a 'aaaa'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&a;</text></svg>"],
    ids=["empty", "text", "cut", "page", "huge", "entities"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(source: str) -> None:
    """Something that is no SVG, or a huge one, or one that defines entities, is not shown."""
    with pytest.raises(NotDrawn):
        accessible(source, "a", "b")


def test_a_deep_picture_is_shown() -> None:
    """Nesting without end does not exhaust the stack."""
    deep = "<g>" * 5000 + "<text>x</text>" + "</g>" * 5000
    with pytest.raises(NotDrawn):
        accessible(f"<svg xmlns='http://www.w3.org/2000/svg'>{deep}</svg>", "a", "b")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_title_is_text(title: str, description: str) -> None:
    """Markup in a title or description is text, in the picture and in the sentence that stands in for it."""
    spec = {"mark": "point", "data": {"values": []}, "title": title, "description": f"<script>{description}"}
    assert "<script" not in render(spec)["text/html"]
    assert "<script" not in not_drawn("<script>", spec)["text/html"]


# Interactive charts


def test_only_what_moves_is_interactive() -> None:
    """A slider or a selection anywhere makes a chart interactive; a constant parameter does not."""
    moving = LINE.add_params(SLIDER)
    assert interactive.moves(moving.to_dict()) and interactive.moves((moving | LINE).to_dict())
    assert interactive.moves(LINE.interactive().to_dict())
    assert not interactive.moves(LINE.to_dict()) and not interactive.moves(LINE.add_params(alt.param(value=3)).to_dict())


def test_an_interactive_chart_carries_its_picture_and_no_address() -> None:
    """The picture stands in until Vega runs; the chart's data end no script; no menu; nothing is loaded."""
    table = SHARES.assign(name="</script><script>alert(1)</script><!--")
    shown = html_of(alt.Chart(table).mark_bar().encode(x="name:N", y="share:Q").add_params(SLIDER))
    assert "<svg" in shown and "actions: false" in shown
    assert "vega.github.io/schema/vega-lite" not in shown
    outside_scripts = re.sub(r"<script>.*?</script>", "", shown, flags=re.DOTALL)
    assert (
        "script" not in outside_scripts.replace("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;", "")
        and "<img" not in outside_scripts
    )


NOTEBOOK = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
{before}
import litu
import altair as alt, pandas as pd
chart = alt.Chart(pd.DataFrame({{"a": [1]}})).mark_bar().encode(x="a:Q")
data, _ = shell.display_formatter.format(chart)
table, _ = shell.display_formatter.format(pd.DataFrame({{"n": [15000.0]}}))
print(alt.theme.active, alt.renderers.active, "<svg" in data["text/html"], "15,000" in table["text/html"], "15,000" in table["text/plain"])
"""


def test_importing_the_package_in_a_notebook_sets_the_look() -> None:
    """After `import litu` a chart is an SVG in the course's theme and a table is readable, as HTML and as text."""
    ran = subprocess.run([sys.executable, "-c", NOTEBOOK.format(before="")], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["litu", "litu", "True", "True", "True"]


def test_importing_the_package_elsewhere_loads_no_drawing() -> None:
    """Outside a notebook the import loads neither Altair nor vl-convert; in one, vl-convert waits for the first chart."""
    ran = subprocess.run(
        [sys.executable, "-c", "import litu, sys; print({'altair', 'vl_convert', 'IPython'} & set(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "set()"
    inside = NOTEBOOK.format(before="").split("chart =")[0] + "import sys; print('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", inside], capture_output=True, text=True, check=True).stdout.strip() == "False"


@pytest.mark.slow
def test_the_import_is_quick() -> None:
    """In a notebook `import litu` takes at most 150 ms of CPU time more than pandas and Altair themselves."""
    timed = (
        "from IPython.core.interactiveshell import InteractiveShell; InteractiveShell.instance()\n"
        "import pandas, altair, time; t = time.process_time(); import litu; print(time.process_time() - t)"
    )
    times = [float(subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True).stdout) for _ in range(5)]
    assert min(times) < 0.15

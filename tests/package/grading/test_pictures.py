"""Charts in graded notebooks become pictures, whatever their specification tries."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import altair as alt
import nbformat
import pandas as pd
import pytest
from grading_tools import FULL, UNIT, executed, filled_in, hand_in, needs_box
from nbformat.v4 import new_code_cell, new_notebook, new_output
from ran import Ran

from litu.grading.execution.executor import ForkServer
from litu.grading.pictures import draw_charts, draw_charts_of

pytest_plugins = ["grading_fixtures"]

CHART = (
    alt.Chart(pd.DataFrame({"a": [1, 2]}))
    .mark_bar()
    .encode(x="a:Q")
    .properties(title='Two <bars> & "more"', description="Short ones.")
    .to_dict()
)
HANGS = {
    "mark": "bar",
    "data": {"sequence": {"start": 0, "stop": 1e9, "as": "a"}},
    "encoding": {"x": {"field": "a", "type": "quantitative"}},
}
CRASHES = {"mark": "point", "data": {"values": [{}]}, "title": {"text": {"expr": "atob('AA==')"}}}
BROKEN = {"mark": "blob"}


def notebook(*charts: dict) -> nbformat.NotebookNode:
    """Return an executed notebook that shows charts."""
    outputs = [new_output("display_data", {"application/vnd.vegalite.v6+json": chart, "text/plain": "chart"}) for chart in charts]
    return new_notebook(cells=[new_code_cell("charts", outputs=outputs)])


def shown(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the HTML of each output, empty where there is none."""
    return [output.get("data", {}).get("text/html", "") for cell in notebook.cells for output in cell.get("outputs", ())]


def test_a_chart_becomes_an_image_with_its_text(pool: ForkServer) -> None:
    """The picture is an SVG in an image, whose text is the chart's title and description."""
    graded = notebook(CHART)
    assert draw_charts(pool, {"ann": graded}, {}) == {"ann"}
    (page,) = shown(graded)
    source = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)[1]
    assert base64.b64decode(source).startswith(b"<svg")
    assert 'alt="Two &lt;bars&gt; &amp; &quot;more&quot;. Short ones."' in page


@pytest.mark.slow
def test_hostile_charts_cost_only_themselves(pool: ForkServer) -> None:
    """A chart that hangs, one that crashes and one that is none keep their text; those before and after are drawn; it ends."""
    began = time.monotonic()
    first, second = notebook(CHART, HANGS, CRASHES, BROKEN, CHART), notebook({**CHART, "title": "Another"})
    draw_charts(pool, {"eve": first, "ann": second}, {})
    assert [bool(page) for page in shown(first)] == [True, False, False, False, True]
    assert all(shown(second))
    assert time.monotonic() - began < 60


@pytest.mark.slow
def test_one_student_cannot_keep_the_others_from_their_pictures(pool: ForkServer) -> None:
    """More crashing charts than a box is started again for leave the other notebooks' charts drawn."""
    bad = notebook(*({**CRASHES, "width": n} for n in range(1, 10)))
    good = notebook(CHART)
    draw_charts(pool, {"eve": bad, "zoe": good}, {})
    assert not any(shown(bad)) and all(shown(good))


def test_what_is_drawn_once_is_not_drawn_again(pool: ForkServer, tmp_path: Path) -> None:
    """The same chart of a whole class is drawn once; a notebook that has its pictures stays as it is on disk."""
    drawn: dict[str, str | None] = {}
    class_ = {str(n): notebook(CHART) for n in range(5)}
    assert draw_charts(pool, class_, drawn) == set(class_) and len(drawn) == 1
    path = tmp_path / "graded.ipynb"
    path.write_text(nbformat.writes(notebook(CHART)), encoding="utf-8")
    draw_charts_of(pool, [path, tmp_path / "none.ipynb"])
    before = path.read_bytes()
    assert b"data:image/svg+xml" in before
    draw_charts_of(pool, [path])
    assert path.read_bytes() == before
    assert json.loads(before)["cells"][0]["outputs"][0]["data"]["application/vnd.vegalite.v6+json"] == CHART


def test_a_forged_picture_is_not_taken_over(pool: ForkServer) -> None:
    """Whatever the box answers, only an image of harmless shapes reaches the page."""
    from litu.grading.execution.executor import Answer
    from litu.grading.pictures import _image

    for value in (
        "<script>alert(1)</script>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'><script>1</script></svg>",
        5,
        None,
        "",
    ):
        page = _image(Answer("0", {"kind": "text", "value": value}, None), CHART)
        if page:
            inside = base64.b64decode(re.search(r"base64,([^\"]+)", page)[1]).decode()
            assert "script" not in inside and "onload" not in inside


@needs_box
@pytest.mark.slow
def test_feedback_pages_show_charts(classroom: Path, litu: Callable[..., Ran]) -> None:
    """`litu grade` puts a student's chart on the feedback page and into the notebook that Formgrader shows, as an image with a text."""
    chart = """
import altair as alt
alt.Chart(people.reset_index(), title="Own <script>chart</script>").mark_line().encode(x="year:Q", y="urban_million:Q")
"""
    hand_in(classroom, "ann", filled_in(classroom, {**FULL, "urban-share": FULL["urban-share"] + chart}))
    ran = litu(classroom, "grade", "01")
    assert ran.code == 0, ran.err

    page = (classroom / f"grading/feedback/ann/{UNIT}/{UNIT}.html").read_text(encoding="utf-8")
    (image,) = re.findall(r"<img[^>]*data:image/svg[^>]*>", page)
    assert 'alt="Own &lt;script&gt;chart&lt;/script&gt;. Line chart of urban_million by year."' in image
    assert "<script>chart" not in page
    assert sum(map(bool, shown(executed(classroom, "ann")))) >= 1

"""axe-core finds nothing on the pages that the course writes: feedback, the report on a class, a notebook as a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
from axe import findings
from browser import chromium
from grading_tools import ESSAY, FULL, SLIP, UNIT, Grades, filled_in, hand_in, needs_box, open_book
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from litu import draw, load
from litu.answers.notes import Note
from litu.course import Course
from litu.display import renderer, tables
from litu.display.describe import describe
from litu.display.page import notebook_page
from litu.display.theme import theme
from litu.grading.results.class_report.findings import gather
from litu.grading.results.class_report.write import write_report
from litu.grading.results.feedback import page, stale_pages, write_feedback
from litu.learner.start import course_map

pytest_plugins = ["grading_fixtures"]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests of this file."""
    with chromium() as browser:
        yield browser


def barriers(browser: Any, file: Path) -> dict[str, list[str]]:
    """Return what axe-core finds on a page in light and dark, wide and narrow."""
    found = {}
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 360)):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        window = context.new_page()
        window.goto(file.as_uri())
        found[f"{scheme}, {width} wide"] = findings(window)
        context.close()
    return {where: lines for where, lines in found.items() if lines}


@needs_box
def test_pages_of_grading(classroom: Path, grade: Grades, browser: Any) -> None:
    """A student's feedback page and the report on the class."""
    hand_in(classroom, "ann", filled_in(classroom, FULL))
    hand_in(classroom, "bo", filled_in(classroom, {"urban-share": SLIP, "critique": ESSAY}))
    course, report = Course.find(classroom), grade(classroom)
    with open_book(classroom) as book:
        due = stale_pages(course, report, book.rows(UNIT), book.by_hand(UNIT))
        assert list(write_feedback(course, {UNIT: due}, 1, book.url)) == [(UNIT, None)] * 2
        of_class = write_report(course, gather(course, UNIT, book), anonymous=False, today=date(2026, 3, 1))

    assert barriers(browser, page(course, UNIT, "bo")) == {}
    assert barriers(browser, of_class) == {}


def outputs() -> Iterator[str]:
    """Yield one of each thing that the course shows in a notebook, as HTML."""
    alt.theme.register("litu-axe", enable=True)(theme)
    lists = pd.DataFrame({"year": [2014, 2015, 2016], "villages": [212, 780, 1311]})
    chart = alt.Chart(lists, title="Lists").mark_line().encode(x="year:O", y="villages:Q")
    yield Note("✗ jobs: wrong", "You multiplied the `villages`.", "#b42318", (("exercise", "outcome"), ("jobs", "wrong")))._repr_html_()
    yield Note(
        "Worked solution of jobs", "One route.", codes=(("Yours", "x = 1"), ("Worked", "x = 2")), download=("a.json", "{}")
    )._repr_html_()
    yield tables.framed(load("evidence"))
    yield describe(chart)._repr_html_().replace("<details", "<details open")
    yield describe("claims")._repr_html_()
    for shown in (chart, draw.tile_map(load("province_grid"), "region", title="Regions", description="Four regions.")):
        yield renderer.render(shown.to_dict())["text/html"]


def test_a_notebook_as_a_page(built: Path, browser: Any, tmp_path: Path) -> None:
    """Notes, tables, charts, drawings, charts told and the map of START, with text between them."""
    shown = [*outputs(), course_map(built / "release")._repr_html_()]
    cells = [new_markdown_cell("# A unit\n\n| word | meaning |\n|---|---|\n| 镇 | town |\n\n## Part A\n\nText, and `code`.")]
    cells += [
        new_code_cell(f"show({place})", outputs=[new_output("display_data", {"text/html": html})]) for place, html in enumerate(shown)
    ]
    file = tmp_path / "page.html"
    file.write_text(notebook_page(new_notebook(cells=cells), "A unit", [("START", "START.html")]), encoding="utf-8")

    assert barriers(browser, file) == {}

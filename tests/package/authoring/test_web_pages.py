"""Units as plain web pages: all that a reader needs, nothing that answers, nothing that is loaded, nothing that axe finds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from axe import findings
from browser import chromium
from places import REPOSITORY
from ran import Ran

from litu.display.page import framed, notebook_page

REAL = "04-taobao-villages"
pytestmark = pytest.mark.slow  # kernels run the units


class Outline(HTMLParser):
    """The landmarks, headings and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is looked at."""
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.fixture(scope="module")
def pages(litu: Callable[..., Ran], built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page of the small course, and of one unit of the real one in a folder of its own."""
    folder = tmp_path_factory.mktemp("pages")
    for course, place, units in ((built, folder, ("01",)), (REPOSITORY, folder / "real", (REAL,))):
        ran = litu(course, "pages", str(place), *units)
        assert (ran.code, ran.err) == (0, ""), ran.err
    return folder


def text_of(pages: Path, name: str) -> str:
    """Return a page as it is written."""
    return (pages / name).read_text(encoding="utf-8")


def test_each_unit_is_a_page_and_an_index_leads_to_them(pages: Path) -> None:
    """Links lead from page to page, and each leads to a file that is there."""
    assert {path.name for path in pages.glob("*.html")} == {"01-tiny.html", "index.html"}
    for path in pages.rglob("*.html"):
        inside = [
            address for address in Outline(path.read_text(encoding="utf-8")).addresses if not address.startswith(("http", "#", "data:"))
        ]
        assert "index.html" in inside and [address for address in inside if not (path.parent / address).is_file()] == []
        assert not any("ipynb" in address for address in inside)


def test_a_page_has_statements_tables_and_pictures(pages: Path) -> None:
    """Exercises stand as they are handed out; what the course draws is drawn, with its name."""
    tiny, real = text_of(pages, "01-tiny.html"), text_of(pages, f"real/{REAL}.html")

    assert "Which percentage of the people lived in towns in 1978?" in tiny and "urban_share = ..." in tiny
    assert "urban_million" in tiny and "not started" not in tiny and "check(" not in tiny and "<td" in real and 'scope="col"' in real
    assert real.count("<svg") >= 8 and real.count('role="img"') == real.count("<svg")
    released = nbformat.read(REPOSITORY / "release" / REAL / f"{REAL}.ipynb", as_version=4)
    assert all(heading in real for cell in released.cells for heading in re.findall(r"^### (Exercise [A-Z]\d)", cell.source, re.MULTILINE))


def test_a_page_loads_nothing_and_runs_nothing(pages: Path) -> None:
    """No script, no frame, no style sheet, no picture from elsewhere."""
    for path in pages.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        outline = Outline(page)
        assert not {"script", "link", "iframe", "object", "form"} & set(outline.tags), path.name
        assert "@import" not in page and not re.search(r"url\((?!#)", page)
        assert not re.findall(r'src="(?!data:)', page)
        assert outline.tags.count("h1") == outline.tags.count("main") == 1


def test_a_page_holds_no_answer(pages: Path) -> None:
    """Neither solution nor rubric, model answer or finding of the real unit stands on its page."""
    page = re.sub(r"\s+", "", text_of(pages, f"real/{REAL}.html"))
    key = json.loads((REPOSITORY / f"grading/keys/{REAL}.json").read_text(encoding="utf-8"))
    secrets = [text for entry in key["exercises"].values() for text in (entry["solution"], entry["found"])]
    secrets += [text for entry in key["written"].values() for text in (entry["model"], *(rule["text"] for rule in entry["rubric"]))]
    squeezed = [re.sub(r"\s+", "", secret) for secret in secrets]

    assert [secret for secret in squeezed if len(secret) > 20 and secret in page] == []


def test_axe_finds_nothing(pages: Path) -> None:
    """In light and dark, on a narrow page, no rule of any impact is broken, and no page is wider than the window."""
    with chromium() as browser:
        for scheme in ("light", "dark"):
            view = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 800})
            for path in sorted(pages.rglob("*.html")):
                view.goto(path.as_uri())
                assert findings(view) == [], path.name
                assert view.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_stands_in_a_notebook_is_text_on_its_page() -> None:
    """Code and printed text are escaped."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("'<script>'", outputs=[nbformat.v4.new_output("stream", text="<b>")])]
    )

    page = notebook_page(notebook, "<i>")

    assert "<script>" not in page and "<b>" not in page and "<title>&lt;i&gt;</title>" in page


def test_tables_get_a_frame_and_heads_their_scope() -> None:
    """A head that says what it heads keeps that; one without words is none."""
    assert framed('<table><tr><th style="x"></th><th>a</th><th scope="row">b</th></tr></table>') == (
        '<div class="wide" tabindex="0"><table><tr><td></td><th scope="col">a</th><th scope="row">b</th></tr></table></div>'
    )

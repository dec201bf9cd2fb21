"""The first wall of a page: nothing of ours is lost at it, nothing that does something gets through."""

from __future__ import annotations

from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown import markdown2html
from places import REPOSITORY

from litu.grading.results.clean import clean

PICTURE = '<img alt="Bars" src="data:image/svg+xml;base64,PHN2Zy8+" style="max-width: 100%; height: auto; background-color: #fff;">'
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://x.y/seen.png>",
    '<img src="data:text/html;base64,PHNjcmlwdD4=">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" jav\tascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    "<p style=\"background: url('https://x.y/seen.png')\" onclick=alert(1)>x</p>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<form action=//x.y><input name=password><button>Go</button></form>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>@import '//x.y/a.css'</style><link rel=stylesheet href=//x.y/a.css><base href=//x.y><meta http-equiv=refresh content='0;//x.y'>",
    "<details open ontoggle=alert(1)>x</details>",
]


class Shown(HTMLParser):
    """What a browser makes of markup: elements with their attributes, and words."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.parts: list[object] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, sorted((name, (value or "").rstrip(";").replace(" ", "")) for name, value in attrs)))

    def handle_data(self, data: str) -> None:
        if self.parts and isinstance(self.parts[-1], str):
            data = f"{self.parts.pop()}{data}"
        self.parts.append(data)


def does_something(markup: str) -> list[object]:
    """Return the elements that load, run or ask for something."""
    return [
        part
        for part in Shown(markup).parts
        if isinstance(part, tuple)
        and (
            part[0] in {"script", "iframe", "form", "input", "button", "style", "link", "base", "meta", "svg", "math", "object", "embed"}
            or any(name.startswith("on") or "script:" in value or "url(" in value or "data:text" in value for name, value in part[1])
            or (part[0] == "img" and any(name == "src" and not value.startswith("data:image/") for name, value in part[1]))
        )
    ]


@pytest.mark.parametrize("unit", sorted(path.stem for path in (REPOSITORY / "course").glob("[0-9]*.md")))
def test_nothing_of_the_course_is_lost(unit: str) -> None:
    """Every text cell of every unit, with tables, lists, quotes, headings and mathematics, shows the same behind the wall."""
    notebook = nbformat.read(REPOSITORY / "source" / unit / f"{unit}.ipynb", as_version=4)
    rendered = [markdown2html(cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]

    assert rendered and [Shown(clean(markup)).parts for markup in rendered] == [Shown(markup).parts for markup in rendered]


def test_a_drawn_chart_stays() -> None:
    """The picture of a chart keeps its text, its size and its bytes."""
    assert Shown(clean(PICTURE)).parts == Shown(PICTURE).parts


@pytest.mark.parametrize("markup", HOSTILE)
def test_nothing_that_does_something_gets_through(markup: str) -> None:
    """Scripts, frames, forms, styles, addresses that load and handlers of events do nothing behind the wall."""
    assert does_something(markup) and does_something(clean(markup)) == []


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*HOSTILE, *"<>\"'/&", "<p>", "</p>", "<table>", "<!--", "-->", "<b", " x", "]]>"]), max_size=8).map("".join)
)
def test_no_mixture_gets_through(markup: str) -> None:
    """However hostile markup is cut and nested, nothing of it does something behind the wall."""
    assert does_something(clean(markup)) == []

"""What a student writes does nothing in the browser of whoever reads the graded work."""

from __future__ import annotations

import copy
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import edits
import nbformat
import pytest
from grading_tools import ESSAY, FULL, Grades, as_text, filled_in, hand_in, needs_box
from nbconvert.filters.markdown import markdown2html
from nbformat.v4 import new_code_cell, new_markdown_cell
from trick import CASES, Trick

from litu.course import Course
from litu.grading.results.feedback import page, write_feedback
from litu.grading.sanitize import harmless_chart, harmless_text, holds_page

pytest_plugins = ["grading_fixtures"]

DANGEROUS = {"script", "iframe", "object", "embed", "form", "input", "button", "base", "style", "link", "svg", "math", "meta"}
ADDRESS = re.compile(r"https?://|mailto:|#|(?!//)[\w.,/?=%-]*$", re.IGNORECASE)


class Active(HTMLParser):
    """Collects what a page does besides showing text: elements and attributes that load or run something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"<{tag} {attrs}>"] if tag in DANGEROUS else []
        for name, value in attrs:
            if name.startswith("on") or name == "srcdoc" or (name in ("href", "src", "action") and not ADDRESS.match(value or "")):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem and "hostile" in data:
            self.found.append(data)

    def handle_comment(self, data: str) -> None:
        self.found += [data] if "hidden" in data else []


def hostile_notebook(root: Path) -> nbformat.NotebookNode:
    """Return the notebook of 01-tiny with every page that the tricks write, as text, raw cells and outputs."""
    notebook = filled_in(root, FULL)
    for cell in (
        Trick.read(CASES / "9-the-notebook-file/912-text-that-is-a-page.md").cells
        + Trick.read(CASES / "9-the-notebook-file/914-page-in-what-is-shown.md").cells
    ):
        if cell.metadata.get("for") == "essay":
            next(one for one in notebook.cells if one.id == "critique").source = cell.source
        else:
            make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
            notebook.cells.append(make(cell.source))
    return nbformat.reads(edits.raw_page(notebook), as_version=4)


@pytest.mark.slow
@needs_box
def test_feedback_pages_run_nothing_of_a_student(classroom: Path, grade: Grades) -> None:
    """nbgrader's feedback page of a hostile notebook loads and runs what an honest one does, and keeps the words."""
    honest = filled_in(classroom, FULL)
    honest.cells += [new_markdown_cell("Own text."), new_code_cell("1 / 0")]
    hand_in(classroom, "an-li", honest)
    hostile = hostile_notebook(classroom)
    hostile.metadata["kernelspec"] = {"language": "<script src=//x.y>"}
    hand_in(classroom, "eve", as_text(hostile), name="<img src=x onerror=alert('hostile')>.ipynb")
    report = grade(classroom)
    course = Course.find(classroom)

    due = {result.student: "now" for result in report.results}
    problems = list(write_feedback(course, {"01-tiny": due}, 1, f"sqlite:///{classroom}/grading/gradebook.db"))
    pages = {student: page(course, "01-tiny", student).read_text() for student in due}

    assert problems == [("01-tiny", None)] * 2
    assert sorted(set(Active(pages["an-li"]).found)) == sorted(set(Active(pages["eve"]).found))
    assert ESSAY in pages["an-li"]
    for words in ("It leaves out the unregistered.", "everything after this is hidden", "Score: 100.0 / 100.0", "alert("):
        assert words in pages["eve"]


HARMLESS = [
    "**bold** and *slanted*, `a < b`, $x < y$",
    "> quoted\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "[a source](https://example.org/a_(b)?c=d#e) and <https://example.org> and [mail](mailto:an.li@example.org)",
    "H<sub>2</sub>O, 10<sup>6</sup>, one<br>two, <kbd>Shift</kbd>",
    "a < b, 5<6 and 7 >8; for all i<=n",
    "```python\nif a < b:\n    print(a[0](1))\n```",
    "[text][1]\n\n[1]: https://example.org",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_honest_text_stays_as_it_is(text: str) -> None:
    """Markdown that only shows something is not changed, and is no suspicion."""
    assert text == harmless_text(text)
    assert not holds_page(text)


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<ScRiPt\n>", "</div></div>", "<!-- hidden", "<?php ?>", "<b onclick=alert(1)>",
    "[x](javascript:alert(1))", "[x](java&#115;cript:alert(1))", "[x](\tjavascript:alert(1))", "[x](<javascript:alert(1)>)", "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]", "[x](data:text/html,hello)", "![x](https://example.org/who-looks.png)", "[x](//example.org)",
    "<https://a\"onmouseover=alert(1)>", "`<b`<script>`", "\\<script>alert(1)</script>", "$<img src=x onerror=alert(1)>$", "    <svg/onload=alert(1)>\n\n<svg/onload=alert(1)>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_nothing(text: str) -> None:
    """Tags, scripts, foreign addresses and pictures from elsewhere lose their effect, as nbconvert writes them."""
    made = markdown2html(harmless_text(text))

    assert [] == Active(made).found
    assert "<img" not in made


def test_no_mixture_of_marks_gets_through() -> None:
    """3,000 random mixtures of Markdown, tags and addresses come out without an active element."""
    chance = random.Random(1)
    parts = [*"<>/![]()`$\\|*_&'\"=:\n\t ", "script", "img src=x onerror=alert(1)", "javascript:", "&lt;", "](", "]:", "```\n", "<b>", "<!--", "-->", "\n\n", "    ", "data:text/html,", "<iframe ", "https://a.b/", "<br ", "[^1]: "]  # fmt: skip

    texts = ["".join(chance.choice(parts) for _ in range(chance.randint(2, 25))) for _ in range(3000)]

    assert [] == [(text, found) for text in texts if (found := Active(markdown2html(harmless_text(text))).found)]


def test_long_text_is_read_quickly() -> None:
    """A million hostile characters do not hold up the grading."""
    for part in ("<", "](", "![", "<https://", "<br ", "]:  ", "< on", "<a href="):
        harmless_text(part * 100_000)
        holds_page(part * 100_000)


def test_charts_that_load_something_are_not_kept() -> None:
    """A chart with an address in its data, marks or channels is not drawn for others; a plain one is, without page settings."""
    plain = {"mark": "bar", "data": {"name": "d"}, "datasets": {"d": [{"url": "a column of this name"}]}, "usermeta": {"embedOptions": {}}}

    assert {**plain, "usermeta": None} == {**harmless_chart(plain), "usermeta": None}
    assert "usermeta" not in harmless_chart(plain)
    for change in (
        {"data": {"url": "https://example.org"}},
        {"mark": {"type": "image"}},
        {"layer": [{"encoding": {"href": {"value": "https://example.org"}}}]},
        {"hconcat": [{"encoding": {"url": {"field": "picture"}}}]},
    ):
        assert harmless_chart({**copy.deepcopy(plain), **change}) is None

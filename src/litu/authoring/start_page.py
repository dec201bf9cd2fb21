"""The page that learners open first: what the course is, its units, how a unit works, the words."""

from __future__ import annotations

import csv
from collections.abc import Container
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from litu.authoring.lesson import Lesson
from litu.authoring.notebooks import BINDER_FORGETS, KERNEL, write_notebook
from litu.authoring.parser import read_lesson
from litu.authoring.publishing.links import link_lines
from litu.course import Course

NAME, BINDER = "START.ipynb", "binder"
"""The page's file, and the name of its cell of links."""
HOW = f"""## How it works, in one minute

1. Open a unit and run its cells from the top: click a cell, press *Shift* and *Enter*.
2. Where an exercise stands, replace the three dots `...` by your answer and run the cell.
3. Run the check below it. It says right, partly right or wrong, and names the slip if it knows it. Try as often as you like.
   In a graded class it may say only that your answer is recorded; the verdict then comes with the feedback.
4. Stuck? Below each check wait a line for a hint and a line for the worked answer: take the `#` away and run.
   In a graded class worked answers open after grading.
5. `skip("name")` gives the cells below what they need and lets you go on. `reset("name")` brings the starting lines back,
   and with a unit's number in the brackets the whole unit; what you had is kept under another name.
   The table above shows which copy of a unit opens.
6. Each unit has parts that can be done on their own. Save with *Ctrl S* (on a Mac *Cmd S*); what you tried is remembered on this computer.

{BINDER_FORGETS}"""


def start_page(course: Course, units: Container[str] | None = None) -> nbformat.NotebookNode:
    """Return the start page of a course, or of some of its units, as a notebook without outputs."""
    lessons = [read_lesson(path) for path in course.lessons() if units is None or path.stem in units]
    texts = [
        ("title", f"# {course.settings.title}\n\nStart here. This page leads to the units and shows how far you are."),
        ("units", _units(lessons)),
        ("progress-head", "## Where you are\n\nRun the next cell to see how far you are and where you stopped."),
        ("how", HOW),
        (BINDER, _binder(course, lessons)),
        ("glossary", _glossary(course.data / "glossary.csv")),
    ]
    cells = [new_markdown_cell(text, id=name) for name, text in texts if text]
    at = [cell.id for cell in cells].index("progress-head") + 1
    cells.insert(at, new_code_cell("from litu import start\n\nstart()", id="progress"))
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})


def _binder(course: Course, lessons: list[Lesson]) -> str:
    """Return the links that open a unit on Binder, or nothing for a course that is not on GitHub."""
    lines = link_lines(course, {lesson.unit: f"{lesson.unit[:2]} · {lesson.title}" for lesson in lessons})
    return (
        f"## Without installing anything\n\nEach link opens in the browser, on Binder; it takes a minute or two.\n\n{lines}"
        if lines
        else ""
    )


# Lists, not tables: they fit a narrow or enlarged window, where JupyterLab lets a table run out of what the keyboard reaches.


def _units(lessons: list[Lesson]) -> str:
    lines = [
        f"- [{lesson.unit[:2]} · {lesson.title}]({lesson.unit}/{lesson.unit}.ipynb), {lesson.header.minutes:g} minutes"
        f"{''.join(f'; {part.title}' for part in lesson.header.parts).replace('; ', ': ', 1)}"
        for lesson in lessons
    ]
    return "\n".join(["## The units", "", *lines])


def _glossary(path: Path) -> str:
    """Return the list of words, or nothing for a course without one."""
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", newline="") as file:
        lines = [f"- {row['characters']} (*{row['pinyin']}*), **{row['term']}**: {row['meaning']}" for row in csv.DictReader(file)]
    return "\n".join(["## Words", "", *lines])


def write_start_page(course: Course) -> None:
    """Write the start page beside the released units."""
    folder = course.place("release")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(write_notebook(start_page(course)), encoding="utf-8")

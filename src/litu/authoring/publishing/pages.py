"""Each unit as a plain web page: prose, statements, pictures and tables as they are drawn; no answers, no kernel, no network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Container
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_markdown_cell

from litu.authoring.lesson import Lesson
from litu.authoring.parser import read_lesson
from litu.authoring.start_page import NAME as START
from litu.course import Course
from litu.display.page import notebook_page
from litu.errors import LituError

SECONDS = 120
"""For the cells of one unit, each."""
MACHINERY = ("check-", "help-", "onward", "progress")
"""How the names of cells begin that do nothing on a page."""
ABOUT = (
    "*This page is for reading. It has the unit's text, tables and pictures; exercises stand as they are handed out. "
    "Your answers are checked in the notebook, {unit}.ipynb.*"
)
INDEX = "The units as pages to read, with any browser and without network. Answers are checked in the notebooks of the course."
FOR_READING = ("units", "glossary")
"""Cells of START that an index takes over."""
_LINK = re.compile(r"\[([^\]]*)\]\((?:\.\./)?([\w-]+)/\2\.ipynb\)")
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)


def write_pages(course: Course, units: list[str], folder: Path, tell: Callable[[str], None]) -> None:
    """Write the pages of ``units`` and an index into ``folder``; ``tell`` hears of each. Raises LituError."""
    lessons = [read_lesson(course.lesson(unit)) for unit in course.units()]
    there = {lesson.unit: lesson.title for lesson in lessons if lesson.unit in units or (folder / f"{lesson.unit}.html").is_file()}
    links = [("All units", "index.html"), *((f"{unit[:2]} {title}", f"{unit}.html") for unit, title in there.items())]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for lesson in lessons:
            if lesson.unit in units:
                page = notebook_page(readable(course, lesson, there), f"{lesson.unit[:2]} · {lesson.title}", links)
                (folder / f"{lesson.unit}.html").write_text(page, encoding="utf-8")
                tell(lesson.unit)
        (folder / "index.html").write_text(_index(course, links, there), encoding="utf-8")
    except OSError as error:
        raise LituError(f"{error.filename} cannot be written ({error.strerror}).") from None


def readable(course: Course, lesson: Lesson, there: Container[str]) -> Any:
    """Return a unit's released notebook, run, with what a reader has no use for taken out."""
    notebook = _run(course, lesson.unit)
    names = [cell.metadata.get("nbgrader", {}).get("grade_id", cell.get("id", "")) for cell in notebook.cells]
    exercises = {cell.name for cell in lesson.cells if cell.kind == "exercise"}
    cells = []
    for name, cell in zip(names, notebook.cells, strict=True):
        if name.startswith(MACHINERY):
            continue
        if cell.cell_type == "markdown":
            cell.source = _to_pages(cell.source, there)
        elif name in exercises:
            cell.outputs = []
        else:
            cell.metadata["page"] = {"fold": "The code of this step"}
            cell.outputs = [_still(output) for output in cell.outputs if output.output_type in ("execute_result", "display_data", "stream")]
        cells.append(cell)
    cells.insert(1, new_markdown_cell(ABOUT.format(unit=lesson.unit)))
    notebook.cells = cells
    return notebook


def _run(course: Course, unit: str) -> Any:
    """Return the released notebook of a unit, run in a copy of its folder by somebody who has answered nothing."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    source = course.folder("release", unit)
    try:
        notebook = nbformat.read(source / f"{unit}.ipynb", as_version=4)
    except OSError:
        raise LituError(f"{unit} is not built; run `litu build {unit}` first.") from None
    with tempfile.TemporaryDirectory() as folder:
        place = shutil.copytree(source, Path(folder) / unit)
        environment = {name: value for name, value in os.environ.items() if name != "NBGRADER_EXECUTION"}
        environment |= {"XDG_STATE_HOME": folder, "LITU_DATA": str(course.data)}
        client = NotebookClient(
            notebook, timeout=SECONDS, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(place)}}
        )
        try:
            client.execute(env=environment, stderr=subprocess.DEVNULL)
        except (CellTimeoutError, DeadKernelError) as error:
            raise LituError(f"The notebook of {unit} does not run to its end ({type(error).__name__}).") from None
    return notebook


def _still(output: Any) -> Any:
    """Return an output without scripts: of a chart that moves, the picture stays."""
    if "text/html" in output.get("data", {}):
        output.data["text/html"] = _SCRIPT.sub("", "".join(output.data["text/html"]))
    return output


def _to_pages(source: str, there: Container[str]) -> str:
    """Return Markdown whose links between notebooks lead from page to page; a unit that has no page is named without a link."""
    source = source.replace(f"(../{START})", "(index.html)").replace(f"({START})", "(index.html)")
    return _LINK.sub(lambda link: f"[{link[1]}]({link[2]}.html)" if link[2] in there else link[1], source)


def _index(course: Course, links: list[tuple[str, str]], there: Container[str]) -> str:
    """Return the page that leads to the others, with the parts of START that are for reading."""
    try:
        notebook = nbformat.read(course.place("release") / START, as_version=4)
    except OSError:
        raise LituError(f"{START} is not built; run `litu build` first.") from None
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown" and cell.id in FOR_READING]
    for cell in notebook.cells:
        cell.source = _to_pages(cell.source, there)
    notebook.cells.insert(0, new_markdown_cell(f"# {course.settings.title}\n\n{INDEX}"))
    return notebook_page(notebook, course.settings.title, links)

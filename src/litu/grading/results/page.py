"""A student's feedback page: what nbgrader's step shows, without the course's machinery and with what a student asks first.

Both `litu grade` and `nbgrader generate_feedback` make it: nbgrader_config.py names the two classes.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Grade, Gradebook, SubmittedAssignment
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade, is_solution
from sqlalchemy import func
from traitlets.config import Config

from litu.authoring.notebooks import leads_through
from litu.grading.results.clean import clean
from litu.grading.sanitize import LONGEST_RENDERED
from litu.grading.submissions.timestamps import UNREADABLE, zone_of

TEMPLATES = Path(__file__).parent / "templates"
MOST_RENDERED = 200_000
"""Characters of all cells of a page; a unit of the course has about 60,000."""
_SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===\n*(.*?)\n*=== END MARK SCHEME ===", re.DOTALL)


class PageExporter(HTMLExporter):
    """nbconvert's HTML exporter with the course's page, which compiles its templates once in a process and not for every page."""

    _environments: ClassVar[dict[str, Any]] = {}

    def __init__(self, config: Config | None = None, parent: Any = None, **settings: Any) -> None:
        # nbgrader's converter sets its own template for every HTML exporter; what names this one goes before it.
        merged = copy.deepcopy(config if config is not None else parent.config)
        folders = [str(TEMPLATES), *merged.HTMLExporter.get("extra_template_basedirs", [])]
        paths = [*merged.HTMLExporter.get("extra_template_paths", []), *folders]
        merged.PageExporter.update({"template_name": "course_feedback", "extra_template_basedirs": folders, "extra_template_paths": paths})
        super().__init__(config=merged, parent=parent, sanitize_html=True, **settings)

    def default_filters(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Yield nbconvert's filters, its sanitiser with the elements of our pages."""
        yield from super().default_filters()
        yield "clean_html", lambda markup: clean(str(markup))

    def _create_environment(self) -> Any:
        place = repr(self.template_paths)
        if place not in self._environments:
            self._environments[place] = super()._create_environment()
        return self._environments[place]


class PageGrades(GetGrades):
    """nbgrader's step that fetches marks and comments, leaving on the page what is the student's concern."""

    def preprocess(self, notebook: nbformat.NotebookNode, resources: dict[str, Any]) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Change the notebook that becomes the page; the graded one on disk stays as it is."""
        notebook, resources = super().preprocess(notebook, resources)
        named = resources["nbgrader"]
        with Gradebook(named["db_url"]) as book:
            submission = book.find_submission(named["assignment"], named["student"])
            waiting = {
                grade.name
                for one in submission.notebooks
                for grade in one.grades
                if grade.needs_manual_grade and grade.manual_score is None
            }
            named["max_score"] = points_of(book, named)
            named["came"] = came(submission, Path(resources["metadata"]["path"]), zone_of(self.config))
        notebook.cells = [cell for cell in notebook.cells if not leads_through(cell)]
        for cell in notebook.cells:
            _tidy(cell, waiting)
        _spare(notebook.cells)
        named["waiting"] = sum(cell.metadata.nbgrader.points for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("waits"))
        return notebook, resources


def _spare(cells: list[nbformat.NotebookNode]) -> None:
    """Have cells shown as they are that would take long to render: each that is too long, and all after too many."""
    left = MOST_RENDERED
    for cell in cells:
        length = len(cell.source)
        cell.metadata["as_it_is"] = length > min(left, LONGEST_RENDERED)
        left -= 0 if cell.metadata["as_it_is"] else length


def points_of(book: Gradebook, named: dict[str, Any]) -> float:
    """Return what a submission is out of: the points of what it is marked in, which may be less than its unit has by now."""
    stored = book.find_submission_notebook(named["notebook"], named["assignment"], named["student"])
    return float(book.db.query(func.coalesce(func.sum(Grade.max_score), 0.0)).filter(Grade.notebook_id == stored.id).scalar())


def _tidy(cell: nbformat.NotebookNode, waiting: set[str]) -> None:
    marks = cell.metadata.get("nbgrader", {})
    name = marks.get("grade_id", "")
    if name.startswith("task-"):
        cell.source = _SCHEME.sub("" if name.removeprefix("task-") in waiting else r"\1", cell.source)
    if not marks or not is_grade(cell):
        return
    marks["waits"] = is_solution(cell) and name in waiting
    marks["title"] = name
    if cell.cell_type == "code" and name.startswith("check-"):
        # The number below a verdict is for nbgrader, which has read it.
        cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
        said = [output.data.get("text/plain", "") for output in cell.outputs if output.output_type == "display_data"]
        marks["title"] = said[0].partition(". ")[0].partition("\n")[0] if said else name.removeprefix("check-")
        cell.execution_count = None


def came(submission: SubmittedAssignment, folder: Path, zone: tzinfo) -> str:
    """Return a sentence on when a submission came in and whether that was in time."""
    if submission.timestamp is None:
        if (folder / UNREADABLE).is_file():
            return "When this came in cannot be told: the time that came with it is none that can be read. It counts as in time."
        return ""
    when = f"Handed in on {_shown(submission.timestamp, zone)}"
    if submission.assignment.duedate is None:
        return f"{when}."
    seconds = submission.total_seconds_late
    due = f"It was due on {_shown(submission.duedate, zone)}{', your extension included' if submission.extension else ''}"
    return f"{when}, in time. {due}." if seconds <= 0 else f"{when}, {_length(seconds)} late. {due}."


def _shown(time: datetime, zone: tzinfo) -> str:
    return f"{time.replace(tzinfo=UTC).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _length(seconds: float) -> str:
    minutes = -int(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"

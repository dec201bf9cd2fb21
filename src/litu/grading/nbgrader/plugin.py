"""nbgrader's door to the engine: ``nbgrader autograde`` and Formgrader's button.

nbgrader converts each submission twice: it sanitises it, then executes it.
``RepairExporter`` reads and mends it in the first pass, ``SandboxExecute``
runs it in a box in the second. nbgrader's own steps then save the marks.
"""

from __future__ import annotations

import atexit
import glob
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment, limits_of
from litu.grading.autograde import mark_notebook, mended, refused_notebook
from litu.grading.execution.executor import ForkServer
from litu.grading.gradebook.records import complete
from litu.grading.gradebook.schema import share_with_group
from litu.grading.nbgrader.make_plain import make_plain
from litu.grading.nbgrader.plain_assignments import is_plain, run_plain
from litu.grading.pictures import draw_charts
from litu.grading.submissions.collect import read_folder
from litu.grading.submissions.files_beside import files_beside
from litu.grading.submissions.identify import as_it_was
from litu.grading.submissions.parse import ParsedNotebook, Refusal, parse
from litu.grading.submissions.timestamps import settle_timestamp, zone_of
from litu.grading.upkeep.access import close

REFUSED, LATER = "litu-refused", "litu-later"
"""In the metadata of a notebook between the two passes: why it was refused, and which exercises came after it was graded."""


@cache
def _pool(data: Path, preload: tuple[str, ...]) -> ForkServer:
    """Return the pool of this process, started at first use and stopped at its end."""
    pool = ForkServer(data, preload)
    pool.__enter__()
    atexit.register(pool.__exit__, None, None, None)
    return pool


class RepairExporter(NotebookExporter):
    """Reads what was handed in, however broken, as the notebook to be executed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if isinstance(self.parent, Autograde):
            _begin(self.parent)

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **settings: Any) -> Any:
        """Read ``filename`` by our own rules when it is a submission, else as nbconvert does."""
        path = Path(filename).absolute()
        course = Course.find()  # nbgrader works in the course's folder; settings that were handed in are not looked at
        named = resources["nbgrader"] if resources else {}
        unit, student = named.get("assignment", ""), named.get("student", "")
        if not path.is_relative_to(course.place("submitted")) or is_plain(course, unit):
            return super().from_filename(filename, resources, **settings)
        assignment, submission = Assignment.load(course, unit), None
        try:
            found = read_folder(path.parent, unit, lambda: assignment.official)
            if found.data is None:
                raise Refusal(found.notes[-1])
            submission = parse(found.data, student, unit, found.notes)
            then = _as_it_was(named["db_url"], assignment, submission, student)
            notebook = mended(then, submission)
        except Refusal as refusal:
            then = _as_it_was(named["db_url"], assignment, submission, student)
            notebook = refused_notebook(then, str(refusal))
            notebook.metadata[REFUSED] = str(refusal)
        notebook.metadata[LATER] = sorted(assignment.later_than({*then.released}))
        return self.from_notebook_node(notebook, resources, **settings)


def _begin(converter: Autograde) -> None:
    """Make ready what nbgrader is about to read, and close students' work to other users.

    nbgrader copies what lies beside a notebook, links followed and whatever its size, and gives the copies back with the
    feedback: a link to the answer key would hand it over. Times are written so that nbgrader reads them rightly. Folders in which
    it found no notebook by its name, such as ``04.ipynb.txt``, are taken in, and of several notebooks one is named:
    ``RepairExporter`` looks for it in the folder anyway.
    """
    names, course = converter.coursedir, Course.find()
    unit = names.assignment_id
    close(course)
    share_with_group(names.db_url)
    home, is_ours = zone_of(course.nbgrader_config()), not is_plain(course, unit)
    found = glob.glob(names.format_path(names.submitted_directory, names.student_id, unit)) if is_ours else list(converter.assignments)
    for place in sorted(found):
        try:
            if "\n" in place:
                raise LituError("nbgrader takes no name with a line break; rename the folder, or use `litu grade`.")
            make_plain(Path(place), course.grading / "replaced")
            settle_timestamp(Path(place), home)
            if is_ours:
                converter.assignments[place] = [str(Path(place) / f"{unit}.ipynb")]
        except (OSError, LituError) as error:
            converter.assignments.pop(place, None)
            converter.log.error("%s was not graded: %s", place, error)


def _as_it_was(db_url: str, assignment: Assignment, submission: ParsedNotebook | None, student: str) -> Assignment:
    """Return the unit as a student had it who was graded before an exercise came, and make room for the marks of what is held now."""
    with Gradebook(db_url) as book:
        stored = book.find_submission_notebook(assignment.unit, assignment.unit, student)
        then = as_it_was(assignment, assignment.later_than({grade.name for grade in stored.grades}), submission)
        complete(stored, {*then.key.exercises, *then.key.written})
        book.db.commit()
    return then


class SandboxExecute(NbGraderPreprocessor):
    """Runs the notebook in a box and writes outputs, verdicts and points into it."""

    def preprocess(self, notebook: nbformat.NotebookNode, resources: dict[str, Any]) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Mark one notebook; its check cells come back with the points that nbgrader saves."""
        course = Course.find()
        if is_plain(course, resources["nbgrader"]["assignment"]):
            run_plain(_pool(course.data, course.settings.preload), notebook, Path(resources["metadata"]["path"]), limits_of(course))
            return notebook, resources
        assignment = Assignment.load(course, resources["nbgrader"]["assignment"])
        assignment = assignment.without(frozenset(notebook.metadata.pop(LATER, [])))
        if REFUSED in notebook.metadata:
            # Made anew: the first pass has cleared the outputs, and a check cell without one counts as right.
            return refused_notebook(assignment, notebook.metadata[REFUSED]), resources
        pool, student = _pool(course.data, course.settings.preload), resources["nbgrader"]["student"]
        mark_notebook(
            pool, assignment, student, notebook, limits_of(course), files_beside(course.place("submitted") / student / assignment.unit)[0]
        )
        draw_charts(pool, {student: notebook}, {})
        return notebook, resources

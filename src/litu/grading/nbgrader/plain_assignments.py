"""nbgrader assignments that were not built by litu: asserts, hidden tests, points by nbgrader's own rules.

An instructor's own homework lies in source/ beside the course's units. It is
sanitised by nbgrader's own steps and run in the same sandbox; what its test
cells show decides their points, as with nbgrader's own executor.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor

from litu.course import Course
from litu.grading.execution.executor import Limits, Pool, RunCell, run_notebook
from litu.grading.submissions.files_beside import files_beside


def is_plain(course: Course, unit: str) -> bool:
    """Return whether an assignment is none of the course's units."""
    return unit not in course.units()


class Sanitize(NbGraderPreprocessor):
    """nbgrader's own sanitising, for plain assignments; those of litu were mended when they were read."""

    def preprocess(self, notebook: nbformat.NotebookNode, resources: dict[str, Any]) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Clear outputs, and for a plain assignment put back its locked cells."""
        course = Course.find()  # nbgrader works in the course's folder
        steps = Autograde.sanitize_preprocessors.default()
        for step in steps if is_plain(course, resources["nbgrader"]["assignment"]) else steps[:1]:
            notebook, resources = step(parent=self.parent).preprocess(notebook, resources)
        return notebook, resources


def run_plain(pool: Pool, notebook: nbformat.NotebookNode, folder: Path, limits: Limits) -> None:
    """Run every code cell in a sandbox, with the files of ``folder`` beside it, and write the outputs into the notebook."""
    cells = {f"cell-{number}": cell for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
    result = run_notebook(pool, [RunCell(name, cell.source) for name, cell in cells.items()], limits, files_beside(folder)[0])
    for name, cell in cells.items():
        done = result.cells[name]
        cell.outputs = [nbformat.from_dict(output) for output in done.outputs]
        cell.execution_count = done.execution_count

"""Which cell failed first: what a student has to mend, and why a changed given cell was run as released."""

from __future__ import annotations

import nbformat

from litu.grading.execution.executor import RunResult
from litu.grading.submissions.repair import INSTEAD_OF

LONGEST = 120
"""Characters of a line or an error that are quoted."""


def replaces(cell: nbformat.NotebookNode) -> str | None:
    """Return the id of the changed cell in whose place this one is run, if that fails."""
    return cell.metadata.get("litu", {}).get(INSTEAD_OF)


class FirstFailure:
    """Looks at a graded notebook cell by cell; ``told`` says which one failed first so far."""

    def __init__(self, run: RunResult) -> None:
        self._run = run
        self._failed: tuple[str, str] | None = None

    @property
    def told(self) -> str:
        """What a student reads whose answer is missing."""
        return f"The first cell that failed is {self._failed[1]}." if self._failed else "No cell above gives it a value."

    def look_at(self, cell: nbformat.NotebookNode) -> list[str]:
        """Take in the next cell that was run; return what its student has to be told."""
        done = self._run.cells[cell.id]
        changed = replaces(cell)
        if changed is None:
            if done.status in ("error", "stopped") and self._failed is None:
                self._failed = (cell.id, _described(cell))
            return []
        told = self._failed[1] if self._failed and self._failed[0] == changed else "the one above it"
        if done.status == "ok" and self._failed and self._failed[0] == changed:
            self._failed = None
        begins = cell.source.strip().partition("\n")[0][:LONGEST]
        return [
            f"You had changed the given cell that begins with `{begins}`, and as changed it fails: {told}. It was run as it was released as well."
        ]


def _described(cell: nbformat.NotebookNode) -> str:
    lines = [line for line in cell.source.splitlines() if line.strip()] or [""]
    error = next((output for output in cell.outputs if output.output_type == "error"), None)
    why = f" ({error.ename}: {error.evalue.splitlines()[0] if error.evalue else ''})"[:LONGEST] if error else ""
    return f"In [{cell.execution_count}], which begins with `{lines[0].strip()[:LONGEST]}`{why}"

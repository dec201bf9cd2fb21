"""Lessons as notebooks: nbgrader's source notebook, with ids that never change by chance."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from litu.answers.messages import count
from litu.authoring.lesson import Cell, Exercise, Lesson

BINDER_FORGETS = (
    "On Binder nothing is kept when you close the page: before you leave, run `save_progress()`, take the file it offers, "
    "and save your notebooks with *File → Download*. `restore_progress()` brings your progress back."
)
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def source_notebook(lesson: Lesson, following: Lesson | None = None) -> nbformat.NotebookNode:
    """Return nbgrader's instructor notebook: solutions in, mistakes out; at its end the way to the lesson that follows."""
    used: set[str] = set()
    cells: list[nbformat.NotebookNode] = []
    for cell in lesson.cells:
        for made in _made_from(cell, lesson):
            made.id = _unique(made.id, used)
            cells.append(made)
    cells += _end(following)
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}, "litu": {"unit": lesson.unit}}
    return new_notebook(cells=cells, metadata=metadata)


_ONWARD = "## Where to go on\n\nRun the next cell to see how far you are in this unit.\n\n"
_KEEPSAKE = "`keepsake()` writes your work as a notebook and as a page to keep; save first."
_STUCK = "# Stuck? Take the # away and run."
_LEADS = re.compile(rf"{re.escape(_ONWARD.strip())}\s+[^\n]*(?:\s+{re.escape(BINDER_FORGETS)}(?: {re.escape(_KEEPSAKE)})?)?")
_LEADS_IN_CODE = re.compile(
    rf"(?:(?:{_STUCK.replace('?', '[?]')}|from litu import [\w, ]+"
    r"|(?:# ?)?(?:hint|keepsake|pack|progress|reset|restore_progress|save_progress|skip|solution)\([^()\n]*\))\s*)+"
)


def leads_through(cell: nbformat.NotebookNode) -> bool:
    """Return whether a cell only leads through a notebook; with anything else in it, it is somebody's work."""
    return bool((_LEADS_IN_CODE if cell.cell_type == "code" else _LEADS).fullmatch(cell.source.strip()))


def _end(following: Lesson | None) -> list[nbformat.NotebookNode]:
    """Return the cells that end every unit: how far one is, and where to go on."""
    onward = (
        f"Next: [{following.unit[:2]} · {following.title}](../{following.unit}/{following.unit}.ipynb). "
        if following
        else "This was the last unit. "
    )
    return [
        new_markdown_cell(
            f"{_ONWARD}{onward}Back to [START](../START.ipynb).\n\n{BINDER_FORGETS} {_KEEPSAKE}",
            id="onward",
        ),
        new_code_cell("from litu import keepsake, progress, save_progress\n\nprogress()\n# save_progress()\n# keepsake()", id="progress"),
    ]


def _unique(wanted: str, used: set[str]) -> str:
    name, number = wanted, 2
    while name in used:
        name, number = f"{wanted}-{number}", number + 1
    used.add(name)
    return name


def _made_from(cell: Cell, lesson: Lesson) -> list[nbformat.NotebookNode]:
    digest = hashlib.sha256(cell.source.encode()).hexdigest()[:10]
    if cell.kind == "prose":
        return [new_markdown_cell(cell.source, id=f"prose-{digest}")]
    if cell.kind == "code":
        return [new_code_cell(cell.source, id=f"code-{digest}")]
    if cell.kind == "exercise":
        return [_exercise(cell)]
    if cell.kind == "check":
        return _check(lesson.exercises[cell.name])
    return _written(cell) if cell.kind == "written" else []


def _exercise(cell: Cell) -> nbformat.NotebookNode:
    worth = count(cell.meta["points"], "point") if cell.meta["points"] else "practice, no points"
    title = f"# Exercise {cell.name} ({worth})"
    made = new_code_cell(f"{title}\n{cell.source}", id=cell.name)
    made.metadata["nbgrader"] = _nbgrader(cell.name, solution=True, cell_type="code")
    return made


def _check(exercise: Exercise) -> list[nbformat.NotebookNode]:
    """Return the check as students call it, and below it the lines for whoever is stuck.

    The options of a check stay in the lesson's text: they are read from the
    unit's checks.
    """
    name, points = exercise.call.name, exercise.cell.meta["points"]
    check = new_code_cell(f'check("{name}", {exercise.call.expression})', id=f"check-{name}")
    check.metadata["nbgrader"] = _nbgrader(f"check-{name}", grade=True, locked=True, points=points, cell_type="code")
    if not exercise.cell.meta.get("hints"):
        return [check]
    return [check, new_code_cell(f'{_STUCK}\n# hint("{name}")\n# solution("{name}")', id=f"help-{name}")]


def _written(cell: Cell) -> list[nbformat.NotebookNode]:
    points = cell.meta["points"]
    scheme = "\n".join(f"- {count(item['points'], 'point')}: {item['text']}" for item in cell.meta["rubric"])
    prompt = new_markdown_cell(
        f"{cell.meta['prompt'].strip()}\n\n*{count(points, 'point')}, marked by your teacher.*\n\n"
        f"=== BEGIN MARK SCHEME ===\n\n**Mark scheme.**\n\n{scheme}\n\n=== END MARK SCHEME ===",
        id=f"task-{cell.name}",
    )
    prompt.metadata["nbgrader"] = _nbgrader(f"task-{cell.name}", locked=True, cell_type="markdown")
    # The model answer stays in source/: a mark scheme returns to students with their feedback.
    model = "\n\n".join([cell.source.strip(), *_for_the_marker(cell)])
    answer = new_markdown_cell(f"### BEGIN SOLUTION\n\n{model}\n\n### END SOLUTION", id=cell.name)
    answer.metadata["nbgrader"] = _nbgrader(cell.name, grade=True, solution=True, points=points, cell_type="markdown")
    return [prompt, answer]


def _for_the_marker(cell: Cell) -> list[str]:
    """Return the sample of middling quality and what to listen for, where the author gave them."""
    sample = [f"**A sample of middling quality.** {cell.meta['sample'].strip()}"] if "sample" in cell.meta else []
    listen = "\n".join(f"- {comment}" for comment in cell.meta.get("comments", []))
    return [*sample, f"**What to listen for.**\n\n{listen}"] if listen else sample


def _nbgrader(
    grade_id: str, *, cell_type: str, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": cell_type,
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return made if points is None else {**made, "points": points}


def write_notebook(notebook: nbformat.NotebookNode) -> str:
    """Return the text of a notebook file."""
    return nbformat.writes(notebook, version=4) + "\n"

"""Lessons as notebooks: nbgrader's source notebook, with ids that never change by chance."""

from __future__ import annotations

import hashlib
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from litu.answers.messages import count
from litu.authoring.lesson import Cell, Lesson

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def source_notebook(lesson: Lesson) -> nbformat.NotebookNode:
    """Return nbgrader's instructor notebook: solutions in, mistakes out."""
    used: set[str] = set()
    cells: list[nbformat.NotebookNode] = []
    for cell in lesson.cells:
        for made in _made_from(cell, lesson):
            made.id = _unique(made.id, used)
            cells.append(made)
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}, "litu": {"unit": lesson.unit}}
    return new_notebook(cells=cells, metadata=metadata)


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
        points = lesson.exercises[cell.name].cell.meta["points"]
        made = new_code_cell(cell.source, id=f"check-{cell.name}")
        made.metadata["nbgrader"] = _nbgrader(f"check-{cell.name}", grade=True, locked=True, points=points, cell_type="code")
        return [made]
    return _written(cell) if cell.kind == "written" else []


def _exercise(cell: Cell) -> nbformat.NotebookNode:
    worth = count(cell.meta["points"], "point") if cell.meta["points"] else "practice, no points"
    title = f'# Exercise {cell.name} ({worth}). Stuck? Run hint("{cell.name}") in a new cell.'
    made = new_code_cell(f"{title}\n{cell.source}", id=cell.name)
    made.metadata["nbgrader"] = _nbgrader(cell.name, solution=True, cell_type="code")
    return made


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
    answer = new_markdown_cell(f"### BEGIN SOLUTION\n\n{cell.source.strip()}\n\n### END SOLUTION", id=cell.name)
    answer.metadata["nbgrader"] = _nbgrader(cell.name, grade=True, solution=True, points=points, cell_type="markdown")
    return [prompt, answer]


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

"""A unit's cells in the gradebook after its lesson was changed, also when submissions were graded before.

nbgrader refuses to add or remove a cell below which there are submissions. Here an added one gets no mark in them: they
stay out of what they had. The marks of a removed one are handed to the caller before they are taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat
from nbgrader.api import Assignment, Comment, Grade, GradeCell, Notebook, SolutionCell, SourceCell, TaskCell
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy.orm import Session

Row = dict[str, Any]


def follow(session: Session, unit: str, notebook: nbformat.NotebookNode, keep: Callable[[list[Row]], None]) -> list[str]:
    """Make a graded unit's cells those of its notebook; ``keep`` gets the marks that are taken out, before they are.

    Returns a sentence for each exercise that came or went. Does nothing below which nothing was graded: nbgrader does that itself.
    """
    stored = session.query(Notebook).join(Assignment).filter(Assignment.name == unit, Notebook.name == unit).one_or_none()
    if stored is None or not stored.submissions:
        return []
    gone, come = [], []
    for belongs, table in ((is_grade, GradeCell), (is_solution, SolutionCell), (is_task, TaskCell), (_is_source, SourceCell)):
        wanted = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if belongs(cell)}
        known = stored.source_cells if table is SourceCell else [cell for cell in stored._base_cells if isinstance(cell, table)]
        gone += [cell for cell in known if cell.name not in wanted]
        come += [_new(table, stored, name, wanted[name]) for name in wanted.keys() - {cell.name for cell in known}]
    rows = [row for cell in gone if not isinstance(cell, SourceCell) for row in _marks(session, unit, cell)]
    if rows:
        keep(rows)
    for cell in gone:
        if not isinstance(cell, SourceCell):
            for given in (*cell.grades, *cell.comments):
                session.delete(given)
        session.delete(cell)
    session.add_all(come)
    session.commit()
    return _told(unit, gone, come, len({row["student"] for row in rows}))


def _is_source(cell: nbformat.NotebookNode) -> bool:
    return bool(is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell))


def _new(table: type[Any], notebook: Notebook, name: str, cell: nbformat.NotebookNode) -> Any:
    more = {} if table in (SolutionCell, SourceCell) else {"max_score": float(cell.metadata.nbgrader.points)}
    more |= {} if table is SolutionCell else {"cell_type": cell.cell_type}
    return table(name=name, notebook_id=notebook.id, **more)


def _marks(session: Session, unit: str, cell: Any) -> list[Row]:
    """Return what students have in a cell: marks, and what a marker wrote."""
    rows = [
        {
            "auto_score": grade.auto_score,
            "manual_score": grade.manual_score,
            "extra_credit": grade.extra_credit,
            "student": grade.notebook.student.id,
        }
        for grade in session.query(Grade).filter(Grade.cell_id == cell.id)
    ]
    rows += [
        {"comment": comment.manual_comment, "student": comment.notebook.student.id}
        for comment in session.query(Comment).filter(Comment.cell_id == cell.id, Comment.manual_comment.isnot(None))
    ]
    return [{"unit": unit, "cell": cell.name, **row} for row in sorted(rows, key=lambda row: str(row["student"]))]


def _told(unit: str, gone: list[Any], come: list[Any], students: int) -> list[str]:
    lines = []
    if names := _graded(gone):
        lines.append(
            f"{unit} no longer has {names}: the marks of {students} students in it were taken out of the gradebook "
            "and stand in reports/removed.csv; they are out of the points that are left."
        )
    if names := _graded(come):
        lines.append(f"{unit} now has {names}: who was graded before it came stays out of the points there were, until they hand it in.")
    return lines


def _graded(cells: list[Any]) -> str:
    return ", ".join(sorted(cell.name.removeprefix("check-") for cell in cells if isinstance(cell, (GradeCell, TaskCell))))

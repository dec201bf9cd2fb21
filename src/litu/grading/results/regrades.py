"""Whose marks moved between two gradings, from what to what, by which exercise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, fields
from datetime import date
from pathlib import Path
from typing import Any

from litu.grading.results.models import Change, Result
from litu.grading.results.plain_text import spreadsheet_cell
from litu.grading.results.tables import read_table, write_table

_MOVE = [column.name for column in fields(Change)]
COLUMNS = ["date", *_MOVE]
_REMOVED = ("student", "unit", "cell", "auto_score", "manual_score", "extra_credit", "comment")


def changes_between(old: Result | None, new: Result) -> list[Change]:
    """Return the marks of ``new`` that are not those of ``old``."""
    if old is None:
        return []
    before = {exercise.name: exercise for exercise in old.exercises}
    return [
        Change(new.student, new.unit, now.name, then.points, now.points, then.message, now.message)
        for now in new.exercises
        if (then := before.get(now.name)) is not None and then.points != now.points
    ]


def save_changes(path: Path, changes: Iterable[Change], today: date | None = None) -> None:
    """Add the changes to the CSV that holds those of the whole term.

    A run that was killed after this step is done again; what it has added is not added twice.
    """
    rows = read_table(path, COLUMNS)
    latest = {(row["student"], row["unit"], row["exercise"]): row for row in rows}
    for change in changes:
        row = {name: str(spreadsheet_cell(value)) for name, value in zip(_MOVE, astuple(change), strict=True)}
        before = latest.get((row["student"], row["unit"], row["exercise"]), {})
        if any(before.get(name) != row[name] for name in _MOVE):
            rows.append({"date": (today or date.today()).isoformat(), **row})
    write_table(path, COLUMNS, rows)


def save_removed(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Add marks that are about to be taken out of the gradebook, with their exercise, to the table that keeps them."""
    path = folder / "removed.csv"
    write_table(path, _REMOVED, [*read_table(path, _REMOVED), *rows])

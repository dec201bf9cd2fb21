"""Whose marks moved between two gradings, from what to what, by which exercise."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from litu.grading.result import Result
from litu.grading.store import write_whole


@dataclass(frozen=True)
class Change:
    """One mark that moved."""

    student: str
    unit: str
    exercise: str
    points_before: float
    points_now: float
    said_before: str
    says_now: str


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


def save_changes(path: Path, changes: Iterable[Change]) -> None:
    """Write the changes as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in fields(Change)])
    writer.writerows(astuple(change) for change in changes)
    write_whole(path, text.getvalue())

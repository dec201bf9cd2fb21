"""Whose marks moved between two gradings, from what to what, by which exercise."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path

from litu.grading.results.models import Change, Result
from litu.grading.results.store import write_whole


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

"""Marks as files that the importers of Moodle and Canvas take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litu.errors import LituError
from litu.grading.lms.roster import Member, twice
from litu.grading.results.plain_text import first_of
from litu.grading.results.tables import write_table

MOODLES_MOST = 100
"""Points that Moodle takes, unless a site allows more; a larger one makes it refuse the whole file."""
_MOODLE_HEADINGS = {"idnumber": "ID number", "email": "Email address", "username": "Username"}
_SPECIAL = re.compile(r"\b(current|final|unposted|override)\b.*\b(score|points|grade)\b|points possible|read.only", re.IGNORECASE)
"""Headings that Canvas passes over or takes for something else than an assignment."""
MOST_NAMED = 10
Marks = Mapping[str, Mapping[str, Any]]
"""By student, a row of the gradebook."""


@dataclass(frozen=True)
class Exported:
    """A file for a platform, and what to know of it."""

    path: Path
    students: int
    told: tuple[str, ...]


def ready(members: Iterable[Member], marks: Marks, *, waiting: bool) -> tuple[list[tuple[Member, Mapping[str, Any]]], list[str]]:
    """Return the students with a mark to give out, and who has none and why. ``waiting``: also where a written answer waits for its marker."""
    given, none, waits = [], [], []
    for member in members:
        row = marks.get(member.student)
        if row is None:
            none.append(member.student)
        elif row["to_be_marked_by_hand"] and not waiting:
            waits.append(member.student)
        else:
            given.append((member, row))
    strangers = sorted(set(marks) - {member.student for member in members})
    reasons = (
        (waits, "wait for their written answers to be marked and have no grade in it (--waiting gives what they have)"),
        (none, "handed in nothing and have no grade in it"),
        (strangers, "are in the gradebook but not in the list of the class, and not in it"),
    )
    return given, [f"{len(who)} {why}: {', '.join(first_of(sorted(who), MOST_NAMED))}" for who, why in reasons if who]


def moodle(path: Path, unit: str, members: list[Member], marks: Marks, *, waiting: bool) -> Exported:
    """Write a file for Moodle's grade import: one column that identifies, the grade, feedback as plain text."""
    field = next((field for field in _MOODLE_HEADINGS if any(getattr(member, field) for member in members)), None)
    if field is None:
        raise LituError("Moodle finds students by ID number, e-mail address or username; the list of the class has none of these columns.")
    if same := twice(members, field):
        raise LituError(f"Several students have the {_MOODLE_HEADINGS[field]} {same[0]!a}, so Moodle could not tell them apart.")
    given, told = ready(members, marks, waiting=waiting)
    blank = [member.student for member, _ in given if not getattr(member, field)]
    many = [member.student for member, row in given if row["score"] > MOODLES_MOST]
    for who, why in (
        (blank, f"have no {_MOODLE_HEADINGS[field]}, by which Moodle would know them, and are not in it"),
        (many, f"have more than {MOODLES_MOST} points, which Moodle refuses, and are not in it"),
    ):
        told += [f"{len(who)} {why}: {', '.join(first_of(who, MOST_NAMED))}"] if who else []
    left_out = {*blank, *many}
    rows = [
        {_MOODLE_HEADINGS[field]: getattr(member, field), unit: f"{row['score']:.2f}", f"{unit} feedback": _feedback(row)}
        for member, row in given
        if member.student not in left_out
    ]
    write_table(path, (_MOODLE_HEADINGS[field], unit, f"{unit} feedback"), rows)
    return Exported(path, len(rows), tuple(told))


def _feedback(row: Mapping[str, Any]) -> str:
    checked = row["score"] + row["late_penalty"] - row["written_score"]
    parts = [f"{checked:.2f} for the exercises", f"{row['written_score']:.2f} for what was written"]
    parts += [f"{row['late_penalty']:.2f} taken off for being late"] if row["late_penalty"] else []
    return f"{row['score']:.2f} of {row['out_of']:.2f} points: {', '.join(parts)}."


def canvas(path: Path, column: str, members: list[Member], marks: Marks, *, waiting: bool) -> Exported:
    """Write a file for Canvas's gradebook import: its columns of students up to Section, then one assignment with two decimals.

    It has no row of possible points: that would change them in Canvas.
    """
    if _SPECIAL.search(column) or not column.strip():
        raise LituError(f"Canvas takes a column called {column!a} for something else than an assignment; name another with --column.")
    if not any(member.canvas_id or member.idnumber or member.username for member in members):
        raise LituError(
            "Canvas finds students by its ID, SIS User ID or SIS Login ID; export Canvas's gradebook and name it with --roster."
        )
    given, told = ready(members, marks, waiting=waiting)
    blank = [member.student for member, _ in given if not (member.canvas_id or member.idnumber or member.username)]
    told += [f"{len(blank)} have no ID of Canvas's and are not in it: {', '.join(first_of(blank, MOST_NAMED))}"] if blank else []
    columns = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", column)
    rows = [dict(zip(columns, (*cells, f"{row['score']:.2f}"), strict=True)) for cells, row in _canvas_rows(given)]
    write_table(path, columns, rows)
    if not re.search(r"\(\d+\)$", column):
        told.append(f"Canvas looks for an assignment called {column!r} and offers a new one where there is none; `--column` names another.")
    return Exported(path, len(rows), tuple(told))


def _canvas_rows(given: Iterable[tuple[Member, Mapping[str, Any]]]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    for member, row in given:
        if member.canvas_id or member.idnumber or member.username:
            full = ", ".join(part for part in (member.last_name, member.first_name) if part)
            name = (member.name or full or member.student).replace("Points Possible", "Points possible")
            if _SPECIAL.search(name):
                name = member.student
            yield (name, member.canvas_id, member.idnumber, member.username, member.section), row

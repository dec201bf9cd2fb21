"""The list of a class as a CSV file: one's own, Canvas's gradebook, Moodle's participants or grading worksheet."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections import Counter
from dataclasses import dataclass, fields, replace
from pathlib import Path

from litu.errors import LituError
from litu.grading.submissions.collect import is_short, person
from litu.grading.submissions.open_plainly import read_plainly

MAX_BYTES, MOST_ROWS = 20_000_000, 20_000
HEADINGS = {
    "student": ("student", "student id"),
    "last_name": ("last name", "lastname", "surname", "family name", "姓"),
    "first_name": ("first name", "firstname", "given name", "名"),
    "name": ("full name", "name", "姓名"),
    "email": ("email address", "email", "e-mail"),
    "username": ("username", "sis login id", "login id", "login"),
    "idnumber": ("id number", "idnumber", "sis user id", "学号"),
    "canvas_id": ("canvas id",),
    "participant": ("identifier", "participant"),
    "section": ("section", "group"),
    "handed_in": ("last modified (submission)", "handed in", "submitted"),
}
"""What a column may be called, whatever its case."""
CANVAS = {**HEADINGS, "student": (), "name": ("student",), "canvas_id": ("id",)}
"""In Canvas's gradebook, ``Student`` is the name and ``ID`` is Canvas's own number."""
_NAMED_BY = ("student", "username", "idnumber", "email", "canvas_id")
_NOBODY = ("points possible", "student, test", "test student")
"""Rows of Canvas's gradebook that stand for no student."""


@dataclass(frozen=True)
class Member:
    """One student of a class, as far as the list says; ``student`` is the name in the gradebook and of the folders."""

    student: str
    last_name: str = ""
    first_name: str = ""
    name: str = ""
    email: str = ""
    username: str = ""
    idnumber: str = ""
    canvas_id: str = ""
    participant: str = ""
    """Moodle's number of the student in one assignment."""
    section: str = ""
    handed_in: str = ""
    """When the work came in, as the list has it."""

    @property
    def keys(self) -> set[str]:
        """The student's name in the forms that platforms write it."""
        ways = (self.name, f"{self.last_name}{self.first_name}", f"{self.first_name}{self.last_name}")
        return {key for way in ways if (key := name_key(way))}


def name_key(name: str) -> str:
    """Return what is the same for all ways to write a name: its letters and digits."""
    return "".join(char for char in person(unicodedata.normalize("NFKC", name)) if char.isalnum())


def read_roster(path: Path) -> list[Member]:
    """Return the students of a class list. Raises LituError that names the file and the row."""
    rows = list(csv.reader(io.StringIO(_text(path)), delimiter=_delimiter(_text(path))))
    head = [" ".join(cell.split()).casefold() for cell in rows[0]] if rows else []
    is_canvas = head[:2] == ["student", "id"]
    columns = {
        field: head.index(name) for field, names in (CANVAS if is_canvas else HEADINGS).items() for name in reversed(names) if name in head
    }
    if not columns.keys() & {*_NAMED_BY}:
        raise LituError(
            f"{path} is no list of a class: its first line must name a column `student`, or be that of Canvas's gradebook or of Moodle's "
            "participants or grading worksheet (such as `ID number` or `Email address`)."
        )
    members = [
        Member(**{"student": "", **{field: row[place].strip() if place < len(row) else "" for field, place in columns.items()}})
        for row in rows[1 : MOST_ROWS + 1]
        if any(cell.strip() for cell in row) and not (is_canvas and _is_nobody(row[0]))
    ]
    if len(rows) > MOST_ROWS:
        raise LituError(f"{path} has more than {MOST_ROWS} rows.")
    return _with_names(path, [_split(member) for member in members])


def _text(path: Path) -> str:
    data = read_plainly(path, MAX_BYTES)
    if data is None:
        raise LituError(f"{path} cannot be read: it is not there, no plain file, or larger than {MAX_BYTES // 1_000_000} MB.")
    ways = ("utf-16",) if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8-sig", "gb18030")
    for way in ways:
        try:
            return data.decode(way).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise LituError(f"{path} is text in an encoding that is not known; save it as UTF-8.")


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _is_nobody(first: str) -> bool:
    return any(words in first.casefold() for words in _NOBODY)


def _split(member: Member) -> Member:
    """Return the member with last and first name, where only the whole name is given as ``Last, First``."""
    last, comma, first = member.name.partition(",")
    named = member.last_name or member.first_name
    if comma and not named:
        member = replace(member, last_name=last.strip(), first_name=first.strip())
    number = member.participant.split()[-1] if member.participant.split() else ""
    return replace(member, participant=number)


def _with_names(path: Path, members: list[Member]) -> list[Member]:
    """Return the members, named by the first column that names them all and no two alike."""
    for field in _NAMED_BY:
        values = [getattr(member, field) for member in members]
        if members and all(values) and len({person(value) for value in values}) == len(values):
            break
    else:
        raise LituError(f"{path} has no column that names every student, and no two alike: {', '.join(_NAMED_BY)} were looked at.")
    for row, value in enumerate(values, start=2):
        if "/" in value or "\\" in value or value.startswith(".") or not is_short(value) or not value.isprintable():
            raise LituError(f"{path}, row {row}: {value[:40]!a} cannot be the name of a folder and of a student in the gradebook.")
    return [replace(member, student=unicodedata.normalize("NFC", value)) for member, value in zip(members, values, strict=True)]


def twice(members: list[Member], field: str) -> list[str]:
    """Return the values of a field that more than one student has."""
    assert field in {one.name for one in fields(Member)}
    return [value for value, number in Counter(getattr(member, field) for member in members).items() if value and number > 1]

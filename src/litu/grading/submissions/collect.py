"""What a class handed in, as it lies in the folder of submissions."""

from __future__ import annotations

import difflib
import os
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from itertools import count, groupby
from pathlib import Path

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.provenance import digest_of, marks_digest
from litu.grading.submissions.files_beside import MOST_BYTES, MOST_FILES, files_beside
from litu.grading.submissions.find_notebook import Official, read_bytes
from litu.grading.submissions.parse import Refusal
from litu.grading.submissions.timestamps import TIMESTAMP, UNREADABLE, HandedIn, settle_timestamp, zone_of

LONGEST_NAME = 128
"""Of a student, as nbgrader's gradebook holds it."""
LONGEST_FILE = 250
"""Bytes of a student's name: a result's file is called after it, with an ending."""


@dataclass(frozen=True)
class Found:
    """What one folder holds: the notebook, notes about how it was found, the files beside it.

    ``data`` is None for what cannot be read; the notes then end in the reason.
    """

    data: bytes | None
    notes: list[str]
    files: dict[str, bytes]

    @property
    def digest(self) -> str:
        """A digest of it all."""
        return digest_of(self.data, self.notes, self.files)


@dataclass(frozen=True)
class Submission:
    """One submission as it lies on disk. A class is larger than memory, so each file is read when it is needed."""

    student: str
    place: Path
    unit: str
    submitted: str
    """Digest of what was found."""
    came: HandedIn
    notes: tuple[str, ...] = ()
    """About the folder it lies in."""
    official: Official = frozenset
    later: frozenset[str] = frozenset()
    """Exercises that came into the unit after this student's work was graded."""

    @property
    def handed_in(self) -> datetime | None:
        """When it came in, as far as that is known; UTC."""
        return self.came.time

    def digest(self, assignment: Assignment) -> str:
        """Return a digest of the submission and of what its marks depend on."""
        return marks_digest(self.submitted, assignment)

    def read(self) -> Found | None:
        """Return what was handed in, or None when it is no longer what was found."""
        found = read_folder(self.place, self.unit, self.official, self.notes)
        return found if found.digest == self.submitted else None


def handed_in(course: Course, unit: str, students: Iterable[str] | None = None, roster: Iterable[str] = ()) -> Iterator[Submission]:
    """Yield every submission of ``unit`` that was handed in, readable or not.

    Names that differ only by Unicode form or case are one person, by the name in the ``roster`` where there is one.
    """
    folder = course.place("submitted")
    names = sorted(entry.name for entry in os.scandir(folder) if not entry.name.startswith(".")) if folder.is_dir() else []
    known = {person(name): name for name in sorted(roster)}
    names = sorted((name for name in names if is_short(name)), key=_whose)
    wanted = None if students is None else {person(student): student for student in students}
    unknown = sorted((wanted or {}).keys() - {_whose(name) for name in names})
    if unknown and wanted:
        raise LituError(f"There is no student {wanted[unknown[0]]!r} in {course.named('submitted')}/.")
    official, home = _official(course, unit), zone_of(course.nbgrader_config())
    for who, same in groupby(names, key=_whose):
        places = [folder / name / unit for name in same if os.path.lexists(folder / name / unit)]
        if places and (wanted is None or who in wanted):
            yield _work(places, known.get(who), unit, official, home)


def person(name: str) -> str:
    """Return what is the same for all ways to write one person's name: whatever its Unicode form and case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _whose(name: str) -> str:
    return person(as_text(name))


def as_text(name: str) -> str:
    """Return a folder's name as a student's in the gradebook: bytes that are no text are spelt out."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "backslashreplace").decode())


def is_short(name: str) -> bool:
    """Return whether the gradebook, and the names of files, hold a student's name."""
    return len(as_text(name)) <= LONGEST_NAME and len(as_text(name).encode()) <= LONGEST_FILE


def _official(course: Course, unit: str) -> Official:
    """Return a function that reads, once and only when asked, what the course's own cells say."""
    return cache(lambda: Assignment.load(course, unit).official)


def _work(places: list[Path], known: str | None, unit: str, official: Official, home: tzinfo) -> Submission:
    came = {place: HandedIn() if place.is_symlink() or place.parent.is_symlink() else settle_timestamp(place, home) for place in places}
    place = max(places, key=lambda place: (came[place].time or datetime.min, place.lstat().st_mtime))
    notes: tuple[str, ...] = ()
    if len(places) > 1:
        others = ", ".join(ascii(other.parent.name) for other in places if other != place)
        notes = (
            f"There are several folders of one name, which differ by case or Unicode form: {ascii(place.parent.name)} was read, as the newer, and not {others}.",
        )
    return Submission(
        known or as_text(place.parent.name), place, unit, read_folder(place, unit, official, notes).digest, came[place], notes, official
    )


def read_folder(place: Path, unit: str, official: Official = frozenset, notes: Iterable[str] = ()) -> Found:
    """Return what a folder holds that was handed in for ``unit``."""
    try:
        data, more = read_bytes(place, unit, official)
    except Refusal as refusal:
        return Found(None, [*notes, str(refusal)], {})
    files, left_out = files_beside(place)
    if left_out:
        named = f"{', '.join(map(ascii, left_out[:5]))}{f' and {len(left_out) - 5} more' if len(left_out) > 5 else ''}"
        more.append(
            f"It was run without {named}, which lay beside the notebook: more than is taken along ({MOST_FILES} files, "
            f"{MOST_BYTES / 1e6:.0f} MB), or nothing that can be read."
        )
    if os.path.lexists(place / UNREADABLE) and not os.path.lexists(place / TIMESTAMP):
        more.append("The time in timestamp.txt cannot be read; the work counts as handed in in time.")
    return Found(data, [*notes, *more], files)


def set_aside(folder: Path, kept: Path, place: Path) -> Path:
    """Move a folder into the folder of its student below ``kept``, numbered; return where it is now.

    ``place`` is where a student's work on a unit belongs, and says whose it is.
    """
    home = kept / place.parent.name
    home.mkdir(parents=True, exist_ok=True)
    target = next(path for number in count(1) if not os.path.lexists(path := home / f"{place.name}-{number}"))
    shutil.move(folder, target)
    return target


def not_read(course: Course) -> list[str]:
    """Return a sentence for each thing in the folder of submissions that is no student's work on a unit."""
    folder, units = course.place("submitted"), set(course.units())
    plain = {entry.name for entry in os.scandir(course.place("source")) if entry.is_dir()} if course.place("source").is_dir() else set()
    told, home = [], course.named("submitted")
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if folder.is_dir() else ():
        if entry.name.startswith("."):
            continue
        name = ascii(entry.name[:60])
        if not entry.is_dir():
            told.append(f"{home}/ holds {name}, which is in no student's folder; it was not read.")
            continue
        if not is_short(entry.name):
            told.append(f"The folder {name[1:21]}… in {home}/ has a longer name than the gradebook can hold; it was not read. Rename it.")
        if not entry.name.strip():
            told.append(f"{home}/ holds a folder whose name is blank ({name}); name it after its student.")
        try:
            inside = sorted(os.listdir(entry.path)) if not entry.is_symlink() else []
        except OSError as error:
            told.append(f"{home}/{name[1:-1]} cannot be looked into ({error.strerror}); what is in it was not read.")
            continue
        for inner in inside:
            if inner not in units | plain and not inner.startswith("."):
                close = difflib.get_close_matches(inner.lower(), units, n=1, cutoff=0.3)
                meant = f" Rename it, if {close[0]} is meant." if close else ""
                told.append(f"{home}/{name[1:-1]} holds {ascii(inner[:60])}, which is no unit of this course; it was not read.{meant}")
    return told


def odd_names(roster: Iterable[str]) -> list[str]:
    """Return a sentence for each entry of the gradebook's roster that names nobody, or somebody who stands there twice."""
    told = []
    for _, same in groupby(sorted(roster, key=person), key=person):
        names = sorted(same)
        if not names[0].strip():
            told.append(
                f"The gradebook has a student whose name is blank ({names[0]!a}); take it out: nbgrader db student remove {names[0]!r}"
            )
        elif len(names) > 1:
            told.append(
                f"The gradebook has {' and '.join(map(ascii, names))}, which is one name by case and Unicode form: "
                f"work is entered for {names[-1]!a}; take the other out, or rename it and its folder."
            )
    return told

"""What a class handed in, as it lies below grading/submitted/."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.provenance import digest_of, marks_digest
from litu.grading.submissions.parse import Refusal, read_bytes
from litu.grading.submissions.timestamps import HandedIn, settle_timestamp, zone_of

LONGEST_NAME = 128
"""Of a student, as nbgrader's gradebook holds it."""


@dataclass(frozen=True)
class Submission:
    """One submission as it lies on disk. A class is larger than memory, so each file is read when it is needed."""

    student: str
    place: Path
    unit: str
    submitted: str
    """Digest of the file as it was found."""
    came: HandedIn

    @property
    def handed_in(self) -> datetime | None:
        """When it came in, as far as that is known; UTC."""
        return self.came.time

    def digest(self, assignment: Assignment) -> str:
        """Return a digest of the submission and of what its marks depend on."""
        return marks_digest(self.submitted, assignment)

    def read(self) -> tuple[bytes | None, list[str]] | None:
        """Return the file handed in and notes about it, or None when it is no longer the file that was found.

        A file that cannot be read is ``None`` too, with notes that end in the reason.
        """
        data, notes = _read(self.place, self.unit)
        return (data, notes) if digest_of(data, notes) == self.submitted else None


def handed_in(course: Course, unit: str, students: Iterable[str] | None = None) -> Iterator[Submission]:
    """Yield every submission of ``unit`` below grading/submitted/, readable or not."""
    folder, home = course.place("submitted"), zone_of(course.nbgrader_config())
    names = sorted(entry.name for entry in os.scandir(folder) if not entry.name.startswith(".")) if folder.is_dir() else []
    unknown = sorted(set(students or ()) - set(names))
    if unknown:
        raise LituError(f"There is no student {unknown[0]!r} in grading/submitted/.")
    wanted = set(names if students is None else students)
    for name in names:
        place = folder / name / unit
        if name in wanted and os.path.lexists(place):
            if len(name) > LONGEST_NAME:
                raise LituError(f"The folder {name[:20]}… in grading/submitted/ has a longer name than the gradebook can hold; rename it.")
            yield _work(name, place, unit, home)


def _work(folder: str, place: Path, unit: str, home: tzinfo) -> Submission:
    # A name that is not text cannot be written into a gradebook.
    student = folder.encode("utf-8", "backslashreplace").decode()
    came = HandedIn() if place.is_symlink() or place.parent.is_symlink() else settle_timestamp(place, home)
    return Submission(student, place, unit, digest_of(*_read(place, unit)), came)


def _read(place: Path, unit: str) -> tuple[bytes | None, list[str]]:
    try:
        return read_bytes(place, unit)
    except Refusal as refusal:
        return None, [str(refusal)]

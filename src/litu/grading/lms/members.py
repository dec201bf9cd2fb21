"""The students of a class, from a list of it or from the gradebook."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from litu.errors import LituError
from litu.grading.gradebook.gradebook import GradebookWriter
from litu.grading.lms.roster import Member, read_roster
from litu.grading.submissions.collect import person


def members_of(roster: Path | None, book: GradebookWriter) -> list[Member]:
    """Return the students of the list, by the gradebook's spelling where they are in it; without a list those of the gradebook."""
    enrolled = book.enrolled()
    if roster is None:
        if not enrolled:
            raise LituError("The gradebook holds no students; name a list of the class with --roster, such as Canvas's or Moodle's own.")
        return [
            Member(student, facts["last_name"], facts["first_name"], email=facts["email"], canvas_id=facts["lms_user_id"])
            for student, facts in enrolled.items()
        ]
    known = {person(student): student for student in enrolled}
    found = read_roster(roster)
    return [Member(**{**vars(member), "student": known.get(person(member.student), member.student)}) for member in found]


def enroll(members: Iterable[Member], book: GradebookWriter) -> None:
    """Enter the students of a list in the gradebook, so that it is known who hands in nothing."""
    book.enroll(
        {
            member.student: {
                "last_name": member.last_name or ("" if member.first_name else member.name),
                "first_name": member.first_name,
                "email": member.email,
                "lms_user_id": member.canvas_id,
            }
            for member in members
        }
    )

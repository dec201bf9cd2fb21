"""Feedback pages as the zip file that Moodle's assignments take: each file named after its participant."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from litu.course import Course
from litu.errors import LituError
from litu.grading.lms.collect import collected
from litu.grading.lms.export import MOST_NAMED, Exported
from litu.grading.lms.roster import Member
from litu.grading.lms.uploads import MOODLE
from litu.grading.results.feedback import page
from litu.grading.results.plain_text import first_of
from litu.grading.results.tables import read_table

_READ = ("unit", "student", "platform", "number", "name")


def moodle_feedback(path: Path, course: Course, unit: str, members: list[Member]) -> Exported:
    """Write the pages of all who have one and whose number Moodle gave: in what was collected, or in its grading worksheet.

    Moodle reads ``name_number_plugin``: the name must hold no underscore and may be any.
    """
    numbers = {
        row["student"]: (row["number"], row["name"])
        for row in read_table(collected(course), _READ)
        if row["unit"] == unit and row["platform"] == MOODLE and row["student"] and row["number"].isdigit()
    }
    numbers |= {member.student: (member.participant, member.name) for member in members if member.participant.isdigit()}
    if not numbers:
        raise LituError(
            "Moodle's numbers of the students are not known: collect Moodle's archive first, or give its grading worksheet with --roster."
        )
    folder = course.place("feedback")
    pages = {student.name: page(course, unit, student.name) for student in folder.iterdir()} if folder.is_dir() else {}
    written = sorted(student for student, one in pages.items() if student in numbers and one.is_file())
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for student in written:
            number, name = numbers[student]
            archive.write(pages[student], f"{_plain(name)}_{number}_assignfeedback_file_{unit}.html")
    os.replace(part, path)
    unknown = sorted(student for student, one in pages.items() if student not in numbers and one.is_file())
    told = (f"{len(unknown)} have a page but no number of Moodle's, and are not in it: {', '.join(first_of(unknown, MOST_NAMED))}",)
    return Exported(path, len(written), told if unknown else ())


def _plain(name: str) -> str:
    kept = "".join(char if char.isalnum() or char in " -" else " " for char in name)
    return " ".join(kept.split())[:60] or "student"

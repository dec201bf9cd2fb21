"""Who may read and write what grading keeps: the teachers of a course, and no other user of the machine."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from litu.course import Course

KINDS = ("submitted", "autograded", "feedback")
_GROUP, OTHERS = 0o070, 0o007
"""Rights of a file's group, and of everybody else."""


def open_course() -> Course:
    """Return the course of the working folder for a command that keeps students' work there, closed to other users.

    What this process makes from now on is closed to them too; where a group shares the folder, the group may write it.
    """
    course = Course.find()
    close(course)
    mask = os.umask(OTHERS)
    os.umask((mask & ~_GROUP if is_shared(course.grading) else mask) | OTHERS)
    return course


def close(course: Course) -> None:
    """Close the folders of students' work, and of the keys, to other users, as far as they are ours."""
    for folder in (course.grading, *map(course.place, KINDS)):
        with suppress(PermissionError, FileNotFoundError):
            mode = stat.S_IMODE(folder.stat().st_mode)
            if mode & OTHERS:
                folder.chmod(mode & ~OTHERS)


def is_shared(folder: Path) -> bool:
    """Return whether what is made in a folder belongs to its group, which may write there."""
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_ISGID and mode & stat.S_IWGRP)

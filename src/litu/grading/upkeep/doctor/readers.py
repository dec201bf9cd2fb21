"""What other people of this machine could read of a course folder, by the permissions of files and of all folders above them."""

from __future__ import annotations

import grp
import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from litu.course import OWN_SETTINGS, Course
from litu.grading.upkeep.doctor.finding import Finding


def private_places(course: Course) -> dict[str, Path]:
    """Return what no student may read, by what it is."""
    places = {
        "lessons with their solutions": course.root / "course",
        "instructor notebooks": course.place("source"),
        "answer keys": course.key_path("").parent,
        "submissions": course.place("submitted"),
        "graded notebooks": course.place("autograded"),
        "feedback pages": course.place("feedback"),
        "reports": course.grading / "reports",
        "settings of your own": course.root / OWN_SETTINGS,
        "the history in git": course.root / ".git",
    }
    url = make_url(str(course.nbgrader_config().CourseDirectory.db_url))
    if url.get_backend_name() == "sqlite" and url.database:
        places["the gradebook"] = Path(url.database)
    return {what: path for what, path in places.items() if path.exists()}


def examine_readers(course: Course) -> Iterator[Finding]:
    """Yield what everybody, and what a group, could read."""
    places = private_places(course)
    everybody = [what for what, path in places.items() if open_to(path, stat.S_IROTH, stat.S_IXOTH)]
    if everybody:
        yield Finding(
            "readers",
            f"Everybody on this machine, students too, can read {', '.join(everybody)}.",
            "problem",
            _closing(course, places, everybody),
        )
    else:
        yield Finding("readers", "Of what is private here, other people of this machine can read nothing.")
    groups = {
        group
        for path in places.values()
        if open_to(path, stat.S_IRGRP, stat.S_IXGRP) and (group := _group_of(path)) not in ("", _own_group())
    }
    for group in sorted(groups):
        yield Finding("readers", f"Members of the group {group} can read private things here; let no student be in it.", "note")


def open_to(path: Path, read: int, enter: int) -> bool:
    """Return whether those whom the bits stand for can come to a file and read it, or enter a folder."""
    path = path.resolve()
    if not all(folder.stat().st_mode & enter or _is_open_above(folder, enter) for folder in path.parents):
        return False
    mode = path.stat().st_mode
    return bool(mode & enter if path.is_dir() else mode & read)


def _is_open_above(folder: Path, enter: int) -> bool:
    """Return whether a group need not be let into a folder above, since everybody is."""
    return bool(enter == stat.S_IXGRP and folder.stat().st_mode & stat.S_IXOTH)


def _closing(course: Course, places: dict[str, Path], open_ones: list[str]) -> str:
    """Return the line that closes what is open: the course's folder, and what lies outside it."""
    outside = [places[what] for what in open_ones if not places[what].resolve().is_relative_to(course.root)]
    inside = [course.root] if len(outside) < len(open_ones) else []
    return "chmod o-rwx " + " ".join(shlex.quote(str(path)) for path in [*inside, *outside])


def _group_of(path: Path) -> str:
    try:
        return grp.getgrgid(path.stat().st_gid).gr_name
    except KeyError:
        return ""


def _own_group() -> str:
    try:
        return grp.getgrgid(os.getgid()).gr_name
    except KeyError:
        return ""

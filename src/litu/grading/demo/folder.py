"""The demonstration's course folder: a copy of the course in which a class can be invented without touching a real one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from litu.course import OWN_SETTINGS, Course
from litu.errors import LituError

MARK = "DEMO.txt"
SAYS = "`litu demo` made this course folder and makes it anew each time. Nothing in it belongs to a class; delete it when you like.\n"
BUILT, WORK = ("source", "release"), ("submitted", "autograded", "feedback", "solution")


def make_folder(course: Course, folder: Path, invented: frozenset[str]) -> Course:
    """Copy the course without its class to ``folder``, in the place of an earlier demonstration, and return the copy.

    Raises LituError when anything else lies there, also work of a student who is not ``invented``.
    """
    if (course.root / MARK).exists():
        raise LituError("This folder is itself a demonstration; run `litu demo` in the course that it shows.")
    folder = folder.resolve()
    if folder.exists() and not ((folder / MARK).is_file() or (folder.is_dir() and not any(folder.iterdir()))):
        raise LituError(f"{folder} holds something else than a demonstration; name a folder that does not exist yet.")
    copied = [course.root / "course", course.data, course.key_path("").parent, *map(course.place, BUILT)]
    if any(folder.is_relative_to(place.resolve()) for place in copied):
        raise LituError(f"{folder} lies in a folder of the course itself; name one elsewhere.")
    try:
        if folder.exists():
            _refuse_others(folder, invented)
            shutil.rmtree(folder)
        _copy(course, folder)
    except OSError as error:
        raise LituError(f"{error.filename or folder} cannot be written ({error.strerror or error}).") from None
    demo = Course.find(folder)
    if any(not _inside(path, folder) for path in _places(demo)):
        raise LituError(
            f'The demonstration would not keep to its own folder: let nbgrader_config.py end with load_subconfig("{OWN_SETTINGS}").'
        )
    return demo


def _refuse_others(folder: Path, invented: frozenset[str]) -> None:
    submitted = Course.find(folder).place("submitted")
    others = sorted(name for name in os.listdir(submitted) if name[0] != "." and name not in invented) if submitted.is_dir() else []
    if others:
        raise LituError(f"{submitted} holds the work of {others[0]!a}, whom no demonstration invented; name another folder.")


def _copy(course: Course, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / MARK).write_text(SAYS, encoding="utf-8")
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    named = {kind: _name(course, kind) for kind in (*BUILT, *WORK)}
    for path in course.root.glob("*.py"):
        if path.name != OWN_SETTINGS:
            shutil.copy(path, folder)
    for place, name in [(course.root / "course", "course"), (course.data, "data"), *((course.place(kind), named[kind]) for kind in BUILT)]:
        if place.is_dir():
            shutil.copytree(place, folder / name, ignore=ignored)
    keys = course.key_path("").parent
    if keys.is_dir():
        shutil.copytree(keys, folder / keys.relative_to(course.out), ignore=ignored)
    lines = [f"c.CourseDirectory.{kind}_directory = {name!r}" for kind, name in named.items()]
    lines += [
        f"c.CourseDirectory.root = {str(folder)!r}",
        f"c.CourseDirectory.db_url = {f'sqlite:///{folder}/grading/gradebook.db'!r}",
        f"c.Exchange.root = {str(folder / 'exchange')!r}",
    ]
    text = '"""The demonstration keeps to its own folder."""\n\nc = get_config()  # noqa: F821 - nbgrader provides it\n\n'
    (folder / OWN_SETTINGS).write_text(text + "\n".join(lines) + "\n", encoding="utf-8")


def _name(course: Course, kind: str) -> str:
    """Return where the copy has its folder of one kind: as the course has it, unless that lies elsewhere."""
    place = Path(os.path.normpath(course.place(kind)))
    return str(place.relative_to(course.root)) if place.is_relative_to(course.root) and place != course.root else kind


def _places(demo: Course) -> Iterator[Path]:
    yield from (demo.place(kind) for kind in (*BUILT, *WORK))
    yield Path(str(demo.nbgrader_config().CourseDirectory.db_url).removeprefix("sqlite:///"))


def _inside(path: Path, folder: Path) -> bool:
    return Path(os.path.normpath(path)).is_relative_to(folder)

"""Whose upload a file of a platform's archive is, and what the student called it: told by the names that platforms give."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, count
from pathlib import PurePosixPath

from litu.grading.submissions.files_beside import NEVER

MOODLE, CANVAS = "moodle", "canvas"
_MOODLE = re.compile(r"(?:[^/]*/)*?(?P<name>[^/]*?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_?/|_)(?P<file>.+)", re.DOTALL)
"""The first number is the platform's: what comes after it is the student's own, and may look like the name of another's file."""
_CANVAS = re.compile(
    r"(?:[^/]*/)*?(?P<name>[^/]*?)(?P<late>_LATE)?_(?P<number>\d+)_(?:\d+_(?P<file>[^/]+)|(?P<text>(?:text|link)\.html))", re.DOTALL
)
_LONGEST = 180
"""Bytes of a file's name that are kept."""
_SYSTEM = {"__macosx", "thumbs.db", "desktop.ini", ".ds_store"}


@dataclass(frozen=True)
class Upload:
    """One file as a platform names it."""

    platform: str
    name: str
    """The student's, as the platform writes it."""
    number: str
    """Moodle's participant, or Canvas's user."""
    late: bool
    file: str
    """What the student called the file, perhaps with folders."""


def upload_of(name: str) -> Upload | None:
    """Return whose upload a file of an archive is; None where its name is not of a form that is known."""
    if found := _MOODLE.fullmatch(name):
        return Upload(MOODLE, found["name"], found["number"], False, found["file"])
    if found := _CANVAS.fullmatch(name):
        return Upload(CANVAS, found["name"], found["number"], bool(found["late"]), found["file"] or found["text"])
    return None


def is_system(file: str) -> bool:
    """Return whether a file was put there by an operating system and by no student."""
    return any(part.casefold() in _SYSTEM or part.startswith("._") for part in file.split("/"))


def safe_name(file: str, taken: Collection[str] = ()) -> PurePosixPath:
    """Return the name under which a file is kept: of harmless parts, none of nbgrader's own names, and none of those that ``take`` took."""
    parts = [made for part in file.split("/") if (made := _part(part))] or ["file"]
    if len(parts) == 1 and parts[0].casefold() in NEVER - {"checks.json"}:
        parts = [f"handed-in-{parts[0]}"]
    path = PurePosixPath(*parts[-8:])
    numbers = chain(range(2, 10), count(len(taken) + 1))
    first, *rest = path.parts
    others = ((path.with_name(_numbered(path.name, number)), PurePosixPath(_numbered(first, number), *rest)) for number in numbers)
    return next(made for made in chain([path], chain.from_iterable(others)) if _is_free(made, taken))


def _numbered(name: str, number: int) -> str:
    path = PurePosixPath(name)
    return f"{path.stem} ({number}){path.suffix}"


def take(path: PurePosixPath, taken: set[str]) -> None:
    """Take the name of a file, and those of the folders that it lies in; in lower case, since not every disk tells cases apart."""
    taken.add(str(path).casefold())
    taken.update(f"{folder}/".casefold() for folder in path.parents[:-1])


def _is_free(path: PurePosixPath, taken: Collection[str]) -> bool:
    """Return whether neither a file nor a folder has this name, and no file that of a folder in it."""
    name = str(path).casefold()
    return not any(one in taken for one in (name, f"{name}/", *(str(folder).casefold() for folder in path.parents[:-1])))


def _part(part: str) -> str:
    text = unicodedata.normalize("NFC", part)
    text = "".join("_" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or char in '<>:"|?*' else char for char in text)
    text = text.strip().lstrip(".")
    stem, dot, ending = text.rpartition(".")
    if len(text.encode()) > _LONGEST:
        ending = f"{dot}{ending}" if stem and len(ending.encode()) <= 12 else ""
        text = text.encode()[: _LONGEST - len(ending.encode())].decode("utf-8", "ignore") + ending
    return text

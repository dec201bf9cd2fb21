"""What lies beside a notebook: helper modules, data of one's own. One limit for all that is done with it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from litu.grading.submissions.open_plainly import read_plainly
from litu.grading.submissions.timestamps import ORIGINAL, TIMESTAMP, UNREADABLE

MOST_FILES, MOST_BYTES = 200, 20_000_000
"""Of one submission that are taken along."""
MOST_NAMES, DEEPEST = 5_000, 20
"""Names that are looked at, and folders within folders."""
REMOVED = ".removed.txt"
"""How the name of the note ends that stands in the place of a link or a special file."""
SECRET = "submission_secret.txt"
"""By which nbgrader's exchange gives feedback back."""
NEVER = {TIMESTAMP, ORIGINAL, UNREADABLE, SECRET, "checks.json"}
"""Files of nbgrader's and of the course's, which are no work of the student's."""


def files_beside(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Return the files that go into the sandbox with a notebook, by relative path, and the names of those that do not.

    Those are too many, too large, or cannot be read. Notebooks, hidden files and links are neither.
    """
    paths, left_out = within_limits(folder, _is_work)
    read = {name: read_plainly(folder / name, MOST_BYTES) for name in paths}
    left_out += [name.encode("utf-8", "backslashreplace").decode() for name, data in read.items() if data is None]
    return {name: data for name, data in read.items() if data is not None}, left_out


def within_limits(folder: Path, wanted: Callable[[str, os.DirEntry[str]], bool]) -> tuple[list[str], list[str]]:
    """Return the relative paths of the wanted files that are taken along, and as text the names of those that are not."""
    taken: list[str] = []
    left_out: list[str] = []
    room = MOST_BYTES
    for name, entry in below(folder, "", wanted):
        size = entry.stat(follow_symlinks=False).st_size if entry.is_file(follow_symlinks=False) else 0
        if len(taken) >= MOST_FILES or size > room:
            left_out.append(name.encode("utf-8", "backslashreplace").decode())
        else:
            room -= size
            taken.append(name)
    return taken, left_out


def below(folder: Path, within: str, wanted: Callable[[str, os.DirEntry[str]], bool]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield what is wanted of a folder, then of the folders in it; the way to each is short and there is an end to them.

    A folder in it that cannot be looked into is yielded itself.
    """
    left = MOST_NAMES
    waiting: list[tuple[Path, str, os.DirEntry[str] | None]] = [(folder, within, None)]
    while waiting:
        place, within, itself = waiting.pop(0)
        try:
            with os.scandir(place) as entries:
                found = [entry for entry, _ in zip(entries, range(left), strict=False)]
        except OSError:
            if itself is not None:
                yield within.rstrip("/"), itself
            continue
        left -= len(found)
        for entry in sorted(found, key=lambda entry: (entry.name != SECRET, entry.name)):
            name = f"{within}{entry.name}"
            if not wanted(name, entry):
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield name, entry
            elif name.count("/") < DEEPEST:
                waiting.append((Path(entry.path), f"{name}/", entry))


def _is_work(name: str, entry: os.DirEntry[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return not entry.name.startswith((".", "__"))
    known = entry.name.startswith(".") or entry.name.lower().endswith((".ipynb", ".ipynb.txt", ".ipynb.json", REMOVED)) or name in NEVER
    return not known and stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode)

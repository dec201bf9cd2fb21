"""What was handed in beside a notebook goes with the graded one, as nbgrader copies it.

The secret that nbgrader puts there is how a student's feedback finds its way
back through the exchange.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from itertools import chain, count
from pathlib import Path, PurePosixPath

from litu.grading.results.store import PART, write_whole
from litu.grading.submissions.files_beside import MOST_BYTES, REMOVED, below, within_limits
from litu.grading.submissions.open_plainly import read_plainly
from litu.grading.submissions.timestamps import TIMESTAMP

_LONGEST = 200
"""Bytes of a name to which an ending is put."""


def copy_companions(source: Path, target: Path) -> list[str]:
    """Make ``target`` hold the files beside a notebook in ``source``, and no older ones; return the names of those that are not taken along.

    Those are too many, too large, or cannot be read. Notebooks and the time are written by grading. A link or a special file is
    replaced by a note. What was a folder may be a file by now, and the other way round.
    """
    is_link = source.is_symlink() or source.parent.is_symlink()
    names, left_out = ([], []) if is_link else within_limits(source, _is_companion)
    files = {name: read_plainly(source / name, MOST_BYTES) for name in names}
    wanted = {name: data for name, data in files.items() if data is not None}
    for name in files.keys() - wanted.keys():
        if _is_plain(source / name):
            left_out.append(name.encode("utf-8", "backslashreplace").decode())
        else:
            wanted[_note_name(name, wanted)] = what_was_there(source / name).encode()
    for name, _ in list(below(target, "", _is_companion)):
        if name not in wanted:
            (target / name).unlink(missing_ok=True)
    for name, data in wanted.items():
        _make_room(target, name)
        if read_plainly(target / name, MOST_BYTES) != data:
            write_whole(target / name, data)
    return left_out


def what_was_there(path: Path) -> str:
    """Return the note that stands in the place of a link or special file."""
    what = f"A link to {str(path.readlink())!r}" if path.is_symlink() else "A special file"
    return f"{what} was handed in here.\n"


def note_beside(path: Path) -> Path:
    """Return where the note on a link or special file goes; a name that is too long is cut."""
    return path.with_name(os.fsencode(path.name)[:_LONGEST].decode("utf-8", "ignore") + REMOVED)


def _note_name(name: str, taken: Collection[str]) -> str:
    """Return the name of a note on ``name`` which is neither another file's nor that of a folder with files in it."""
    path = Path(name)
    ways = chain([path], (path.with_name(f"{number}.{path.name}") for number in count(2)))
    notes = (str(note_beside(way)) for way in ways)
    return next(note for note in notes if note not in taken and not any(other.startswith(f"{note}/") for other in taken))


def _is_companion(name: str, entry: os.DirEntry[str]) -> bool:
    is_ours = name == TIMESTAMP or (entry.name.startswith(".") and entry.name.endswith(PART))
    return entry.name != ".ipynb_checkpoints" and not entry.name.endswith(".ipynb") and not is_ours


def _is_plain(path: Path) -> bool:
    return not path.is_symlink() and (path.is_file() or path.is_dir())


def _make_room(folder: Path, name: str) -> None:
    """Take out the folder that stands where a file goes, and the file that stands where its folder goes."""
    if (folder / name).is_dir():
        shutil.rmtree(folder / name)
    for way in PurePosixPath(name).parents:
        if (folder / way).is_file():
            (folder / way).unlink()

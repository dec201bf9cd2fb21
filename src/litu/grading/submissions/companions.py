"""What was handed in beside a notebook goes with the graded one, as nbgrader copies it.

The secret that nbgrader puts there is how a student's feedback finds its way
back through the exchange.
"""

from __future__ import annotations

import filecmp
import os
import shutil
from pathlib import Path

from litu.grading.submissions.files_beside import below, within_limits
from litu.grading.submissions.timestamps import TIMESTAMP


def copy_companions(source: Path, target: Path) -> list[str]:
    """Make ``target`` hold the files beside a notebook in ``source``, and no older ones; return the names of those that are too many or too large.

    Notebooks and the time are written by grading. A link or a special file is replaced by a note.
    """
    is_link = source.is_symlink() or source.parent.is_symlink()
    names, left_out = ([], []) if is_link else within_limits(source, _is_companion)
    kept = set()
    for name in names:
        path = source / name
        if _is_plain(path):
            _copy(path, target / name)
            kept.add(name)
        else:
            _write(target / f"{name}.removed.txt", what_was_there(path).encode())
            kept.add(f"{name}.removed.txt")
    for name, _ in list(below(target, "", _is_companion)):
        if name not in kept:
            (target / name).unlink()
    return left_out


def what_was_there(path: Path) -> str:
    """Return the note that stands in the place of a link or special file."""
    what = f"A link to {str(path.readlink())!r}" if path.is_symlink() else "A special file"
    return f"{what} was handed in here.\n"


def _is_companion(name: str, entry: os.DirEntry[str]) -> bool:
    return entry.name != ".ipynb_checkpoints" and not entry.name.endswith(".ipynb") and name != TIMESTAMP


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _copy(path: Path, target: Path) -> None:
    if not (_is_plain(target) and filecmp.cmp(path, target, shallow=False)):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        shutil.copyfile(path, part)
        os.replace(part, target)


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    target.write_bytes(data)

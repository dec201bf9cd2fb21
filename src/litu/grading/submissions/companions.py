"""What was handed in beside a notebook goes with the graded one, as nbgrader copies it.

The secret that nbgrader puts there is how a student's feedback finds its way
back through the exchange.
"""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from litu.grading.submissions.timestamps import TIMESTAMP

MOST_FILES, MOST_BYTES = 200, 20_000_000
"""Of one submission that are copied."""
SECRET = "submission_secret.txt"


def copy_companions(source: Path, target: Path) -> list[str]:
    """Make ``target`` hold the files beside a notebook in ``source``, and no older ones; return the names of those that are too many or too large.

    Notebooks and the time are written by grading. A link or a special file is replaced by a note.
    """
    kept: set[str] = set()
    left_out: list[str] = []
    room = MOST_BYTES
    for path in _companions(source):
        name = str(path.relative_to(source))
        if not _is_plain(path):
            _write(target / f"{name}.removed.txt", what_was_there(path).encode())
            kept.add(f"{name}.removed.txt")
        elif len(kept) >= MOST_FILES or path.stat().st_size > room:
            left_out.append(name.encode("utf-8", "backslashreplace").decode())
        else:
            room -= path.stat().st_size
            _copy(path, target / name)
            kept.add(name)
    for path in list(_companions(target)):
        if str(path.relative_to(target)) not in kept:
            path.unlink()
    return left_out


def what_was_there(path: Path) -> str:
    """Return the note that stands in the place of a link or special file."""
    what = f"A link to {str(path.readlink())!r}" if path.is_symlink() else "A special file"
    return f"{what} was handed in here.\n"


def _companions(folder: Path) -> Iterator[Path]:
    """Yield every file of a folder but notebooks and the time; the secret comes first."""
    if folder.is_symlink() or folder.parent.is_symlink():
        return
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".ipynb_checkpoints" and not Path(place, name).is_symlink())
        for name in sorted(names, key=lambda name: (name != SECRET, name)):
            if not name.endswith(".ipynb") and not (Path(place) == folder and name == TIMESTAMP):
                yield Path(place, name)


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

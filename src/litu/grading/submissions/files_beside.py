"""What lies beside a notebook and goes into the sandbox with it: helper modules, data of one's own."""

from __future__ import annotations

import os
from pathlib import Path

from litu.grading.submissions.companions import MOST_BYTES, MOST_FILES, SECRET
from litu.grading.submissions.open_plainly import read_plainly
from litu.grading.submissions.timestamps import ORIGINAL, TIMESTAMP, UNREADABLE

NEVER = {TIMESTAMP, ORIGINAL, UNREADABLE, SECRET, "checks.json"}
"""Files of nbgrader's and of the course's, which are no work of the student's."""


def files_beside(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of a folder by relative path, and the names of those that are too many or too large to take along.

    Notebooks, hidden files and links are neither.
    """
    found: dict[str, bytes] = {}
    left_out: list[str] = []
    room = MOST_BYTES
    for path in _plain_files(folder):
        name = str(path.relative_to(folder))
        data = read_plainly(path, room) if len(found) < MOST_FILES else None
        if data is None:
            left_out.append(name.encode("utf-8", "backslashreplace").decode())
            continue
        found[name] = data
        room -= len(data)
    return found, left_out


def _plain_files(folder: Path) -> list[Path]:
    files: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(names):
            path = Path(place, name)
            known = (
                name.startswith(".")
                or name.lower().endswith((".ipynb", ".ipynb.txt", ".ipynb.json", ".removed.txt"))
                or (path.parent == folder and name in NEVER)
            )
            if not known and path.is_file() and not path.is_symlink():
                files.append(path)
        if len(files) > 2 * MOST_FILES:
            break
    return files

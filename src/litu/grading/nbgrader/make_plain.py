"""A submission's folder as nbgrader may copy it: plain files within limits, at their own places."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from litu.grading.submissions.collect import set_aside
from litu.grading.submissions.companions import copy_companions, note_beside, what_was_there
from litu.grading.submissions.files_beside import DEEPEST, MOST_BYTES, MOST_FILES, REMOVED, below
from litu.grading.submissions.timestamps import TIMESTAMP


def make_plain(folder: Path, kept: Path) -> None:
    """Put a plain copy in the place of a folder that holds links, special files, or more than is taken along.

    What was handed in moves to ``kept``. A link in the place of the folder, or of its student's, becomes a note. Notebooks stay
    whatever they are: nobody but us opens them.
    """
    for place in (folder.parent, folder):
        if place.is_symlink():
            note = what_was_there(place)
            place.unlink()
            note_beside(place).write_text(note, encoding="utf-8")
            folder.mkdir(parents=True)
    if not folder.is_dir() or _is_plain(folder):
        return
    whole = set_aside(folder, kept, folder)
    folder.mkdir()
    left_out = copy_companions(whole, folder)
    if (whole / TIMESTAMP).is_file() and not (whole / TIMESTAMP).is_symlink():
        shutil.copyfile(whole / TIMESTAMP, folder / TIMESTAMP)
    for name, _ in list(below(whole, "", lambda name, entry: _is_notebook(name) or entry.is_dir(follow_symlinks=False))):
        if _is_notebook(name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.rename(whole / name, folder / name)
    if left_out:
        listed = "".join(f"{name!a}\n" for name in left_out)
        (folder / f"left-out{REMOVED}").write_text(f"Too many, too large, or not to be read:\n{listed}", encoding="utf-8")


def _is_plain(folder: Path) -> bool:
    """Return whether a folder holds plain files and folders alone, beside its notebooks no more than is taken along."""
    files = size = 0
    for place, folders, names in os.walk(folder):
        if len(Path(place).relative_to(folder).parts) > DEEPEST:
            return False
        for name in (*folders, *names):
            status = os.lstat(Path(place, name))
            if _is_notebook(name):
                continue
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                return False
            files += 1
            size += status.st_size if stat.S_ISREG(status.st_mode) else 0
            if files > MOST_FILES or size > MOST_BYTES or not os.access(Path(place, name), os.R_OK):
                return False
    return True


def _is_notebook(name: str) -> bool:
    return name.endswith(".ipynb")

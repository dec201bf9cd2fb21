"""nbgrader's `collect`, for an exchange in which students may put anything.

Every student may write into the exchange's folder `inbound`, under any name. nbgrader's own step follows links with the rights
of whoever collects, takes what one student hands in under another's name, and ends at the first submission that cannot be copied.
"""

from __future__ import annotations

import os
import pwd
import stat
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from litu.course import Course
from litu.grading.submissions.files_beside import DEEPEST, MOST_NAMES, SECRET
from litu.grading.submissions.open_plainly import NoFile, open_plainly
from litu.grading.submissions.timestamps import TIMESTAMP
from litu.grading.upkeep.access import close

Record = dict[str, Any]


class Collect(ExchangeCollect):
    """Collects plain files of their owners within limits, one student after the other, and says what it left out."""

    src_records: list[Record]

    def _path_to_record(self, path: str) -> Record:
        """Return what the name of a folder says; what is not to be taken is as old as can be, so that everything else goes before it."""
        student, _, _ = Path(path).name.rpartition("+")[0].rpartition("+")[0].rpartition("+")
        refused = {"username": student, "filename": Path(path).name, "timestamp": datetime.min, "refused": self._why_not(path, student)}
        if refused["refused"]:
            return refused
        try:
            return dict(super()._path_to_record(path))
        except Exception:  # the reader of times raises whatever its depths raise
            return {**refused, "refused": "has a time in its name that cannot be read"}

    def _why_not(self, path: str, student: str) -> str:
        try:
            status = os.lstat(path)
        except OSError as error:
            return f"cannot be looked at ({error.strerror})"
        if not stat.S_ISDIR(status.st_mode):
            return "is no folder"
        try:
            owner = pwd.getpwuid(status.st_uid).pw_name
        except KeyError:
            owner = str(status.st_uid)
        if self.check_owner and owner != student:
            return f"belongs to {owner!r} (where one account owns everybody's work: c.ExchangeCollect.check_owner = False)"
        return ""

    def copy_files(self) -> None:
        """Do as nbgrader does, one student after the other."""
        close(Course.find(Path(self.coursedir.root)))
        for record in self.src_records:
            self.src_records = [record]
            why = record.get("refused", "")
            try:
                if not why:
                    super().copy_files()
            except Exception as error:  # one student's work must not cost the others theirs
                why = f"cannot be copied ({error})"
            if why:
                self.log.warning("%s was not collected: it %s.", Path(self.inbound_path, record["filename"]), why)

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy the plain files of a folder, no links and no special files, then go on as nbgrader does with the copy."""
        with tempfile.TemporaryDirectory(prefix=".collect-", dir=Path(dest).parent) as place:
            copy = Path(place) / "work"
            copy.mkdir()
            left_out = copy_plainly(Path(src), copy, 1000 * self.coursedir.max_dir_size)
            super().do_copy(str(copy), dest, log)
        if left_out:
            self.log.warning("Of %s were not collected, as links, special files or too much: %s", src, ", ".join(map(ascii, left_out[:10])))


def copy_plainly(source: Path, target: Path, room: int) -> list[str]:
    """Copy the plain files of a stranger's folder, as many as have ``room`` (bytes); return the names of what was left out.

    Its owner may exchange what is in it at any moment: each folder and file is opened in the one before it, links not followed.
    """
    left_out: list[str] = []
    names = 0
    for place, folders, files, at in os.fwalk(source, follow_symlinks=False):
        within = Path(place).relative_to(source)
        links = {name for name in folders if not stat.S_ISDIR(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode)}
        if len(within.parts) >= DEEPEST:
            links = set(folders)
        folders[:] = sorted(set(folders) - links)
        left_out += [str(within / name) for name in sorted(links)]
        for name in sorted(files, key=_order):
            names += 1
            data = _content(name, at, room) if names <= MOST_NAMES else None
            if data is None:
                left_out.append(str(within / name))
                continue
            room -= len(data)
            (target / within).mkdir(parents=True, exist_ok=True)
            (target / within / name).write_bytes(data)
    return left_out


def _order(name: str) -> tuple[bool, bool, str]:
    return name not in (TIMESTAMP, SECRET), not name.endswith(".ipynb"), name


def _content(name: str, at: int, room: int) -> bytes | None:
    try:
        descriptor, size = open_plainly(Path(name), at)
        with open(descriptor, "rb") as file:
            return file.read(size) if size <= room else None
    except (NoFile, OSError):
        return None

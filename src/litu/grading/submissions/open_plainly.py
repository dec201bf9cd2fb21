"""Opens what students handed in: plain files only, links not followed, no more than so many bytes."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class NoFile(Exception):
    """Why a file cannot be opened."""


def open_plainly(path: Path, at: int | None = None) -> tuple[int, int]:
    """Return a descriptor of a plain file, and its size; ``at`` is an open folder that ``path`` starts from. Raises NoFile."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    except OSError:
        raise NoFile("is a link or cannot be opened") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise NoFile("is not a file")
    return descriptor, status.st_size


def read_plainly(path: Path, most: int) -> bytes | None:
    """Return a plain file's bytes; None when it is none, cannot be read or is larger than ``most``."""
    try:
        descriptor, size = open_plainly(path)
        with open(descriptor, "rb") as file:
            return file.read(most) if size <= most else None
    except (NoFile, OSError):
        return None

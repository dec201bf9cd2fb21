"""Puts this process's memory on huge pages, so that copies of it are cheap.

A fork copies the table of pages, and a copy's first write to a page copies
that page. With pages of 2 MiB in place of 4 KiB the table is five hundred
times shorter. Linux then splits a huge page at the first write, so a copy
still pays only for what it changes.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

SIZE = 2 * 1024 * 1024
_MADV_HUGEPAGE, _MADV_COLLAPSE = 14, 25

_libc = ctypes.CDLL(None, use_errno=True)


def gather() -> None:
    """Move this process's own memory to huge pages where the kernel can (Linux 6.1 and later), and leave it where it cannot."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        place, rights, *_, last = line.split()
        if rights != "rw-p" or "/" in last:
            continue
        start, end = (int(number, 16) for number in place.split("-"))
        first, beyond = -(-start // SIZE) * SIZE, end // SIZE * SIZE
        if first < beyond:
            area = ctypes.c_void_p(first), ctypes.c_size_t(beyond - first)
            # What fails costs nothing but the saving.
            _libc.madvise(*area, _MADV_HUGEPAGE)
            _libc.madvise(*area, _MADV_COLLAPSE)

"""Measures what the processes of one box use, from outside the box.

The box has its own ``/proc``, which lists its processes and no others. The
engine holds an open descriptor of it: nothing a student's process forks can
leave the list, and nothing it does can exchange the list.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PSS = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Usage:
    """What all processes of a box use together."""

    cpu_seconds: float
    memory: int
    """Resident bytes; pages that processes share count in each of them."""
    processes: int
    """Processes and threads."""
    files: int
    """Files and folders in the writable file system."""
    disk_full: bool


class Meter:
    """Reads the usage of one box; owns the two descriptors it reads from."""

    def __init__(self, processes: int, scratch: int) -> None:
        self._processes = processes
        self._scratch = scratch
        self._most_cpu = 0.0

    def read(self) -> Usage:
        """Return the usage now; CPU seconds never go down."""
        ticks = pages = threads = 0
        for name in self._names():
            line = self._read(f"{name}/stat")
            if not line:
                continue
            fields = line[line.rindex(b")") + 2 :].split()
            # user and system time, own and of children waited for
            ticks += sum(map(int, fields[11:15]))
            threads += int(fields[17])
            pages += int(fields[21])
        self._most_cpu = max(self._most_cpu, ticks / _TICK)
        disk = os.fstatvfs(self._scratch)
        return Usage(self._most_cpu, pages * _PAGE, threads, disk.f_files - disk.f_ffree, disk.f_bfree == 0)

    def exact_memory(self) -> int:
        """Return the bytes in memory, shared pages counted once; slower than :meth:`read`."""
        total = 0
        for name in self._names():
            found = _PSS.search(self._read(f"{name}/smaps_rollup"))
            total += int(found[1]) * 1024 if found else self._resident(name)
        return total

    def close(self) -> None:
        """Close both descriptors."""
        os.close(self._processes)
        os.close(self._scratch)

    def _names(self) -> list[str]:
        try:
            return [name for name in os.listdir(self._processes) if name.isdigit()]
        except OSError:
            return []  # the box is gone

    def _resident(self, name: str) -> int:
        fields = self._read(f"{name}/statm").split()
        return int(fields[1]) * _PAGE if fields else 0

    def _read(self, path: str) -> bytes:
        try:
            descriptor = os.open(path, os.O_RDONLY, dir_fd=self._processes)
        except OSError:
            return b""
        try:
            return os.read(descriptor, 8192)
        except OSError:
            return b""  # the process has just ended
        finally:
            os.close(descriptor)

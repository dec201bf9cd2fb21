"""The filter of system calls: its numbers are the kernel's own, and what is newer than its list does not exist in the box."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import re
import struct
from pathlib import Path

import pytest

from litu.grading.sandbox import seccomp

HEADERS = {"x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), "aarch64": Path("/usr/include/asm-generic/unistd.h")}


def numbers(machine: str) -> dict[str, int]:
    """Return the system calls that the kernel's headers know."""
    if not HEADERS[machine].is_file():
        pytest.skip(f"{HEADERS[machine]} is not there; install linux-libc-dev")
    return {name: int(number) for name, number in re.findall(r"#define\s+__NR_(\w+)\s+(\d+)", HEADERS[machine].read_text())}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_numbers_are_those_of_the_kernel(machine: str) -> None:
    """Every call that is refused has the number that the headers give it."""
    known = numbers(machine)
    listed = {**seccomp._REFUSED[machine], "clone": seccomp._CLONE[machine], "socket": seccomp._SOCKET[machine], "clone3": seccomp._CLONE3}
    assert {name: number for name, number in listed.items() if known[name] != number} == {}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_list_is_not_older_than_the_headers(machine: str) -> None:
    """A kernel whose headers know newer calls asks for a look at the list."""
    assert max(number for name, number in numbers(machine).items() if name != "syscalls") <= seccomp.LAST_KNOWN


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_program_is_whole(machine: str) -> None:
    """Every jump of the filter lands inside it, and its last step is a verdict."""
    code = seccomp.program(machine)
    assert code is not None
    steps = list(struct.iter_unpack("HBBI", code))
    for at, (kind, if_true, if_false, _) in enumerate(steps):
        assert kind == seccomp._RETURN or at + 1 + max(if_true, if_false) < len(steps)
    assert steps[-1][0] == seccomp._RETURN
    assert seccomp.program("riscv64") is None


@pytest.mark.skipif(platform.system() != "Linux", reason="the filter is Linux's")
def test_newer_calls_do_not_exist_and_old_ones_work() -> None:
    """Under the filter a call beyond the list fails with ENOSYS, a refused one with EPERM, and the others work."""
    if (child := os.fork()) == 0:
        seccomp.apply()
        libc = ctypes.CDLL(None, use_errno=True)
        found = []
        for number in (seccomp.LAST_KNOWN + 1, seccomp._REFUSED[platform.machine()]["memfd_create"]):
            libc.syscall(number, 0, 0, 0, 0, 0, 0)
            found.append(ctypes.get_errno())
        os._exit(0 if found == [errno.ENOSYS, errno.EPERM] and os.getpid() > 0 else 1)
    assert os.waitpid(child, 0)[1] == 0

"""Enter a running box and give up everything on the way in.

A box is a set of namespaces that bubblewrap has made and a holder keeps
alive. A process forked from the warm parent enters them with ``setns(2)``.
The user namespace comes first, because it grants the right to enter the
others; the pid namespace holds for children only, so the caller forks once
more after :func:`enter` and calls :func:`lock_down` in that child.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import resource

from litu.grading.sandbox import seccomp
from litu.grading.sandbox.limits import MEBIBYTE, Limits

_NAMESPACES = ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup")
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 24, 38, 47, 4
_PR_SET_CHILD_SUBREAPER = 36
_CAPABILITY_VERSION_3 = 0x20080522
_KERNEL_COUNTING_PER_NAMESPACE = (5, 14)

_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent ends, to learn how they end."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "adopt orphans")


def enter(holder: int) -> None:
    """Enter the namespaces of the process ``holder``; children will live in its pid namespace."""
    descriptors = [os.open(f"/proc/{holder}/ns/{name}", os.O_RDONLY) for name in _NAMESPACES]
    for name, descriptor in zip(_NAMESPACES, descriptors):
        _check(_libc.setns(descriptor, 0), f"enter the {name} namespace")
        os.close(descriptor)


def lock_down(limits: Limits) -> None:
    """Drop every capability of this process for good, set its limits and the filter of system calls."""
    os.setsid()
    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            break
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _check(_libc.capset(header, nothing), "drop the capabilities")
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up new privileges")
    _set_limits(limits)
    seccomp.apply()


def _set_limits(limits: Limits) -> None:
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_FSIZE: limits.disk_mb * MEBIBYTE,
        resource.RLIMIT_DATA: limits.memory_mb * MEBIBYTE,
        resource.RLIMIT_CPU: int(limits.cpu_seconds_total) + 10,
    }
    if _kernel() >= _KERNEL_COUNTING_PER_NAMESPACE:
        # Before, the kernel counted all processes of the user, in and out of the box.
        wanted[resource.RLIMIT_NPROC] = limits.processes
    for name, value in wanted.items():
        hard = resource.getrlimit(name)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (value, value))


def _kernel() -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", platform.release())
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot {what}: {os.strerror(number)}")

"""A filter of system calls for the box.

Namespaces and limits already hold a student's process. The filter closes what
they leave open: new user namespaces (and with them mounts without a size
limit), memory that belongs to no process and so escapes the watch on memory
(``memfd_create``, System V shared memory), kinds of sockets that reach past
the network namespace (``AF_VSOCK`` reaches the machine that a virtual machine
runs on), and rarely needed kernel doors that have been the way out of other
sandboxes. Everything else stays allowed,
so that ordinary packages run.

The filter is a list of what is refused, not of what is allowed: pandas, the
chart renderer and their future versions must not break by a call nobody
thought of. Calls newer than the list are answered as a kernel without them
would: libraries then fall back to older ones.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import struct

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ARCH_OFFSET, _NUMBER_OFFSET, _FIRST_ARGUMENT_OFFSET = 4, 0, 16
_NEW_NAMESPACE_FLAGS = 0x7E020000

_BOTH = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "pidfd_getfd": 438, "mount_setattr": 442, "memfd_secret": 447,
}  # fmt: skip
_REFUSED = {
    "x86_64": {
        "shmget": 29, "semget": 64, "msgget": 68, "ptrace": 101, "pivot_root": 155, "mount": 165, "umount2": 166,
        "swapon": 167, "init_module": 175, "quotactl": 179, "mq_open": 240, "kexec_load": 246, "add_key": 248,
        "request_key": 249, "keyctl": 250, "unshare": 272, "perf_event_open": 298, "open_by_handle_at": 304,
        "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "finit_module": 313, "memfd_create": 319,
        "bpf": 321, "userfaultfd": 323, **_BOTH,
    },
    "aarch64": {
        "umount2": 39, "mount": 40, "pivot_root": 41, "quotactl": 60, "unshare": 97, "kexec_load": 104,
        "init_module": 105, "ptrace": 117, "mq_open": 180, "msgget": 186, "semget": 190, "shmget": 194,
        "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224, "perf_event_open": 241,
        "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271,
        "finit_module": 273, "memfd_create": 279, "bpf": 280, "userfaultfd": 282, **_BOTH,
    },
}  # fmt: skip
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_SOCKET = {"x86_64": 41, "aarch64": 198}
_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
_X32_BIT = 0x40000000
LAST_KNOWN = 462
"""The newest system call that this list was held against: mseal, Linux 6.10. Numbers from 424 on are those of all machines."""


def program(machine: str = platform.machine()) -> bytes | None:
    """Return the filter as the kernel reads it, or None on a machine it does not know."""
    if machine not in _REFUSED:
        return None
    refuse = _step(_RETURN, _ERRNO | errno.EPERM)
    steps = [
        _step(_LOAD, _ARCH_OFFSET),
        _step(_EQUAL, _ARCHITECTURE[machine], 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_OFFSET),
        _step(_AT_LEAST, _X32_BIT, 0, 1),
        refuse,
        _step(_AT_LEAST, LAST_KNOWN + 1, 0, 1),
        _step(_RETURN, _ERRNO | errno.ENOSYS),
        # The C library falls back to clone(2), whose flags can be looked at.
        _step(_EQUAL, _CLONE3, 0, 1),
        _step(_RETURN, _ERRNO | errno.ENOSYS),
    ]
    for number in sorted(_REFUSED[machine].values()):
        steps += [_step(_EQUAL, number, 0, 1), refuse]
    steps += [_step(_EQUAL, _SOCKET[machine], 0, 2 + 2 * len(_FAMILIES)), _step(_LOAD, _FIRST_ARGUMENT_OFFSET)]
    for family in _FAMILIES:
        steps += [_step(_EQUAL, family, 0, 1), _step(_RETURN, _ALLOW)]
    steps += [
        _step(_RETURN, _ERRNO | errno.EAFNOSUPPORT),
        _step(_EQUAL, _CLONE[machine], 0, 3),
        _step(_LOAD, _FIRST_ARGUMENT_OFFSET),
        _step(_ANY_BIT, _NEW_NAMESPACE_FLAGS, 0, 1),
        refuse,
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def apply() -> None:
    """Put this process and all its children under the filter, for good."""
    code = program()
    if code is None:
        return
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(header), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refuses the filter of system calls")


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)

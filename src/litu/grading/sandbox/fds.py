"""File descriptors between processes: handing over, putting in place, reading with a deadline."""

from __future__ import annotations

import os
import select
import socket
import time
from array import array
from collections.abc import Callable

ASIDE = 500
"""Descriptor numbers from here on are free."""


def receive_descriptors(sock: socket.socket, most: int) -> tuple[bytes, list[int]]:
    """Receive one packet with up to ``most`` descriptors, which no program started later inherits.

    ``socket.recv_fds`` drops its flags in Python 3.11, and its descriptors
    would be inherited.
    """
    numbers = array("i")
    data, extras, _, _ = sock.recvmsg(1 << 16, socket.CMSG_LEN(most * numbers.itemsize), socket.MSG_CMSG_CLOEXEC)
    for level, kind, content in extras:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            numbers.frombytes(content[: len(content) - len(content) % numbers.itemsize])
    return data, list(numbers)


def moves(wanted: list[int]) -> list[tuple[int, int]]:
    """Return copies, old to new number, after which descriptor 0 is the first wanted, 1 the second, and so on.

    All are first copied aside, so that none is overwritten before it is copied.
    """
    aside = [(old, ASIDE + new) for new, old in enumerate(wanted)]
    return aside + [(ASIDE + new, new) for new in range(len(wanted))]


def read_until(descriptor: int, done: Callable[[bytes], bool], deadline: float) -> bytes:
    """Read until ``done`` says that all is there, the pipe closed or the time is up."""
    data = b""
    while not done(data):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            break
        part = os.read(descriptor, 65536)
        if not part:
            break
        data += part
    return data

"""Messages between the engine and a student's process: JSON objects with their length in front.

The engine trusts nothing that comes in: a message has a largest size and a
largest depth, must be strict JSON (no NaN, no infinities, no text that cannot
be written as UTF-8), and anything else ends the process that sent it.
"""

from __future__ import annotations

import json
import math
import re
import socket
import struct
from typing import Any

Message = dict[str, Any]

MAX_DEPTH = 60
MAX_PARTS = 250_000
"""Objects and lists in one message."""
_LENGTH = struct.Struct(">I")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
"""Half a pair of surrogates can be written in JSON, but not in a file."""


class BadMessage(Exception):
    """What came over the channel is not a message."""


def encode(message: Message) -> bytes:
    """Return ``message`` as it travels; ValueError when it is not strict JSON."""
    body = json.dumps(message, allow_nan=False, separators=(",", ":")).encode("ascii")
    return _LENGTH.pack(len(body)) + body


def receive(sock: socket.socket) -> Message | None:
    """Wait for the next message of a trusted sender; None at the end."""
    head = _exactly(sock, _LENGTH.size)
    if head is None:
        return None
    body = _exactly(sock, _LENGTH.unpack(head)[0])
    return None if body is None else json.loads(body)


def _exactly(sock: socket.socket, size: int) -> bytes | None:
    parts = []
    while size:
        part = sock.recv(min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class Inbox:
    """Takes bytes of an untrusted sender as they come and gives whole messages."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[tuple[Message, int]]:
        """Return the messages that ``data`` completes, with their sizes; BadMessage when it cannot be one."""
        self._pending += data
        messages = []
        while len(self._pending) >= _LENGTH.size:
            size = _LENGTH.unpack_from(self._pending)[0]
            if size > self._largest:
                raise BadMessage(f"a message of {size} bytes, more than {self._largest}")
            end = _LENGTH.size + size
            if len(self._pending) < end:
                break
            messages.append((parse(bytes(self._pending[_LENGTH.size : end])), size))
            del self._pending[:end]
        return messages


def parse(body: bytes) -> Message:
    """Return the JSON object in ``body``; BadMessage when it is not strict, or too deep."""
    # NUL is legal JSON, but some databases and browsers cannot keep it.
    body = body.replace(b"\\u0000", b"\\ufffd")
    if body.count(b"{") + body.count(b"[") > MAX_PARTS:
        raise BadMessage(f"a message of more than {MAX_PARTS:,} objects and lists")
    try:
        message = json.loads(body.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BadMessage(f"not strict JSON: {str(error)[:100]}") from None
    if not isinstance(message, dict):
        raise BadMessage("not a JSON object")
    check(message, body)
    return message


def check(message: Message, body: bytes) -> None:
    """Raise BadMessage when a message, ``body`` in JSON, is too deep or holds text that cannot be written."""
    try:
        if _SURROGATE.search(body):
            json.dumps(message, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise BadMessage(f"text that cannot be written: {str(error)[:100]}") from None
    _check_depth(message)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number out of range")
    return value


def _check_depth(message: Message) -> None:
    """Walk level by level, so that depth cannot exhaust the stack here or in a later reader."""
    level: list[Any] = [message]
    for _ in range(MAX_DEPTH):
        level = [
            part
            for value in level
            for part in (value.values() if isinstance(value, dict) else value)
            if isinstance(part, (dict, list, tuple))
        ]
        if not level:
            return
    raise BadMessage(f"nested deeper than {MAX_DEPTH}")

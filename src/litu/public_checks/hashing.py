"""Slow salted hashes, and messages that only the hashed text opens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

SCRYPT = {"n": 2**14, "r": 8, "p": 1}
"""Cost of one hash (scrypt, RFC 7914): about 0.05 s and 16 MiB on a laptop core of 2025."""
THREADS = 2


def secrets(texts: Sequence[str], salt: str) -> list[bytes]:
    """Return the slow hash of each text, some computed at a time."""
    if len(texts) == 1:
        return [_secret(texts[0], salt)]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda text: _secret(text, salt), texts))


def _secret(text: str, salt: str) -> bytes:
    return hashlib.scrypt(text.encode(), salt=bytes.fromhex(salt), maxmem=2**27, dklen=32, **SCRYPT)


def tag(secret: bytes) -> str:
    """Return the name under which something is locked with a secret."""
    return hashlib.sha256(b"tag" + secret).hexdigest()[:32]


def joined(several: Sequence[bytes]) -> bytes:
    """Return the one secret that several make together, in their order."""
    return hashlib.sha256(b"joined" + b"".join(several)).digest()


def lock(told: Any, secret: bytes) -> str:
    """Encrypt JSON-able data; each secret locks one thing only."""
    return _cipher(secret, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hex()


def unlock(locked: str, secret: bytes) -> Any:
    """Return what is locked."""
    return json.loads(_cipher(secret, bytes.fromhex(locked)))


def _cipher(secret: bytes, data: bytes) -> bytes:
    pad = hashlib.shake_256(b"key" + secret).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, pad, strict=True))

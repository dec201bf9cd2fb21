"""Hostile bytes: real files with a few places spoiled, shapes that no file has, and floods of one small thing."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

Flood = tuple[bytes, bytes, bytes]
"""A beginning, what is repeated, and an end."""
MOST = 3_000_000
"""Bytes of an input that grew by being spoiled."""
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**63, -(10**40), 10**400, 0.5, 1e308, -1e-308, float("nan"), float("inf"), "", " ", "\0", "\ud800",
    "\u202e", "=1+1", "{", "[", "\\", "…", "村", "e\u0301" * 40, "x" * 3000, "../../etc/passwd", "<script>alert(1)</script>", "{{x}}", [], {},
    [[]], [{}], {"": {}}, [None] * 50, "number", "list", "dict", "table", "function", "chart",
)  # fmt: skip
"""Values that are put in the place of others."""
SPLINTERS: tuple[bytes, ...] = (
    b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\\u0000", b"\\ud800", b"\\", b'"', b"{", b"}", b"[", b"]", b",", b":", b"null", b"NaN",
    b"1e999", b"-", b"9" * 5000, b"\n", b"\r", b"{{}}", b"[" * 3000, b'{"a":' * 3000, b"<", b"&", b"`" * 50, b"$", b"|", b"\xf0\x9f\x8c\xbe",
)  # fmt: skip
WORDS = (
    "kind", "value", "items", "values", "keys", "columns", "name", "type", "calls", "args", "result", "error", "spec", "id", "status", "output",
    "data", "text/plain", "cells", "source", "metadata", "nbgrader", "grade_id", "attachments", "mark", "encoding", "layer", "repeat", "transform",
    "filter", "field", "x", "y", "steps", "index", "exercises", "format", "points", "pairs", "edges",
)  # fmt: skip

scalars = st.one_of(
    st.sampled_from(ODD), st.integers(), st.floats(), st.text(max_size=30), st.sampled_from(WORDS).map(lambda word: {"kind": word})
)
shapes = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), inner, max_size=5)
    ),
    max_leaves=25,
)
"""JSON of shapes that no file has."""


def bytes_like(files: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Return a strategy of bytes: ``files`` with spoiled bytes or, where they are JSON, spoiled values; shapes; noise."""
    documents = [document for file in files if (document := _json(file)) is not None]
    seeds = st.integers(0, 2**48)
    kinds = [st.builds(_spoiled_bytes, st.sampled_from(files), seeds)]
    if documents:
        kinds += [st.builds(_spoiled_values, st.sampled_from(documents), seeds)] * 3
    return st.one_of(*kinds, shapes.map(written), st.binary(max_size=300))


def flooded(floods: Sequence[Flood], size: int) -> Iterator[bytes]:
    """Yield floods of about ``size`` bytes."""
    return (begins + repeated * (size // len(repeated)) + ends for begins, repeated, ends in floods)


def written(value: Any) -> bytes:
    """Return a value as JSON, as loose as Python writes it."""
    return json.dumps(value).encode()


def spoiled(value: Any, dice: random.Random) -> Any:
    """Return a copy of JSON data with one to six of its values exchanged, doubled, nested or taken out."""
    holder = [copy.deepcopy(value)]
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        places = _places(holder, dice)
        if places:
            _spoil(*places[-1] if dice.random() < 0.5 else dice.choice(places), dice)
    return holder[0]


def _json(file: bytes) -> Any:
    try:
        return json.loads(file)
    except ValueError:
        return None


def _spoiled_values(document: Any, seed: int) -> bytes:
    return written(spoiled(document, random.Random(seed)))


def _places(holder: Any, dice: random.Random) -> list[tuple[Any, Any]]:
    """Return the places on a random way from the outermost value to an inner one."""
    found: list[tuple[Any, Any]] = []
    while isinstance(holder, (list, dict)) and holder and len(found) < 30:
        at = dice.choice(list(holder)) if isinstance(holder, dict) else dice.randrange(len(holder))
        found.append((holder, at))
        holder = holder[at]
    return found


def _spoil(holder: Any, at: Any, dice: random.Random) -> None:
    own, way = holder[at], dice.randrange(7)
    if way == 0 and isinstance(own, str) and own:
        place = dice.randrange(len(own))
        holder[at] = own[:place] + str(dice.choice(ODD)) * dice.choice((1, 1, 50)) + own[place + dice.randrange(3) :]
    elif way == 1 and isinstance(own, list) and own:
        holder[at] = own * dice.choice((2, 30, 400)) if len(own) < 100 else own[::-1]
    elif way == 2 and isinstance(own, dict):
        own[dice.choice(WORDS)] = dice.choice(ODD)
    elif way == 3:
        for _ in range(dice.choice((1, 7, 70))):
            holder[at] = [holder[at]] if dice.random() < 0.5 else {dice.choice(WORDS): holder[at]}
    elif way == 4 and isinstance(own, (int, float)) and not isinstance(own, bool):
        holder[at] = dice.choice((-own, own * 10**9, str(own), [own], own + 10**18, float(own) / 3 if abs(own) < 1e300 else 0))
    elif way == 5 and not isinstance(holder[at], (list, dict)) and isinstance(holder, dict):
        del holder[at]
    else:
        holder[at] = copy.deepcopy(dice.choice(ODD))


def _spoiled_bytes(file: bytes, seed: int) -> bytes:
    """Return a file with some bytes changed, cut out, put in, doubled or exchanged."""
    dice = random.Random(seed)
    data = bytearray(file)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        start = dice.randrange(len(data) + 1)
        end = min(len(data), start + dice.choice((0, 1, 1, 8, 200, 5000)))
        way = dice.randrange(6)
        if way == 0 and data:
            data[min(start, len(data) - 1)] = dice.randrange(256)
        elif way == 1:
            del data[start:end]
        elif way == 2:
            data[start:end] = dice.choice(SPLINTERS)
        elif way == 3:
            data[start:start] = bytes(data[start:end]) * dice.choice((1, 3, 40))
        elif way == 4:
            del data[start:]
        else:
            data[start:end] = bytes(dice.randrange(256) for _ in range(end - start if end - start < 300 else 5))
    return bytes(data[:MOST])

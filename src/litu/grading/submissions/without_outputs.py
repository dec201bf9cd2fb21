"""A notebook without its outputs, taken out of the text before anything is built from it.

Outputs are what makes notebooks large, and grading throws them away.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_IS_KEY = re.compile(rb"\s*:\s*(?=\[)")
MOST_TOKENS = 2_000_000
_DEPTH = 3
"""Of a cell's own keys: the notebook, its list of cells, the cell."""


def without_outputs(data: bytes) -> bytes | None:
    """Return the JSON text with every cell's list of outputs emptied; None when it has too many parts to read."""
    kept: list[bytes] = []
    start = depth = 0
    inside = awaited = False
    for count, token in enumerate(_TOKEN.finditer(data)):
        if count > MOST_TOKENS:
            return None
        first = data[token.start()]
        if first in b"[{":
            depth += 1
            if awaited:
                kept.append(data[start : token.start()])
                inside = True
            awaited = False
        elif first in b"]}":
            depth -= 1
            if inside and depth == _DEPTH:
                kept.append(b"[]")
                start, inside = token.end(), False
        elif not inside and depth == _DEPTH and token[0] == b'"outputs"':
            awaited = _IS_KEY.match(data, token.end()) is not None
    return b"".join([*kept, b"" if inside else data[start:]])

"""Pictures that students paste into text cells: kept as pictures, and as nothing else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

Pictures = dict[str, tuple[str, str]]
"""By name: the kind of picture, and its bytes in base 64."""

KINDS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}  # fmt: skip
"""Kinds that hold no script, and how a file of each begins."""
MOST_PICTURES = 20
"""Of one cell."""
_NAMED = re.compile(r"!\[([^\[\]\n]{0,300})\]\(attachment:([^()\s]{1,300})(?:[ \t]+\"[^\"\n]{0,300}\")?\)")


def taken_over(source: str, attachments: Any) -> tuple[str, Pictures, list[str]]:
    """Return a cell's text, its pictures, and the names of attachments that are no pictures.

    Pictures get names of ours, after their bytes, in the text too. One that the text does not show is shown at its end.
    """
    pictures, names, lost = Pictures(), {}, []
    for name, data in attachments.items() if isinstance(attachments, Mapping) else ():
        found = _picture(data) if len(pictures) < MOST_PICTURES else None
        if found is None:
            lost.append(str(name)[:100].encode("utf-8", "replace").decode())
            continue
        kind, encoded = found
        ours = f"picture-{hashlib.sha256(encoded.encode()).hexdigest()[:12]}.{kind.removeprefix('image/')}"
        pictures[ours] = found
        names[str(name)] = ours
    shown: set[str] = set()

    def renamed(found: re.Match[str]) -> str:
        ours = names.get(found[2]) or names.get(unquote(found[2]))
        if ours is None:
            return found[0]
        shown.add(ours)
        return f"![{found[1]}](attachment:{ours})"

    source = _NAMED.sub(renamed, source) if pictures else source
    unseen = [f"![picture](attachment:{name})" for name in pictures if name not in shown]
    return "\n\n".join([source, *unseen]), pictures, lost


def _picture(data: Any) -> tuple[str, str] | None:
    """Return kind and bytes of an attachment that is what it says it is."""
    for kind, begins in KINDS.items():
        encoded = data.get(kind) if isinstance(data, Mapping) else None
        if isinstance(encoded, list):
            encoded = "".join(part for part in encoded if isinstance(part, str))
        if isinstance(encoded, str):
            try:
                raw = base64.b64decode("".join(encoded.split()), validate=True)
            except (binascii.Error, ValueError):
                return None
            return (kind, base64.b64encode(raw).decode()) if raw.startswith(begins) else None
    return None

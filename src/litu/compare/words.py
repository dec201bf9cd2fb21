"""Texts as they are compared."""

from __future__ import annotations

import re


def tidy(text: str) -> str:
    """Return a text without what does not count: case, spacing, dashes, underscores, full stops at its end."""
    return re.sub(r"[\s_\-‐-―]+", " ", text).strip(" .").casefold()

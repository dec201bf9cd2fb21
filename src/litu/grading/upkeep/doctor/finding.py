"""What an examination finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    about: str
    """What was looked at, in a word or two."""
    says: str
    level: Literal["fine", "note", "problem"] = "fine"
    """A note is for those whom it concerns; a problem has to be mended."""
    mend: str = ""
    """The line that mends it."""

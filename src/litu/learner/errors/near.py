"""The name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

MOST = 3_000
"""Names looked at."""
LONGEST = 60
"""Characters of a name that can be misspelt; longer ones are not compared."""
NEAR = 0.7


def near(name: str, candidates: Iterable[object]) -> str | None:
    """Return the candidate that differs from ``name`` by capitals, blanks or a slip of the keys; None when none is near."""
    known = [one for one in islice(candidates, MOST) if type(one) is str and one != name and len(one) <= LONGEST]
    if len(name) > LONGEST:
        return None
    if same := next((one for one in known if _bare(one) == _bare(name)), None):
        return same
    if len(name) < 3:
        return None
    found = difflib.get_close_matches(name, known, n=1, cutoff=NEAR)
    return found[0] if found else None


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter not in " _-") or name

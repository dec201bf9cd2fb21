"""Text from elsewhere, such as names and messages, made fit for a terminal and for a spreadsheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LONGEST = 500
"""Characters of one text that are shown."""
_FORMULA = tuple("=+-@＝＋－＠")
"""Spreadsheets calculate what begins so; those of East Asia take the wide forms too."""
_ACTIVE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's classes of what moves the cursor, hides or turns round other text, or cannot be written."""


def plain(text: str, longest: int = LONGEST) -> str:
    """Return text on one line in which control characters are spelt out, and not without end."""
    spelt = "".join(char.encode("unicode_escape").decode() if unicodedata.category(char) in _ACTIVE else char for char in text)
    return spelt if len(spelt) <= longest else f"{spelt[: longest - 1]}…"


def spreadsheet_cell(value: object) -> object:
    """Return a value for a CSV file that Excel opens: a text never begins a formula."""
    if not isinstance(value, str):
        return value
    text = plain(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def first_of(texts: Sequence[str], most: int, what: str = "") -> list[str]:
    """Return the first ``most`` texts; when there are more, the last says how many."""
    rest = len(texts) - most
    return [*texts[:most], *([f"and {rest} more{what}"] if rest > 0 else [])]

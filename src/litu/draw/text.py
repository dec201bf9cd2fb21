"""How wide a text is, and where its lines break.

A drawing is laid out before anybody knows which font the reader's machine
has. The widths here are those of DejaVu Sans, the widest of the common
sans-serif fonts, so that a text that fits here fits everywhere.
"""

from __future__ import annotations

import unicodedata

NO_BREAK = "\u00a0"
"""A blank at which no line breaks."""
_FIRST = 32
# fmt: off
_PLAIN = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53,
    100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50,
    50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)
# fmt: on
"""Widths of the characters from the blank to the tilde, in hundredths of the font size."""
_OTHER, _WIDE, _BOLD = 84, 104, 1.13


def text_width(text: str, size: float = 12, *, bold: bool = False) -> float:
    """Return the width of one line of ``text`` in pixels, never too small for a common font."""
    return sum(map(_hundredths, text)) * size / 100 * (_BOLD if bold else 1)


def _hundredths(character: str) -> int:
    plain = unicodedata.normalize("NFD", character)[0]
    if _FIRST <= ord(plain) < _FIRST + len(_PLAIN):
        return _PLAIN[ord(plain) - _FIRST]
    return _WIDE if unicodedata.east_asian_width(character) in "WF" else _OTHER


def wrap(text: str, width: float, size: float = 12, *, bold: bool = False) -> list[str]:
    """Break ``text`` into lines of at most ``width`` pixels; a single longer word is cut in pieces."""
    lines: list[str] = []
    line = ""
    for word in _words(str(text), width, size, bold):
        longer = f"{line} {word}".lstrip()
        if line and text_width(longer, size, bold=bold) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _words(text: str, width: float, size: float, bold: bool) -> list[str]:
    words = []
    for word in text.replace("\n", " ").split(" "):  # a no-break space keeps its words together
        while len(word) > 1 and text_width(word, size, bold=bold) > width:
            kept = len(word) - 1
            while kept > 1 and text_width(word[:kept], size, bold=bold) > width:
                kept -= 1
            words.append(word[:kept])
            word = word[kept:]
        if word:
            words.append(word)
    return words


def longest_word(text: str, size: float = 12, *, bold: bool = False) -> float:
    """Return the width of the longest word of ``text`` in pixels."""
    return max((text_width(word, size, bold=bold) for word in str(text).split()), default=0.0)

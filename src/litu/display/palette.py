"""The colours of the course.

Charts stand on the page's own ground, which may be white or nearly black. So
text and lines take the page's text colour (``currentColor``), and the colours
that tell things apart are middle tones: each has a contrast of at least 3:1,
as WCAG 2.2 asks of graphics, on white and on JupyterLab's dark ground. They
follow Okabe and Ito (2008), darkened where the originals are too light, and
stay apart for the common forms of colour blindness; shape, pattern or a word
always says the same as the colour.
"""

from __future__ import annotations

INK = "currentColor"
"""The text colour of the page that the chart stands on."""

BLUE = "#0077bb"
VERMILION = "#d55e00"
GREEN = "#009e73"
PURPLE = "#a8559b"
GREY = "#7a7a7a"
OCHRE = "#a67c00"
CATEGORIES = (BLUE, VERMILION, GREEN, PURPLE, OCHRE, GREY)
"""For kinds of things, in this order."""

STEPS = ("#dbe9f6", "#a6cbe8", "#62a3d6", "#2372b0", "#0b3c6f")
"""For amounts, least first: filled areas, each with its own text colour."""

DARK_TEXT, LIGHT_TEXT = "#111111", "#ffffff"


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 for black to 1 for white (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_on(fill: str) -> str:
    """Return the text colour that reads better on a filled area."""
    return max((DARK_TEXT, LIGHT_TEXT), key=lambda text: contrast(text, fill))

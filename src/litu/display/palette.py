"""The colours of the course.

Charts stand on the page's own ground, which may be white or nearly black. So
text and lines take the page's text colour (``currentColor``), and the colours
that tell things apart are middle tones: each has a contrast of at least 3:1,
as WCAG 2.2 asks of graphics, on white and on the dark grounds of JupyterLab and
VS Code. They keep to the hues of Okabe and Ito (2008) and lie as far apart as
that allows for the three forms of colour blindness; shape, pattern or a word
always says the same as the colour.
"""

from __future__ import annotations

INK = "currentColor"
"""The text colour of the page that the chart stands on."""

BLUE = "#265ee8"
ORANGE = "#e87313"
GREEN = "#00aa68"
PURPLE = "#a0529c"
BROWN = "#9d5900"
GREY = "#856d74"
CATEGORIES = (BLUE, ORANGE, GREEN, PURPLE, BROWN, GREY)
"""For kinds of things, in this order."""
TINT = "rgba(38,94,232,0.10)"
"""Behind text in the page's own colour."""

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

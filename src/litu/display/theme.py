"""The look of the course's charts: legible sizes, colours that everybody tells apart, the page's own text colour."""

from __future__ import annotations

from typing import Any

from litu.display.palette import BLUE, CATEGORIES, INK, ORANGE, STEPS

NAME = "litu"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
"""Fonts of equal widths on most machines: labels take the room that was reckoned."""


def theme() -> dict[str, Any]:
    """Return the configuration of Vega-Lite that every chart of the course starts from; no text is below 12 pixels."""
    text = {"labelFontSize": 12, "titleFontSize": 13, "labelColor": INK, "titleColor": INK}
    lines = {"domainColor": INK, "tickColor": INK, "gridColor": INK, "gridOpacity": 0.15, "domainOpacity": 0.6, "tickOpacity": 0.6}
    return {
        "config": {
            "background": None,
            "font": FONT,
            "padding": 6,
            "view": {
                "continuousWidth": 480,
                "continuousHeight": 300,
                "discreteWidth": {"step": 40},
                "discreteHeight": {"step": 24},
                "stroke": None,
            },
            "title": {"fontSize": 15, "anchor": "start", "color": INK, "subtitleFontSize": 13, "subtitleColor": INK, "offset": 12},
            "axis": {**text, **lines, "labelLimit": 240, "labelFlush": False, "titlePadding": 8},
            "axisBand": {"grid": False},
            "legend": {**text, "labelLimit": 240, "symbolSize": 110, "gradientLength": 160},
            "header": text,
            "mark": {"color": BLUE, "tooltip": False},
            "line": {"strokeWidth": 2.5},
            "trail": {"color": BLUE},
            "point": {"filled": True, "size": 70},
            "rule": {"color": INK, "strokeWidth": 1.5},
            "tick": {"color": BLUE, "thickness": 2},
            "text": {"color": INK, "fontSize": 12},
            "range": {
                "category": list(CATEGORIES),
                "ordinal": list(STEPS),
                "ramp": list(STEPS),
                "heatmap": list(STEPS),
                "diverging": [ORANGE, "#f0b58c", "#eeeeee", "#8fc1e3", BLUE],
            },
        }
    }

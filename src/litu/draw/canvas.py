"""Shapes on a plane of pixels, as layers of an Altair chart.

Every drawing that is no chart of data (a map of tiles, a chain of boxes) is
laid out in Python and handed to Altair as rectangles, lines and texts with
pixel coordinates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import altair as alt

from litu.display.facts import TOLD
from litu.display.palette import INK
from litu.draw.shapes import LINE_HEIGHT, WIDTH, Mark, Rect, Shape, Stroke, Words
from litu.draw.text import wrap

_TITLE = 15
_NOTE = 13


def canvas(
    shapes: Iterable[Shape], height: float, *, title: str, description: str, told: Iterable[str], width: float = WIDTH, note: str = ""
) -> alt.LayerChart:
    """Return the drawing of ``shapes``, painted in their order by kind: areas, lines, signs, texts.

    ``told`` says in sentences what is drawn; `litu.describe` gives them to whoever reads and does not look. A ``note`` stands below the title.
    """
    shapes = list(shapes)
    layers = [
        layer
        for layer in (
            *_rects([s for s in shapes if isinstance(s, Rect)], width, height),
            _strokes([s for s in shapes if isinstance(s, Stroke)], width, height),
            _marks([s for s in shapes if isinstance(s, Mark)], width, height),
            *_texts([s for s in shapes if isinstance(s, Words)], width, height),
        )
        if layer is not None
    ]
    return (
        alt.layer(*layers)
        .resolve_scale(x="shared", y="shared")
        .properties(
            width=round(width),
            height=round(height),
            title=title_of(title, width, note),
            description=description,
            view=alt.ViewBackground(stroke=None, fill=None),
            usermeta={TOLD: list(told)},
        )
    )


def title_of(title: str, width: float = WIDTH, note: str = "") -> alt.TitleParams:
    """Return a title that starts at the left and breaks before the right edge, with a note below it if there is one."""
    lines = wrap(title, width, _TITLE, bold=True)
    heading = alt.TitleParams(text=lines, anchor="start", frame="group", fontSize=_TITLE, color=INK, offset=12)
    if note:
        heading.subtitle = wrap(note, width, _NOTE)
    return heading


def _plane(rows: list[dict[str, Any]], width: float, height: float, x: str = "x", y: str = "y") -> tuple[alt.Chart, dict[str, Any]]:
    across = alt.Scale(domain=[0, round(width)], nice=False, zero=False)
    down = alt.Scale(domain=[0, round(height)], nice=False, zero=False, reverse=True)
    chart = alt.Chart(alt.Data(values=rows))
    return chart, {"x": alt.X(f"{x}:Q", axis=None, scale=across), "y": alt.Y(f"{y}:Q", axis=None, scale=down)}


def _own(field: str) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def _rows(shapes: Sequence[Any]) -> list[dict[str, Any]]:
    return [{name: round(value, 1) if isinstance(value, float) else value for name, value in asdict(shape).items()} for shape in shapes]


def _rects(rects: list[Rect], width: float, height: float) -> list[alt.Chart]:
    """Return a layer for each kind of outline: Vega-Lite takes the dash of a rectangle from its mark only."""
    layers = []
    for dash in dict.fromkeys(rect.dash for rect in rects):
        chart, place = _plane(_rows([rect for rect in rects if rect.dash == dash]), width, height)
        layer = chart.mark_rect(aria=False, cornerRadius=4, strokeDash=list(dash)).encode(
            **place,
            x2="x2",
            y2="y2",
            fill=alt.Fill(**_own("fill")),
            stroke=alt.Stroke(**_own("stroke")),
            strokeWidth=alt.StrokeWidth(**_own("thick")),
        )
        layers.append(layer)
    return layers


def _strokes(strokes: list[Stroke], width: float, height: float) -> alt.Chart | None:
    if not strokes:
        return None
    rows = [
        {"line": number, "step": step, "x": round(x, 1), "y": round(y, 1)}
        | {"colour": stroke.colour, "thick": stroke.thick, "dash": stroke.dash, "strength": stroke.strength}
        for number, stroke in enumerate(strokes)
        for step, (x, y) in enumerate(stroke.points)
    ]
    chart, place = _plane(rows, width, height)
    return chart.mark_line(aria=False, strokeJoin="round").encode(
        **place,
        order=alt.Order("step:Q"),
        detail=alt.Detail("line:N"),
        stroke=alt.Stroke(**_own("colour")),
        strokeWidth=alt.StrokeWidth(**_own("thick")),
        strokeDash=alt.StrokeDash(**_own("dash")),
        strokeOpacity=alt.StrokeOpacity(**_own("strength")),
    )


def _marks(marks: list[Mark], width: float, height: float) -> alt.Chart | None:
    if not marks:
        return None
    chart, place = _plane(_rows(marks), width, height)
    return chart.mark_point(aria=False, opacity=1).encode(
        **place,
        shape=alt.Shape(**_own("shape")),
        size=alt.Size(**_own("size")),
        angle=alt.Angle(**_own("angle")),
        fill=alt.Fill(**_own("fill")),
        stroke=alt.Stroke(**_own("stroke")),
        strokeWidth=alt.StrokeWidth(**_own("thick")),
    )


def _texts(texts: list[Words], width: float, height: float) -> list[alt.Chart]:
    layers = []
    for align, size, bold in sorted({(t.align, t.size, t.bold) for t in texts}):
        step = size * LINE_HEIGHT
        rows = [
            {"x": round(t.x, 1), "y": round(t.y - (len(t.lines) - 1) / 2 * step, 1), "text": "\n".join(t.lines), "colour": t.colour}
            for t in texts
            if (t.align, t.size, t.bold) == (align, size, bold)
        ]
        chart, place = _plane(rows, width, height)
        mark = chart.mark_text(
            aria=False,
            align=align,
            baseline="middle",
            fontSize=size,
            fontWeight="bold" if bold else "normal",
            lineBreak="\n",
            lineHeight=step,
        )
        layers.append(mark.encode(**place, text="text:N", fill=alt.Fill(**_own("colour"))))
    return layers

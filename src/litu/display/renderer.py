"""Shows a chart in a notebook: as a picture, and as an interactive one where it has something to move.

A picture is an SVG inside the page's HTML. In that form it takes the page's text colour, in light and dark
themes, and screen readers find its name; JupyterLab, Notebook, VS Code and exported HTML all show it without
loading anything. (An SVG of its own, `image/svg+xml`, becomes an image without a name and with black text.)
"""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Callable
from typing import Any

from litu.answers.notes import Note
from litu.display import facts, interactive
from litu.display.svg import NotDrawn, accessible, description_of, draw, title_of

NAME = "litu"
Bundle = dict[str, Any]
UNDRAWN: deque[Exception] = deque(maxlen=1)
"""The last error that kept a chart from being drawn, for whoever explains it (`litu.learner.errors`)."""


def render(spec: dict[str, Any], **_: Any) -> Bundle:
    """Return a chart as HTML and, where no HTML is shown, as its title and description: a renderer of Altair's."""
    try:
        drawn = accessible(draw(spec), title_of(spec), description_of(spec) or _summary(spec))
    except NotDrawn as problem:
        return not_drawn(str(problem), spec)
    shown = f"<figure style='margin:0' class='litu-chart'>{drawn}</figure>"
    if interactive.moves(spec):
        shown = interactive.page_part(spec, shown)
    return {"text/html": shown, "text/plain": told(spec)}


def told(spec: dict[str, Any]) -> str:
    """Return what stands in for a chart where there are no pictures."""
    parts = [part.rstrip(".") for part in (title_of(spec), description_of(spec) or _summary(spec)) if part]
    return f"[Chart] {'. '.join(parts)}." if parts else "[Chart without a title]"


def _summary(spec: dict[str, Any]) -> str:
    """Return what the chart draws, for one that its author does not describe; empty where that cannot be read."""
    try:
        return facts.summary(spec)
    except Exception:  # a name that is missing costs less than a picture
        return ""


def not_drawn(reason: str, spec: dict[str, Any] | None = None) -> Bundle:
    """Return the sentence that stands in for a chart that cannot be drawn."""
    about = f" It should show this. {told(spec)[8:]}" if spec and description_of(spec) else ""
    note = Note("! The chart is not drawn", reason + about)
    return {"text/html": note._repr_html_(), "text/plain": repr(note)}


def shown(chart: Any, renderer: Callable[..., Any] | None) -> Bundle:
    """Return a chart as Altair's active renderer shows it; a specification that is not valid becomes a sentence."""
    try:
        spec = chart.to_dict(context={"pre_transform": False})
    except Exception as error:  # whatever a learner's chart holds
        UNDRAWN.append(error)
        return not_drawn(first_sentence(error))
    return renderer(spec) if renderer else {}


def first_sentence(error: Exception) -> str:
    """Return what an error of Altair's says first, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return html.unescape(lines[0])[:300] if lines else type(error).__name__

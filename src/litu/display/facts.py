"""What a chart shows, as sentences computed from its data: facts first, rounded, without interpretation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from litu.charts.encodings import Encoding
from litu.charts.meaning import ChartMeaning, View, meaning
from litu.display.numbers import short
from litu.display.series import cloud, course, text_of
from litu.display.svg import description_of, title_of

KINDS = {
    "line": "Line chart", "trail": "Line chart", "bar": "Bar chart", "area": "Area chart", "point": "Dots", "circle": "Dots",
    "square": "Dots", "tick": "Strip of ticks", "arc": "Pie chart", "rect": "Grid of coloured cells", "rule": "Lines across", "text": "Labels",
}  # fmt: skip
TOLD = "litu-told"
"""Where a drawing keeps what it says of itself, in the part of a specification that Vega leaves alone."""
MOST_SERIES = 8
_SERIES = ("color", "fill", "stroke", "strokeDash", "shape", "detail", "row", "column", "facet")
_WAYS = {"x": "Across", "y": "Up"}
Point = dict[str, Any]


def told(spec: dict[str, Any]) -> tuple[str, tuple[str, ...], pd.DataFrame | None]:
    """Return a chart's title, the sentences about it and its data."""
    title = title_of(spec) or "A chart without a title"
    author = (f"Its author says: {description_of(spec)}",) if description_of(spec) else ()
    if (drawn := drawing(spec)) is not None:
        return title, (*author, *drawn), None
    chart = meaning(spec)
    views = main_views(chart)
    problem = chart.problem or next((view.problem for view in chart.views if view.problem), None)
    if not views:
        return title, (*author, problem or "It shows no data."), None
    sentences = [sentence for view in views for sentence in _sentences(view, chart)]
    return title, (*sentences, *_lines(chart), *author), _table(views)


def summary(spec: dict[str, Any]) -> str:
    """Return what kind of chart a specification draws, and of what, in one sentence; empty where that cannot be read."""
    views = main_views(meaning(spec))
    return next(_sentences(views[0], None), "") if views else ""


def drawing(spec: dict[str, Any]) -> list[str] | None:
    """Return what a drawing of `litu.draw` says of itself, or None for a chart of data."""
    usermeta = spec.get("usermeta")
    said = usermeta.get(TOLD) if isinstance(usermeta, dict) else None
    return [str(sentence) for sentence in said] if isinstance(said, list) else None


def main_views(chart: ChartMeaning) -> list[View]:
    """Return the layers that show data, each once: without labels, and without lines at one value."""
    shown: list[View] = []
    for view in chart.views:
        if not view.points or view.mark in ("text", "rule") and any(other.mark not in ("text", "rule") for other in chart.views):
            continue
        if not any(view.points == other.points for other in shown):
            shown.append(view)
    return shown


def _sentences(view: View, chart: ChartMeaning | None) -> Iterator[str]:
    """Yield kind and axes first, then what the values do."""
    key, measure = _roles(view)
    dots = chart and view.mark in ("line", "trail") and any(o.mark in ("point", "circle") and o.points == view.points for o in chart.views)
    series = _series(view, key)
    count = f", {len(series)} {'lines' if view.mark == 'line' else 'groups'}" if len(series) > 1 else ""
    kind = KINDS.get(view.mark, "Chart")
    of = f" of {_name(view, measure)} by {_name(view, key)}" if key and measure else ""
    if not of and _both_numbers(view):
        kind, of = "Scatter plot", f" of {_name(view, 'y')} against {_name(view, 'x')}"
    yield f"{kind}{' with dots' if dots else ''}{of}{count}."
    if chart is None:
        return
    for channel, way in _WAYS.items():
        if channel in view.encodings:
            yield f"{way}: {_axis(view, channel)}."
    if not key or not measure:
        if _both_numbers(view) and (said := cloud(_pairs(view.points or (), "x", "y", numbers=True))):
            yield said
        return
    ordered = _ordered(view.encodings[key])
    for name, points in list(series.items())[:MOST_SERIES]:
        told = course(_pairs(points, key, measure), ordered=ordered)
        yield f"{name}: {told}." if name else f"{told[0].upper()}{told[1:]}."
    if len(series) > MOST_SERIES:
        yield f"{len(series) - MOST_SERIES} more are in the table."


def _pairs(points: Iterable[Point], key: str, measure: str, *, numbers: bool = False) -> list[tuple[Any, float]]:
    """Return the known values of a measure with their places, perhaps only those at a number."""
    pairs = [(point.get(key), point.get(measure)) for point in points]
    kinds = (int, float) if numbers else object
    return [(where, value) for where, value in pairs if where is not None and isinstance(where, kinds) and isinstance(value, int | float)]


def _roles(view: View) -> tuple[str | None, str | None]:
    """Return the channel that orders the values and the channel of the values."""
    x, y = view.encodings.get("x"), view.encodings.get("y")
    if x and y and y.type == "quantitative" and (x.type != "quantitative" or view.mark in ("line", "area", "trail", "bar")):
        return "x", "y"
    if x and y and x.type == "quantitative" and y.type != "quantitative":
        return "y", "x"
    return None, None


def _both_numbers(view: View) -> bool:
    return all(channel in view.encodings and view.encodings[channel].type == "quantitative" for channel in "xy")


def _series(view: View, key: str | None) -> dict[str, list[Point]]:
    """Return the points of each line or group, by its name; one without a name when there is only one."""
    own = view.encodings.get(key or "")
    channels = [channel for channel in _SERIES if channel in view.encodings and _names_groups(view.encodings[channel], own)]
    found: dict[str, list[Point]] = {}
    for point in view.points or ():
        names = dict.fromkeys(str(point[channel]) for channel in channels if channel in point)
        found.setdefault(", ".join(names), []).append(point)
    return found


def _names_groups(encoding: Encoding, key: Encoding | None) -> bool:
    return encoding.type in ("nominal", "ordinal") and (key is None or encoding.field != key.field)


def _name(view: View, channel: str | None) -> str:
    """Return what a channel shows: its title, or its column and what is taken of it."""
    encoding = view.encodings[channel or ""]
    field = encoding.field or "values"
    return encoding.title or {None: field, "count": "number of rows"}.get(encoding.aggregate, f"{encoding.aggregate} of {field}")


def _axis(view: View, channel: str) -> str:
    encoding = view.encodings[channel]
    values = [point[channel] for point in view.points or () if point.get(channel) is not None]
    if not values:
        return f"{_name(view, channel)}, no values"
    if encoding.type == "quantitative" and all(isinstance(value, int | float) for value in values):
        scale = "" if encoding.scale in (None, "linear") else f", on a {encoding.scale} scale"
        return f"{_name(view, channel)}, {short(min(values))} to {short(max(values))}{scale}"
    names = list(dict.fromkeys(map(text_of, sorted(values) if _ordered(encoding) and len({type(v) for v in values}) == 1 else values)))
    listed = (
        ", ".join(names)
        if len(names) <= 6
        else f"{names[0]} to {names[-1]}"
        if _ordered(encoding)
        else f"{', '.join(names[:3])} and others"
    )
    return f"{_name(view, channel)}, {listed}" + (f" ({len(names)} values)" if len(names) > 6 else "")


def _ordered(encoding: Encoding) -> bool:
    return encoding.type in ("quantitative", "temporal", "ordinal")


def _lines(chart: ChartMeaning) -> Iterator[str]:
    """Yield the reference lines: rules at one value, with the labels that stand at the same value."""
    if len(chart.views) < 2:
        return
    for view in chart.views:
        for channel, way in (("x", "upright"), ("y", "across")):
            if view.mark == "rule" and channel in view.constants:
                value = view.constants[channel]
                texts = [other for other in chart.views if other.mark == "text" and other.constants.get(channel) == value]
                labels = [str(point["text"]) for text in texts for point in text.points or () if point.get("text")]
                yield f"A line at {text_of(value)} {way}" + (f": {labels[0]}." if labels else ".")


def _table(views: list[View]) -> pd.DataFrame:
    """Return the points of the views, one row each, under the names of their axes."""
    tables = []
    for view in views:
        rows = pd.DataFrame(list(view.points or ()))
        names = {channel: _name(view, channel) for channel in rows.columns if channel in view.encodings}
        rows = rows[[channel for channel in rows.columns if channel in names]].rename(columns=names)
        rows = rows.loc[:, ~rows.columns.duplicated()]
        groups = [name for channel, name in names.items() if channel in _SERIES and name in rows]
        tables.append(rows.sort_values(groups, kind="stable", key=lambda column: column.astype(str)) if groups else rows)
    return pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]

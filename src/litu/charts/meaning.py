"""Read a Vega-Lite spec as the views it draws, whoever wrote it and however.

The spec is data: nothing in it is run, no address is followed, and depth,
views and rows are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from typing import Any

from litu.charts.encodings import Encoding, read_encodings, text_of
from litu.charts.marks import draw
from litu.charts.transforms import MAX_ROWS, Unfollowed, WorkBudget, list_of, source_rows, transformed

MAX_DEPTH = 20
MAX_VIEWS = 40
PART = 100
"""What one layer, panel or repetition counts, in cells looked at."""
PANELS = ("hconcat", "vconcat", "concat")
REPEATED = ("row", "column", "layer", "repeat")


@dataclass(frozen=True)
class View:
    """One mark with its encodings and the points it draws."""

    mark: str
    encodings: dict[str, Encoding] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    points: tuple[dict[str, Any], ...] | None = ()
    problem: str | None = None
    title: str | None = None
    panel: int = 0


@dataclass(frozen=True)
class ChartMeaning:
    """What a chart shows, free of the way it was written.

    `problem` is a sentence for the reader when the spec is no chart that can
    be read. `buried` says that a description sits on one layer only, where
    Vega never shows it.
    """

    views: tuple[View, ...] = ()
    title: str | None = None
    subtitle: str | None = None
    description: str | None = None
    buried: bool = False
    problem: str | None = None

    def to_plain(self) -> dict[str, Any]:
        """Return the meaning as strict JSON data."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ChartMeaning:
        """Rebuild a meaning from `to_plain`, also after a trip through JSON."""
        views = []
        for view in plain["views"]:
            encodings = {channel: Encoding.from_plain(found) for channel, found in view["encodings"].items()}
            points = None if view["points"] is None else tuple(view["points"])
            views.append(View(**{**view, "encodings": encodings, "points": points}))
        return cls(**{**plain, "views": tuple(views)})


@dataclass(frozen=True)
class _Unit:
    """A spec with one mark, and everything it inherits."""

    spec: Mapping[str, Any]
    data: Any = None
    transforms: tuple[Any, ...] = ()
    encoding: Mapping[str, Any] = field(default_factory=dict)
    panel: int = 0


def meaning(spec: Any) -> ChartMeaning:
    """Return what the chart of a Vega-Lite spec shows; never raises on a bad spec."""
    if not isinstance(spec, Mapping):
        return ChartMeaning(problem="A chart was expected. Give the check the Altair chart itself.")
    try:
        work = WorkBudget()
        units = _bounded(_units(spec, _Unit(spec), 0, iter(range(MAX_VIEWS)), work))
        datasets = spec.get("datasets")
        rows_left = MAX_ROWS
        views = []
        for unit in units:
            view, used = _view(unit, datasets, rows_left, work)
            rows_left -= used
            views.append(view)
            if _has_points(unit.spec["mark"]):
                views.append(replace(view, mark="point"))
    except Unfollowed as problem:
        return ChartMeaning(problem=str(problem))
    title, subtitle = _title(spec.get("title"))
    read = text_of(spec.get("description"))
    inner = [text_of(unit.spec.get("description")) for unit in units]
    if read is None and any(name in spec for name in PANELS):
        read = next((text for text in inner if text), None)
    return ChartMeaning(
        views=tuple(_shared_titles(views)),
        title=title or next((view.title for view in views if view.title), None),
        subtitle=subtitle,
        description=read,
        buried=read is None and any(inner),
    )


def _has_points(mark: Any) -> bool:
    """Return whether a line or an area is drawn with a point at each of its figures, as a layer of points would be."""
    return isinstance(mark, Mapping) and mark.get("type") in ("line", "area") and mark.get("point") not in (None, False, "transparent")


def _bounded(units: Iterator[_Unit]) -> list[_Unit]:
    found = []
    for unit in units:
        found.append(unit)
        if len(found) > MAX_VIEWS:
            raise Unfollowed(f"The chart has more than {MAX_VIEWS} layers or panels. Draw fewer of them.")
    return found


def _units(spec: Any, above: _Unit, depth: int, panels: Iterator[int], work: WorkBudget) -> Iterator[_Unit]:
    work.take(PART)
    if depth > MAX_DEPTH:
        raise Unfollowed("The chart nests layers too deeply to be read. Build it from a few layers side by side.")
    if not isinstance(spec, Mapping):
        raise Unfollowed("A part of the chart is no chart. Build it again with `alt.Chart`.")
    here = replace(
        above,
        spec=spec,
        data=spec.get("data") if isinstance(spec.get("data"), Mapping) else above.data,
        transforms=above.transforms + tuple(list_of(spec.get("transform"))),
        encoding=_merged(above.encoding, spec.get("encoding")),
    )
    if "layer" in spec:
        for child in list_of(spec["layer"]):
            yield from _units(child, here, depth + 1, panels, work)
    elif "repeat" in spec:
        for names in _repeats(spec["repeat"]):
            panel = here.panel if "layer" in names else next(panels, MAX_VIEWS)
            child = _substituted(spec.get("spec"), names, depth, work)
            yield from _units(child, replace(here, panel=panel), depth + 1, panels, work)
    elif "facet" in spec:
        facet = spec["facet"] if isinstance(spec["facet"], Mapping) else {}
        split = {name: facet[name] for name in ("row", "column") if name in facet} or {"facet": facet}
        yield from _units(spec.get("spec"), replace(here, encoding={**here.encoding, **split}), depth + 1, panels, work)
    elif any(name in spec for name in PANELS):
        for child in list_of(next(spec[name] for name in PANELS if name in spec)):
            yield from _units(child, replace(here, panel=next(panels, MAX_VIEWS)), depth + 1, panels, work)
    elif "mark" in spec:
        yield here
    else:
        raise Unfollowed("The chart has no mark yet. Choose one, such as `.mark_bar()` or `.mark_line()`.")


def _merged(above: Mapping[str, Any], own: Any) -> dict[str, Any]:
    merged = dict(above)
    for channel, definition in own.items() if isinstance(own, Mapping) else ():
        shared = merged.get(channel)
        inherits = isinstance(definition, Mapping) and ("field" in definition or "datum" in definition)
        merged[str(channel)] = {**shared, **definition} if inherits and isinstance(shared, Mapping) else definition
    return merged


def _repeats(repeat: Any) -> list[dict[str, str]]:
    named = repeat if isinstance(repeat, Mapping) else {"repeat": repeat}
    lists = {name: list_of(named[name]) for name in REPEATED if name in named}
    combinations = product(*lists.values())
    return [dict(zip(lists, chosen, strict=True)) for chosen, _ in zip(combinations, range(MAX_VIEWS + 1), strict=False)]


def _substituted(value: Any, names: Mapping[str, Any], depth: int, work: WorkBudget) -> Any:
    """Return a spec with every {"repeat": name} replaced by the column it stands for."""
    if depth > MAX_DEPTH:
        raise Unfollowed("The chart nests layers too deeply to be read. Build it from a few layers side by side.")
    work.take(1)
    if isinstance(value, Mapping):
        if len(value) == 1 and isinstance(value.get("repeat"), str):
            return names.get(value["repeat"])
        return {key: part if key == "data" else _substituted(part, names, depth + 1, work) for key, part in value.items()}
    if isinstance(value, list):
        return [_substituted(part, names, depth + 1, work) for part in value]
    return value


def _view(unit: _Unit, datasets: Any, rows_left: int, work: WorkBudget) -> tuple[View, int]:
    mark = unit.spec["mark"]
    mark = mark.get("type") if isinstance(mark, Mapping) else mark
    if not isinstance(mark, str):
        raise Unfollowed("A mark of the chart has no name. Choose one, such as `.mark_bar()` or `.mark_line()`.")
    view = View(mark, title=_title(unit.spec.get("title"))[0], panel=unit.panel)
    used = 0
    try:
        encodings, constants, sorts = read_encodings(unit.encoding)
        view = replace(view, encodings=encodings, constants=constants)
        rows = source_rows(unit.data, datasets, rows_left)
        used = len(rows)
        encodings, points = draw(mark, encodings, sorts, transformed(rows, unit.transforms, work), work)
    except Unfollowed as problem:
        return replace(view, points=None, problem=str(problem)), used
    return replace(view, encodings=encodings, points=tuple(points)), used


def _shared_titles(views: list[View]) -> list[View]:
    """Give each view the axis titles that another layer of its panel sets for it."""
    titles: dict[tuple[int, str], str] = {}
    for view in views:
        for channel, encoding in view.encodings.items():
            if encoding.title:
                titles.setdefault((view.panel, channel), encoding.title)
    return [
        replace(
            view,
            encodings={
                channel: replace(encoding, title=encoding.title or titles.get((view.panel, channel)))
                for channel, encoding in view.encodings.items()
            },
        )
        for view in views
    ]


def _title(title: Any) -> tuple[str | None, str | None]:
    if isinstance(title, Mapping):
        return text_of(title.get("text")), text_of(title.get("subtitle"))
    return text_of(title), None

"""The encodings of a view as written, with Vega-Lite's defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litu.charts.cells import label, moment, number
from litu.charts.transforms import MAX_STEPS, Unfollowed, operation

TYPES = ("quantitative", "temporal", "nominal", "ordinal")
CONTINUOUS = ("quantitative", "temporal")
BINS = ("maxbins", "step", "minstep")
MOST_CHANNELS = 100
GUIDES = ("axis", "legend", "header")


@dataclass(frozen=True)
class Encoding:
    """One channel of a view, resolved.

    `sort` is the order of the categories drawn, or the direction of a
    continuous scale; `sort_asked` says whether the chart sets it. `title` is
    the title given, never a default. `found` is False when no row has the
    column.
    """

    field: str | None = None
    type: str = "nominal"
    aggregate: str | None = None
    bin: dict[str, float] | None = None
    time_unit: str | None = None
    sort: tuple[str, ...] | str | None = None
    sort_asked: bool = False
    scale: str | None = None
    zero: bool | None = None
    domain: tuple[Any, ...] | None = None
    stack: str | None = None
    title: str | None = None
    format: str | None = None
    datum: str | float | int | bool | None = None
    found: bool = True

    @property
    def continuous(self) -> bool:
        """Whether distances along the channel mean something."""
        return self.type in CONTINUOUS

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Encoding:
        """Rebuild an encoding whose tuples became lists in JSON."""
        fields: dict[str, Any] = {name: tuple(part) if isinstance(part, list) else part for name, part in plain.items()}
        return cls(**fields)


def read_encodings(raw: Mapping[str, Any]) -> tuple[dict[str, Encoding], dict[str, Any], dict[str, Any]]:
    """Return the encodings, the constant values and the sort each channel asks for."""
    encodings: dict[str, Encoding] = {}
    constants: dict[str, Any] = {}
    sorts: dict[str, Any] = {}
    if len(raw) > MOST_CHANNELS:
        raise Unfollowed("The chart has more channels than can be read. Draw fewer of them.")
    for channel, definitions in raw.items():
        many = definitions if isinstance(definitions, list) else [definitions]
        for place, definition in enumerate(many[:MAX_STEPS]):
            if not isinstance(definition, Mapping):
                continue
            name = channel if place == 0 else f"{channel} {place + 1}"
            condition = definition.get("condition")
            if isinstance(condition, Mapping) and "field" in condition:
                definition = {**definition, **condition}
            if any(key in definition for key in ("field", "aggregate", "datum")):
                encodings[name] = _read_encoding(definition, _own_title(definition))
                sorts[name] = definition.get("sort", "ascending")
            if "datum" in definition or "value" in definition:
                constants[name] = constant(definition.get("datum", definition.get("value")))
    return encodings, constants, sorts


def _own_title(definition: Mapping[str, Any]) -> str | None:
    """Return the title given to an axis or legend; a default made from a code name is none.

    A column named in words ("Taobao villages") titles its axis well by itself.
    """
    for guide in GUIDES:
        if guide in definition:
            part = definition[guide]
            if part is None:
                return None
            if isinstance(part, Mapping) and "title" in part:
                return text_of(part["title"])
    if "title" in definition:
        return text_of(definition["title"])
    name = definition.get("field")
    plain = not any(definition.get(key) for key in ("aggregate", "bin", "timeUnit"))
    return name if isinstance(name, str) and " " in name.strip() and plain else None


def text_of(value: Any) -> str | None:
    """Return a title on one line; None when it is blank or no text."""
    if isinstance(value, list):
        value = " ".join(line for line in value if isinstance(line, str))
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _read_encoding(definition: Mapping[str, Any], title: str | None) -> Encoding:
    """Return a channel as written, with Vega-Lite's defaults for what is left out."""
    name, unit, op = (definition.get(key) for key in ("field", "timeUnit", "aggregate"))
    if "field" in definition and not isinstance(name, str):
        raise Unfollowed("A channel of the chart names no column. Give it the name of a column as text.")
    unit = unit.get("unit") if isinstance(unit, Mapping) else unit
    op = operation(op) if op is not None else None
    asked = definition.get("scale")
    scale: Mapping[str, Any] = asked if isinstance(asked, Mapping) else {}
    binned = definition.get("bin")
    bins = None
    if binned is True or isinstance(binned, Mapping) and not binned.get("binned"):
        given = binned if isinstance(binned, Mapping) else {}
        bins = {key: value for key in BINS if (value := number(given.get(key)) or 0) > 0}
    kind = definition.get("type")
    if kind not in TYPES:
        datum = constant(definition.get("datum"))
        kind = _default_type(unit, bins is not None or op is not None, datum, isinstance(definition.get("datum"), Mapping))
    domain = scale.get("domain") if isinstance(scale.get("domain"), list) else None
    guide = definition.get("axis") or definition.get("legend")
    stack = definition.get("stack", "default")
    form = guide.get("format") if isinstance(guide, Mapping) else None
    return Encoding(
        field=name,
        type=kind,
        aggregate=op,
        bin=bins,
        time_unit=unit if isinstance(unit, str) else None,
        scale=scale.get("type") if isinstance(scale.get("type"), str) else _default_scale(kind),
        zero=scale.get("zero") if isinstance(scale.get("zero"), bool) else None,
        domain=tuple(constant(value) for value in domain[:1000]) if domain else None,
        stack="none" if stack is None or stack is False else stack if stack in ("normalize", "center") else None,
        sort="descending" if scale.get("reverse") is True else None,
        title=title,
        format=form if isinstance(form, str) else None,
        datum=constant(definition.get("datum")),
    )


def constant(value: Any) -> str | float | int | bool | None:
    """Return a constant of a chart as a plain scalar."""
    return moment(value) if isinstance(value, Mapping) else label(value)


def _default_type(unit: Any, numeric: bool, datum: Any, dated: bool) -> str:
    if unit is not None or dated:
        return "temporal"
    return "quantitative" if numeric or isinstance(datum, (int, float)) else "nominal"


def _default_scale(kind: str) -> str | None:
    return {"quantitative": "linear", "temporal": "time"}.get(kind)

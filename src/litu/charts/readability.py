"""How well a chart reads: types, scales, order, titles of axes, colour."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from litu.charts.cells import canonical, moment, number
from litu.charts.encodings import Encoding
from litu.charts.faults import Fault, word
from litu.charts.meaning import View
from litu.charts.points import key_channels

CURVED = ("log", "symlog", "sqrt", "pow")
COLOURS = ("color", "fill", "stroke")
REPEATS = ("x", "y", "xOffset", "yOffset", "shape", "strokeDash", "row", "column", "facet", "text")
SAME_UNIT = {"%": ("%", "percent", "per cent", "percentage")}
SOLID = ("bar", "area")
"""Marks whose length is read, so that their axis has to start at zero."""


def reading_faults(view: View, wanted: View, pairs: Mapping[str, str], options: Mapping[str, Any], texts: list[View]) -> list[Fault]:
    """Return what makes the view harder to read than the wanted one."""
    found: list[Fault] = []
    for channel, own in pairs.items():
        encoding, right = view.encodings[own], wanted.encodings[channel]
        found += _type_faults(view, wanted, channel, own, options)
        found += _scale_faults(view, wanted, channel, own)
        found += _sort_faults(view, wanted, channel, own)
        direct = channel in COLOURS and any(label.field == encoding.field for text in texts for label in text.encodings.values())
        if not direct:
            found += _title_faults(own, encoding, right, (options.get("units") or {}).get(channel))
    if options.get("not_colour_alone"):
        found += _colour_faults(view, texts)
    return found


def _type_faults(view: View, wanted: View, channel: str, own: str, options: Mapping[str, Any]) -> list[Fault]:
    encoding, right = view.encodings[own], wanted.encodings[channel]
    accepted = (options.get("types") or {}).get(channel)
    if encoding.type in accepted if accepted else encoding.continuous == right.continuous:
        return []
    key = channel in key_channels(wanted, list(wanted.encodings))
    if not accepted and key:
        names = [point[channel] for point in wanted.points or ()]
        if right.continuous and _evenly_spaced(names):
            return []
        if not right.continuous and wanted.mark not in SOLID and names and None not in map(_place, names):
            return []
    kind = "as separate categories" if not encoding.continuous else "on a continuous scale"
    advice = "Distances then mean nothing." if not encoding.continuous else "Each should have a place of its own."
    text = f"The {word(own)} is drawn {kind} ({encoding.type}). {advice} Choose another type, for example `:{right.type[0].upper()}`."
    return [Fault("type", own, text)]


def _place(value: Any) -> float | None:
    """Return where a year, date or number lies on a line."""
    if number(value) is not None:
        return number(value)
    date = moment(value) if isinstance(value, str) else None
    return None if date is None else int(date[:4]) + (int(date[5:7]) - 1) / 12 + (int(date[8:10]) - 1) / 366


def _evenly_spaced(values: list[Any]) -> bool:
    places = sorted({place for value in values if (place := _place(value)) is not None})
    steps = [after - before for before, after in zip(places, places[1:], strict=False)]
    return bool(steps) and max(steps) - min(steps) < 0.02 * max(steps)


def _scale_faults(view: View, wanted: View, channel: str, own: str) -> list[Fault]:
    encoding, right = view.encodings[own], wanted.encodings[channel]
    if not encoding.continuous or not right.continuous:
        return []
    where = word(own)
    kinds = [found.scale if found.scale in CURVED else "linear" for found in (encoding, right)]
    if kinds[0] != kinds[1]:
        text = f"The {where} has a {kinds[0]} scale; a {kinds[1]} one is expected. Set it with `.scale(type=...)`."
        return [Fault("scale", own, text)]
    if {encoding.stack, right.stack} & {"normalize", "center"} and encoding.stack != right.stack:
        text = f"The {where} stacks its parts in another way than asked: amounts and shares differ. Look at `stack=...`."
        return [Fault("scale", own, text)]
    if wanted.mark in SOLID and right.zero and encoding.zero is False:
        text = f"The {where} does not start at zero, so the lengths mislead. Leave out `zero=False` or the domain."
        return [Fault("scale", own, text)]
    ends = [_place(value) for value in encoding.domain or ()]
    drawn = [place for point in view.points or () if (place := _place(point.get(own))) is not None]
    if right.zero is False and encoding.zero and drawn and min(drawn) > 0.5 * max(drawn):
        text = f"The {where} starts at zero, so all that is drawn is squeezed into a corner. Set `zero=False` in its scale."
        return [Fault("scale", own, text)]
    known = [end for end in ends if end is not None]
    told = known and len(known) == len(ends) and drawn and right.domain is None
    if told and (min(drawn) < min(known) or max(drawn) > max(known)):
        text = f"The {where} ends before the data do, so some points are cut off. Widen the domain or leave it out."
        return [Fault("scale", own, text)]
    return []


def _sort_faults(view: View, wanted: View, channel: str, own: str) -> list[Fault]:
    encoding, right = view.encodings[own], wanted.encodings[channel]
    if encoding.continuous and right.continuous:
        if encoding.sort == right.sort or "descending" not in (encoding.sort, right.sort):
            return []
        text = f"The {word(own)} runs the other way round than expected. Look at its sort and scale."
        return [Fault("sort", own, text)]
    if not (isinstance(encoding.sort, tuple) and isinstance(right.sort, tuple)):
        return []
    in_time = all(re.fullmatch(r"-?\d+(\.\d+)?(-\d\d-\d\d)?", name) for name in right.sort)
    if not (right.sort_asked or in_time) or set(encoding.sort) != set(right.sort) or encoding.sort == right.sort:
        return []
    sizes, own_sizes = ([found[name] for name in order] for found, order in (
        (_sizes(wanted, channel), right.sort), (_sizes(view, own), encoding.sort),
    ))  # fmt: skip
    by_size = [falling for falling in (False, True) if sizes == sorted(sizes, reverse=falling)]
    if any(own_sizes == sorted(own_sizes, reverse=falling) for falling in by_size):
        return []
    now = "an order of their own" if encoding.sort_asked else "alphabetical order"
    way = "an order by the values" if by_size else "another order"
    text = f"The categories on the {word(own)} stand in {now}; {way} is expected. Look at `sort=...`."
    return [Fault("sort", own, text)]


def _sizes(view: View, channel: str) -> dict[str, float]:
    """Return the total drawn for each category of a channel."""
    other = {"x": "y", "y": "x"}.get(channel, "y")
    sizes: dict[str, float] = defaultdict(float)
    for point in view.points or ():
        sizes[canonical(point[channel])] += number(point.get(other)) or 0.0
    return sizes


def _title_faults(own: str, encoding: Encoding, right: Encoding, unit: Any) -> list[Fault]:
    if not right.title and unit is None:
        return []
    if not encoding.title:
        text = f"The {word(own)} has no title of its own. Give it one in words, with `.title(...)`."
        return [Fault("axis-title", own, text)]
    if unit is None or _names_unit(encoding, [unit] if isinstance(unit, str) else list(unit)):
        return []
    text = f"The title of the {word(own)} does not name the unit. Add it, for example in brackets at the end."
    return [Fault("axis-title", own, text)]


def _names_unit(encoding: Encoding, units: list[str]) -> bool:
    words = [name for unit in units for name in SAME_UNIT.get(unit, (unit,))]
    if "%" in words and (encoding.format or "").endswith("%"):
        return True
    title = (encoding.title or "").casefold()
    return any(
        re.search(rf"(?<![^\W\d]){re.escape(name.casefold())}(?!\w)", title) if name.isalpha() else name.casefold() in title
        for name in words
    )


def _colour_faults(view: View, texts: list[View]) -> list[Fault]:
    for channel in COLOURS:
        encoding = view.encodings.get(channel)
        if encoding is None or encoding.continuous:
            continue
        others = [view.encodings[name] for name in REPEATS if name in view.encodings]
        others += [found for text in texts for found in text.encodings.values()]
        if not any(found.field == encoding.field and found.datum == encoding.datum for found in others):
            text = (
                "Only colour tells the series apart, which not every reader "
                "sees. Repeat it with `shape`, `strokeDash` or labels in the chart."
            )
            return [Fault("colour", channel, text)]
    return []

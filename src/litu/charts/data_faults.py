"""What is wrong with the data that a view draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litu.answers.messages import count
from litu.answers.slips import repaired, slips, telling
from litu.charts.cells import canonical
from litu.charts.encodings import Encoding
from litu.charts.faults import Fault, word
from litu.charts.meaning import View
from litu.charts.points import Comparison, PointKey, key_channels, side_by_side
from litu.charts.transforms import shown

MOSTLY = 0.8
"""From this part of differing values on, another column seems to be drawn."""


def data_faults(view: View, wanted: View, pairs: Mapping[str, str], options: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong with the points of `view`; `pairs` names its channel for each wanted one."""
    if wanted.points is None:
        return []
    if view.points is None:
        return [Fault("unread", "", view.problem or "The data of the chart cannot be read.")]
    absent = [channel for channel in pairs.values() if not view.encodings[channel].found]
    if absent:
        return [_absent(channel, view.encodings[channel]) for channel in absent]
    if not view.points:
        text = "The chart draws no points at all. Look at the table you give it: a filter may leave no rows."
        return [Fault("data", "", text)]
    keys = key_channels(wanted, list(pairs))
    faults = [fault for channel in keys if (fault := _key_fault(view, wanted, channel, pairs[channel]))]
    if faults:
        return faults
    comparison = side_by_side(view, wanted, pairs, keys, options.get("places"))
    if keys and (repeated := comparison.repeated()):
        return [_repeated(comparison, repeated)]
    for place, channel in enumerate(comparison.measures):
        own = pairs[channel]
        fault = _measure_fault(comparison, place, own, view.encodings[own], wanted.encodings[channel])
        faults += [fault] if fault else []
    measures = [pairs[channel] for channel in comparison.measures]
    return faults or _row_faults(comparison) or _value_faults(comparison, measures)


def _measure_fault(comparison: Comparison, place: int, channel: str, encoding: Encoding, wanted: Encoding) -> Fault | None:
    """Return a fault that all values of a channel share; None when only some of them differ."""
    part = comparison.part_unmatched(place)
    kind = _kind(encoding, wanted, part) if part else "data"
    slip = _slip(comparison, place) if part == 1 and kind != "aggregate" else None
    where = word(channel)
    if slip:
        return Fault("data", channel, f"Every value on the {where} is off in the same way. {slip}")
    if kind == "aggregate":
        how = f"the {encoding.aggregate} of the rows" if encoding.aggregate else "the rows as they are"
        text = f"The {where} shows {how}; another way of combining them is asked for. Read which one the task names."
        return Fault("aggregate", channel, text)
    if kind == "field":
        drawn = f"'{shown(encoding.field)}'" if encoding.field else "a constant"
        text = f"The {where} shows {drawn}, whose values are not those expected. Check which column belongs there and how it is worked out."
        return Fault("field", channel, text)
    return None


def _row_faults(comparison: Comparison) -> list[Fault]:
    missing = [key for key in comparison.rights if key not in comparison.values]
    extra = [key for key in comparison.values if key not in comparison.rights]
    if missing or extra:
        return [_rows(comparison, missing, extra)]
    wanted, drawn = (sum(map(len, table.values())) for table in (comparison.rights, comparison.values))
    if wanted == drawn:
        return []
    way = "more" if drawn > wanted else "fewer"
    text = f"The chart draws {count(abs(drawn - wanted), 'point')} {way} than expected. Check which rows are kept."
    return [Fault("data", "", text)]


def _value_faults(comparison: Comparison, channels: list[str]) -> list[Fault]:
    differing = [key for key in comparison.common if comparison.unmatched(key)]
    if not differing:
        return []
    channel = channels[0] if len(channels) == 1 else ""
    where = f" on the {word(channel)}" if channel else ""
    wrong = sum(comparison.unmatched(key) for key in differing)
    points = sum(map(len, comparison.rights.values()))
    text = f"The values{where} differ for {wrong} of {points} points{comparison.example(differing)}. Check how they were worked out."
    return [Fault("data", channel, text)]


def _absent(channel: str, encoding: Encoding) -> Fault:
    inside = any(mark in (encoding.field or "") for mark in ".[")
    advice = " Vega looks inside dots and brackets, so rename the column." if inside else ""
    text = f"The {word(channel)} names the column '{shown(encoding.field)}', which the data do not have. Check the spelling.{advice}"
    return Fault("field", channel, text)


def _key_fault(view: View, wanted: View, channel: str, own: str) -> Fault | None:
    rights = {canonical(point[channel]) for point in wanted.points or ()}
    values = {canonical(point[own]) for point in view.points or ()}
    encoding = view.encodings[own]
    early = all(value.startswith("1970") for value in values)
    if encoding.type == "temporal" and early and not rights & values:
        text = (
            f"The years on the {word(own)} are read as milliseconds, so all lie "
            "in 1970. Give whole years the type `:O` or `:Q`, or make them dates."
        )
        return Fault("type", own, text)
    if values <= rights or len(rights & values) >= len(rights) / 2:
        return None
    drawn = f"column '{shown(encoding.field)}'" if encoding.field else "a constant"
    text = f"The {word(own)} shows {drawn}, whose values are not those expected there. Read again what belongs on it."
    return Fault("field", own, text)


def _kind(encoding: Encoding, wanted: Encoding, part: float) -> str:
    same_field = encoding.field == wanted.field or None in (encoding.field, wanted.field)
    if encoding.aggregate != wanted.aggregate and same_field and part >= MOSTLY / 2:
        return "aggregate"
    return "field" if encoding.field != wanted.field and part >= MOSTLY else "data"


def _slip(comparison: Comparison, place: int) -> str | None:
    values, rights = comparison.values, comparison.rights
    single = [key for key in comparison.common if len(values[key]) == len(rights[key]) == 1]
    if len(single) < 2:
        return None
    own, wanted = ([table[key][0][place] for key in single] for table in (values, rights))
    for slip in slips(""):
        mended = repaired(own, slip)
        if mended and telling(wanted) and all(_same(value, right) for value, right in zip(mended, wanted, strict=True)):
            return slip.says
    return None


def _same(value: Any, right: Any) -> bool:
    return value is right is None or None not in (value, right) and abs(value - right) <= 1e-6 * abs(right)


def _repeated(comparison: Comparison, repeated: list[PointKey]) -> Fault:
    example = comparison.example(repeated)
    if all(len(set(comparison.values[key])) == 1 for key in repeated):
        text = f"{len(repeated)} points are drawn more than once{example}. Look for repeated rows, perhaps from a merge."
        return Fault("data", "", text)
    text = (
        f"Several points share one place{example}, where one value each is expected. Combine the rows with an aggregate, or keep only some."
    )
    return Fault("aggregate", "", text)


def _rows(comparison: Comparison, missing: list[PointKey], extra: list[PointKey]) -> Fault:
    parts = []
    if missing:
        parts.append(f"{_points(missing)} missing{comparison.example(missing)}")
    if extra:
        parts.append(f"{_points(extra)} not expected{comparison.example(extra)}")
    advice = "Check how the rows were chosen."
    if not (missing and extra):
        advice = "Was too much filtered out?" if missing else "Is a filter missing?"
    return Fault("data", "", f"{' and '.join(parts)}. {advice}")


def _points(keys: list[PointKey]) -> str:
    return "1 point is" if len(keys) == 1 else f"{len(keys)} points are"

"""The data drawn by two views, held against each other by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litu.compare.encodings import Encoding
from litu.compare.faults import Fault, word
from litu.compare.numbers import slip_between
from litu.compare.order import PATHS, stacks
from litu.compare.scalars import canonical, number
from litu.compare.transforms import shown
from litu.compare.vegalite import View

Key = tuple[str, ...]
Measures = tuple[float | None, ...]
Table = dict[Key, list[Measures]]

NEARLY = 1e-6
"""Relative difference below which two values are drawn as one."""
MOSTLY = 0.8
"""From this part of differing values on, another column seems to be drawn."""


def key_channels(view: View, channels: list[str]) -> list[str]:
    """Return the channels that say which point is meant; the others say how large it is."""
    found = {channel: view.encodings[channel] for channel in channels}
    if any(encoding.aggregate for encoding in found.values()):
        return [channel for channel, encoding in found.items() if not encoding.aggregate]
    keys = [channel for channel, encoding in found.items() if encoding.type != "quantitative" or encoding.bin]
    if "x" in found and "y" in found and "x" not in keys and "y" not in keys and view.mark in PATHS:
        keys.append("x")
    return keys


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
        return [Fault("data", "", "The chart draws no points at all. Look at the table you give it: a filter may leave no rows.")]
    keys = key_channels(wanted, list(pairs))
    measures = [channel for channel in pairs if channel not in keys]
    faults = [fault for channel in keys if (fault := _key_fault(view, wanted, channel, pairs[channel]))]
    if faults:
        return faults
    comparison = _Comparison(
        rights=_table(wanted, {channel: channel for channel in pairs}, keys, measures),
        values=_table(view, pairs, keys, measures),
        named=[place for place, channel in enumerate(keys) if wanted.encodings[channel].type != "quantitative"],
        tolerances=[_tolerance(options.get("places"), channel) for channel in measures],
    )
    if keys and (repeated := comparison.repeated()):
        return [_repeated(comparison, repeated)]
    faults = [
        fault for place, channel in enumerate(measures)
        if (fault := _measure_fault(comparison, place, pairs[channel], view.encodings[pairs[channel]], wanted.encodings[channel]))
    ]  # fmt: skip
    return faults or _row_faults(comparison) or _value_faults(comparison, [pairs[channel] for channel in measures])


@dataclass(frozen=True)
class _Comparison:
    """The points of two views by what names them, with the places of the keys that may be told."""

    rights: Table
    values: Table
    named: list[int]
    tolerances: list[float]

    @property
    def common(self) -> list[Key]:
        return [key for key in self.rights if key in self.values]

    def repeated(self) -> list[Key]:
        return [key for key in self.common if len(self.values[key]) > len(self.rights[key])]

    def unmatched(self, key: Key, place: int | None = None) -> int:
        """Return how many right points of a key are not drawn, by one measure or by all of them."""
        rights, values, tolerances = self.rights[key], self.values[key], self.tolerances
        if place is not None:
            rights, values = [(row[place],) for row in rights], [(row[place],) for row in values]
            tolerances = tolerances[place : place + 1]
        return _unmatched(rights, values, tolerances)

    def part_unmatched(self, place: int) -> float:
        """Return the part of the points, or of the keys they have, whose measure differs."""
        if list(self.rights) == [()]:
            return self.unmatched((), place) / len(self.rights[()])
        return sum(self.unmatched(key, place) > 0 for key in self.common) / max(len(self.common), 1)

    def example(self, found: list[Key]) -> str:
        parts = ", ".join(shown(found[0][place]) for place in self.named)
        return f", among them {parts}" if parts and len(found) > 1 else f" ({parts})" if parts else ""


def _measure_fault(comparison: _Comparison, place: int, channel: str, encoding: Encoding, wanted: Encoding) -> Fault | None:
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


def _row_faults(comparison: _Comparison) -> list[Fault]:
    missing = [key for key in comparison.rights if key not in comparison.values]
    extra = [key for key in comparison.values if key not in comparison.rights]
    if missing or extra:
        return [_rows(comparison, missing, extra)]
    wanted, drawn = (sum(map(len, table.values())) for table in (comparison.rights, comparison.values))
    if wanted == drawn:
        return []
    way = "more" if drawn > wanted else "fewer"
    return [Fault("data", "", f"The chart draws {abs(drawn - wanted)} points {way} than expected. Check which rows are kept.")]


def _value_faults(comparison: _Comparison, channels: list[str]) -> list[Fault]:
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
    advice = " Vega looks inside dots and brackets, so rename the column." if any(c in encoding.field for c in ".[") else ""
    text = f"The {word(channel)} names the column '{shown(encoding.field)}', which the data do not have. Check the spelling.{advice}"
    return Fault("field", channel, text)


def _key_fault(view: View, wanted: View, channel: str, own: str) -> Fault | None:
    rights = {canonical(point[channel]) for point in wanted.points}
    values = {canonical(point[own]) for point in view.points}
    encoding = view.encodings[own]
    early = all(value.startswith("1970") for value in values)
    if encoding.type == "temporal" and early and not rights & values:
        text = f"The years on the {word(own)} are read as milliseconds, so all lie in 1970. Give whole years the type :O or :Q, or make them dates."
        return Fault("type", own, text)
    if values <= rights or len(rights & values) >= len(rights) / 2:
        return None
    drawn = f"column '{shown(encoding.field)}'" if encoding.field else "a constant"
    text = f"The {word(own)} shows {drawn}, whose values are not those expected there. Read again what belongs on it."
    return Fault("field", own, text)


def _table(view: View, pairs: Mapping[str, str], keys: list[str], measures: list[str]) -> Table:
    table: Table = {}
    for point in view.points:
        key = tuple(canonical(point[pairs[channel]]) for channel in keys)
        table.setdefault(key, []).append(tuple(number(point[pairs[channel]]) for channel in measures))
    if len(measures) == 1 and stacks(view.mark, view.encodings) == pairs[measures[0]]:
        return {key: [(sum(row[0] or 0 for row in rows),)] for key, rows in table.items()}
    return table


def _tolerance(places: Any, channel: str) -> float:
    chosen = places.get(channel) if isinstance(places, Mapping) else places
    return 0.0 if chosen is None else 0.5 * 10.0**-chosen * (1 + 1e-6)


def _unmatched(rights: list[Measures], values: list[Measures], tolerances: list[float]) -> int:
    """Return how many of the right rows have no equal among the values."""
    wanted, given = (Counter(tuple(_digits(part) for part in row) for row in rows) for rows in (rights, values))
    left, over = sorted((wanted - given).elements(), key=_rank), sorted((given - wanted).elements(), key=_rank)
    near = sum(all(map(_near, row, right, tolerances)) for row, right in zip(over, left, strict=False))
    return max(len(left), len(over)) - near


def _digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.9g}")


def _rank(row: Measures) -> tuple[float, ...]:
    return tuple(float("-inf") if part is None else part for part in row)


def _near(value: float | None, right: float | None, tolerance: float) -> bool:
    if value is None or right is None:
        return value is right
    return abs(value - right) <= max(tolerance, NEARLY * abs(right))


def _kind(encoding: Encoding, wanted: Encoding, part: float) -> str:
    same_field = encoding.field == wanted.field or None in (encoding.field, wanted.field)
    if encoding.aggregate != wanted.aggregate and same_field and part >= MOSTLY / 2:
        return "aggregate"
    return "field" if encoding.field != wanted.field and part >= MOSTLY else "data"


def _slip(comparison: _Comparison, place: int) -> str | None:
    values, rights = comparison.values, comparison.rights
    single = [key for key in comparison.common if len(values[key]) == len(rights[key]) == 1]
    if len(single) < 2:
        return None
    found = slip_between([values[key][0][place] for key in single], [rights[key][0][place] for key in single])
    return found[1] if found else None


def _repeated(comparison: _Comparison, repeated: list[Key]) -> Fault:
    example = comparison.example(repeated)
    if all(len(set(comparison.values[key])) == 1 for key in repeated):
        return Fault("data", "", f"{len(repeated)} points are drawn more than once{example}. Look for repeated rows, perhaps from a merge.")
    text = f"Several points share one place{example}, where one value each is expected. Combine the rows with an aggregate, or keep only some."
    return Fault("aggregate", "", text)


def _rows(comparison: _Comparison, missing: list[Key], extra: list[Key]) -> Fault:
    parts = []
    if missing:
        parts.append(f"{_points(missing)} missing{comparison.example(missing)}")
    if extra:
        parts.append(f"{_points(extra)} not expected{comparison.example(extra)}")
    advice = "Check how the rows were chosen."
    if not (missing and extra):
        advice = "Was too much filtered out?" if missing else "Is a filter missing?"
    return Fault("data", "", f"{' and '.join(parts)}. {advice}")


def _points(keys: list[Key]) -> str:
    return "1 point is" if len(keys) == 1 else f"{len(keys)} points are"

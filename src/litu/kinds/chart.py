"""An Altair chart: a Vega-Lite spec held against the wanted chart's meaning."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from litu.answers.plain import Options, Plain, is_number
from litu.charts import ChartMeaning, Fault, faults, meaning, share
from litu.kinds.base import SAME, Difference, Kind, Reader, Writer
from litu.kinds.wire import other

GIVEN = "given"
"""Stands for a title or description: students' checks ask only that there is one."""


NO_MARK = "an Altair chart without a mark"


class Chart(Kind):
    """``{"kind": "chart", "spec": {...}}``."""

    name = "chart"
    words = "an Altair chart"
    rank = 55

    def serialize(self, value: Any, depth: int, writer: Writer) -> Plain | None:
        if type(value).__module__.partition(".")[0] != "altair" or not hasattr(value, "to_dict"):
            return None
        if type(value).__name__ == "Chart" and type(getattr(value, "mark", None)).__name__ == "UndefinedType":
            return other(NO_MARK)
        try:
            return {"kind": "chart", "spec": value.to_dict()}
        except Exception as error:  # whatever Altair finds wrong with it
            return other("an Altair chart that cannot be drawn: " + str(error).split("\n", 1)[0][:200])

    def instead(self, answer: Plain) -> str | None:
        return "Choose one, for example `.mark_bar()`, after `alt.Chart(...)`." if answer.get("type") == NO_MARK else None

    def validate(self, given: Mapping[str, Any], depth: int, reader: Reader) -> Plain:
        return {"kind": "chart", "spec": reader.get(given, "spec", dict)}

    def compare(self, answer: Plain, rights: Sequence[Plain], options: Options) -> Difference:
        student = given_meaning(answer)
        return max((difference(student, wanted_meaning(right), options) for right in rights), key=lambda found: found.share)


def nearest_mistake(value: Plain, mistakes: Sequence[Plain], right: Plain, options: Options) -> int | None:
    """Return the known mistake that has the same faults as this chart, whatever its titles say.

    Where several have, it is the one whose chart is most like this one.
    """
    wanted = wanted_meaning(right)
    mine = _signature(value, wanted, options)
    alike = [place for place, mistake in enumerate(mistakes) if mine and _signature(mistake, wanted, options) == mine]
    chart = given_meaning(value)
    return min(alike, key=lambda place: len(faults(chart, wanted_meaning(mistakes[place]), options)), default=None)


def difference(student: ChartMeaning, wanted: ChartMeaning, options: Options) -> Difference:
    """Return the first fault of the student's chart as advice, and all of them as parts."""
    found = faults(student, wanted, options)
    if not found:
        return SAME
    parts = tuple(" ".join(filter(None, (fault.kind, fault.channel))) for fault in found)
    return Difference(min(share(found), 0.99), found[0].message, parts, found[0].kind)


def fault_texts(chart: Plain, wanted: ChartMeaning, options: Options) -> list[str]:
    """Return the faults of a chart as texts that its mistake can be known by, the closest first."""
    found = _telling(faults(meaning(chart["spec"]), wanted, options))
    close = sorted(f"{fault.kind}/{fault.channel}/{fault.message}" for fault in found)
    coarse = sorted({f"{fault.kind}/{fault.channel}" for fault in found})
    return ["|".join(close), "|".join(coarse)]


def public_meaning(answer: Plain, known: Container[float]) -> ChartMeaning:
    """Return what a student's copy may say of the wanted chart: its form, without the author's words."""
    wanted = wanted_meaning(answer)
    views = tuple(
        replace(
            view,
            points=view.points if _all_known(view.points, known) else None,
            title=view.title and GIVEN,
            encodings={channel: replace(encoding, title=encoding.title and GIVEN) for channel, encoding in view.encodings.items()},
        )
        for view in wanted.views
    )
    return replace(
        wanted, views=views, title=wanted.title and GIVEN, subtitle=wanted.subtitle and GIVEN, description=wanted.description and GIVEN
    )


def wanted_meaning(right: Plain) -> ChartMeaning:
    """Return the meaning of a right chart, read once."""
    return _read(json.dumps(right["spec"]))


def given_meaning(chart: Plain) -> ChartMeaning:
    """Return the meaning of a student's chart, read once for all that it is held against."""
    return _read_lately(json.dumps(chart["spec"]))


def _signature(chart: Plain, wanted: ChartMeaning, options: Options) -> frozenset[tuple[str, str]]:
    return frozenset((fault.kind, fault.channel) for fault in _telling(faults(given_meaning(chart), wanted, options)))


def _telling(found: list[Fault]) -> list[Fault]:
    """Return the faults other than missing words, or all when only words are missing."""
    substance = [fault for fault in found if fault.kind not in ("title", "axis-title", "description")]
    return substance or found


def _all_known(points: Any, known: Container[float]) -> bool:
    """Return whether every number drawn is a figure of data/, perhaps as a percentage of one."""
    values = [value for point in points or () for value in point.values()]
    return all(any(round(abs(number) * scale, 9) in known for scale in (1, 0.01, 100)) for number in values if is_number(number))


@lru_cache(maxsize=64)
def _read(spec: str) -> ChartMeaning:
    return meaning(json.loads(spec))


@lru_cache(maxsize=4)
def _read_lately(spec: str) -> ChartMeaning:
    return meaning(json.loads(spec))


KINDS = (Chart(),)

"""Chart answers: a Vega-Lite spec held against the wanted chart's meaning."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from litu.charts import ChartMeaning, Fault, faults, meaning, share
from litu.compare.difference import SAME, Difference, Options, Plain


def charts(value: Plain, right: Plain, options: Options) -> Difference:
    """Compare two charts by what they show."""
    return difference(given_meaning(value), wanted_meaning(right), options)


def difference(student: ChartMeaning, wanted: ChartMeaning, options: Options) -> Difference:
    """Return the first fault of the student's chart as advice, and all of them as parts."""
    found = faults(student, wanted, options)
    if not found:
        return SAME
    parts = tuple(" ".join(filter(None, (fault.kind, fault.channel))) for fault in found)
    return Difference(min(share(found), 0.99), found[0].message, parts, found[0].kind)


def nearest_mistake(
    value: Plain, mistakes: list[dict[str, Any]], right: Plain, options: Options
) -> dict[str, Any] | None:
    """Return the known mistake that has the same faults as this chart, whatever its titles say.

    Where several have, it is the one whose chart is most like this one.
    """
    wanted = wanted_meaning(right)
    mine = _signature(value, wanted, options)
    alike = [mistake for mistake in mistakes if mine and _signature(mistake["answer"], wanted, options) == mine]
    chart = given_meaning(value)
    return min(alike, key=lambda mistake: len(faults(chart, wanted_meaning(mistake["answer"]), options)), default=None)


def _signature(chart: Plain, wanted: ChartMeaning, options: Options) -> frozenset[tuple[str, str]]:
    return frozenset((fault.kind, fault.channel) for fault in _telling(faults(given_meaning(chart), wanted, options)))


def fault_texts(chart: Plain, wanted: ChartMeaning, options: Options) -> list[str]:
    """Return the faults of a chart as texts that its mistake can be known by, the closest first."""
    found = _telling(faults(meaning(chart["spec"]), wanted, options))
    close = sorted(f"{fault.kind}/{fault.channel}/{fault.message}" for fault in found)
    coarse = sorted({f"{fault.kind}/{fault.channel}" for fault in found})
    return ["|".join(close), "|".join(coarse)]


def _telling(found: list[Fault]) -> list[Fault]:
    """Return the faults other than missing words, or all when only words are missing."""
    substance = [fault for fault in found if fault.kind not in ("title", "axis-title", "description")]
    return substance or found


def wanted_meaning(right: Plain) -> ChartMeaning:
    """Return the meaning of a right chart, read once."""
    return _read(json.dumps(right["spec"]))


def given_meaning(chart: Plain) -> ChartMeaning:
    """Return the meaning of a student's chart, read once for all that it is held against."""
    return _read_lately(json.dumps(chart["spec"]))


@lru_cache(maxsize=64)
def _read(spec: str) -> ChartMeaning:
    return meaning(json.loads(spec))


@lru_cache(maxsize=4)
def _read_lately(spec: str) -> ChartMeaning:
    return meaning(json.loads(spec))

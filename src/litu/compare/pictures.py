"""Chart answers: a Vega-Lite spec held against the wanted chart's meaning."""

from __future__ import annotations

import json
from functools import lru_cache

from litu.compare.charts import ChartMeaning, Fault, faults, meaning, share
from litu.compare.difference import SAME, Difference, Options, Plain


def charts(value: Plain, right: Plain, options: Options) -> Difference:
    """Compare two charts by what they show."""
    return difference(meaning(value["spec"]), wanted_meaning(right), options)


def difference(student: ChartMeaning, wanted: ChartMeaning, options: Options) -> Difference:
    """Return the first fault of the student's chart as advice, and all of them as parts."""
    found = faults(student, wanted, options)
    if not found:
        return SAME
    parts = tuple(" ".join(filter(None, (fault.kind, fault.channel))) for fault in found)
    return Difference(min(share(found), 0.99), found[0].message, parts, found[0].kind)


def same_slip(value: Plain, mistake: Plain, right: Plain, options: Options) -> bool:
    """Return whether a chart has the faults of a known mistake, whatever its titles say."""
    wanted = wanted_meaning(right)
    mine, theirs = _signature(value, wanted, options), _signature(mistake, wanted, options)
    return bool(theirs) and mine == theirs


def _signature(chart: Plain, wanted: ChartMeaning, options: Options) -> frozenset[tuple[str, str]]:
    found = faults(meaning(chart["spec"]), wanted, options)
    return frozenset((fault.kind, fault.channel) for fault in _telling(found))


def _telling(found: list[Fault]) -> list[Fault]:
    """Return the faults other than missing words, or all when only words are missing."""
    substance = [fault for fault in found if fault.kind not in ("title", "axis-title", "description")]
    return substance or found


def wanted_meaning(right: Plain) -> ChartMeaning:
    """Return the meaning of a right chart, read once."""
    return _read(json.dumps(right["spec"]))


@lru_cache(maxsize=64)
def _read(spec: str) -> ChartMeaning:
    return meaning(json.loads(spec))

"""A student's chart held against the wanted one, by what both show.

Options: `units` {channel: word or words for it}, `layers` (every view of the
wanted chart must be found), `orientation=False` (swapped axes are fine),
`joined=False` (no line or area may join points),
`marks` (the marks that are accepted), `types` {channel: accepted types},
`places` (decimal places that count, also by channel), `not_colour_alone`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from litu.charts.data_faults import data_faults
from litu.charts.faults import Fault, ordered, share, word
from litu.charts.meaning import ChartMeaning, View, meaning
from litu.charts.readability import reading_faults

__all__ = ["ChartMeaning", "Fault", "faults", "meaning", "share"]

Options = Mapping[str, Any]

ALIKE = ({"point", "circle", "square"},)
"""Marks that draw the same thing."""
JOINED = ("line", "area")
"""Marks that can draw points as well."""
NOTES = ("text", "rule")
"""Marks that annotate a chart rather than being it."""
UNCOUNTED = ("tooltip", "detail", "order", "href", "url", "key", "description")
"""Channels that draw nothing of their own."""
STAND_INS = {
    "color": ("fill", "stroke", "strokeDash", "shape"),
    "fill": ("color",), "stroke": ("color",), "row": ("facet", "column"), "column": ("facet", "row"),
    "facet": ("column", "row"), "shape": ("color", "strokeDash"), "strokeDash": ("color", "shape"),
}  # fmt: skip
SWAPPED = {"x": "y", "y": "x", "x2": "y2", "y2": "x2", "xOffset": "yOffset", "yOffset": "xOffset"}
POSITIONS = ("x", "y", "x2", "y2", "theta", "radius")
UNLIKE = ("channel-missing", "field", "unread")
"""Faults that show that a chart is not simply turned."""
SHORTEST_DESCRIPTION = 20
MOST_ALONE = 10
"""So many layers and panels more than wanted are each held against the wanted chart; of more, only what they draw together."""


def faults(student: ChartMeaning, wanted: ChartMeaning, options: Options | None = None) -> list[Fault]:
    """Return what is wrong with the student's chart, the most important first."""
    options = options or {}
    if student.problem or not any(view.encodings or view.problem for view in student.views):
        return [Fault("spec", "", student.problem or "The chart draws nothing yet. Give it a mark and encodings.")]
    mains = _main_views(wanted)
    found: list[Fault] = []
    for target in mains:
        nearest = _best(student, target, options, len(wanted.views))
        kinds = {fault.kind for fault in nearest}
        unlike = len(kinds) > 1 and kinds & {"mark", "channel-missing"}
        found += [_no_panel(target)] if unlike and len(mains) > 1 else nearest
    if options.get("layers"):
        for target in wanted.views:
            if target not in mains:
                found += _layer_faults(student, target, options)
    if options.get("joined") is False and not any(fault.kind == "mark" for fault in found):
        found += [_joined(view) for view in student.views if view.mark in JOINED][:1]
    return ordered([*found, *_whole_chart(student, wanted)])


def _joined(view: View) -> Fault:
    text = f"The mark '{view.mark}' joins the points, as if there were values in between. Draw the points alone."
    return Fault("mark", view.mark, text)


def _no_panel(target: View) -> Fault:
    text = f"A further panel with the mark '{target.mark}' is expected. Draw it as its own chart and join the two with `|` or `&`."
    return Fault("layer", "", text)


def _main_views(chart: ChartMeaning) -> list[View]:
    """Return the view of each panel that is no annotation."""
    found: dict[int, View] = {}
    for view in [*(view for view in chart.views if view.mark not in NOTES), *chart.views]:
        found.setdefault(view.panel, view)
    return list(found.values())


def _best(student: ChartMeaning, target: View, options: Options, views: int) -> list[Fault]:
    """Return the faults of the student's view that comes nearest to the target."""
    texts = [view for view in student.views if view.mark == "text"]
    tries = []
    for view in _candidates(student, views):
        tries.append(_view_faults(view, target, options, texts))
        turned = _view_faults(_swap(view), target, options, texts, turned=True)
        if any(fault.kind in UNLIKE for fault in turned):
            continue
        if options.get("orientation") is not False:
            text = "x and y are swapped: what belongs on one axis is on the other. Exchange the two in `.encode()`."
            turned.append(Fault("axes swapped", "", text))
        tries.append(turned)
    return min(tries, key=lambda found: (-share(found), len(found)))


def _candidates(student: ChartMeaning, wanted: int) -> Iterator[View]:
    """Yield each view, then views of one mark that together may draw several series.

    A chart of very many views is no collection of tries: it is what they draw together.
    """
    few = len(student.views) <= MOST_ALONE + wanted
    yield from student.views if few else student.views[:1]
    groups: dict[tuple[Any, ...], list[View]] = {}
    for view in student.views:
        if view.points is not None:
            groups.setdefault((few and view.panel, view.mark, frozenset(view.encodings)), []).append(view)
    for views in list(groups.values())[:MOST_ALONE]:
        if len(views) > 1:
            yield replace(views[0], points=tuple(point for view in views for point in view.points or ()))


def _swap(view: View) -> View:
    def turn(found: Mapping[str, Any]) -> dict[str, Any]:
        return {SWAPPED.get(channel, channel): part for channel, part in found.items()}

    points = None if view.points is None else tuple(turn(point) for point in view.points)
    return replace(view, encodings=turn(view.encodings), constants=turn(view.constants), points=points)


def _view_faults(view: View, target: View, options: Options, texts: list[View], turned: bool = False) -> list[Fault]:
    found = _mark_faults(view, target, options)
    if view.problem and not view.encodings:
        return [*found, Fault("unread", "", view.problem)]
    pairs, missing = _pairs(view, target)
    found += missing
    if all(fault.kind == "repeat-missing" for fault in missing):
        found += data_faults(view, target, pairs, options)
    reading = reading_faults(view, target, pairs, options, texts)
    if any(fault.kind == "aggregate" for fault in found):
        reading = [fault for fault in reading if fault.kind != "sort"]  # the order follows once the values are right
    found += reading
    return [_turned_back(fault) for fault in found] if turned else found


def _turned_back(fault: Fault) -> Fault:
    """Return a fault found on a swapped view with the axes named as the student has them."""
    text = re.sub(r"\b([xy])(?= axis\b| offset\b)", lambda axis: SWAPPED[axis[1]], fault.message)
    return replace(fault, channel=SWAPPED.get(fault.channel, fault.channel), message=text)


def _mark_faults(view: View, target: View, options: Options) -> list[Fault]:
    alike = next((group for group in ALIKE if target.mark in group), {target.mark})
    if view.mark in (options.get("marks") or alike):
        return []
    advice = "Choose the `mark_...()` method that suits the question."
    if target.mark in ALIKE[0] and view.mark in JOINED:
        advice = f"Choose `.mark_point()`; where a line may stay, `.mark_{view.mark}(point=True)` draws both."
    text = f"A chart of the mark '{target.mark}' is expected; yours draws '{view.mark[:20]}'. {advice}"
    return [Fault("mark", view.mark[:20], text)]


def _pairs(view: View, target: View) -> tuple[dict[str, str], list[Fault]]:
    """Return the student's channel for each wanted one, and a fault for each that is missing."""
    pairs: dict[str, str] = {}
    missing = []
    for channel, encoding in target.encodings.items():
        if channel.split(" ")[0] in UNCOUNTED:
            continue
        others = () if encoding.continuous else STAND_INS.get(channel, ())
        names = (channel, *(name for name in others if name not in target.encodings))
        own = next((name for name in names if name in view.encodings), None)
        if own:
            pairs[channel] = own
        else:
            repeated = _repeated(channel, target)
            text = f"The chart does not use {word(channel)} yet; a {encoding.type} column is expected there. Add it in `.encode()`."
            if repeated:
                text = f"The chart does not use {word(channel)} yet. Let it say once more what the {word(repeated)} says, in `.encode()`."
            missing.append(Fault("repeat-missing" if repeated else "channel-missing", channel, text))
    return pairs, missing


def _repeated(channel: str, target: View) -> str | None:
    """Return the channel that shows the same column of the wanted chart, as a colour does beside a shape."""
    field = target.encodings[channel].field
    if field is None or channel in POSITIONS:
        return None
    others = (name for name, other in target.encodings.items() if other.field == field and name != channel and name not in UNCOUNTED)
    return next(others, None)


def _layer_faults(student: ChartMeaning, target: View, options: Options) -> list[Fault]:
    """Return a fault unless one of the student's views draws what a further layer should."""
    tries = []
    for view in student.views:
        if not _mark_faults(view, target, options):
            pairs, missing = _pairs(view, target)
            there = all(fault.kind == "repeat-missing" for fault in missing)
            tries.append([*missing, *(data_faults(view, target, pairs, options) if there else [])])
    if not tries:
        text = (
            f"A second layer with the mark '{target.mark}' is expected beside "
            "the main one. Draw it as its own chart and add the two with `+`."
        )
        return [Fault("layer", f"{target.mark} missing", text)]
    where = f"In the layer with the mark '{target.mark}': "
    nearest = min(tries, key=lambda found: (any(fault.kind == "channel-missing" for fault in found), len(found)))
    return [Fault("layer", f"{target.mark} {fault.channel}".strip(), where + fault.message) for fault in nearest[:1]]


def _whole_chart(student: ChartMeaning, wanted: ChartMeaning) -> list[Fault]:
    found = []
    if wanted.title and not student.title:
        text = "The chart has no title. Say in a few words what it shows, with `.properties(title=...)`."
        found.append(Fault("title", "", text))
    if wanted.description and len(student.description or "") < SHORTEST_DESCRIPTION:
        text = "The chart has no description for readers who cannot see it. Say what it shows, with `.properties(description=...)`."
        if student.buried:
            text = (
                "The description sits on one layer, where no reader finds it. Put "
                "it on the finished chart: `(a + b).properties(description=...)`."
            )
        elif student.description:
            text = "The description is too short to help a reader who cannot see the chart. Say what is drawn and what stands out."
        found.append(Fault("description", "", text))
    return found

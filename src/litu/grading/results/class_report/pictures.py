"""The two pictures of a report: how the points are spread, and what became of each exercise."""

from __future__ import annotations

from typing import Any

import altair as alt

from litu.display.palette import BLUE, GREEN, GREY, ORANGE, text_on
from litu.display.svg import NotDrawn, accessible, description_of, draw, title_of
from litu.display.theme import theme
from litu.grading.results.class_report.findings import Findings

BANDS = 10
OUTCOMES = {"right": GREEN, "partly right": BLUE, "wrong": ORANGE, "not started": GREY}
"""In the order in which they stand in a bar; each part also bears its number."""
_WIDTH = 560
_LEAST_LABELLED = 0.05
"""Of a bar: a smaller part has no room for its number, which stands in the table."""


def spread(findings: Findings) -> str:
    """Return a histogram of the points of the checks, as SVG."""
    shares = [one.points / one.worth for one in findings.graded if one.worth]
    counts = [0] * BANDS
    for share in shares:
        counts[min(BANDS - 1, max(0, int(share * BANDS)))] += 1
    rows = [{"from": band * 10, "to": band * 10 + 10, "students": number} for band, number in enumerate(counts)]
    most = max(range(BANDS), key=counts.__getitem__)
    said = (
        f"Bars: {len(shares)} students by their share of the points of the checks, in steps of 10 %. "
        f"Most, {counts[most]}, lie between {most * 10} and {most * 10 + 10} %; {sum(counts[: BANDS // 2])} lie below 50 %."
    )
    x = alt.X("from:Q", title="Share of the points of the checks (%)", bin="binned", scale=alt.Scale(domain=[0, 100]))
    y = alt.Y("students:Q", title="Students", axis=alt.Axis(tickMinStep=1))
    bars = alt.Chart(alt.Data(values=rows)).mark_bar().encode(x=x, x2="to:Q", y=y)
    labels = alt.Chart(alt.Data(values=[{**row, "middle": band * 10 + 5} for band, row in enumerate(rows) if row["students"]]))
    numbers = labels.mark_text(dy=-8).encode(x="middle:Q", y=y, text="students:Q")
    return _svg((bars + numbers).properties(title="How the points are spread", description=said, width=_WIDTH, height=160))


def outcomes(findings: Findings) -> str:
    """Return a bar for each exercise: right, partly right, wrong, not started, as SVG."""
    rows, names = [], [item.name for item in findings.items]
    for item in findings.items:
        start = 0
        for place, number in enumerate((item.right, item.partly, item.wrong, item.not_started)):
            if number:
                outcome = list(OUTCOMES)[place]
                label = str(number) if number >= _LEAST_LABELLED * item.hand_ins else ""
                ink = text_on(OUTCOMES[outcome])
                place_ = {"from": start, "to": start + number, "middle": start + number / 2}
                rows.append({"exercise": item.name, "outcome": outcome, "label": label, "ink": ink, **place_})
            start += number
    hardest = min(findings.items, key=lambda item: item.difficulty, default=None)
    easiest = max(findings.items, key=lambda item: item.difficulty, default=None)
    said = "Bars: for each exercise how many have it right, partly right, wrong or not started."
    if hardest and easiest:
        said += (
            f" Easiest is {easiest.name} with {easiest.difficulty:.0%} of its points, hardest {hardest.name} with {hardest.difficulty:.0%}."
        )
    y = alt.Y("exercise:N", sort=names, title=None)
    colour = alt.Color("outcome:N", title=None, scale=alt.Scale(domain=list(OUTCOMES), range=list(OUTCOMES.values())))
    chart = alt.Chart(alt.Data(values=rows))
    bars = chart.mark_bar(stroke="white").encode(y=y, x=alt.X("from:Q", title="Students"), x2="to:Q", color=colour.legend(orient="top"))
    numbers = chart.mark_text().encode(y=y, x="middle:Q", text="label:N", color=alt.Color("ink:N", scale=None))
    return _svg(
        (bars + numbers).properties(title="What became of each exercise", description=f"{said} The table has all numbers.", width=_WIDTH)
    )


def _svg(chart: alt.LayerChart) -> str:
    """Return the drawn chart with its name for screen readers; a sentence where nothing can draw it."""
    spec: dict[str, Any] = {**chart.to_dict(), **theme()}
    try:
        return accessible(draw(spec), title_of(spec), description_of(spec))
    except NotDrawn:
        return ""

"""Pictures of the model: a map of patterns, and one with two sliders that works without a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from litu.rural_industry.economy import scenario
from litu.rural_industry.equilibrium import PATTERNS, equilibrium

LETTERS = dict(zip(PATTERNS, "BURC", strict=True))
COLOURS = ("#009e73", "#56b4e9", "#e69f00", "#d9d9d9")
"""One colour for each pattern (Okabe and Ito's, apart also for the colour-blind); the letters say the same."""
GAPS = np.round(np.arange(0, 0.401, 0.01), 2)
COSTS = np.round(np.arange(0.05, 0.801, 0.01), 2)
STEP = 0.01


def pattern_map(
    patterns: Any,
    rows: Sequence[float],
    columns: Sequence[float],
    *,
    row_title: str,
    column_title: str,
    title: str,
    description: str,
) -> alt.Chart | alt.LayerChart:
    """Return a map of an array of patterns, one tile for each row and column value, with letter and colour.

    ``patterns`` that are still ``...`` give the empty grid. Raises ``ValueError`` when the shape does not fit.
    """
    undone = patterns is ...
    names = np.full((len(rows), len(columns)), "") if undone else np.asarray(patterns)
    if names.shape != (len(rows), len(columns)):
        raise ValueError(f"patterns has the shape {names.shape}; {len(rows)} rows and {len(columns)} columns are expected")
    tiles = pd.DataFrame(
        [
            {"row": row, "column": column, "pattern": str(names[i, j]), "letter": LETTERS.get(str(names[i, j]), "")}
            for i, row in enumerate(rows)
            for j, column in enumerate(columns)
        ]
    )
    base = alt.Chart(tiles).encode(
        x=alt.X("column:O", title=column_title, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("row:O", title=row_title, sort="descending"),
    )
    heading = alt.Title(title, subtitle="Fill `patterns` first, then run this cell again." if undone else "")
    if undone:
        chart: alt.Chart | alt.LayerChart = base.mark_rect(fill="white", stroke="#888888")
    else:
        chart = base.mark_rect(stroke="white").encode(color=_colour()) + base.mark_text(fontSize=13).encode(text="letter:N")
    return chart.properties(title=heading, description=description, width=46 * len(columns), height=40 * len(rows))


def explorer(technology_gap: float = 0.25, transport_cost: float = 0.60) -> alt.HConcatChart:
    """Return a chart with sliders for m and τ: where they lie on the map of patterns, and rural industry along τ.

    All values are computed beforehand, for an open city; the sliders choose among them.
    """
    gap = alt.param(name="gap", value=technology_gap, bind=alt.binding_range(min=0, max=float(GAPS[-1]), step=STEP, name="technology gap m "))
    cost = alt.param(
        name="cost",
        value=transport_cost,
        bind=alt.binding_range(min=float(COSTS[0]), max=float(COSTS[-1]), step=STEP, name="transport cost τ "),
    )
    grid = _grid()
    here = f"abs(datum.gap - gap) < {STEP / 2}"
    both = f"{here} && abs(datum.cost - cost) < {STEP / 2}"
    x = alt.X("cost:Q", title="Transport cost τ (model units)", scale=alt.Scale(domain=[0, 0.8], nice=False))
    tiles = (
        alt.Chart(grid)
        .transform_calculate(left=f"datum.cost - {STEP / 2}", right=f"datum.cost + {STEP / 2}")
        .transform_calculate(low=f"datum.gap - {STEP / 2}", high=f"datum.gap + {STEP / 2}")
        .mark_rect()
        .encode(
            x=alt.X("left:Q", title="Transport cost τ (model units)", scale=alt.Scale(domain=[0, 0.8], nice=False)),
            x2="right:Q",
            y=alt.Y("low:Q", title="Technology gap m (model units)", scale=alt.Scale(domain=[0, 0.4])),
            y2="high:Q",
            color=_colour(),
        )
    )
    names = alt.Chart(pd.DataFrame({"cost": [0.55, 0.22], "gap": [0.08, 0.34], "pattern": PATTERNS[:2]})).mark_text(fontSize=13)
    spot = alt.Chart(grid).transform_filter(both)
    on_map = spot.mark_point(size=120, filled=True, color="black").encode(x=x, y="gap:Q")
    where = (tiles + names.encode(x="cost:Q", y="gap:Q", text="pattern:N") + on_map).properties(title="Which pattern", width=260, height=240)
    y = alt.Y("n:Q", title="Rural industry n (share of the first farmers)", scale=alt.Scale(domain=[0, 0.75]))
    line = alt.Chart(grid).transform_filter(here).mark_line(color="#0072b2").encode(x=x, y=y)
    mark = spot.mark_point(size=120, filled=True, color="black").encode(x=x, y=y)
    value = spot.mark_text(align="left", dx=9, dy=-12, fontSize=13).encode(x=x, y=y, text=alt.Text("n:Q", format=".3f"))
    along = (line + mark + value).properties(title="Rural industry along τ, at this m", width=300, height=240)
    return (
        alt.hconcat(where, along)
        .add_params(gap, cost)
        .properties(
            title="Move the technology gap and the cost of transport",
            description=(
                "Two sliders set the technology gap m and the cost of transport τ. The left map shows whether both people move and rural "
                "firms exist, or people only move; a dot marks the choice. The right line shows the share in rural industry along τ."
            ),
        )
    )


def _grid() -> pd.DataFrame:
    """Return migrants' pattern and rural industry for every pair of slider values."""
    gap, cost = np.meshgrid(GAPS, COSTS, indexing="ij")
    found = equilibrium(scenario("coast", technology_gap=gap, transport_cost=cost))
    return pd.DataFrame(
        {
            "gap": gap.ravel(),
            "cost": cost.ravel(),
            "n": np.round(found.rural_industry, 4).ravel(),
            "pattern": np.broadcast_to(found.pattern, gap.shape).ravel(),
        }
    )


def _colour() -> alt.Color:
    return alt.Color("pattern:N", title="Pattern", scale=alt.Scale(domain=list(PATTERNS), range=list(COLOURS)))

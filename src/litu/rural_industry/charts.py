"""Pictures of the model: a map of patterns, and a chart with two sliders whose values are all computed beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from litu.display.palette import BLUE, BROWN, DARK_TEXT, GREEN, GREY, INK, LIGHT_TEXT, ORANGE, text_on
from litu.rural_industry.economy import scenario
from litu.rural_industry.equilibrium import PATTERNS, equilibrium, pattern

LETTERS = {name: name[0].upper() for name in PATTERNS}
COLOURS = (GREEN, BLUE, BROWN, GREY)
"""One for each pattern; the letters say the same."""
GAPS = np.linspace(0, 0.4, 17).round(3)
COSTS = np.linspace(0.05, 0.8, 76).round(2)


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
        chart = base.mark_rect(stroke="white").encode(
            color=alt.Color(
                "pattern:N",
                scale=alt.Scale(domain=list(PATTERNS), range=list(COLOURS)),
                legend=alt.Legend(title="Pattern", labelExpr="upper(slice(datum.label, 0, 1)) + '  ' + datum.label", labelLimit=220),
            )
        ) + base.mark_text(fontSize=13, fontWeight="bold").encode(text="letter:N", color=_ink())
    return chart.properties(title=heading, description=description, width=46 * len(columns), height=40 * len(rows))


def _ink() -> Any:
    """Return the colour of the letters, which depends on the tile they stand on."""
    light = [name for name, fill in zip(PATTERNS, COLOURS, strict=True) if text_on(fill) == LIGHT_TEXT]
    return alt.condition(alt.FieldOneOfPredicate("pattern", light), alt.value(LIGHT_TEXT), alt.value(DARK_TEXT))


def explorer(technology_gap: float = 0.25, transport_cost: float = 0.60) -> alt.HConcatChart:
    """Return a chart with sliders for m and τ: which pattern holds there, and rural industry along τ.

    The city is open (no registration cost). The sliders choose among values of ``_grid``; nothing is fetched or computed later.
    """
    gap = alt.param("gap", value=technology_gap, bind=_slider(GAPS, "technology gap m "))
    cost = alt.param("cost", value=transport_cost, bind=_slider(COSTS, "cost of transport τ "))
    grid = alt.Chart(_grid())
    this_gap = f"abs(datum.gap - gap) < {_step(GAPS) / 2}"
    chosen = grid.transform_filter(f"{this_gap} && abs(datum.cost - cost) < {_step(COSTS) / 2}")
    spot = chosen.mark_point(size=110, filled=True, opacity=1, color=ORANGE)
    x = alt.X("cost:Q", title="Cost of transport τ (model units)", scale=alt.Scale(domain=[float(COSTS[0]), float(COSTS[-1])], nice=False))
    share = alt.Y("n:Q", title="Rural industry n (share of farmers)", scale=alt.Scale(domain=[0, 0.9]))
    number = (
        chosen.transform_calculate(result="'n = ' + format(datum.n, '.3f')")
        .mark_text(align="right", fontSize=13, fontWeight="bold", color=INK)
        .encode(x=alt.value(252), y=alt.value(14), text="result:N")
    )
    where = alt.layer(*_regions(x), spot.encode(x=x, y="gap:Q")).properties(title="Which pattern holds", width=260, height=230)
    line = grid.transform_filter(this_gap).mark_line(color=BLUE).encode(x=x, y=share)
    along = alt.layer(line, spot.encode(x=x, y=share), number).properties(title="Rural industry at this m", width=260, height=230)
    return (
        alt.hconcat(where, along)
        .add_params(gap, cost)
        .properties(
            title="Move the technology gap and the cost of transport",
            description=(
                "Two sliders set the technology gap m and the cost of transport τ. Left: below a rising line people move and rural firms "
                "exist, above it people only move; a dot marks the choice. Right: the share in rural industry along τ, with the same dot."
            ),
        )
    )


def _slider(values: np.ndarray, name: str) -> alt.BindRange:
    return alt.binding_range(min=float(values[0]), max=float(values[-1]), step=_step(values), name=name)


def _step(values: np.ndarray) -> float:
    return round(float(values[1] - values[0]), 6)


def _grid() -> pd.DataFrame:
    """Return rural industry n for every pair of slider values, one row each."""
    gap, cost = np.meshgrid(GAPS, COSTS, indexing="ij")
    n = equilibrium(scenario("coast", technology_gap=gap, transport_cost=cost)).rural_industry
    return pd.DataFrame({"gap": gap.ravel(), "cost": cost.ravel(), "n": np.round(n, 4).ravel()})


def _regions(x: alt.X) -> list[alt.Chart]:
    """Return the layers of the left map: both patterns of an open city, and their names."""
    fine = np.linspace(0, GAPS[-1], 801)
    gap, cost = np.meshgrid(fine, COSTS, indexing="ij")
    found = equilibrium(scenario("coast", technology_gap=gap, transport_cost=cost))
    edge = np.where(pattern(found.migrants, found.rural_industry) == "both", gap, 0).max(axis=0)
    areas = pd.DataFrame({"cost": COSTS, "low": 0.0, "edge": edge, "high": GAPS[-1]})
    y = alt.Y("low:Q", title="Technology gap m (model units)", scale=alt.Scale(domain=[0, float(GAPS[-1])]))
    names = pd.DataFrame({"cost": [0.6, 0.24], "gap": [0.1, 0.33], "pattern": PATTERNS[:2]})
    return [
        alt.Chart(areas).mark_area(color=COLOURS[0], opacity=0.45).encode(x=x, y=y, y2="edge:Q"),
        alt.Chart(areas).mark_area(color=COLOURS[1], opacity=0.45).encode(x=x, y=alt.Y("edge:Q"), y2="high:Q"),
        alt.Chart(names).mark_text(fontSize=13, color=INK).encode(x=x, y="gap:Q", text="pattern:N"),
    ]

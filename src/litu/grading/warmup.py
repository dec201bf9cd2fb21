"""Loads what notebooks use and runs it once, before the first submission comes."""

from __future__ import annotations

import gc
import sys

from litu.grading import hugepages, quick_jsonschema
from litu.grading.notebook import Notebook, new_notebook

_TYPICAL_CELLS = (
    """import math
import altair as alt
import numpy as np
import pandas as pd
from litu import check, describe, hint, load, progress, solution
from scipy.optimize import brentq, curve_fit
curve_fit(lambda x, a: a * x, np.arange(3.0), np.arange(3.0))
frame = pd.DataFrame({"year": [2014, 2014, 2016], "place": ["a", "b", "a"], "share": [0.5, None, 0.7]})
display(frame)
frame.describe()""",
    """wide = frame.pivot(index="year", columns="place", values="share").ffill().pct_change()
long = wide.reset_index().melt(id_vars="year").merge(frame, on=["year", "place"]).query("year > 2000")
long.assign(kind=long["place"].astype(str)).sort_values("year").groupby("place")["share"].agg(["min", "mean"])""",
    """line = alt.Chart(frame).mark_line(point=True).encode(
    x=alt.X("year:O", title="Year"), y=alt.Y("share:Q", axis=alt.Axis(format=".0%")), color=alt.Color("place:N")
).properties(title="Share", description="A line.", width=300)
line""",
    """(line + alt.Chart(frame).mark_rule().encode(y="mean(share)", tooltip=["place"])).facet("place:N")""",
    """alt.Chart(frame).mark_bar().encode(x="count()", y=alt.Y("place", sort="-x")) | line""",
    "undefined",
)
"""Run once in the warm parent: most of the cost of a first use is paid here."""


def warm_up() -> Notebook:
    """Load what notebooks use and run it once, so that a copy starts with everything ready."""
    quick_jsonschema.load()
    import altair

    notebook = new_notebook()
    altair.renderers.enable("mimetype")
    for source in _TYPICAL_CELLS:
        notebook.run(source, lambda output: None)
    notebook.reset(new_session=True)
    sys.last_value = sys.last_type = sys.last_traceback = None
    # Nothing loaded so far is garbage: a copy need not look through it, and so does not copy it.
    gc.collect()
    gc.freeze()
    hugepages.gather()
    return notebook

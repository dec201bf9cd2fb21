"""Loads what notebooks use and runs it once, before the first submission comes."""

from __future__ import annotations

import ctypes
import gc
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from litu.display import in_notebook
from litu.grading.execution import fast_jsonschema
from litu.grading.execution.shell import Notebook, new_notebook
from litu.kinds.registry import kinds

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


def warm_up(modules: Sequence[str] = ()) -> Notebook:
    """Load what notebooks use and run it once, so that a copy starts with everything ready.

    ``modules`` are what the course asks for besides (``c.Litu.preload``). Raises ImportError for one that is not installed.
    """
    for name in modules:
        importlib.import_module(name)
    fast_jsonschema.load()
    kinds()
    import altair

    notebook = new_notebook()
    in_notebook()
    altair.renderers.enable("mimetype")  # drawn later, in a box of its own
    for source in _TYPICAL_CELLS:
        notebook.run(source, lambda output: None)
    notebook.reset(new_session=True)  # type: ignore[no-untyped-call]
    sys.last_value = sys.last_type = sys.last_traceback = None
    # Nothing loaded so far is garbage: a copy need not look through it, and so does not copy it.
    gc.collect()
    gc.freeze()
    gather()
    return notebook


SIZE = 2 * 1024 * 1024
_MADV_HUGEPAGE, _MADV_COLLAPSE = 14, 25

_libc = ctypes.CDLL(None, use_errno=True)


def gather() -> None:
    """Move this process's own memory to huge pages where the kernel can (Linux 6.1 and later), and leave it where it cannot.

    A fork copies the table of pages, and a copy's first write to a page copies
    that page. With pages of 2 MiB in place of 4 KiB the table is five hundred
    times shorter. Linux then splits a huge page at the first write, so a copy
    still pays only for what it changes.
    """
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        place, rights, *_, last = line.split()
        if rights != "rw-p" or "/" in last:
            continue
        start, end = (int(number, 16) for number in place.split("-"))
        first, beyond = -(-start // SIZE) * SIZE, end // SIZE * SIZE
        if first < beyond:
            area = ctypes.c_void_p(first), ctypes.c_size_t(beyond - first)
            # What fails costs nothing but the saving.
            _libc.madvise(*area, _MADV_HUGEPAGE)
            _libc.madvise(*area, _MADV_COLLAPSE)

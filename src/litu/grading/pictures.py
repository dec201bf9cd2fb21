"""Pictures of the charts in graded notebooks, for whoever reads them in a browser.

A chart comes out of the box as a specification, which no page of nbgrader's draws. Drawing runs code over a
student's data and can crash or hang, so it is done in a box of its own, for many notebooks at once: starting
vl-convert takes longer than ten charts, and most charts of a class are the same. The SVG that comes back may still
be anything; it is rebuilt from harmless parts and shown as an image, in which no script would run.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from litu.authoring.notebooks import write_notebook
from litu.display.renderer import told
from litu.display.svg import NotDrawn, accessible
from litu.grading.execution.executor import Answer, Limits, Pool, RunCell, Step, TakeAnswer, run_notebook
from litu.grading.execution.outputs import CHART
from litu.grading.results.store import write_whole

MOST = 60
"""Charts of one notebook that are drawn."""
_TOGETHER = 20
"""Notebooks whose charts are drawn in one box."""
_START = "import json\nfrom litu.display.svg import draw\ncharts = json.load(open('charts.json'))"
Drawn = dict[str, str | None]
"""The picture of each specification, as HTML; None where there is none."""


def draw_charts(pool: Pool, notebooks: Mapping[str, nbformat.NotebookNode], drawn: Drawn) -> set[str]:
    """Put a picture beside each chart of some notebooks and return the names of those that were changed.

    `drawn` holds what has been drawn before and takes what is new. A chart that cannot be drawn keeps its text.
    """
    found = {name: list(_charts(notebook))[:MOST] for name, notebook in notebooks.items()}
    _draw(pool, (chart for charts in found.values() for chart, _ in charts), drawn)
    changed = set()
    for name, charts in found.items():
        # What is missing was behind a chart that stopped the box too often; a box of its own keeps that to one student.
        _draw(pool, (chart for chart, _ in charts), drawn)
        for chart, data in charts:
            if shown := drawn.get(chart):
                data["text/html"] = shown
                changed.add(name)
    return changed


def draw_charts_of(pool: Pool, paths: Iterable[Path]) -> None:
    """Put a picture beside each chart of executed notebooks on disk."""
    drawn: Drawn = {}
    paths = [path for path in paths if path.is_file()]
    for start in range(0, len(paths), _TOGETHER):
        some = paths[start : start + _TOGETHER]
        notebooks = {str(path): nbformat.from_dict(json.loads(path.read_text(encoding="utf-8"))) for path in some}
        for name in draw_charts(pool, notebooks, drawn):
            write_whole(Path(name), write_notebook(notebooks[name]))


def _charts(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each chart that has no picture yet, and the data of its output."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            for kind in data:
                if CHART.fullmatch(kind) and "text/html" not in data:
                    yield json.dumps(data[kind], sort_keys=True), data
                    break


def _draw(pool: Pool, charts: Iterable[str], drawn: Drawn) -> None:
    wanted = [chart for chart in dict.fromkeys(charts) if chart not in drawn]
    if not wanted:
        return
    steps: list[Step] = [RunCell("start", _START), *(TakeAnswer(str(place), f"draw(charts[{place}])") for place in range(len(wanted)))]
    limits = Limits(cpu_seconds=5, cpu_seconds_total=20 + len(wanted) / 2, processes=64)
    run = run_notebook(pool, steps, limits, {"charts.json": f"[{','.join(wanted)}]".encode()})
    for place, chart in enumerate(wanted):
        answer = run.answers[str(place)]
        if not (answer.reason or "").startswith("not run"):
            drawn[chart] = _image(answer, json.loads(chart))


def _image(answer: Answer, spec: dict[str, Any]) -> str | None:
    """Return a picture as an image with its title and description as text, or None for what is none."""
    svg = (answer.plain or {}).get("value")
    if not isinstance(svg, str):
        return None
    try:
        picture = accessible(svg, "", "")
    except NotDrawn:
        return None
    source = base64.b64encode(picture.encode()).decode()
    text = html.escape(told(spec).removeprefix("[Chart] "))
    return f'<img alt="{text}" src="data:image/svg+xml;base64,{source}" style="max-width:100%;height:auto;background-color:#fff">'

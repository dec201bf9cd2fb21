"""Single doors of the box and of the comparison that were once open, or could be."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from nbformat.v4 import new_markdown_cell
from places import TINY
from stage import Stage

from litu.answers.contract import ExerciseKey
from litu.charts import meaning
from litu.compare.verdicts import judge
from litu.grading.execution.executor import ForkServer, Limits, RunCell, TakeAnswer, run_notebook
from litu.grading.gradebook.marking.answers import as_html
from litu.grading.results.clean import clean
from litu.grading.results.page import _spare
from litu.grading.sandbox.bubblewrap import Sandbox, available
from litu.grading.sanitize import harmless_text
from litu.grading.submissions.suspicions import suspicions
from litu.kinds.wire import accept

pytest_plugins = ["grading_fixtures"]
_why_not = available(Sandbox(TINY))
pytestmark = pytest.mark.skipif(_why_not is not None, reason=str(_why_not))

SECONDS = 4
"""Longest time of the grader's own that reading one answer may take on a loaded machine."""


def test_no_socket_reaches_past_the_network_of_the_box(pool: ForkServer) -> None:
    """Only sockets that the box's own network holds can be made: none to a virtual machine's host, none raw."""
    source = (
        "import socket\nopened = []\nfor family in range(1, 46):\n    for kind in (1, 2, 3, 5):\n        try:\n"
        "            opened.append(socket.socket(family, kind).family)\n        except OSError:\n            pass"
    )

    plain = (
        run_notebook(pool, [RunCell("a", source), TakeAnswer("families", "sorted({int(family) for family in opened})")])
        .answers["families"]
        .plain
    )

    assert [1, 2, 10, 16] == [item["value"] for item in plain["items"]]


def test_cell_stopped_while_it_displays_costs_only_itself(pool: ForkServer) -> None:
    """After a cell that is stopped in the middle of displaying, the next cells run and answer."""
    source = "class Large:\n    def __repr__(self): return 'x' * 10_000\nwhile True:\n    display(Large())"
    cells = [RunCell("before", "a = 1"), RunCell("floods", source), RunCell("after", "b = a + 1"), TakeAnswer("b", "b", needs=("after",))]

    result = run_notebook(pool, cells, Limits(output_bytes=10_000))

    assert "ok" == result.cells["after"].status
    assert 2 == result.answers["b"].plain["value"]


def test_cells_together_show_no_more_than_a_notebook_may(pool: ForkServer) -> None:
    """Many cells that each show little enough, in text, in charts or in very many empty pieces, come to an end together; the cells still run."""
    chart = "display({'application/vnd.vegalite.v5+json': {'mark': 'line', 'data': {'values': ['x' * 900]}}, 'text/plain': ''}, raw=True)"
    sources = {"text": "print('<' * 900)", "pieces": "for _ in range(20):\n    display(1)", "charts": chart}
    for what, source in sources.items():
        cells = [RunCell(f"{what}-{number}", source) for number in range(12)]

        result = run_notebook(pool, cells, Limits(output_bytes=1_000, output_bytes_total=5_000, chart_bytes_total=5_000))

        shown = [json.dumps(cell.outputs) for cell in result.cells.values()]
        assert sum(map(len, shown)) < 12_000 and {cell.status for cell in result.cells.values()} == {"ok"}, what
        assert "Cut here" in shown[-1] and "a notebook 5 kB" in shown[-1], what


LINE = {
    "x": {"field": "year", "type": "quantitative", "title": "Year"},
    "y": {"field": "urban_million", "type": "quantitative", "title": "People"},
}
KEEP = {"filter": {"and": [{"not": {"field": "year", "equal": "none"}}] * 11}}
WORDS = {"mark": "line", "title": "Towns grow", "description": "A line of the urban people of China."}


def numbers(count: int) -> dict[str, Any]:
    """Return chart data of many rows."""
    return {"values": [{"year": number, "urban_million": number} for number in range(count)]}


def repeated(depth: int) -> dict[str, Any]:
    """Return a chart of no layers, repeated forty times at each depth."""
    spec: dict[str, Any] = {"layer": []}
    for _ in range(depth):
        spec = {"repeat": [f"c{number}" for number in range(40)], "spec": spec}
    return spec


HEAVY = {
    "many filters": {"data": numbers(5_000), "transform": [KEEP] * 24, "encoding": LINE},
    "folds": {"data": {"values": [{}]}, "layer": [{"mark": "line", "transform": [{"fold": [f"f{n}" for n in range(2000)]}, *[KEEP] * 22], "encoding": LINE}] * 40},
    "long names": {"data": {"values": [{}] * 20_000}, "encoding": {"x": {"field": "a." * 100_000}, "y": {"field": "b." * 100_000}}},
    "many rows": {"data": numbers(20_000), "encoding": LINE},
    "many channels": {"data": numbers(20_000), "encoding": {f"c{n}": {"field": "year", "type": "ordinal", "sort": "-y"} for n in range(22)} | LINE},
    "dates that are none": {"data": numbers(20_000), "encoding": {"x": {"field": "year", "type": "temporal", "timeUnit": "yearmonth"}, **LINE}},
    "shared channels": {"encoding": {f"c{n}": {"field": "a"} for n in range(40_000)}, "layer": [{"mark": "line"}] * 40},
    "repetitions": repeated(18),
    "empty layers": {"layer": [{"layer": []}] * 100_000},
    "repeated data": {"repeat": [f"c{n}" for n in range(40)], "spec": {"mark": "line", "title": ["word"] * 100_000, "data": numbers(400), "encoding": LINE}},
    "narrow bins": {"data": numbers(100), "encoding": {"x": {"field": "year", "bin": {"step": 1e-300}}, "y": {"aggregate": "count"}}},
}  # fmt: skip


@pytest.fixture(scope="module")
def chart_key(quiet_stage: Stage) -> Iterator[ExerciseKey]:
    """Return the answer key of the chart exercise."""
    yield quiet_stage.assignment.key.exercises["chart"]


@pytest.mark.parametrize("name", HEAVY)
def test_no_chart_keeps_the_grader_busy(chart_key: ExerciseKey, name: str) -> None:
    """A chart that unfolds into very many steps is read, or refused, in seconds."""
    spec = json.loads(json.dumps({**WORDS, **HEAVY[name]}))
    began = time.process_time()

    verdict = judge(accept({"kind": "chart", "spec": spec}, chart_key.answer), chart_key)

    assert time.process_time() - began < SECONDS
    assert verdict.share < 1


BUSY_CODE = {
    "a word again and again": ["x = '" + "jupyter_" * 12_000 + "'"],
    "a word in a command and no Python": ["!x=!echo " + "jupyter_" * 12_000 + "\n(("],
    "many modules, many settings": ["import " + ",".join(f"m{n}" for n in range(5_000)) + "\nimport q\n" + "q.b=1\n" * 9_000],
    "long chains": ["\n".join("a" + ".a" * 930 for _ in range(52))],
    "many short cells": ["x = 1"] * 2_000,
}


@pytest.mark.parametrize("name", BUSY_CODE)
def test_no_code_keeps_the_grader_busy(name: str) -> None:
    """Code as long as is looked through is looked through in seconds, whatever it repeats."""
    began = time.process_time()

    found = suspicions(BUSY_CODE[name], [])

    assert time.process_time() - began < SECONDS
    assert "holds more code than is looked through" not in found


def test_no_text_keeps_the_grader_busy() -> None:
    """A text cell of 14 MB is cut, and said to be."""
    began = time.process_time()

    kept = harmless_text("<a](x![" * 2_000_000)

    assert time.process_time() - began < SECONDS
    assert len(kept) < 2_000_000 and "Cut here" in kept


SLOW_TO_RENDER = {"tables": "a|b\n-|-\n", "signs": "<", "tags": "<b>", "quotes": ">", "formulas": r"\begin{a} ", "references": "&#"}


@pytest.mark.parametrize("name", SLOW_TO_RENDER)
def test_no_text_keeps_the_writer_of_pages_busy(name: str) -> None:
    """Text that takes long to render is shown as it is: on the marking page, and on a feedback page after so much of it."""
    part = SLOW_TO_RENDER[name]
    cells = [new_markdown_cell(harmless_text(part * (length // len(part)))) for length in (480_000, *[18_000] * 25)]
    began = time.process_time()

    _spare(cells)
    rendered = [clean(as_html(cell.source)) for cell in cells if not cell.metadata.as_it_is]
    as_it_is = as_html(cells[0].source)

    assert time.process_time() - began < 6 * SECONDS
    assert cells[0].metadata.as_it_is and 0 < len(rendered) < 15
    assert as_it_is.startswith("<pre>") and "<" not in as_it_is[5:-6]


def test_no_set_keeps_the_grader_busy() -> None:
    """A set of far more items than belong is told as such, without looking for each."""
    right = {"kind": "set", "items": [{"kind": "text", "value": f"place {n}"} for n in range(20)]}
    key = ExerciseKey("places", right)
    began = time.process_time()

    verdict = judge({"kind": "set", "items": [{"kind": "text", "value": "x"}] * 190_000}, key)

    assert time.process_time() - began < SECONDS
    assert verdict.share == 0 and "far more items" in verdict.message


def test_large_honest_charts_are_read(chart_key: ExerciseKey) -> None:
    """Limits leave room: twenty thousand rows, or three layers of five thousand rows with two steps each."""
    layer = {
        "mark": "line",
        "data": numbers(5_000),
        "transform": [{"filter": "datum.year > 10"}, {"filter": "datum.year < 4000"}],
        "encoding": LINE,
    }

    for spec in ({**WORDS, "data": numbers(20_000), "encoding": LINE}, {**WORDS, "layer": [layer, layer, layer]}):
        assert [None] * len(spec.get("layer", [0])) == [view.problem for view in meaning(spec).views]


def test_strange_tables_are_judged(quiet_stage: Stage) -> None:
    """A table whose number columns hold texts, and whose index claims to be a column, gets a verdict and no points."""
    key = quiet_stage.assignment.key.exercises["table"]
    answer = json.loads(json.dumps(key.answer))
    for column in answer["columns"]:
        column["values"] = [str(value) for value in column["values"]]
    answer["index"] = {"names": ["urban_percent"], "values": [["a"]] * 5, "default": False}

    assert 0 == judge(accept(answer, key.answer), key).share

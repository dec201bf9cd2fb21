"""Grading without a sandbox: ordinary kernels under the same limits on the clock, the same replay."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import TINY

from litu.grading.execution.executor import Limits, RunCell, RunResult, TakeAnswer, run_notebook
from litu.grading.execution.kernel import KernelPool

pytestmark = pytest.mark.slow
SHORT = Limits(cpu_seconds=0.5, cpu_seconds_total=8, wall_factor=12, restarts=2)


@pytest.fixture
def pool() -> Iterator[KernelPool]:
    """Return a pool of ordinary kernels."""
    with KernelPool(TINY) as made:
        yield made


def ran(pool: KernelPool, *sources: str, limits: Limits = SHORT) -> RunResult:
    """Run cells named c1, c2, … and take the value of ``x`` at the end."""
    cells = [RunCell(f"c{number}", source) for number, source in enumerate(sources, 1)]
    return run_notebook(pool, [*cells, TakeAnswer("x", "x")], limits, {"beside.txt": b"41"})


def test_answers_and_outputs_come_back(pool: KernelPool) -> None:
    """A file beside the notebook is read, an error is kept, an answer is plain data."""
    result = ran(pool, "x = int(open('beside.txt').read()) + 1\nprint(x)", "1 / 0")

    assert result.answers["x"].plain == {"kind": "number", "value": 42}
    assert result.cells["c1"].outputs[0]["text"] == "42\n"
    assert (result.cells["c2"].status, result.cells["c2"].outputs[0]["ename"]) == ("error", "ZeroDivisionError")


def test_a_cell_that_prints_for_ever_is_stopped(pool: KernelPool) -> None:
    """The limit holds although the queue of messages is never empty; the cells before and after it count."""
    began = time.monotonic()

    result = ran(pool, "x = 1", "while True: print('again')", "x = x + 1")

    assert time.monotonic() - began < 40
    assert (result.cells["c2"].status, result.cells["c3"].status) == ("stopped", "ok")
    assert result.answers["x"].plain == {"kind": "number", "value": 2}


def test_a_cell_that_kills_its_kernel_on_every_replay_ends(pool: KernelPool, tmp_path: Path) -> None:
    """A cell that is fine at first and kills the kernel when it is run again is left out from then on; nothing recurses."""
    mark = tmp_path / "seen"
    trap = f"from pathlib import Path\nimport os\nseen = Path({str(mark)!r})\nif seen.exists(): os._exit(1)\nseen.touch()"

    result = ran(pool, trap, "x = 5", "import os; os._exit(1)", "x = x + 1")

    assert result.answers["x"].plain == {"kind": "number", "value": 6}
    assert result.restarts <= SHORT.restarts


def test_the_whole_notebook_has_a_limit(pool: KernelPool) -> None:
    """Cells that each stay under their limit are not run for ever together."""
    result = ran(pool, *["import time; time.sleep(1.5)"] * 6, limits=Limits(cpu_seconds=1, cpu_seconds_total=1, wall_factor=4))

    assert "not run" in {cell.status for cell in result.cells.values()}
    assert result.answers["x"].plain is None

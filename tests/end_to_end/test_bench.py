"""The benchmarks run to their end and print their tables; what they measure is never held against a clock here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from grading_tools import needs_box
from places import REPOSITORY

pytestmark = [pytest.mark.slow, needs_box]

TABLES = {
    "speed.py": ("stock nbgrader", "ours, `litu grade`", "floor: cells and checks", "2 of 2 students have the same in every check"),
    "memory.py": ("whole process tree", "the grader itself"),
    "scale.py": ("bookkeeping, ms each", "Line: "),
    "report.py": ("20 graded, 0 handed in nothing", "page, kB"),
    "learner.py": ("START: kernel, import, map", "00-orientation: Run All, solved"),
    "latency.py": ("verdict on a right answer", "explanation of a wrong answer", "`import litu`, beyond pandas and Altair"),
    "guess.py": ("plain loop recovers", "together"),
}


@pytest.mark.parametrize("script", TABLES)
def test_benchmark_runs(script: str) -> None:
    """`--quick` measures little, but by the same steps, and leaves the committed figures alone."""
    kept = {path: path.read_bytes() for path in Path(REPOSITORY, "bench").iterdir() if path.is_file()}

    ran = subprocess.run(
        [sys.executable, REPOSITORY / "bench" / script, "--quick"],
        cwd=REPOSITORY,
        env=os.environ | {"BENCH_PATIENCE": "0"},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    for words in TABLES[script]:
        assert words in ran.stdout
    assert kept == {path: path.read_bytes() for path in kept}

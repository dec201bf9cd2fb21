"""A student's copy and grading give one verdict on answers that nobody foresaw."""

from __future__ import annotations

import subprocess
import sys

import pytest
from places import REPOSITORY


@pytest.mark.slow
def test_two_modes_give_one_verdict():
    """Same outcome, points, wrong parts and slip on generated answers to every exercise, what is only noted apart."""
    command = [sys.executable, REPOSITORY / "bench" / "agreement.py"]

    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=600)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Two modes, one verdict: 10,000 answers" in ran.stdout and " 0 differ" in ran.stdout

"""A student's copy and grading give one verdict on answers that nobody foresaw."""

from __future__ import annotations

import subprocess
import sys

import pytest
from places import REPOSITORY


@pytest.mark.parametrize("number", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_two_modes_give_one_verdict(number):
    """Same outcome, points, wrong parts and slip on generated answers to every exercise, what is only noted apart."""
    command = [sys.executable, REPOSITORY / "bench" / "agreement.py", "--number", str(number)]

    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=600)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"Two modes, one verdict: {number:,} answers" in ran.stdout and " 0 differ" in ran.stdout

"""No reader of hostile bytes ends in a traceback or takes more than a second or 200 MB for one input."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from places import REPOSITORY


@pytest.mark.slow
def test_hostile_bytes_end_in_documented_errors(tmp_path: Path) -> None:
    """Notebooks, answers, charts, frames, checks, attachments, times, results, text and pictures, spoiled in any way, are read or refused."""
    command = [sys.executable, REPOSITORY / "bench" / "fuzz.py", "--quick", "--keep", tmp_path]

    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=500)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 0 went wrong" in ran.stdout

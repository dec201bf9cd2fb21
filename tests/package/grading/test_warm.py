"""What makes the start quick, and leaves everything else as it is."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from grading_tools import needs_box
from places import TINY

from litu.grading.execution.executor import RunCell, SandboxError, TakeAnswer, run_notebook
from litu.grading.execution.fork_server import warming

HUGE = """
from litu.grading.execution.preload import SIZE, gather
kept = [bytearray(range(256)) * (SIZE // 64) for _ in range(4)]
gather()
assert all(block == bytearray(range(256)) * (SIZE // 64) for block in kept)
kept[0][SIZE] = 7
print(sum(map(len, kept)) // SIZE, kept[0][SIZE])
"""
QUICK = """
import sys
from litu.grading.execution.fast_jsonschema import load
load()
assert "jsonschema" in sys.modules and "lark" not in sys.modules
import altair, jsonschema, nbformat
jsonschema.validate({"a": 1}, {"type": "object", "required": ["a"]})
nbformat.validate(nbformat.v4.new_notebook())
from rfc3987_syntax import is_valid_syntax
print(is_valid_syntax("iri", "https://example.org/农村"))
"""


def printed(code: str) -> str:
    """Run code in a Python of its own and return what it prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def warm_parents() -> set[int]:
    """Return the ids of the warm parents that this process has started."""
    children = [int(word) for path in Path("/proc/self/task").glob("*/children") for word in path.read_text().split()]
    return {child for child in children if b"litu.grading.execution.zygote" in Path(f"/proc/{child}/cmdline").read_bytes()}


def test_huge_pages_change_no_memory() -> None:
    """What lies on huge pages reads and writes as before."""
    assert printed(HUGE) == "16 7"


@pytest.mark.slow
def test_jsonschema_without_its_grammars_does_its_work() -> None:
    """Altair, nbformat and jsonschema work, and the grammars can still be imported by whoever wants them."""
    assert printed(QUICK) == "True"


@needs_box
def test_pool_on_its_way_can_be_waited_for() -> None:
    """A pool that was started ahead runs notebooks, and its parent ends with it."""
    before = warm_parents()
    with warming(TINY) as warm:
        result = run_notebook(warm.result(), [RunCell("a", "x = 6 * 7"), TakeAnswer("x", "x")])

    assert result.answers["x"].plain == {"kind": "number", "value": 42}
    assert warm_parents() == before


@needs_box
@pytest.mark.parametrize("begun", [False, True])
def test_pool_that_nobody_waits_for_is_given_up(begun: bool) -> None:
    """A run that ends at a mistake before the pool is warm, or before it has begun, ends the warming too and leaves no parent."""
    before = warm_parents()
    with pytest.raises(KeyError), warming(TINY) as warm:
        while begun and warm_parents() == before:
            time.sleep(0.005)
        raise KeyError

    assert isinstance(warm.exception(), SandboxError) and warm_parents() == before

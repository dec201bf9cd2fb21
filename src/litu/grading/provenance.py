"""What marks depend on besides the submission and the key: this package's code and the libraries."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import litu
from litu.grading.assignment import Assignment

LIBRARIES = ("altair", "numpy", "pandas", "scipy")


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python, of this package's code and of the libraries that notebooks use."""
    code = hashlib.sha256()
    for path in sorted(Path(litu.__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    python = ".".join(platform.python_version_tuple()[:2])
    return {"Python": python, "litu": code.hexdigest()[:12], **{name: importlib.metadata.version(name) for name in LIBRARIES}}


def digest_of(data: bytes | None, notes: list[str], files: Mapping[str, bytes] = MappingProxyType({})) -> str:
    """Return a digest of one submission as it lies on disk."""
    beside = [(name, hashlib.sha256(content).hexdigest()) for name, content in sorted(files.items())]
    return hashlib.sha256((data or b"none") + json.dumps([notes, beside]).encode()).hexdigest()


def marks_digest(submitted: str, assignment: Assignment) -> str:
    """Return a digest of a submission, by its own digest, and of all else that its marks depend on."""
    return hashlib.sha256((submitted + assignment.digest + json.dumps(versions())).encode()).hexdigest()

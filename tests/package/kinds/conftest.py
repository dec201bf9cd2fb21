"""Hashes are cheap here: many are needed, and what they cost is tested elsewhere."""

from __future__ import annotations

import pytest

from litu.public_checks.hashing import SCRYPT


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a hash cheap."""
    monkeypatch.setitem(SCRYPT, "n", 16)

"""What axe-core finds wrong with a page for people who hear it, enlarge it or use the keyboard."""

from __future__ import annotations

from typing import Any

import pytest


def findings(page: Any) -> list[str]:
    """Return one line for each rule that a page breaks, of any impact; skip the test where axe is not installed."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    broken = axe.run(page).response["violations"]
    return [f"{rule['id']} ({rule['impact']}): {rule['nodes'][0]['html'][:200]}" for rule in broken]

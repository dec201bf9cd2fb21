"""What axe-core finds wrong with a page for people who hear it, enlarge it or use the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

OURS = (".jp-OutputArea-output", ".jp-RenderedMarkdown")
"""What the course puts on JupyterLab's page: outputs and the text of lessons."""


def broken(page: Any, context: Any = None) -> Iterator[tuple[str, str]]:
    """Yield a rule that a page or a context of axe-core's breaks, of any impact, and an element that does it; skip where axe is not installed."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for rule in axe.run(page, context=context).response["violations"]:
        for node in rule["nodes"]:
            yield f"{rule['id']} ({rule['impact']})", node["html"]


def findings(page: Any, context: Any = None) -> list[str]:
    """Return one line for each element that breaks a rule."""
    return [f"{rule}: {element[:200]}" for rule, element in broken(page, context)]


def in_our_parts(page: Any) -> list[str]:
    """Return the findings in what the course puts on JupyterLab's page."""
    return findings(page, {"include": [[part] for part in OURS]})


def outside_our_parts(page: Any) -> set[str]:
    """Return the kinds of findings in JupyterLab's own parts."""
    return {f"{rule}: {_kind(element)}" for rule, element in broken(page, {"exclude": [[part] for part in OURS]})}


def _kind(element: str) -> str:
    """Return an element as its tag and the first of JupyterLab's classes, which is the same each time it opens."""
    tag = re.match(r"<([\w-]+)", element)
    classes = re.search(r'class="([^"]*)"', element)
    named = [name for name in (classes[1].split() if classes else ()) if re.fullmatch(r"(jp|lm|cm)-[A-Za-z_-]+", name)]
    return f"{tag[1] if tag else '?'}{'.' + named[0] if named else ''}"

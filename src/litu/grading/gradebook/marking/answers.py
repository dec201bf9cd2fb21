"""The written answers of a unit, as they stand in the graded notebooks."""

from __future__ import annotations

import hashlib
import html
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from litu.course import Course
from litu.grading.sanitize import LONGEST_RENDERED, harmless_text
from litu.grading.submissions.open_plainly import read_plainly

LARGEST = 80_000_000
"""Bytes of a graded notebook that is read."""


@dataclass(frozen=True)
class Text:
    """One written answer: as HTML in which nothing acts, and a digest of it."""

    html: str
    digest: str


def texts(course: Course, unit: str, student: str) -> dict[str, Text]:
    """Return the Markdown cells of a student's graded notebook by nbgrader's names; none where there is no notebook."""
    path = course.place("autograded") / student / unit / f"{unit}.ipynb"
    try:
        status = path.lstat()
    except OSError:
        return {}
    return _texts(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4000)
def _texts(path: Path, _changed: int, _size: int) -> dict[str, Text]:
    try:
        cells = json.loads(read_plainly(path, LARGEST) or b"{}").get("cells", [])
    except (ValueError, RecursionError, AttributeError):
        return {}
    return {cell["metadata"]["nbgrader"]["grade_id"]: _text(cell) for cell in cells if _is_written(cell)}


def _is_written(cell: dict[str, Any]) -> bool:
    marks = cell.get("metadata", {}).get("nbgrader", {})
    return bool(cell.get("cell_type") == "markdown" and marks.get("solution") and marks.get("grade"))


def _text(cell: dict[str, Any]) -> Text:
    source, pictures = "".join(cell.get("source", "")), cell.get("attachments", {})
    digest = hashlib.sha256(json.dumps([source, pictures], sort_keys=True).encode()).hexdigest()[:16]
    return Text(as_html(harmless_text(source, pictures), pictures), digest)


def as_html(markdown: str, pictures: dict[str, Any] | None = None) -> str:
    """Return Markdown as HTML, with its pictures inside, as nbconvert shows it; as it is where it is too long for that."""
    if len(markdown) > LONGEST_RENDERED:
        return f"<pre>{html.escape(markdown)}</pre>"
    renderer = IPythonRenderer(escape=False, attachments=pictures or {}, exclude_anchor_links=True, allow_harmful_protocols=False)
    return str(MarkdownWithMath(renderer=renderer).render(markdown))

"""What a student wrote, made fit for the browser of whoever reads it.

nbgrader's feedback pages and Formgrader take the HTML in Markdown cells over
as it is, and JupyterLab draws the charts of any notebook. So text of a
student's keeps its words and its Markdown but no HTML that does something,
and a chart that loads something from elsewhere is not kept.
"""

from __future__ import annotations

import re
from typing import Any

_PLAIN_TAG = r"/?(?:b|br|code|del|em|hr|i|ins|kbd|mark|s|small|strong|sub|sup|u)\s*/?>"
_ADDRESS = r"(?:https?://|mailto:)"
_ACTIVE = re.compile(
    rf"<(?=[a-z/!?])(?!{_PLAIN_TAG}|{_ADDRESS}[^\s<>\"'`]*>)"  # a tag
    rf"|\](?=\((?!{_ADDRESS}|#|(?!//)[\w.,/?=%-]+[\s)])|:(?!\s*{_ADDRESS}))"  # the address of a link
    r"|!(?=\[)",  # a picture, which tells its owner who looks
    re.IGNORECASE,
)
_PAGE = re.compile(r"<[ /]?(?:script|iframe|object|embed|form|style|link|meta|base|svg|math)\b|<[^<>]*\bon\w+\s*=|\b(?:java|vb)script:", re.IGNORECASE)

LONGEST = 500_000
"""Characters of a text cell that are kept."""
_LOADING = {"url", "href"}
_ROWS = {"datasets", "values"}


def harmless_text(markdown: str) -> str:
    """Return Markdown in which no tag and no address does more than show: a space takes their effect away."""
    if len(markdown) > LONGEST:
        markdown = f"{markdown[:LONGEST]}\n\n*Cut here: a cell may hold {LONGEST // 1000} kB of text.*"
    return _ACTIVE.sub(r"\g<0> ", markdown)


def holds_page(markdown: str) -> bool:
    """Return whether a text holds a script, a frame, a form or the like."""
    return _PAGE.search(markdown) is not None


def harmless_chart(spec: dict[str, Any]) -> dict[str, Any] | None:
    """Return a chart without settings for the page it is shown on; None when it loads something from elsewhere."""
    kept = {name: part for name, part in spec.items() if name != "usermeta"}
    return None if _loads(kept) else kept


def _loads(spec: dict[str, Any]) -> bool:
    left: list[Any] = [spec]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            if _LOADING & part.keys() or "image" in (part.get("mark"), part.get("type")):
                return True
            left += [value for name, value in part.items() if name not in _ROWS]
        elif isinstance(part, list):
            left += part
    return False

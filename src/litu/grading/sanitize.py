"""What a student wrote, made fit for the browser of whoever reads it.

nbgrader's feedback pages and Formgrader take the HTML in Markdown cells over
as it is, and JupyterLab draws the charts of any notebook. So text of a
student's keeps its words and its Markdown but no HTML that does something,
and a chart that loads something from elsewhere is not kept.
"""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterator
from html.parser import HTMLParser
from typing import Any

_PLAIN_TAG = r"/?(?:b|br|code|del|em|hr|i|ins|kbd|mark|s|small|strong|sub|sup|u)\s*/?>"
_ADDRESS = r"(?:https?://|mailto:)"
_ACTIVE = re.compile(
    rf"<(?=[a-z/!?])(?!{_PLAIN_TAG}|{_ADDRESS}[^\s<>\"'`]*>)"  # a tag
    rf"|\](?=\((?!{_ADDRESS}|#|(?!//)[\w.,/?=%-]+[\s)])|:(?!\s*{_ADDRESS}))"  # the address of a link
    r"|!(?=\[)",  # a picture, which tells its owner who looks
    re.IGNORECASE,
)
_PICTURE = re.compile(r"(?<![<!\]])!\[[^\[\]\n<>]{0,300}\]\(attachment:([\w.-]{1,60})\)")
_PAGE = re.compile(
    r"<[ /]?(?:script|iframe|object|embed|form|style|link|meta|base|svg|math)\b|<[^<>]*\bon\w+\s*=|\b(?:java|vb)script:", re.IGNORECASE
)

LONGEST = 500_000
"""Characters of a text cell that are kept."""
LONGEST_RENDERED = 20_000
"""Characters of a cell that is rendered: reading Markdown and cleaning HTML take time that grows with the square of it. A longer one is shown as it is."""
LONGEST_TABLE = 50_000
"""Characters of a table in HTML that stays one."""
_OPENS, _CLOSES = re.compile(r"<table\b[^<>]*>", re.IGNORECASE), re.compile(r"</table\s*>", re.IGNORECASE)
_TABLE_TAGS = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
_IN_CELLS = {"b", "br", "code", "em", "i", "p", "small", "strong", "sub", "sup", "u"}
_NEVER_CLOSED = {"br"}
_LOADING = {"url", "href"}
_ROWS = {"datasets", "values"}


def harmless_text(markdown: str, pictures: Container[str] = ()) -> str:
    """Return Markdown in which no tag and no address does more than show: a space takes their effect away.

    Tables in HTML stay tables. Attached ``pictures`` stay where the text shows them.
    """
    if len(markdown) > LONGEST:
        markdown = f"{markdown[:LONGEST]}\n\n*Cut here: a cell may hold {LONGEST // 1000} kB of text.*"
    made, start = [], 0
    for begins, ends in _tables(markdown):
        table = _table(markdown[begins:ends]) if ends - begins <= LONGEST_TABLE else None
        if table is not None:
            made += [_harmless(markdown[start:begins], pictures), f"\n\n{table}\n\n"]
            start = ends
    return "".join([*made, _harmless(markdown[start:], pictures)])


def _tables(markdown: str) -> Iterator[tuple[int, int]]:
    """Yield where tables begin and end; one in another belongs to the outer."""
    end = 0
    while (opens := _OPENS.search(markdown, end)) and (closes := _CLOSES.search(markdown, opens.end())):
        end = closes.end()
        yield opens.start(), end


def _harmless(markdown: str, pictures: Container[str]) -> str:
    made, start = [], 0
    for found in _PICTURE.finditer(markdown):
        if found[1] in pictures:
            made += [_ACTIVE.sub(r"\g<0> ", markdown[start : found.start()]), found[0]]
            start = found.end()
    return "".join([*made, _ACTIVE.sub(r"\g<0> ", markdown[start:])])


def _table(markup: str) -> str | None:
    """Return a table made of its rows and words alone; None when its tags do not close as they open."""
    builder = _TableBuilder()
    builder.feed(markup)
    builder.close()
    return None if builder.open or builder.broken else "".join(builder.made)


class _TableBuilder(HTMLParser):
    """Writes a table anew: known tags without attributes but the spans of cells, and everything else as words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self.open: list[str] = []
        self.broken = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TABLE_TAGS | _IN_CELLS:
            self.handle_data(self.get_starttag_text() or "")
            return
        spans = "".join(
            f' {name}="{value}"' for name, value in attrs if name in ("colspan", "rowspan") and value and re.fullmatch("[1-9][0-9]?", value)
        )
        self.made.append(f"<{tag}{spans}>")
        if tag not in _NEVER_CLOSED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TABLE_TAGS | _IN_CELLS:
            self.handle_data(f"</{tag}>")
        elif tag not in _NEVER_CLOSED:
            self.broken |= not self.open or self.open.pop() != tag
            self.made.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        words = " ".join(_ACTIVE.sub(r"\g<0> ", data).split())
        self.made.append(html.escape(words))

    def handle_comment(self, data: str) -> None:
        self.handle_data(data)

    handle_decl = handle_pi = unknown_decl = handle_comment  # type: ignore[assignment]


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

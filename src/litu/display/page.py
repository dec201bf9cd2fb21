"""A notebook as one web page that everybody can read: nbconvert's exporter with a template of plain, named parts.

The page holds all it shows. It has one main landmark, headings, a link past the navigation, tables whose heads say
what they head, and colours for light and dark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"
SHOWN = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"]
"""What is taken of an output, the first that is there."""
_TABLE = re.compile(r"(?<! tabindex=\"0\">)<table\b.*?</table>", re.DOTALL)
_EMPTY_HEAD = re.compile(r"<th(?: [^>]*)?>\s*</th>")
_BARE_HEAD, _HEAD_OF_COLUMN = re.compile(r"<th(?=[ >])(?![^>]*\bscope=)"), '<th scope="col"'


def notebook_page(notebook: Any, title: str, links: Sequence[tuple[str, str]] = ()) -> str:
    """Return a notebook as a page; ``links`` are text and address of a line of navigation."""
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter(
        template_name="page",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    exporter.register_filter("framed", framed)
    exporter.config.NbConvertBase.display_data_priority = SHOWN
    page, _ = exporter.from_notebook_node(notebook, resources={"page": {"title": title, "links": list(links)}})
    return str(page)


def framed(html: str) -> str:
    """Return HTML whose tables may be wider than the page: each in a frame that scrolls and can be reached by keyboard.

    Those that a note or `litu.display.tables` has framed stay as they are.
    """
    return _TABLE.sub(lambda table: f'<div class="wide" tabindex="0">{_with_heads(table[0])}</div>', html)


def _with_heads(table: str) -> str:
    """Return a table whose heads say what they head; one without words heads nothing."""
    return _BARE_HEAD.sub(_HEAD_OF_COLUMN, _EMPTY_HEAD.sub("<td></td>", table))

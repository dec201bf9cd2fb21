"""Charts with a slider, a menu or something to select: Vega runs in the page, from the notebook's own bytes.

The library (0.9 MB) stands once in a notebook: in the first cell that shows such a chart, and again each time
that cell runs. Until it is there, and wherever scripts do not run, the picture stands in the chart's place.
"""

from __future__ import annotations

import json
import secrets
from functools import cache
from typing import Any

_READY = "litu-vega"
_SNIPPET = f"window.lituVega = {{embed: vegaEmbed}}; window.dispatchEvent(new Event({_READY!r}));"
_carrier: list[str] = []
"""The cell whose output holds the library."""


def moves(spec: dict[str, Any]) -> bool:
    """Return whether a chart has a selection or an input that a reader can move."""
    left: list[Any] = [spec]
    while left:
        part = left.pop()
        if not isinstance(part, dict):
            continue
        params = part.get("params")
        if isinstance(params, list) and any(isinstance(param, dict) and ("bind" in param or "select" in param) for param in params):
            return True
        for name in ("layer", "hconcat", "vconcat", "concat"):
            left += part[name] if isinstance(part.get(name), list) else []
        left.append(part.get("spec"))
    return False


def page_part(spec: dict[str, Any], still: str) -> str:
    """Return the HTML of an interactive chart; `still` is shown until it works."""
    own = f"v{secrets.token_hex(4)}"
    spec = {name: part for name, part in spec.items() if name not in ("$schema", "usermeta")}
    library = f"<script>{_library()}</script>" if _carries() else ""
    draw = f"""<script>(function () {{
  const box = document.getElementById("{own}"), place = document.createElement("div");
  const spec = {_in_script(spec)};
  const no = () => Promise.reject(new Error("nothing is loaded from elsewhere"));
  const options = {{mode: "vega-lite", actions: false, renderer: "svg", loader: {{load: no, sanitize: no, http: no, file: no}}}};
  function draw() {{
    window.lituVega.embed(place, spec, options).then(() => box.replaceChildren(place)).catch(() => {{}});
  }}
  if (window.lituVega) draw(); else window.addEventListener("{_READY}", draw, {{once: true}});
}})();</script>"""
    return f'<div id="{own}">{still}</div>{library}{draw}'


def _in_script(value: Any) -> str:
    """Return JSON that ends no script and opens no comment."""
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")


@cache
def _library() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, which runs once in a page however often it is there."""
    import vl_convert

    bundle = vl_convert.javascript_bundle(_SNIPPET).replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"(function () {{ if (window.lituVega) return;\n{bundle}\n}})();"


def _carries() -> bool:
    """Return whether the running cell is the one to hold the library; where nothing tells cells apart, each does."""
    cell = _running_cell()
    if cell and not _carrier:
        _carrier.append(cell)
    return not cell or cell in _carrier


def _running_cell() -> str:
    """Return what tells the running cell from others: the name that the front end gives it, or else its text."""
    from IPython import get_ipython

    parent: Any = getattr(get_ipython(), "get_parent", dict)()
    if not isinstance(parent, dict):
        return ""
    return str(parent.get("metadata", {}).get("cellId") or parent.get("content", {}).get("code") or "")

"""From a Vega-Lite specification to an SVG that anybody can see or hear, and that does nothing but show.

vl-convert draws; it is loaded when the first chart is drawn, and loads nothing from elsewhere. What it returns
is rebuilt from the elements and attributes that a picture needs: no script, no style sheet, no link, no address.
So the same function serves charts of students, whose specifications may hold anything.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from litu.errors import LituError

SVG = "http://www.w3.org/2000/svg"
LARGEST, MOST_TAGS, DEEPEST = 3_000_000, 100_000, 200
"""Characters and tags of a picture that is shown, and levels of its elements."""

_ELEMENTS = {
    "svg", "g", "path", "line", "rect", "circle", "ellipse", "polygon", "polyline", "text", "tspan", "defs", "clipPath",
    "linearGradient", "radialGradient", "stop", "image",
}  # fmt: skip
_ATTRIBUTES = {
    "id", "width", "height", "viewBox", "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "r", "rx", "ry", "cx", "cy",
    "fx", "fy", "points", "offset", "gradientUnits", "preserveAspectRatio", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width",
    "stroke-opacity", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stop-color",
    "stop-opacity", "opacity", "clip-path", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "letter-spacing",
    "dominant-baseline", "display", "visibility",
}  # fmt: skip
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_REFERENCE = re.compile(r"url\(#([\w-]+)\)")
_LONG_NUMBER = re.compile(r"(?<![\w#])(-?\d+\.\d\d)\d++(?!\w)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class NotDrawn(LituError):
    """A chart that cannot be drawn, and why, in a sentence."""


def draw(spec: dict[str, Any]) -> str:
    """Return the SVG that vl-convert draws; raises `NotDrawn` with a sentence whatever goes wrong."""
    try:
        import vl_convert
    except ImportError:
        raise NotDrawn("The package vl-convert-python, which draws charts, is not installed.") from None
    quiet = {**spec, "config": {**_mapping(spec.get("config")), "aria": False}}
    try:
        return vl_convert.vegalite_to_svg(json.dumps(_writable(quiet)), allowed_base_urls=[])
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a fault in vl-convert's own code comes as a BaseException
        raise NotDrawn(_reason(str(error))) from None


def _writable(part: Any) -> Any:
    """Return a specification without the characters that XML has no place for: at one of them vl-convert ends the process."""
    if isinstance(part, str):
        return _UNWRITABLE.sub("", part)
    if isinstance(part, dict):
        return {_writable(name): _writable(value) for name, value in part.items()}
    return [_writable(value) for value in part] if isinstance(part, list | tuple) else part


def accessible(svg: str, title: str, description: str) -> str:
    """Return an SVG rebuilt from harmless parts, named by title and description, its identifiers unique in the page.

    `svg` may be hostile. Raises `NotDrawn` when it is no SVG or larger than `LARGEST`.
    """
    own = f"c{secrets.token_hex(4)}"
    root = _harmless(svg, own)
    named: list[str] = []
    for tag, text in (("desc", description), ("title", title)):
        if text:
            element = ElementTree.Element(tag, id=f"{own}-{tag}")
            element.text = _UNWRITABLE.sub("", text)
            root.insert(0, element)
            named.insert(0, f"{own}-{tag}")
    root.set("xmlns", SVG)
    root.set("role", "img")
    root.set("aria-labelledby", " ".join(named)) if named else root.set("aria-label", "Chart without a title")
    root.set("style", "max-width:100%;height:auto")
    return ElementTree.tostring(root, encoding="unicode")


def _harmless(svg: str, own: str) -> ElementTree.Element:
    if len(svg) > LARGEST:
        raise NotDrawn(f"The picture is larger than {LARGEST // 1_000_000} MB: draw fewer marks.")
    if svg.count("<") > MOST_TAGS:
        raise NotDrawn(f"The picture has more than {MOST_TAGS:,} parts: draw fewer marks.")
    if "<!" in svg.replace("<!--", ""):  # declarations of entities grow without end
        raise NotDrawn("The picture is no plain SVG.")
    try:
        found = ElementTree.fromstring(svg)
    except (ElementTree.ParseError, ValueError):
        raise NotDrawn("The picture is no SVG.") from None
    if _local(found.tag) != "svg":
        raise NotDrawn("The picture is no SVG.")
    root = ElementTree.Element("svg", dict(_attributes(found, own)))
    left = [(found, root, 0)]
    while left:
        source, copy, depth = left.pop()
        if depth > DEEPEST:
            raise NotDrawn("The picture is nested too deeply.")
        copy.text = source.text if _local(source.tag) in ("text", "tspan") else None
        for child in source:
            if _local(child.tag) in _ELEMENTS and not _empty(child):
                left.append((child, ElementTree.SubElement(copy, _local(child.tag), dict(_attributes(child, own))), depth + 1))
    return root


def _attributes(element: ElementTree.Element, own: str) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if _local(name) == "href" and _local(element.tag) == "image" and _PICTURE.fullmatch(value):
            yield "href", value
        elif name == "id":
            yield name, f"{own}-{re.sub(r'[^A-Za-z0-9_-]', '', value)}"
        elif name in _ATTRIBUTES:
            if "url(" in value.lower():
                reference = _REFERENCE.fullmatch(value.strip())
                if reference is None:
                    continue
                value = f"url(#{own}-{reference[1]})"
            yield name, _LONG_NUMBER.sub(r"\1", value)


def _empty(element: ElementTree.Element) -> bool:
    """Return whether an element shows nothing: Vega leaves many such paths."""
    return element.get("display") == "none" or (_local(element.tag) == "path" and not element.get("d"))


def _local(tag: object) -> str:
    """Return an element's or attribute's name without its namespace; comments have none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _reason(message: str) -> str:
    """Return the sentence of an error of Vega's, without the places in its own code."""
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.strip().startswith("at ")]
    text = re.sub(r"^\w*Error: ", "", lines[1] if len(lines) > 1 else "".join(lines[:1]))[:300]
    if "External data url not allowed" in text:
        return "It loads something from elsewhere. Use a table of the course, or read the file with pandas first."
    return text or "Vega-Lite gave no reason."


def title_of(spec: dict[str, Any]) -> str:
    """Return the title of a chart, or of the first part that has one."""
    return next((text for part in _parts(spec) if (text := _text(part.get("title")))), "")


def description_of(spec: dict[str, Any]) -> str:
    """Return the description of a chart, or of the first part that has one."""
    return next((text for part in _parts(spec) if (text := _text(part.get("description")))), "")


def _parts(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a chart and its layers and panels, outer ones first."""
    left: list[Any] = [spec]
    for part in left:
        if isinstance(part, dict):
            yield part
            for name in ("layer", "hconcat", "vconcat", "concat"):
                left += part[name] if isinstance(part.get(name), list) else []
            left.append(part.get("spec"))
        if len(left) > 200:
            return


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("text")
    if isinstance(value, list):
        value = " ".join(line for line in value if isinstance(line, str))
    return " ".join(value.split()) if isinstance(value, str) else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

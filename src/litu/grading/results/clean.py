"""The first wall of a page: nbconvert's sanitiser, told which elements our pages are made of.

nbconvert cleans what it rendered with bleach when ``sanitize_html`` is on, but its own list of elements has no
headings, paragraphs and pictures. What comes before this wall (:mod:`litu.grading.sanitize`) does not rely on it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bleach.css_sanitizer import CSSSanitizer
from bleach.sanitizer import ALLOWED_TAGS, Cleaner

_TAGS = ALLOWED_TAGS | {
    "br", "caption", "dd", "del", "details", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "ins", "kbd",
    "mark", "p", "pre", "s", "small", "span", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u",
}  # fmt: skip
_EVERYWHERE = {"aria-label", "class", "id", "lang", "role", "style", "title"}
_OF = {
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
_PICTURE = re.compile(r"data:image/(?:gif|jpeg|png|svg\+xml|webp);base64,[A-Za-z0-9+/=\s]*\Z")


def _allowed(tag: str, name: str, value: str) -> bool:
    """Return whether an element may keep an attribute: pictures travel in the page, and only links lead out of it."""
    if (tag, name) == ("img", "src"):
        return _PICTURE.match(value) is not None
    if (tag, name) == ("a", "href"):
        return not value.lower().startswith("data:")
    return name in _EVERYWHERE or name in _OF.get(tag, ())


_CLEANER = Cleaner(
    tags=_TAGS,
    attributes=_allowed,
    protocols={"data", "http", "https", "mailto"},
    css_sanitizer=CSSSanitizer(allowed_css_properties={"background-color", "height", "max-width", "text-align"}),
)


@lru_cache(maxsize=4000)
def clean(markup: str) -> str:
    """Return rendered HTML with everything escaped or dropped that does more than show.

    The course's own cells come again on every page of a class, so what was cleaned is remembered.
    """
    return _CLEANER.clean(markup)

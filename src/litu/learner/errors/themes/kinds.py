"""What a learner calls the kinds of things."""

from __future__ import annotations

NOUNS = {
    "int": "a whole number", "float": "a number", "bool": "True or False", "str": "a text", "list": "a list", "tuple": "a tuple", "dict": "a dictionary",
    "set": "a set", "DataFrame": "a table", "Series": "a column (Series)", "ndarray": "an array", "Index": "an index", "NoneType": "nothing (None)",
    "Chart": "a chart", "range": "a range", "float64": "a number", "int64": "a whole number",
}  # fmt: skip


def noun(kind: str) -> str | None:
    """Return the word for a class name, or None for one a beginner would not know."""
    return NOUNS.get(kind)

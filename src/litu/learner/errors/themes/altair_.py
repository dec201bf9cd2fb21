"""Charts that cannot be built or drawn: fields, types, channels, marks, layers."""

from __future__ import annotations

import ast
import re
import sys
from typing import Any

from litu.learner.errors.case import Case, kind_of
from litu.learner.errors.near import near
from litu.learner.errors.registry import clean, code, explains, phrase
from litu.learner.errors.themes.tables import listed

_FIELD = re.compile(r'Unable to determine data type for the field "(.+?)"; verify that .*', re.DOTALL)
_TYPE = re.compile(r'"(.+?)" is not one of the valid encoding data types: .*', re.DOTALL)
_CHANNEL = re.compile(r"_EncodingMixin\.encode\(\) got an unexpected keyword argument '(\w+)'")
_EXTRA = re.compile(r"Additional properties are not allowed \('(\w+)' was unexpected\)")
TYPES = {"Q": "numbers", "O": "ordered steps", "N": "names", "T": "dates"}
AGGREGATES = {"mean", "median", "sum", "count", "min", "max", "average", "distinct"}
PHRASES = [
    ("ValueError", r"(.+) encoding field is specified without a type;.*", "Altair cannot see the data from here, so it needs the type of \"{1}\". Write it after a colon, for example `\"{1}:Q\"` for numbers or `\"{1}:N\"` for names."),
    ("ValueError", r"Only Chart objects can be layered\.|Only chart objects can be used in \w+\.", "Only charts can be put together, and one of these is something else. Make a chart of it first: `alt.Chart(…)`."),
    ("TypeError", r"Only chart objects can be used in \w+\.", "Only charts can be put together, and one of these is something else. Make a chart of it first: `alt.Chart(…)`."),
    ("TypeError", r"Faceted charts cannot be layered\..*", "A chart that is split into panels cannot be a layer. Put the layers together first, then split: `(a + b).facet(…)`."),
    ("TypeError", r"Concatenated charts cannot be layered\..*", "Charts that stand side by side cannot be a layer. Put the layers together first, then set them side by side."),
    ("ValueError", r"Facet charts require data to be specified at the top level\..*", "Panels need one table for all layers. Give the same variable to each `alt.Chart(…)`."),
    ("TypeError", r"Objects with .* attribute cannot be used within \w+\..*", "`.configure_…` belongs to the finished chart, not to a part of it. Put the parts together first, then configure the whole."),
    ("ValueError", r"encoding '(\w+)' specified twice\.", "The channel `{1}` is given twice. Use each channel once."),
    ("NotImplementedError", r"positional of type .*", "`.encode` must know which channel a column belongs to. Name it: `x=…` or `y=…`."),
]  # fmt: skip
for _kind, _pattern, _sentence in PHRASES:
    phrase(_kind, _pattern, _sentence, through="altair")


@explains("altair.utils.data.MaxRowsError")
def too_many_rows(case: Case) -> str | None:
    """Say how to draw a long table."""
    found = re.match(r"The number of rows in your dataset \((\d+)\) is greater than the maximum allowed \((\d+)\)", case.text)
    return (
        f"The table has {int(found[1]):,} rows, more than the {int(found[2]):,} that a chart takes. Group or choose rows with pandas first."
        if found
        else None
    )


@explains("ValueError")
def unknown_field(case: Case) -> str | None:
    """Name the column that was meant, or say that the type is wrong."""
    if not case.through("altair"):
        return None
    if found := _TYPE.fullmatch(case.text):
        letters = "`Q` for numbers, `O` for ordered steps, `N` for names, `T` for dates"
        return f'After the colon stands the type of the column, and "{clean(found[1])}" is none. Write one of {letters}.'
    found = _FIELD.fullmatch(case.text)
    if not found:
        return None
    field, columns = found[1], _columns(case)
    if not columns:
        return None
    if "(" in field:
        word = field.partition("(")[0]
        meant = near(word, AGGREGATES) if word not in AGGREGATES else None
        return (
            f"Altair does not know {code(word + '(…)')}. Did you mean {code(meant + '(…)')}? Correct the spelling."
            if meant
            else _shorthand(word)
        )
    if meant := near(field, columns):
        return f'The chart\'s table has no column "{clean(field)}". Did you mean "{clean(meant)}"? Correct the spelling.'
    known = f" Its columns are {listed(columns)}." if len(columns) <= 6 else " Look at its `.columns`."
    return f'The chart\'s table has no column "{clean(field)}".{known}'


def _shorthand(word: str) -> str | None:
    return "Altair writes the mean as `mean(…)` or `average(…)`. Change `avg`." if word == "avg" else None


def _columns(case: Case) -> list[str]:
    """Return the columns of the table of the innermost chart that was being built."""
    pandas = sys.modules["pandas"]
    for frame in reversed(case.inner):
        held = frame.f_locals
        chart = held.get("self")
        data: Any = held.get("original_data")
        if data is None and kind_of(type(chart)).startswith("altair."):
            data = getattr(chart, "_kwds", {}).get("data")
        if type(data) is pandas.DataFrame:
            return [label for label in data.columns[:1000].tolist() if type(label) is str]
    return []


@explains("TypeError")
def unknown_channel(case: Case) -> str | None:
    """Name the channel of ``encode`` that was meant."""
    found = _CHANNEL.fullmatch(case.text)
    if not found:
        return None
    channels = [
        name.lower()
        for name in (
            "x",
            "y",
            "color",
            "size",
            "shape",
            "opacity",
            "row",
            "column",
            "facet",
            "tooltip",
            "order",
            "detail",
            "text",
            "theta",
            "x2",
            "y2",
        )
    ]
    word = found[1]
    meant = "color" if word.lower() == "colour" else next((one for one in channels if one == word.lower()), None) or near(word, channels)
    if meant:
        return f"`.encode` has no channel {code(word)}. Did you mean {code(meant)}? Correct the spelling."
    return f"`.encode` has no channel {code(word)}. The most common are `x`, `y`, `color`, `size`, `column` and `tooltip`."


@explains("altair.utils.schemapi.SchemaValidationError", "jsonschema.exceptions.ValidationError")
def not_in_schema(case: Case) -> str | None:
    """Say what the specification of a chart does not allow."""
    error: Any = case.error
    if not case.through("altair"):
        return None
    place = [part for part in error.absolute_path if type(part) is str]
    if error.validator == "required" and case.text == "'mark' is a required property":
        return "The chart does not say how to draw the data. Add a mark before `.encode`, for example `.mark_line()`."
    if error.validator == "additionalProperties" and (found := _EXTRA.fullmatch(case.text)):
        return _extra(found[1], list(error.schema.get("properties", ())), place)
    if error.validator == "enum" and type(error.instance) is str:
        allowed = [one for one in error.validator_value if type(one) is str]
        meant = near(error.instance, allowed) or next(
            (one for one in allowed if len(error.instance) > 3 and one.startswith(error.instance)), None
        )
        what = f"{code(place[-1])}" if place else "This option"
        return f'{what} cannot be "{clean(error.instance)}".' + (
            f' Did you mean "{meant}"? Correct the spelling.' if meant else f" It can be {listed(allowed)}."
        )
    return _wrong_kind(case, error.instance, place) if error.validator == "type" else None


def _extra(word: str, known: list[str], place: list[str]) -> str | None:
    american = word.replace("colour", "color").replace("centre", "center").replace("grey", "gray")
    meant = american if american != word and american in known else near(word, [*known, "title"] if place else known)
    if not meant:
        return None
    return f"There is no option {code(word)} here. Did you mean {code(meant)}? Correct the spelling."


def _wrong_kind(case: Case, given: Any, place: list[str]) -> str | None:
    """Tell a value of the wrong kind in a channel, an option or the data."""
    last = place[-1] if place else ""
    if type(given) is list and all(type(one) in (int, float, str, bool) or one is None for one in given[:50]):
        if place[:1] == ["encoding"] and len(place) > 1:
            return f"The channel {code(place[1])} was given the values of a column. It wants the column's name, in quotation marks."
        return "A chart draws a table, and this is no table. Make one first: `pd.DataFrame(…)`." if place == ["data"] else None
    if type(given) is not str:
        return None
    if last == "scale":
        return f"A scale is given as `alt.Scale(…)`. Write {code(f'alt.Scale(type={chr(34)}{clean(given, 12)}{chr(34)})')}."
    if last == "sort":
        return f'"{clean(given)}" is no order. Write `"ascending"`, `"descending"`, or the channel to sort by, such as `"-y"`.'
    if last in ("width", "height") or any(_size(node, given) for node in case.nodes):
        return "The width and the height of a chart are numbers of pixels. Write the number without quotation marks."
    if case.text.endswith("is not of type 'boolean'"):
        return f'"{clean(given)}" does not fit here. Write `True` or `False`, without quotation marks.'
    return None


def _size(node: ast.AST, given: str) -> bool:
    return (
        isinstance(node, ast.keyword)
        and node.arg in ("width", "height")
        and isinstance(node.value, ast.Constant)
        and node.value.value == given
    )

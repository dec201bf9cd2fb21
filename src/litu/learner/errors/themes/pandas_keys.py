"""Columns and rows that a table does not have."""

from __future__ import annotations

import ast
import re
from typing import Any

from litu.learner.errors.case import Case, kind_of
from litu.learner.errors.near import near
from litu.learner.errors.registry import code, explains
from litu.learner.errors.themes.tables import Looked, label, listed, looked_in

_LISTED = re.compile(
    r"(?:None of )?(?:Label\(s\) |Column\(s\) |The following '?[\w ]+'? (?:labels )?are not (?:columns of|present in) the DataFrame: )?"
    r"\[?(?:Index\()?(\[.+?\])(?:, dtype='\w+'(?:, name='\w+')?\))?\]?( not in index| not found in axis| do not exist| are in the (?:\[?columns\]?|\[index\]))?"
)
_IN_GROUPS = re.compile(r"Columns? not found: (.+)")


@explains("KeyError")
def no_such_label(case: Case) -> str | None:
    """Say which label is missing, and which was probably meant."""
    if not case.through("pandas") or not case.error.args:
        return None
    looked, key = looked_in(case), case.error.args[0]
    if looked is None:
        return None
    if type(key) is tuple:
        return _pair(key, looked, case)
    if type(key) is str and (missing := _missing(key)) is not None:
        key = missing
    if kind_of(type(key)).startswith("numpy.") and hasattr(type(key), "item"):
        key = key.item()
    if type(key) not in (str, int, float):
        return None
    return _row(key, looked, case) if _wants_row(key, looked, case) else _column(key, looked, case)


def _missing(message: str) -> Any:
    """Return the first label that a message of pandas lists as missing, or None if it lists none."""
    if found := _IN_GROUPS.fullmatch(message):
        return found[1].strip("'\"").partition("', '")[0]
    found = _LISTED.fullmatch(message)
    if not found or not (found[2] or "not columns of" in message or "not present in" in message):
        return None
    try:
        labels = ast.literal_eval(found[1])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return labels[0] if labels else None


def _wants_row(key: object, looked: Looked, case: Case) -> bool:
    """Whether pandas looked for a row: in a single column always, else by ``.loc``, ``.at`` or ``.drop``."""
    if not looked.is_table:
        return True
    by = next(
        (node for node in case.nodes if isinstance(node, ast.Attribute) and node.attr in ("loc", "at") and _subscript(node, case)), None
    )
    if by is not None:
        place = next(case.above(by), None)
        wanted = place.slice if isinstance(place, ast.Subscript) else None
        if isinstance(wanted, ast.Tuple) and len(wanted.elts) == 2 and _holds(wanted.elts[1], key) and not _holds(wanted.elts[0], key):
            return False
        return True
    return looked.function == "drop" and not any(
        isinstance(node, ast.keyword) and (node.arg == "columns" or (node.arg == "axis" and not _rows(node.value))) for node in case.nodes
    )


def _rows(axis: ast.expr) -> bool:
    return isinstance(axis, ast.Constant) and axis.value in (0, "index", "rows")


def _subscript(node: ast.AST, case: Case) -> bool:
    return isinstance(next(case.above(node), None), ast.Subscript)


def _holds(node: ast.AST, key: object) -> bool:
    return any(isinstance(each, ast.Constant) and type(each.value) is type(key) and each.value == key for each in ast.walk(node))


def _pair(key: tuple[Any, ...], looked: Looked, case: Case) -> str | None:
    """Explain two columns asked for with one pair of brackets."""
    if looked.function != "__getitem__" or not key or not all(type(one) is str and one in looked.columns for one in key):
        return None
    wanted = f"{looked.plain_name(case)}[[{', '.join(label(one) for one in key)}]]"
    return (
        f"Several columns are asked for with a list, so with two pairs of square brackets. Write {code(wanted)}."
        if len(wanted) <= 40
        else None
    )


def _column(key: Any, looked: Looked, case: Case) -> str | None:
    name, plain = looked.name(case), looked.plain_name(case)
    if type(key) is str and (meant := near(key, looked.columns)):
        return f"{_capital(name)} has no column {label(key)}. Did you mean {label(meant)}? Correct the spelling."
    if type(key) is str and key in looked.row_names and looked.function == "__getitem__":
        return (
            f"{label(key)} is the index of {name}, not a column. Write {code(f'{plain}.index')}, or make it a column with `.reset_index()`."
        )
    if key in looked.rows and looked.function == "__getitem__":
        return (
            f"{label(key)} is the label of a row, and square brackets alone look for a column. Write {code(f'{plain}.loc[{label(key)}]')}."
        )
    known = (
        f"Its columns are {listed(looked.columns)}."
        if looked.columns and len(looked.columns) == looked.table.shape[1] <= 6
        else "Its `.columns` lists those it has."
    )
    return f"{_capital(name)} has no column {label(key)}. {known}"


def _row(key: Any, looked: Looked, case: Case) -> str | None:
    name, plain, rows = looked.name(case), looked.plain_name(case), looked.rows
    row = "row" if looked.is_table else "label"
    texts, numbers = [one for one in rows if type(one) is str], [one for one in rows if type(one) in (int, float)]
    if type(key) is str and any(str(one) == key for one in numbers):
        return f"The rows of {name} are labelled with numbers. Take the quotation marks off: {code(key)}."
    if type(key) is int and str(key) in texts:
        return f"The rows of {name} are labelled with texts. Put quotation marks around {key}."
    if key in looked.columns:
        if looked.function == "drop":
            return f"{label(key)} is a column, and `.drop` looks among the rows. Write {code(f'.drop(columns={label(key)})')}."
        return f"{label(key)} is a column, and `.loc` looks among the rows first. Write {code(f'{plain}[{label(key)}]')}."
    if looked.function == "drop" and type(key) is str and (meant := near(key, looked.columns)):
        return f"`.drop` looks among the rows. For a column write {code(f'.drop(columns={label(meant)})')}."
    if type(key) is str and (meant := near(key, texts)):
        return f"{_capital(name)} has no {row} {label(key)}. Did you mean {label(meant)}? Correct the spelling."
    if type(key) in (int, float) and numbers:
        beside = [max((one for one in numbers if one < key), default=None), min((one for one in numbers if one > key), default=None)]
        nearest = " and ".join(str(one) for one in beside if one is not None)
        return f"{_capital(name)} has no {row} {label(key)}; the nearest {'are' if None not in beside else 'is'} {nearest}. Choose one that is there, or first find out why this one is missing."
    return f"{_capital(name)} has no {row} {label(key)}. Its `.index` lists those it has."


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]

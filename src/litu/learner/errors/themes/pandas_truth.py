"""A whole column where one value is wanted: conditions, ``and`` for ``&``, missing brackets, numbers."""

from __future__ import annotations

import ast
import re

from litu.learner.errors.case import Case
from litu.learner.errors.registry import explains

_TRUTH = re.compile(r"The truth value of (?:a (Series|DataFrame|Index)|an (array)) .*ambiguous.*", re.DOTALL)
_BITWISE = re.compile(
    r"Cannot perform 'r?(?:and|or)_' with a dtyped .*|unsupported operand type\(s\) for [&|]: .*|Cannot perform .* with (?:dtype|type).*|.*operation 'r?(?:and|or)_'.*"
)
_NUMBER = re.compile(
    r"(?:float|int)\(\) argument must be .*, not 'Series'|must be real number, not Series|cannot convert the series to .*|only .* arrays can be converted to Python scalars"
)
BRACKETS = "`&` and `|` bind more tightly than `==` and `>`. Put each comparison into round brackets: `(a > 1) & (b < 3)`."


@explains("ValueError", "TypeError")
def loose_comparison(case: Case) -> str | None:
    """Tell comparisons joined by ``&`` or ``|`` without brackets of their own."""
    if not (_TRUTH.fullmatch(case.text) or _BITWISE.fullmatch(case.text)) or case.statement is None:
        return None
    if isinstance(case.statement, ast.Raise):
        return None
    for node in ast.walk(case.statement):
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                if isinstance(side, ast.BinOp) and isinstance(side.op, ast.BitAnd | ast.BitOr) and not _bracketed(side, case):
                    return BRACKETS
    return None


def _bracketed(side: ast.BinOp, case: Case) -> bool:
    """Whether round brackets of the learner's own stand around an expression: then the comparison is not loose."""
    above = next(case.above(side), None)
    return isinstance(above, ast.Compare) and above.left is not side and above.col_offset > side.col_offset


@explains("ValueError")
def many_truths(case: Case) -> str | None:
    """Explain a column of truths where a single one is wanted, by the place where it stands."""
    found = _TRUTH.fullmatch(case.text)
    if not found or not (case.own or case.through("pandas")) or case.statement is None:
        return None
    kind = found[1] or found[2]
    what = {"DataFrame": "a table", "array": "an array", "Index": "an index"}.get(kind, "a column")
    for node in (case.node, *case.above(case.node)):
        if isinstance(node, ast.BoolOp):
            word, sign = ("and", "&") if isinstance(node.op, ast.And) else ("or", "|")
            return f"`{word}` joins two single truths, and {what} holds one for each row. Write `{sign}`, and put each comparison into round brackets."
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"`not` turns one truth round, and {what} holds one for each row. Write `~( … )`."
        if isinstance(node, ast.Compare) and len(node.ops) > 1:
            return f"Two comparisons in a row work for one number, not for {what}. Use `.between(low, high)`, or `(low < x) & (x < high)`."
        if isinstance(node, ast.stmt):
            break
    statement = case.statement
    if isinstance(statement, ast.If | ast.While) or any(isinstance(node, ast.IfExp) for node in case.above(case.node)):
        return f"`if` needs one True or False, and {what} holds one for each row. To choose rows write `table[condition]`; for one answer use `.any()` or `.all()`."
    return f"One True or False is wanted here, and {what} holds one for each row. Pick one value, or use `.any()` or `.all()`."


@explains("TypeError")
def one_number(case: Case) -> str | None:
    """Explain a column handed to a function that takes one number."""
    if not _NUMBER.fullmatch(case.text) or not (case.own or case.through("pandas")):
        return None
    called = case.node.func if isinstance(case.node, ast.Call) else None
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "math":
        return f"`math.{called.attr}` takes one number, and this is a whole column. Use numpy's function, which takes columns: `np.{called.attr}(…)`." if called.attr in (
            "sqrt", "log", "exp", "sin", "cos", "tan", "log10", "log2", "floor", "ceil") else None  # fmt: skip
    return "One number is wanted here, and this is a whole column. Pick a value with `.loc[…]` or `.iloc[0]`; to turn the whole column into numbers use `.astype(float)`."

"""Round brackets too many or too few: things that cannot be called, methods that were not."""

from __future__ import annotations

import ast
import builtins
import re
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import litu
from litu.learner.errors.case import MISSING, Case
from litu.learner.errors.registry import code, explains
from litu.learner.errors.themes.kinds import noun

_CALLABLE = re.compile(r"'(\w+)' object is not callable")
_UNCALLED = re.compile(
    r"'(?:method|builtin_function_or_method|function)' object (is not subscriptable|is not iterable|has no attribute '\w+')"
)
_OPERAND = re.compile(r".*'(?:method|builtin_function_or_method|function)'.*")
FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType)


@explains("TypeError")
def not_callable(case: Case) -> str | None:
    """Say why round brackets do not work here."""
    found = _CALLABLE.fullmatch(case.text)
    call = case.node
    if not found or not case.own or not isinstance(call, ast.Call):
        return None
    kind, function = found[1], call.func
    if isinstance(function, ast.Name):
        if said := _covered(function.id, kind, case):
            return said
    return _brackets(kind, function)


def _covered(name: str, kind: str, case: Case) -> str | None:
    """Explain a function of the course's or of Python's that an assignment has covered."""
    now = noun(kind)
    if name not in case.names or now is None:
        return None
    if name in litu.__all__ and case.names[name] is not getattr(litu, name):
        again = f"`from litu import {name}`"
        return f"{code(name)} is now {now}: an assignment has covered the course's function. Rename your variable and run {again}."
    if callable(getattr(builtins, name, None)):
        return f"{code(name)} is now {now}: an assignment has covered Python's own function. Rename your variable, then run {code(f'del {name}')}."
    return None


def _brackets(kind: str, function: ast.expr) -> str | None:
    name = function.id if isinstance(function, ast.Name) else ""
    if kind in ("DataFrame", "Series", "list", "dict", "tuple", "ndarray"):
        what = code(name) if name else "What stands before the round brackets"
        return f"{what} is {noun(kind)}, not a function. To pick something out of it, use square brackets: {code(name + '[…]')}."
    if kind in ("int", "float"):
        what = code(name) if name else "What stands before the round brackets"
        return f"{what} is a number, not a function. To multiply, put `*` before the bracket."
    if kind == "str":
        what = code(name) if name else "What stands before the round brackets"
        return f"{what} is a text, not a function. Most often a comma or an operator is missing before the bracket."
    if kind == "module" and name:
        return f"{code(name)} is a module, a collection of functions. Name one of them after a dot: {code(name + '.…()')}."
    return None


@explains("TypeError", "AttributeError")
def not_called(case: Case) -> str | None:
    """Tell a function or method that stands without its round brackets."""
    found = _UNCALLED.fullmatch(case.text)
    if not found or not case.own:
        return None
    node = case.node
    value = node.value if isinstance(node, ast.Subscript | ast.Attribute) else None
    if isinstance(node, ast.Subscript) and found[1] == "is not subscriptable":
        return _called(value, "square brackets", case)
    if isinstance(node, ast.Attribute) and isinstance(value, ast.Attribute):
        return f"{code('.' + value.attr)} is a method and needs round brackets before the next dot: {code(f'.{value.attr}().{node.attr}')}."
    return None


def _called(value: ast.expr | None, instead: str, case: Case) -> str | None:
    if isinstance(value, ast.Attribute):
        return f"{code('.' + value.attr)} is a method: it is called with round brackets, {code(f'.{value.attr}(…)')}, not {instead}."
    if isinstance(value, ast.Name) and _function(case.value(value), value.id):
        return f"{code(value.id)} is a function: it is called with round brackets, {code(f'{value.id}(…)')}, not {instead}."
    return None


def _function(value: Any, name: str) -> bool:
    return type(value) in FUNCTIONS or (value is MISSING and hasattr(builtins, name))


@explains("TypeError")
def method_in_a_sum(case: Case) -> str | None:
    """Tell a method that stands in a calculation without being called."""
    if not _OPERAND.fullmatch(case.text) or not re.match(r"unsupported operand|'[<>=!]+' not supported", case.text):
        return None
    if not (case.own or case.through("pandas")) or not isinstance(case.node, ast.BinOp | ast.Compare):
        return None
    sides = [case.node.left, case.node.right] if isinstance(case.node, ast.BinOp) else [case.node.left, *case.node.comparators]
    methods: list[ast.expr] = [side for side in sides if isinstance(side, ast.Attribute)]
    methods = methods or [side for side in sides if isinstance(side, ast.Name) and _function(case.value(side), side.id)]
    if len(methods) != 1:
        return None
    only = methods[0]
    name = f".{only.attr}" if isinstance(only, ast.Attribute) else only.id if isinstance(only, ast.Name) else ""
    return f"{code(name)} has not been called: without round brackets it is the {'method' if name[0] == '.' else 'function'} itself, not its result. Write {code(name + '()')}."

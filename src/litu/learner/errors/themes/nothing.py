"""Values that are nothing: a missing ``return``, a method that changes its object and gives None back."""

from __future__ import annotations

import ast
import linecache
import re
from types import FunctionType

from litu.learner.errors.case import Case, parsed
from litu.learner.errors.notebook import exercise_of
from litu.learner.errors.registry import code, explains

_NONE = re.compile(r"'NoneType'|\bNoneType\b")
IN_PLACE = {"append", "extend", "insert", "remove", "sort", "reverse", "clear", "update", "add", "discard"}
"""Methods of lists, sets and dictionaries that give None back."""


@explains("TypeError", "AttributeError")
def nothing_there(case: Case) -> str | None:
    """Find what gave nothing, and say why it did."""
    if not _NONE.search(case.text) or not (case.own or case.through("pandas") or case.through("numpy")):
        return None
    for node in case.nodes:
        if isinstance(node, ast.Call) and (said := _call(node, case)):
            return said
    for node in case.nodes:
        if isinstance(node, ast.Name) and case.value(node) is None:
            return _variable(node, case)
    return None


def _call(call: ast.Call, case: Case) -> str | None:
    """Explain a call that can be seen to give nothing back."""
    if isinstance(call.func, ast.Name):
        value = case.value(call.func)
        if type(value) is FunctionType and _gives_nothing(value):
            name = code(call.func.id)
            return f"The function {name} gives nothing back, because it has no `return`. Write `return` before its result, run its cell, then this one."
        if call.func.id == "print" and "print" not in case.names:
            return "`print` shows a value and gives nothing back. Leave `print` out where you go on computing."
    if isinstance(call.func, ast.Attribute):
        if any(word.arg == "inplace" and isinstance(word.value, ast.Constant) and word.value.value is True for word in call.keywords):
            return "With `inplace=True` a method gives nothing back. Leave `inplace` out and keep the result: `table = table.…`."
        owner = case.value(call.func.value)
        if call.func.attr in IN_PLACE and type(owner) in (list, set, dict) and isinstance(call.func.value, ast.Name):
            kind, name = type(owner).__name__, call.func.value.id
            return f"`.{call.func.attr}` changes the {kind} itself and gives nothing back. Call it on a line of its own and go on with {code(name)}."
    return None


def _variable(node: ast.Name, case: Case) -> str:
    """Explain a variable that holds None, by the line that set it where it can be found."""
    name = code(node.id)
    for source in (case.cell, *reversed(case.history)):
        calls = [
            each.value
            for each in ast.walk(parsed(source) or ast.Module([], []))
            if isinstance(each, ast.Assign)
            and isinstance(each.value, ast.Call)
            and any(isinstance(to, ast.Name) and to.id == node.id for to in each.targets)
        ]
        own = calls[-1].func if calls else None
        if isinstance(own, ast.Attribute) and own.attr in IN_PLACE and isinstance(own.value, ast.Name) and own.value.id == node.id:
            return f"{name} holds nothing (None): `.{own.attr}` changes its object and gives nothing back. Take {code(node.id + ' =')} off that line and run from where {name} is made."
        if calls and (said := _call(calls[-1], case)):
            return f"{name} holds nothing (None). {said}"
        if calls:
            break
    exercise = exercise_of(node.id)
    where = f' of exercise "{exercise}"' if exercise else ""
    return f"{name} holds nothing (None). Look at the line{where} that gives it its value."


def _gives_nothing(function: FunctionType) -> bool:
    """Whether a learner's function has no ``return`` with a value, and is no generator."""
    tree = parsed("".join(linecache.getlines(function.__code__.co_filename)))
    line = function.__code__.co_firstlineno
    for node in ast.walk(tree) if tree else ():
        if (
            isinstance(node, ast.FunctionDef)
            and node.name == function.__name__
            and min([node.lineno, *(each.lineno for each in node.decorator_list)]) == line
        ):
            inside = list(ast.walk(node))
            return not any(
                isinstance(each, ast.Yield | ast.YieldFrom) or (isinstance(each, ast.Return) and each.value is not None) for each in inside
            )
    return False

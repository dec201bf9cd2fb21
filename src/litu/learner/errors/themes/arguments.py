"""Arguments: too few, too many, misspelt."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterable
from types import FunctionType
from typing import Any

import litu
from litu.answers.messages import count
from litu.learner.errors.case import Case
from litu.learner.errors.near import near
from litu.learner.errors.registry import clean, code, explains

_MISSING = re.compile(r"([\w.<>]+)\(\) missing (\d+) required (?:positional|keyword-only) arguments?: (.+)")
_MANY = re.compile(r"([\w.<>]+)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given")
_MOST = re.compile(r"(\w+)(?:\(\))? (?:takes|expected) at most (\d+) arguments?(?:,? ?\(?)(?:got )?(\d+)(?: given\))?")
_WORD = re.compile(r"([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'")


@explains("TypeError")
def wrong_arguments(case: Case) -> str | None:
    """Say how many arguments a function takes, or which one was meant."""
    if isinstance(case.statement, ast.Raise):
        return None
    if found := _MISSING.fullmatch(case.text):
        return _too_few(found[1], int(found[2]), found[3], case)
    if found := _MANY.fullmatch(case.text):
        return _too_many(found[1], int(found[2]), int(found[3]), case)
    if (found := _MOST.fullmatch(case.text)) and case.own:
        return f"{code(found[1])} takes at most {count(int(found[2]), 'argument')}, and {found[3]} are given. Take out what is too much."
    if found := _WORD.fullmatch(case.text):
        return _unknown_word(found[1], found[2], case)
    return None


def _too_few(function: str, number: int, names: str, case: Case) -> str | None:
    if not case.own:
        return None
    if function in litu.__all__ and case.names.get(function) is getattr(litu, function):
        example = {"check": 'check("name-of-the-exercise", your_variable)', "load": 'load("name_of_the_table")'}.get(function)
        return (
            f"{code(function)} needs the name in quotation marks{', then your variable' if function == 'check' else ''}: `{example}`."
            if example
            else None
        )
    missing = [name for name in re.findall(r"'(\w+)'", names)]
    if "self" in missing:
        return None
    listed = " and ".join(map(code, missing[:3])) if len(missing) <= 3 else f"{len(missing)} of them"
    return f"The call of {code(function)} gives too few arguments: {listed} {'is' if number == 1 else 'are'} missing. Put a value for {'it' if number == 1 else 'each'} into the brackets."


def _too_many(function: str, takes: int, given: int, case: Case) -> str | None:
    if case.own and type(case.names.get(function)) is FunctionType:
        return f"{code(function)} takes {count(takes, 'argument')}, and the call gives {given}. Compare the call with the line `def {clean(function)}(…)`."
    called = case.node.func if isinstance(case.node, ast.Call) else None
    if isinstance(called, ast.Attribute) and called.attr == function == "concat":
        return "`pd.concat` takes its tables in one list. Put square brackets around them: `pd.concat([a, b])`."
    return None


def _unknown_word(function: str, word: str, case: Case) -> str | None:
    if not (case.own or case.through("pandas") or case.through("altair")):
        return None
    if function == "_EncodingMixin.encode":
        return None  # the charts' own sentence
    name = function.rpartition(".")[2]
    known = _words(function, case)
    meant = near(word, known)
    if meant:
        return f"{code(name)} knows no argument {code(word)}. Did you mean {code(meant)}? Correct the spelling."
    return f"{code(name)} knows no argument {code(word)}. It takes {', '.join(map(code, known[:6]))}." if 0 < len(known) <= 6 else None


def _words(function: str, case: Case) -> list[str]:
    """Return the names of a function's arguments, for the learner's own and for those of pandas."""
    own = case.names.get(function)
    target: Any = own if type(own) is FunctionType else _of_pandas(function.split("."))
    if not callable(target):
        return []
    return [name for name in _parameters(target) if name not in ("self", "args", "kwargs")]


def _parameters(target: Any) -> Iterable[str]:
    if type(target) is FunctionType and target.__globals__.get("__name__") == "__main__":
        return target.__code__.co_varnames[: target.__code__.co_argcount + target.__code__.co_kwonlyargcount]
    try:
        return inspect.signature(target).parameters
    except (TypeError, ValueError):
        return ()


def _of_pandas(path: list[str]) -> Any:
    found: Any = sys.modules.get("pandas")
    for name in path:
        found = getattr(found, name, None)
    return found

"""Names that stand for nothing: not run yet, misspelt, not imported, without quotation marks."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from typing import Any

import litu
from litu.learner.errors.case import Case
from litu.learner.errors.near import near
from litu.learner.errors.notebook import function_that_makes, maker_of
from litu.learner.errors.registry import clean, code, explains, phrase

CONSTANTS = {"true": "True", "false": "False", "none": "None", "null": "None"}
LIBRARIES = {
    "alt": "import altair as alt",
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "math": "import math",
    "random": "import random",
}
LIBRARIES |= {
    name: f"import {name}" for name in ("json", "re", "os", "datetime", "itertools", "statistics", "altair", "pandas", "numpy", "scipy")
}
TAKES_A_NAME = {"check", "hint", "load", "reset", "skip", "solution"}
_FROM = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'.*", re.DOTALL)


@explains("NameError")
def unknown_name(case: Case) -> str | None:
    """Say why a name may be unknown, the surest reason first."""
    name = case.error.name if isinstance(case.error, NameError) else None
    if not case.own or type(name) is not str or not name.isidentifier():
        return None
    if not name.strip("_") and len(name) > 1:
        return "A blank is still open in this line. Put your own word or number in place of the underscores."
    if name in CONSTANTS:
        return f"Python writes {code(CONSTANTS[name])} with a capital letter. Change {code(name)}."
    return (
        _text_wanted(name, case)
        or _not_run(name, case)
        or _library(name)
        or _local(name, case)
        or _column(name, case)
        or _misspelt(name, case)
        or _unknown(name)
    )


def _text_wanted(name: str, case: Case) -> str | None:
    """Tell a column or an exercise whose quotation marks are missing."""
    named = next((node for node in case.nodes if isinstance(node, ast.Name) and node.id == name), None)
    if named is None:
        return None
    for node in case.above(named):
        if isinstance(node, ast.Subscript) and node.slice is named and name in _columns(case.value(node.value)):
            table = node.value.id if isinstance(node.value, ast.Name) else ""
            return f"{code(name)} is a column, and a column's name stands in quotation marks. Write {code(f'{table}[{chr(34)}{name}{chr(34)}]')}."
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in TAKES_A_NAME
            and node.args
            and named in ast.walk(node.args[0])
        ):
            if case.value(node.func) is getattr(litu, node.func.id):
                return f"{code(node.func.id)} takes a name in quotation marks. Put them around what stands first in its brackets."
    return None


def _columns(value: Any) -> list[str]:
    """Return the text labels of a table's columns; empty for anything that is no table."""
    pandas = sys.modules.get("pandas")
    if pandas is None or type(value) is not pandas.DataFrame:
        return []
    return [label for label in value.columns[:1000].tolist() if type(label) is str]


def _not_run(name: str, case: Case) -> str | None:
    maker = maker_of(name, case)
    if maker is None:
        return None
    if not maker.above:
        return f"{code(name)} is made further down, in {maker.label}. Cells run from top to bottom: use it below that cell."
    if not maker.ran:
        return f"{code(name)} is made in {maker.label}, which has not been run. Run it, then this one."
    if any(re.search(rf"\bdel\b.*\b{re.escape(name)}\b|%reset", cell) for cell in case.history):
        return None
    return f"{code(name)} is made in {maker.label}, but that cell did not get so far. Run it again and mend its error first."


def _library(name: str) -> str | None:
    if name in LIBRARIES:
        return f"{code(name)} has not been imported. Run the cell with {code(LIBRARIES[name])} first."
    if name in litu.__all__:
        return f"{code(name)} belongs to the course and has not been imported. Run {code(f'from litu import {name}')} first."
    return None


def _local(name: str, case: Case) -> str | None:
    function = function_that_makes(name, case)
    if function is None or case.node is None or any(isinstance(node, ast.FunctionDef) for node in case.above(case.node)):
        return None
    return f"{code(name)} exists only inside the function {code(function)}. Let the function `return` it, and keep what the call gives."


def _misspelt(name: str, case: Case) -> str | None:
    mine = [known for known in case.names if type(known) is str and not known.startswith("_")]
    meant = near(name, mine) or near(name, [*dir(builtins), *litu.__all__])
    return f"There is no {code(name)}. Did you mean {code(meant)}? Correct the spelling." if meant else None


def _column(name: str, case: Case) -> str | None:
    for table, value in list(case.names.items()):
        if type(table) is str and not table.startswith("_") and name in _columns(value):
            column = f'{table}["{name}"]'
            return f"{code(name)} is no variable, but a column of {code(table)}. Write {code(column)}, or put its name in quotation marks where a name is wanted."
    return None


def _unknown(name: str) -> str:
    return f"Nothing is called {code(name)} so far. Check its spelling, or run the cell that makes it first."


@explains("UnboundLocalError")
def assigned_later(case: Case) -> str | None:
    """Explain a function that assigns the name it has just read."""
    found = re.fullmatch(r"cannot access local variable '(\w+)' where it is not associated with a value", case.text)
    if not found or not case.own:
        return None
    name = code(found[1])
    return f"The function uses {name} before it gives it a value; a {name} outside does not count, as the function assigns its own. Hand it in as an argument."


@explains("ModuleNotFoundError")
def no_module(case: Case) -> str | None:
    """Name the module that was meant, or say that it is not installed."""
    name = case.error.name if isinstance(case.error, ImportError) else None
    if type(name) is not str or case.text != f"No module named '{name}'" or isinstance(case.statement, ast.Raise):
        return None
    package, _, part = name.partition(".")
    if part:
        return None
    meant = near(package, [*LIBRARIES, "litu", "scipy", *sys.stdlib_module_names])
    if meant:
        return f"There is no module {code(name)}. Did you mean {code(meant)}? Correct the spelling."
    return f"No module {code(name)} is installed here. Do without it, or install it and restart the kernel."


@explains("ImportError")
def not_in_module(case: Case) -> str | None:
    """Name what was meant of a module's names."""
    found = _FROM.fullmatch(case.text)
    module = sys.modules.get(found[2]) if found else None
    if not found or module is None:
        return None
    meant = near(found[1], vars(module))
    return f"{code(found[2])} has no {code(found[1])}." + (
        f" Did you mean {code(meant)}? Correct the spelling." if meant else " Check what it is called."
    )


@explains("FileNotFoundError")
def no_file(case: Case) -> str | None:
    """Say where the file was looked for."""
    name = case.error.filename if isinstance(case.error, OSError) else None
    if type(name) is not str or isinstance(case.statement, ast.Raise):
        return None
    start = "" if name.startswith(("/", "\\")) or name[1:2] == ":" else ", starting from this notebook's folder,"
    return f'Python looked for "{clean(name, 60)}"{start} and did not find it. Check its name and its folder; the course\'s own tables come with `load`.'


@explains("ValueError")
def load_of_the_shell(case: Case) -> str | None:
    """Tell the course's `load` from IPython's magic of the same name, which runs where the course's is not imported."""
    found = re.fullmatch(r"'\(.*\)' was not found in history, as a file, url, nor in the user namespace\.", case.text)
    return _library("load") if found and "load" not in case.names else None


phrase(
    "ImportError",
    r"matplotlib is required for plotting .*",
    "`.plot` needs matplotlib, which is not installed here. Draw the chart with Altair: `alt.Chart(…)`.",
    through="pandas",
)

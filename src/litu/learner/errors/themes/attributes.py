"""What comes after a dot: misspelt methods, columns and functions of modules."""

from __future__ import annotations

import ast
import re
import sys
from types import ModuleType
from typing import Any

from litu.learner.errors.case import Case, kind_of
from litu.learner.errors.near import near
from litu.learner.errors.registry import code, explains
from litu.learner.errors.themes.kinds import noun

GONE = {
    "append": "Tables and columns have no `.append`. Put both into a list: `pd.concat([a, b])`.",
    "ix": "`.ix` no longer exists. Use `.loc` for labels, `.iloc` for positions.",
    "iteritems": "`.iteritems` is now called `.items`. Write `.items()`.",
}
_MODULE = re.compile(r"(?:partially initialized )?module '([\w.]+)' has no attribute '(\w+)'.*", re.DOTALL)
_OBJECT = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
_ACCESSOR = re.compile(r"Can only use \.(str|dt|cat) accessor with (string values|datetimelike values|.*).*")


@explains("AttributeError")
def unknown_attribute(case: Case) -> str | None:
    """Say what was probably meant after the dot."""
    if isinstance(case.statement, ast.Raise):
        return None
    if found := _MODULE.fullmatch(case.text):
        return _of_module(found[1], found[2])
    if found := _ACCESSOR.match(case.text):
        return _accessor(found[1]) if case.through("pandas") else None
    found = _OBJECT.fullmatch(case.text)
    # The object itself, where the class is one that we know: its names can be read without asking it.
    thing = getattr(case.error, "obj", None) if type(case.error) is AttributeError else None
    if not found or type.__getattribute__(type(thing), "__name__") != found[1]:
        return None
    return _of_object(thing, found[2], case)


def _of_module(module: str, name: str) -> str | None:
    home = sys.modules.get(module)
    if type(home) is not ModuleType or module.partition(".")[0] not in (
        "altair",
        "pandas",
        "numpy",
        "litu",
        "math",
        "random",
        "statistics",
        "datetime",
    ):
        return None
    meant = near(name, [one for one in dir(home) if not one.startswith("_")])
    if meant:
        return f"{code(module)} has no {code(name)}. Did you mean {code(meant)}? Correct the spelling."
    return f"{code(module)} has no {code(name)}. Look up what it is called: type {code(module.partition('.')[0] + '.')} and press Tab."


def _of_object(thing: Any, name: str, case: Case) -> str | None:
    pandas, altair = sys.modules.get("pandas"), sys.modules.get("altair")
    kind = type(thing)
    if pandas is not None and kind in (pandas.DataFrame, pandas.Series):
        return _of_table(thing, name, pandas)
    if pandas is not None and kind_of(kind) in ("pandas.api.typing.DataFrameGroupBy", "pandas.core.groupby.generic.DataFrameGroupBy"):
        return _of_groups(thing, name)
    if kind in (str, list, dict, tuple, set, int, float, bool):
        return _of_plain(kind, name, case, pandas)
    if altair is not None and kind_of(kind).startswith("altair.") and getattr(altair, kind.__name__, None) is kind:
        meant = near(name, [one for one in dir(kind) if not one.startswith("_")])
        what = noun(kind.__name__) or code(f"alt.{kind.__name__}")
        return (
            f"{what[0].upper() + what[1:]} has no {code('.' + name)}. Did you mean {code('.' + meant)}? Correct the spelling."
            if meant
            else None
        )
    return None


def _of_table(thing: Any, name: str, pandas: Any) -> str | None:
    table = type(thing) is pandas.DataFrame
    if name in GONE and not (table and name in thing.columns):
        return GONE[name]
    columns = [label for label in thing.columns[:1000].tolist() if type(label) is str] if table else []
    what = "The table" if table else "The column (Series)"
    if meant := near(name, columns):
        return f'{what} has no column "{name}". Did you mean {code(f"[{chr(34)}{meant}{chr(34)}]")}? Square brackets and quotation marks are the sure way to a column.'
    if meant := near(name, [one for one in dir(type(thing)) if not one.startswith("_")]):
        return f"{what} has no {code('.' + name)}. Did you mean {code('.' + meant)}? Correct the spelling."
    if not table and name in dir(pandas.DataFrame):
        return f"{code('.' + name)} belongs to tables, and this is one column. Call it on the whole table."
    return (
        f"{what} has neither a column nor a method {code(name)}. {_known(columns)}"
        if table
        else f"{what} has no method {code(name)}. Look it up: a dot and Tab list what there is."
    )


def _of_groups(groups: Any, name: str) -> str | None:
    columns = [label for label in groups.obj.columns[:1000].tolist() if type(label) is str]
    if meant := near(name, columns):
        return f'The grouped table has no column "{name}". Did you mean {code(f"[{chr(34)}{meant}{chr(34)}]")}? Correct the spelling.'
    meant = near(name, [one for one in dir(type(groups)) if not one.startswith("_")])
    return f"A grouped table has no {code('.' + name)}. Did you mean {code('.' + meant)}? Correct the spelling." if meant else None


def _known(columns: list[str]) -> str:
    return f"Its columns are {', '.join(map(code, columns))}." if 0 < len(columns) <= 6 else "`.columns` lists its columns."


def _of_plain(kind: type, name: str, case: Case, pandas: Any) -> str | None:
    if not case.own:
        return None
    what = noun(kind.__name__)
    if what is None:
        return None
    what = what[0].upper() + what[1:]
    if kind is list and name in ("add", "push"):
        return (
            "A list has no `.add`. It grows with `.append(…)`." if name == "add" else "A list has no `.push`. It grows with `.append(…)`."
        )
    if meant := near(name, [one for one in dir(kind) if not one.startswith("_")]):
        return f"{what} has no {code('.' + name)}. Did you mean {code('.' + meant)}? Correct the spelling."
    if kind in (list, tuple) and pandas is not None and name in dir(pandas.Series):
        return f"{what} has no {code('.' + name)}; a column of a table has. Make one first: `pd.Series(…).{name}{'()' if callable(getattr(pandas.Series, name)) else ''}`."
    if kind is dict:
        return f"A dictionary's entries are read with square brackets, not with a dot. If {code(name)} is a key, write {code(f'[{chr(34)}{name}{chr(34)}]')}."
    return f"{what} has no {code('.' + name)}. Check what the variable before the dot holds."


def _accessor(name: str) -> str | None:
    return {
        "str": "`.str` works on texts only, and this column holds something else. Make texts first: `.astype(str).str`.",
        "dt": "`.dt` works on dates only, and this column holds something else. Make dates first: `pd.to_datetime(…)`.",
    }.get(name)

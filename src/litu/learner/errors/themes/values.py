"""Values of the wrong kind or outside the range: text and number, division by zero, positions, unpacking, conversion."""

from __future__ import annotations

import ast
import re
from typing import Any

from litu.answers.messages import count
from litu.learner.errors.case import MISSING, Case
from litu.learner.errors.near import near
from litu.learner.errors.registry import clean, code, explains, phrase
from litu.learner.errors.themes.kinds import noun

_SIGN = r"(\S+(?: or \S+)?)"
_OPERANDS = re.compile(rf"unsupported operand type\(s\) for {_SIGN}: '(\w+)' and '(\w+)'")
_CONCATENATE = re.compile(r'can only concatenate (str|list|tuple) \(not "(\w+)"\) to \1')
_COMPARE = re.compile(r"'(<|>|<=|>=)' not supported between instances of '(\w+)' and '(\w+)'")
NUMBERS = {"int", "float", "bool"}


@explains("ZeroDivisionError")
def divided_by_zero(case: Case) -> str | None:
    """Name the divisor that is zero, where it has a name."""
    if not case.own:
        return None
    divisor = case.node.right if isinstance(case.node, ast.BinOp) else None
    if isinstance(divisor, ast.Name):
        return f"{code(divisor.id)} is 0 here, and nothing can be divided by 0. Look at where {code(divisor.id)} gets its value."
    return "Something is divided by 0. Look at what stands after the division sign, and why it is 0."


@explains("TypeError")
def mixed_kinds(case: Case) -> str | None:
    """Explain text and number in one sum or comparison."""
    if not (case.own or case.through("pandas")):
        return None
    if found := _CONCATENATE.fullmatch(case.text):
        return _joined(found[1], found[2], case)
    if found := _COMPARE.fullmatch(case.text):
        return _compared(found[2], found[3])
    found = _OPERANDS.fullmatch(case.text)
    if not found or found[1] in ("&", "|", "^"):
        return None
    kinds = {found[2], found[3]}
    if "str" in kinds and kinds & NUMBERS:
        return _text_and_number(case)
    first, second = noun(found[2]), noun(found[3])
    if first and second and "NoneType" not in kinds and kinds & {"list", "dict", "tuple", "set"} and case.own:
        return f"{code(found[1])} does not work between {first} and {second}. To compute with each item, make it a column first: `pd.Series(…)`."
    return None


def _text_and_number(case: Case) -> str:
    if isinstance(case.node, ast.Call) and isinstance(case.node.func, ast.Name) and case.node.func.id == "sum":
        return "The list holds texts, and `sum` adds numbers. Turn each text into a number first, with `float(…)`."
    return "A text and a number cannot be computed with each other. Turn the text into a number first: `float(…)`, or `pd.to_numeric(…)` for a column."


def _joined(kind: str, other: str, case: Case) -> str | None:
    if kind == "str":
        if other not in NUMBERS:
            return None
        where = "`.astype(str)`" if case.through("pandas") else "`str(…)`"
        return f"`+` joins a text to a text only, and one side is {noun(other)}. To join, turn it into a text with {where}; to add, turn the text into a number."
    if other in NUMBERS | {"str"}:
        return (
            f"`+` joins {noun(kind)} to another one only. Put the single item into brackets of its own, or use `.append(…)`."
            if kind == "list"
            else None
        )
    return None


def _compared(first: str, second: str) -> str | None:
    one, other = noun(first), noun(second)
    if "str" in (first, second) and {first, second} & NUMBERS:
        return "A text and a number have no order. Turn the text into a number first: `float(…)`, or `pd.to_numeric(…)` for a column."
    return (
        f"{one[0].upper() + one[1:]} and {other} have no order between them. Compare two things of one kind."
        if one and other and "NoneType" not in (first, second)
        else None
    )


@explains("numpy._core._exceptions._UFuncNoLoopError")
def no_such_sum(case: Case) -> str | None:
    """Explain a text and a column of numbers in one sum."""
    dtypes = case.error.args[1] if len(case.error.args) > 1 else ()
    kinds = {getattr(dtype, "kind", "") for dtype in dtypes} if type(dtypes) is tuple else set()
    return _text_and_number(case) if "U" in kinds and kinds & set("iufb") else None


@explains("IndexError")
def beyond_the_end(case: Case) -> str | None:
    """Say how many items there are and where counting begins."""
    if not case.own or case.text not in ("list index out of range", "tuple index out of range", "string index out of range"):
        return None
    owner = case.node.value if isinstance(case.node, ast.Subscript) else None
    value = case.value(owner)
    if not isinstance(owner, ast.Name) or type(value) not in (list, tuple, str):
        return "The position lies beyond the end. Counting begins at 0, so the last item has the number of items minus 1."
    if not value:
        return f"{code(owner.id)} is empty, so it has no item to pick. Look at the line that fills it."
    letters = "letter" if type(value) is str else "item"
    return f"{code(owner.id)} has {count(len(value), letters)}. Counting begins at 0, so the last one is {code(f'{owner.id}[{len(value) - 1}]')}."


@explains("ValueError")
def unpacked(case: Case) -> str | None:
    """Compare the names left of ``=`` with the values right of it."""
    found = re.fullmatch(r"(not enough|too many) values to unpack \(expected (?:at least )?(\d+)(?:, got (\d+))?\)", case.text)
    if not found or not case.own:
        return None
    names = count(int(found[2]), "name")
    got = f"there are only {found[3]}" if found[3] else "there are fewer" if found[1] == "not enough" else "there are more"
    return f"There must be as many values as names: {names} wait for values, and {got}. Make both sides equally long."


@explains("ValueError")
def not_a_number(case: Case) -> str | None:
    """Say what in the text keeps it from being a number."""
    found = re.fullmatch(
        r"(?:could not convert string to float: |invalid literal for int\(\) with base 10: |Unable to parse string )['\"](.*?)['\"](?: at position \d+)?",
        case.text,
    )
    if not found or not (case.own or case.through("pandas")):
        return None
    text, column = clean(found[1]), case.through("pandas")
    if re.fullmatch(r"\s*[\d,]*,[\d,]*(\.\d+)?\s*", found[1]):
        return f'"{text}" has a comma, which Python does not read as part of a number. Take it out first: `{".str" if column else ""}.replace(",", "")`.'
    if re.fullmatch(r"\s*-?\d*\.\d+\s*", found[1]) and "int()" in case.text:
        return f'"{text}" has decimals, so it is no whole number. Use `float(…)`.'
    end = '`pd.to_numeric(…, errors="coerce")` leaves such cells empty.' if column else "Look at where the text comes from."
    return f'"{text}" is not written as a number. {end}'


@explains("KeyError")
def no_key(case: Case) -> str | None:
    """Name the key of a dictionary that was meant."""
    key: Any = case.error.args[0] if case.error.args else MISSING
    owner = case.node.value if isinstance(case.node, ast.Subscript) else None
    value: Any = case.value(owner)
    if not case.own or type(value) is not dict or not isinstance(owner, ast.Name) or type(key) not in (str, int):
        return None
    if type(key) is str and (meant := near(key, value)):
        return f'The dictionary {code(owner.id)} has no key "{clean(key)}". Did you mean "{clean(meant)}"? Correct the spelling.'
    if type(key) is int and any(type(one) is str and one == str(key) for one in value):
        return f"In {code(owner.id)} the key {key} is a text. Put quotation marks around it."
    if type(key) is str and any(type(one) is int and str(one) == key for one in value):
        return f"In {code(owner.id)} the key {clean(key)} is a number. Take the quotation marks off."
    return f"The dictionary {code(owner.id)} has no key {code(str(key)) if type(key) is int else chr(34) + clean(key) + chr(34)}. {code(f'list({owner.id})')} shows the keys it has."


@explains("KeyboardInterrupt")
def stopped(case: Case) -> str | None:
    """Say what remains of a cell that was stopped."""
    return "You stopped this cell before it had finished. Run it again from the start; if it never ends, look for a loop whose condition stays true."


@explains("RecursionError")
def without_end(case: Case) -> str | None:
    """Tell a function that calls itself without end."""
    names = [frame.f_code.co_name for frame in (step.tb_frame for step in case.steps[-50:]) if frame.f_globals is case.names]
    if len(names) < 10 or len(set(names)) > 3 or "<" in names[-1]:
        return None
    return f"The function {code(names[-1])} calls itself again and again without end. Give it a case in which it returns a value and does not call itself."


PHRASES = [
    ("ValueError", r"math domain error|expected a (?:positive|nonnegative) input.*", "The function is not defined for this number, such as the root or the logarithm of a negative one. Print the number first."),
    ("ValueError", r"(max|min)\(\) (?:arg is an empty sequence|iterable argument is empty)", "`{1}` was given nothing to choose from. Look at why the list is empty."),
    ("ValueError", r"list\.remove\(x\): x not in list", "The list does not hold what `.remove` should take out. Look at the list first."),
    ("IndexError", r"pop from empty list", "The list is already empty, so `.pop` finds nothing. Look at how often it is called."),
    ("TypeError", r"'(?:int|float)' object is not iterable", "A single number has no items to go through. Give a list, or `range(…)` to count up to it."),
    ("TypeError", r"'(?:int|float)' object is not subscriptable", "A single number has no items, so square brackets do not work. Check what the variable before the bracket holds."),
    ("TypeError", r"(list|tuple) indices must be integers or slices, not str", "A {1} is asked by position, a whole number, not by a text. Names as keys need a dictionary or a table."),
    ("TypeError", r"(list|tuple) indices must be integers or slices, not float", "A position must be a whole number. Use `//` in place of `/`, or `int(…)`."),
    ("TypeError", r"string indices must be integers, not '(\w+)'", "What stands before the square brackets is a text, and its letters are asked by whole numbers. Check what the variable holds."),
    ("TypeError", r"'tuple' object does not support item assignment", "A tuple, written with round brackets, cannot be changed. Make it a list with square brackets."),
    ("TypeError", r"'str' object does not support item assignment", "A text cannot be changed in place. Make a new one, for example with `.replace(…)`."),
    ("TypeError", r"unhashable type: '(list|dict|set)'|cannot use '(list|dict|set)' as a (?:dict key|set element).*", "A list, set or dictionary can be changed, so it cannot be a key or an item of a set. Use a tuple, with round brackets."),
    ("TypeError", r"object of type '(?:int|float)' has no len\(\)", "`len` counts items, and a single number has none. Check what stands in its brackets."),
    ("TypeError", r"can't multiply sequence by non-int of type '(?:float|str)'", "A text or list can only be repeated a whole number of times. If a number was meant, turn the text into one: `float(…)`."),
    ("TypeError", r"bad operand type for (?:unary -|abs\(\)): 'str'|type str doesn't define __round__ method|must be real number, not str", "A number is wanted here, and this is a text. Turn it into one first: `float(…)`."),
    ("TypeError", r"'float' object cannot be interpreted as an integer", "A whole number is wanted here, and this one has a decimal point. Use `int(…)`, or `//` in place of `/`."),
    ("TypeError", r"(?:int|float)\(\) argument must be .*, not '(list|tuple|dict)'", "A {1} holds several values, and one number is wanted. Pick one of them with square brackets."),
    ("RuntimeError", r"dictionary changed size during iteration", "The loop changes the dictionary it goes through. Let it go through a copy: `for key in list(…):`."),
]  # fmt: skip
for _kind, _pattern, _sentence in PHRASES:
    phrase(_kind, _pattern, _sentence)

"""Cells that Python cannot read: brackets, colons, commas, quotation marks, indentation."""

from __future__ import annotations

import re
from collections.abc import Callable

from litu.learner.errors.case import Case
from litu.learner.errors.registry import code, explains

RULES: list[tuple[str, str]] = [
    (
        r"invalid syntax\. Maybe you meant '==' or ':=' instead of '='\?|cannot assign to (?:subscript|attribute) here\. Maybe you meant '==' instead of '='\?",
        "One `=` gives a name a value; a comparison needs two. Write `==`.",
    ),
    (
        r"expression cannot contain assignment, perhaps you meant \"==\"\?",
        "What stands before `=` inside the brackets must be one plain name. Use a plain name, or `==` to compare.",
    ),
    (
        r"cannot assign to (literal|function call|expression|comparison) here\..*|cannot assign to comparison",
        "Only a name, a column or a place in a list can stand left of `=`. Turn the two sides round, or write `==` to compare.",
    ),
    (r"cannot assign to (None|True|False)", "{1} is one of Python's own words and cannot be given a value. Choose another name."),
    (r"expected ':'", "A colon is missing: lines that begin with `if`, `else`, `for`, `while` or `def` end in one. Add `:`."),
    (r"'([(\[{{])' was never closed", "The bracket {1} that opens here is never closed. Add its partner at the end."),
    (
        r"':' expected after dictionary key|expression expected after dictionary key and ':'",
        "An entry of a dictionary is a key, a colon and a value. Add what is missing.",
    ),
    (r"unmatched '([)\]}}])'", "The bracket {1} closes nothing. Take it out, or add the bracket that should open before it."),
    (
        r"closing parenthesis '(.)' does not match opening parenthesis '(.)'.*",
        "A bracket opened by {2} is closed by {1}. Change one of the two so that they match.",
    ),
    (
        r"unterminated (?:f-)?string literal .*",
        "A text begins with a quotation mark and does not end with one. Add the mark where the text ends.",
    ),
    (
        r"unterminated triple-quoted (?:f-)?string literal .*",
        "A text that begins with three quotation marks needs three at its end. Add them.",
    ),
    (
        r"invalid syntax\. Perhaps you forgot a comma\?",
        "Two things stand side by side with nothing between them. Most often a comma is missing: add it.",
    ),
    (
        r"expected an indented block after (?:'(\w+)' statement|function definition|class definition) on line (\d+)",
        "The lines that belong to line {2} must be moved in. Put four spaces before each of them.",
    ),
    (r"unexpected indent", "This line begins further in than the one above, and nothing there asks for it. Take out the spaces in front."),
    (
        r"unindent does not match any outer indentation level",
        "This line begins at a depth that no line above has. Line it up with the line to which it belongs.",
    ),
    (
        r"inconsistent use of tabs and spaces in indentation",
        "Some lines are moved in with tabs, others with spaces. Use four spaces everywhere.",
    ),
    (
        r"'return' outside function",
        "`return` stands outside of a function. Move it in below its `def` line; at the end of a cell the bare name shows a value.",
    ),
    (
        r"'(break|continue)' (?:outside loop|not properly in loop)",
        "`{1}` works inside a loop only. Move it in below its `for` or `while` line.",
    ),
    (r"Missing parentheses in call to 'print'\..*", "`print` needs round brackets around what it shows. Write `print(…)`."),
    (
        r"leading zeros in decimal integer literals .*",
        "A number cannot begin with 0. Take the zero off, or put quotation marks around a code such as a post code.",
    ),
    (
        r"invalid decimal literal",
        "A number runs straight into letters. A name must begin with a letter; between a number and a name an operator such as `*` is needed.",
    ),
    (
        r"positional argument follows keyword argument(?: unpacking)?",
        "An argument without a name stands after one with a name. Put those without a name first.",
    ),
    (r"keyword argument repeated: (\w+)", "The argument {1} is given twice. Take one of the two out."),
    (
        r"invalid character '(.)' \(U\+(?:2018|2019|201C|201D|00AB|00BB|300C|300D|FF02|FF07)\)",
        '{1} is a curly or foreign quotation mark. Type the straight one, `"`.',
    ),
    (
        r"invalid character '(.)' \(U\+(?:FF[0-5][0-9A-F]|300[0-2])\)",
        "{1} is a full-width Chinese sign. Switch the keyboard to English and type the plain one.",
    ),
    (r"invalid character '(.)' \(U\+(?:2212|2013|2014)\)", "{1} looks like a minus but is a dash. Type the plain `-`."),
    (
        r"invalid non-printable character U\+.*",
        "There is an invisible character in this line, most often copied from a web page. Type the blanks of the line anew.",
    ),
    (r"f-string: expecting '}}'.*", "In an f-string each opening curly bracket needs its partner. Add the closing one after the name."),
    (r"unexpected character after line continuation character", "Nothing may follow a backslash on its line. To divide, use `/`."),
    (r"expected 'else' after 'if' expression", "`a if condition` needs the other case as well. Add `else` and a value."),
]
_RULES = [(re.compile(pattern.replace("{{", "{").replace("}}", "}")), sentence) for pattern, sentence in RULES]
KEYWORDS = {"class", "lambda", "import", "def", "global", "is", "in", "with", "from", "pass", "return", "yield", "as", "and", "or", "not"}


@explains("SyntaxError", "IndentationError", "TabError", "_IncompleteInputError")
def unreadable(case: Case) -> str | None:
    """Say what Python's own message means, with the line's number."""
    error = case.error
    if not case.before_run or not isinstance(error, SyntaxError) or type(error.msg) is not str:
        return None
    said = _special(case.cell, error) or _by_rule(error.msg)
    if said is None:
        return None
    line = error.lineno
    return f"Line {line}: {said}" if type(line) is int and len(case.cell.splitlines()) > 1 else said


def _by_rule(message: str) -> str | None:
    for pattern, sentence in _RULES:
        if found := pattern.fullmatch(message):
            return sentence.format(message, *(group or "" for group in found.groups()))
    return None


def _special(cell: str, error: SyntaxError) -> str | None:
    lines = cell.splitlines()
    line = lines[error.lineno - 1].strip() if error.lineno and error.lineno <= len(lines) else ""
    return next((said for rule in SPECIAL if (said := rule(cell, line, error.msg))), None)


def _else_if(cell: str, line: str, message: str) -> str | None:
    return 'Python writes `elif` for "else if". Change the two words into one.' if re.match(r"else\s+if\b", line) else None


def _plus_plus(cell: str, line: str, message: str) -> str | None:
    found = re.fullmatch(r"([A-Za-z_]\w{0,30})(\+\+|--)", line)
    return f"Python has no `{found[2]}`. Write {code(f'{found[1]} {found[2][0]}= 1')}." if found else None


def _keyword(cell: str, line: str, message: str) -> str | None:
    found = re.match(r"([a-z]+)\s*=(?!=)", line)
    if message == "invalid syntax" and found and found[1] in KEYWORDS:
        return f"{code(found[1])} is one of Python's own words and cannot be a name. Choose another."
    return None


def _incomplete(cell: str, line: str, message: str) -> str | None:
    """Tell which bracket or text is left open where IPython says only that something is missing."""
    if message != "incomplete input":
        return None
    try:
        compile(cell, "<cell>", "exec")
    except SyntaxError as error:
        return _by_rule(error.msg)
    return None


SPECIAL: tuple[Callable[[str, str, str], str | None], ...] = (_else_if, _plus_plus, _keyword, _incomplete)

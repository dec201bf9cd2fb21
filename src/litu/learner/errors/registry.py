"""The registry: which explanation belongs to which error.

An explanation takes a :class:`~litu.learner.errors.case.Case` and returns one
or two sentences, or None when it cannot be sure. The first that speaks is
heard. Better none than one that may be untrue.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module

from litu.answers.messages import short
from litu.learner.errors.case import Case

Explanation = Callable[[Case], str | None]

THEMES = (
    "ellipsis",
    "names",
    "syntax",
    "nothing",
    "calls",
    "arguments",
    "attributes",
    "values",
    "pandas_keys",
    "pandas_truth",
    "pandas_",
    "altair_",
)
"""Modules of explanations, asked in this order."""
LONGEST = 400
"""Characters of an explanation."""
_explanations: dict[str, list[Explanation]] = defaultdict(list)


def explains(*kinds: str) -> Callable[[Explanation], Explanation]:
    """Register a function for errors of these classes, given as ``ValueError`` or ``pandas.errors.MergeError``."""

    def register(function: Explanation) -> Explanation:
        for kind in kinds:
            _explanations[kind if "." in kind else f"builtins.{kind}"].append(function)
        return function

    return register


def phrase(kind: str, pattern: str, sentence: str, *, through: str | None = None, anywhere: bool = False) -> None:
    """Register one sentence for messages that fit a pattern.

    The message must come from the learner's own line, or out of the package
    ``through``, or, with ``anywhere``, from wherever. ``{1}``, ``{2}`` … in
    the sentence stand for the pattern's groups.
    """
    fits = re.compile(pattern)

    def explanation(case: Case) -> str | None:
        found = fits.fullmatch(case.text)
        if not found or not (anywhere or (case.through(through) if through else case.own)):
            return None
        return sentence.format(case.text, *(clean(group or "") for group in found.groups()))

    explains(kind)(explanation)


def explain(case: Case) -> str | None:
    """Return what there is to say about an error, or None."""
    for theme in THEMES:
        import_module(f"litu.learner.errors.themes.{theme}")
    for explanation in _explanations.get(case.kind, ()):
        if said := explanation(case):
            return said if len(said) <= LONGEST else None
    return None


def clean(name: str, length: int = 40) -> str:
    """Return a learner's name or text on one line, short, without the marks that our notes use."""
    return short(name.replace("`", "'"), length)


def code(name: str) -> str:
    """Return a name to be set as code."""
    return f"`{clean(name)}`"

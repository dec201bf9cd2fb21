"""All kinds of answers by name."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

import litu.kinds
from litu.answers.plain import Options, Plain
from litu.kinds.base import Kind, Scalars


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind that a module of this package holds, those of the lowest rank first."""
    modules = pkgutil.walk_packages(litu.kinds.__path__, "litu.kinds.")
    found = [kind for module in modules for kind in getattr(import_module(module.name), "KINDS", ())]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.rank)}


def kind_of(plain: Plain) -> Kind:
    """Return the kind of a plain value."""
    return kinds()[plain["kind"]]


def kind_asked(answer: Plain, options: Options) -> Kind:
    """Return the kind that an exercise asks for: the form its author names, else that of the right answer."""
    return kinds()[options["form"]] if options.get("form") else kind_of(answer)


def forms() -> list[str]:
    """Return the names that an author can give as ``form=``."""
    return [kind.name for kind in kinds().values() if kind.is_form]


def scalars_as(plain: Plain, kind: str, options: Options) -> Scalars:
    """Return the scalars of a value inside an answer; of one that is of another ``kind``, a mark that agrees with nothing right."""
    read = kinds()[kind].read(plain, options)
    return [f"<{plain['kind']}>"] if read is None else list(kinds()[kind].scalars(read))


def another_kind(plain: Plain, kind: str, options: Options) -> str | None:
    """Return what a value inside an answer is and what it should be, where its kind is another one."""
    if plain["kind"] == "nothing" or kinds()[kind].read(plain, options) is not None:
        return None
    advice = kinds()[kind].instead(plain)
    return f"is {kind_of(plain).found(plain)}; {kinds()[kind].words} is expected." + (f" {advice}" if advice else "")

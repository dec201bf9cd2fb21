"""The options of a check: read from its call, held against the answer they are about."""

from __future__ import annotations

import json
from typing import Any

from litu.answers.plain import Options, Plain, tidy
from litu.authoring.lesson import Call
from litu.kinds.registry import forms, kind_asked

CHOOSING = ("order", "match", "edges")
"""Forms whose labels come from choices=[...]."""


def read_options(call: Call, namespace: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a check's options. Raises ValueError for one that cannot be used."""
    options = {}
    for name, source in call.options.items():
        try:
            options[name] = json.loads(json.dumps(eval(source, dict(namespace))))  # noqa: S307 - the author's own code
        except Exception as error:
            raise ValueError(f"the option {name}={source} cannot be used: {error}") from None
    if not all(isinstance(args, list) for args in options.get("inputs", [])):
        raise ValueError("the option inputs is a list of argument tuples, such as inputs=[(1, 2), (3, 4)]")
    return options


def misfit(options: Options, answer: Plain, points: float) -> str | None:
    """Return which option does not fit the right answer, or None."""
    places = options.get("places", 0)
    if not isinstance(places, (int, dict)):
        return "the option places must be a whole number, or such numbers by name"
    if options.get("form") is not None and options["form"] not in forms():
        return f"the option form is one of {', '.join(forms())}"
    if options.get("form") in CHOOSING and not _is_list(options.get("choices")):
        return f"the form {options['form']!r} needs choices=[...]"
    kind = kind_asked(answer, options)
    read = kind.read(answer, options)
    if read is None:
        return f"the solution cannot be read as {kind.words}"
    return _strange_name(options, answer) or kind.misfit(read, options, points)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and len(value) > 1


def _strange_name(options: Options, answer: Plain) -> str | None:
    """Return what is wrong with an option that names parts which the answer does not have."""
    if answer["kind"] == "table":
        held = {column["name"] for column in answer["columns"]}
    elif answer["kind"] == "dict":
        held = {str(key.get("value")) for key in answer["keys"]}
    else:
        return None
    names = {option: options.get(option) or [] for option in ("columns", "by")}
    places = options.get("places", 0)
    names["places"] = [name for name in places if tidy(name) not in map(tidy, held)] if isinstance(places, dict) else []
    strange = [(option, name) for option, given in names.items() for name in given if name not in held]
    return f"the option {strange[0][0]} names {strange[0][1]!r}, which is not in the answer" if strange else None

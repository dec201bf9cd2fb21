"""The options of a check: read from its call, held against the answer they are about."""

from __future__ import annotations

import json
from typing import Any

from litu.authoring.lesson import Call
from litu.compare.difference import Plain, tidy


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


def misfit(options: dict[str, Any], answer: Plain) -> str | None:
    """Return which option does not fit the right answer, or None."""
    kind = answer["kind"]
    names = {option: options.get(option) or [] for option in ("columns", "by")}
    places = options.get("places", 0)
    if not isinstance(places, (int, dict)):
        return "the option places must be a whole number, or such numbers by name"
    if kind == "table":
        held = {column["name"] for column in answer["columns"]}
    elif kind == "dict":
        held = {str(key.get("value")) for key in answer["keys"]}
    else:
        return None
    names["places"] = [name for name in places if tidy(name) not in map(tidy, held)] if isinstance(places, dict) else []
    strange = [(option, name) for option, given in names.items() for name in given if name not in held]
    return f"the option {strange[0][0]} names {strange[0][1]!r}, which is not in the answer" if strange else None

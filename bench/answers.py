"""Wrong answers to every exercise, made at random from right ones and known mistakes as a student might make them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litu.answers.contract import ExerciseKey, read_key
from litu.answers.plain import Plain

Node = dict[str, Any]
SLIPS: tuple[Callable[[float], float], ...] = (
    lambda x: x * 100,
    lambda x: x / 100,
    lambda x: -x,
    lambda x: x * 10_000,
    lambda x: x / 1000,
    lambda x: 1 / x if x else 1.0,
    lambda x: float(round(x)),
    lambda x: round(x, 1),
    lambda x: float(f"{x:.2g}"),
    lambda x: x + 1,
    lambda x: x * 1.01,
    lambda x: x * 3.7 + 2.3,
    lambda x: 0.0,
)


@dataclass(frozen=True)
class Made:
    """One answer to an exercise."""

    exercise: str
    answer: Plain


def keys_of(folder: Path) -> dict[str, ExerciseKey]:
    """Return the answer keys of all units, by unit and name; charts and guesses left out."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        for name, key in read_key(path.read_text(encoding="utf-8"), path.name, path.stem).exercises.items():
            if key.answer["kind"] != "chart" and key.options.get("form") != "guess":
                found[f"{path.stem}/{name}"] = key
    return found


def made(keys: dict[str, ExerciseKey], number: int, seed: int) -> Iterator[Made]:
    """Yield so many answers, all exercises in turn."""
    dice = random.Random(seed)
    names = list(keys)
    for place in range(number):
        name = names[place % len(names)]
        key = keys[name]
        sources = [key.answer] * 3 + [accept.answer for accept in key.accepts] + [mistake.answer for mistake in key.mistakes]
        answer = copy.deepcopy(dice.choice(sources))
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
            _spoil(answer, key, dice)
        yield Made(name, answer)


def _spoil(answer: Plain, key: ExerciseKey, dice: random.Random) -> None:
    """Change something of an answer: one number, all of them by one slip, a label, an entry left open, two exchanged."""
    places = list(_places(answer, key.public_calls))
    numbers = [(holder, at) for holder, at in places if isinstance(holder[at], (int, float)) and not isinstance(holder[at], bool)]
    labels = [(holder, at) for holder, at in places if isinstance(holder[at], str)]
    way = dice.random()
    if numbers and way < 0.35:
        holder, at = dice.choice(numbers)
        holder[at] = dice.choice(SLIPS)(holder[at])
    elif numbers and way < 0.55:
        slip = dice.choice(SLIPS)
        for holder, at in numbers:
            holder[at] = slip(holder[at])
    elif len(numbers) > 1 and way < 0.7:
        (one, at), (other, there) = dice.sample(numbers, 2)
        one[at], other[there] = other[there], one[at]
    elif labels and way < 0.9:
        holder, at = dice.choice(labels)
        holder[at] = dice.choice([*(other[place] for other, place in labels), holder[at] + "x", *map(str, key.options.get("choices", ()))])
    elif answer["kind"] in ("dict", "list") and way < 0.97:
        values = answer["values" if answer["kind"] == "dict" else "items"]
        if values:
            values[dice.randrange(len(values))] = {"kind": "nothing"}


def _places(plain: Any, public: int) -> Iterator[tuple[Any, Any]]:
    """Yield where each value of an answer stands: of a function, the results that students see."""
    kind = plain["kind"]
    if kind in ("number", "text", "boolean") and plain["value"] is not None:
        yield plain, "value"
    elif kind in ("list", "set"):
        for item in plain["items"]:
            yield from _places(item, public)
    elif kind == "dict":
        for item in plain["values"]:
            yield from _places(item, public)
    elif kind in ("array", "series"):
        yield from ((plain["values"], place) for place in range(len(plain["values"])))
    elif kind == "table":
        for column in plain["columns"]:
            yield from ((column["values"], place) for place in range(len(column["values"])))
    elif kind == "function":
        for call in plain["calls"][:public]:
            if "result" in call:
                yield from _places(call["result"], public)

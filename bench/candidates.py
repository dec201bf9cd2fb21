"""The numbers that a guesser tries, in order: plain ones, or numbers made from those that a student can see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import nbformat
import numpy as np
import numpy.typing as npt
from nbconvert.preprocessors import ExecutePreprocessor

Numbers = npt.NDArray[np.float64]

NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?(?![\w-])")
TAG = re.compile(r"<(style|script|svg).*?</\1>|<[^>]*>", re.DOTALL)
NEAREST = 400
"""So many numbers of the page are paired, those nearest to the exercise: all that ten minutes can reach."""
NEAREST_THREE = 40
"""So many are taken three at a time."""
MOST_STEPS = 100_000
"""So many steps further are gone, each in ten ways."""
MOST = 30_000
"""Integers, and hundredths, that the plain guesser tries."""


def plain() -> Numbers:
    """Return integers, round numbers d × 10^k and numbers with two decimals, one of each in turn."""
    rounds = np.array([digits * 10.0**power for power in range(10) for digits in range(1, 1000)])[:MOST]
    streams = [np.arange(MOST, dtype=float), np.resize(rounds, MOST), np.arange(MOST) / 100]
    return np.column_stack(streams).reshape(-1)


def pairs(seen: Sequence[float]) -> Numbers:
    """Return the numbers seen, then products, ratios, differences, sums and percentages of all pairs, the nearest first."""
    numbers = np.array(seen[:NEAREST])
    return np.concatenate([np.array(seen), _combined(*_nearest_first(numbers))])


def further(seen: Sequence[float]) -> Numbers:
    """Return what one step more makes of pairs: with a third number, 100 or 1,000; the nearest first."""
    numbers = np.array([*seen[:NEAREST_THREE], 100.0, 1000.0])
    firsts, seconds = _nearest_first(numbers)
    each = _combined(firsts, seconds)
    places = np.repeat(np.arange(len(firsts)), len(each) // max(1, len(firsts)))
    one, two = np.meshgrid(np.arange(len(each)), np.arange(len(numbers)), indexing="ij")
    # The step of a pair that comes early with a number that stands near comes first.
    order = np.argsort((np.sqrt(2.0 * places[one]) + two).reshape(-1), kind="stable")[:MOST_STEPS]
    return _combined(each[one.reshape(-1)[order]], numbers[two.reshape(-1)[order]])


def _nearest_first(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return all pairs of two different numbers, those first that stand near the exercise both."""
    first, second = np.triu_indices(len(numbers), 1)
    order = np.argsort(first + second, kind="stable")
    return numbers[first[order]], numbers[second[order]]


def _combined(one: Numbers, two: Numbers) -> Numbers:
    """Return what each pair makes, pair by pair."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        made = [one * two, one - two, two - one, one + two]
        for above, below in ((one, two), (two, one)):
            made += [above / below, 100 * above / below, 100 * (above - below) / below]
    return np.nan_to_num(np.column_stack(made).reshape(-1), nan=0.0, posinf=0.0, neginf=0.0)


def seen_numbers(notebook: Path) -> dict[str, list[float]]:
    """Run a student notebook as released and return, for each exercise, the numbers in its text, code and outputs.

    The nearest to the exercise come first.
    """
    content = nbformat.read(notebook, as_version=4)
    ExecutePreprocessor(timeout=120, allow_errors=True, extra_arguments=["--log-level=ERROR"]).preprocess(
        content, {"metadata": {"path": str(notebook.parent)}}
    )
    by_cell = [list(_numbers(cell)) for cell in content.cells]
    found = {}
    for place, cell in enumerate(content.cells):
        if cell.id.startswith("check-"):
            near = sorted(range(len(by_cell)), key=lambda other: abs(other - place))
            values = chain.from_iterable(by_cell[other] for other in near)
            found[cell.id.removeprefix("check-")] = list(dict.fromkeys(values))
    return found


def _numbers(cell: nbformat.NotebookNode) -> Iterator[float]:
    texts = [cell.source]
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        texts += [output.get("text", ""), data.get("text/plain", ""), TAG.sub(" ", data.get("text/html", ""))]
    return (float(number.replace(",", "")) for text in texts for number in NUMBER.findall(text))

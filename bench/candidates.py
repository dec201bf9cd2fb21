"""What a guessing loop tries: plain numbers in a fixed order, or numbers made from those a student can see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?(?![\w-])")


def plain() -> Iterator[float]:
    """Yield integers to 20,000, round numbers d × 10^k, then numbers with two decimals to 200."""
    rounds = (digits * 10**power for power in range(10) for digits in range(1, 1000))
    return chain(map(float, range(20_001)), map(float, rounds), (hundredths / 100 for hundredths in range(20_001)))


def seen_numbers(notebook: Path) -> dict[str, list[float]]:
    """Run a student notebook as released and return, for each exercise, the numbers in its text, code and outputs.

    The nearest to the exercise come first.
    """
    content = nbformat.read(notebook, as_version=4)
    ExecutePreprocessor(timeout=120, allow_errors=True, extra_arguments=["--log-level=ERROR"]).preprocess(
        content, {"metadata": {"path": str(notebook.parent)}}
    )
    by_cell = [_numbers(cell) for cell in content.cells]
    found = {}
    for place, cell in enumerate(content.cells):
        if cell.id.startswith("check-"):
            near = sorted(range(len(by_cell)), key=lambda other: abs(other - place))
            values = chain.from_iterable(by_cell[other] for other in near)
            found[cell.id.removeprefix("check-")] = list(dict.fromkeys(values))
    return found


def _numbers(cell: nbformat.NotebookNode) -> list[float]:
    texts = [cell.source]
    for output in cell.get("outputs", ()):
        texts += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
    return [float(number.replace(",", "")) for text in texts for number in NUMBER.findall(text)]


def informed(numbers: Sequence[float]) -> Iterator[float]:
    """Yield the numbers, then products, ratios, differences and percentages of all pairs, the nearest pairs first."""
    yield from numbers
    for total in range(1, 2 * len(numbers)):
        for first in range(max(0, total - len(numbers) + 1), (total + 1) // 2):
            one, two = numbers[first], numbers[total - first]
            yield one * two
            yield one - two
            yield two - one
            for above, below in ((one, two), (two, one)):
                if below:
                    yield above / below
                    yield 100 * above / below
                    yield 100 * (above - below) / below


class Lazy:
    """A list of the different items of an iterator, which is read only as far as needed."""

    def __init__(self, items: Iterator[str]) -> None:
        self._items = items
        self._known: dict[str, None] = {}
        self._list: list[str] = []

    def has(self, place: int) -> bool:
        """Return whether there is an item at ``place``."""
        while len(self._list) <= place:
            item = next(self._items, None)
            if item is None:
                return False
            if item not in self._known:
                self._known[item] = None
                self._list.append(item)
        return True

    def __getitem__(self, place: int) -> str:
        return self._list[place]


def tuples(lists: Sequence[Lazy]) -> Iterator[tuple[str, ...]]:
    """Yield combinations, one item of each list: those first whose places in their lists add up to little."""
    if not all(items.has(0) for items in lists):
        return
    for total in count():
        found = False
        for places in _sums(total, len(lists)):
            if all(items.has(place) for items, place in zip(lists, places, strict=True)):
                found = True
                yield tuple(items[place] for items, place in zip(lists, places, strict=True))
        if not found:
            return


def _sums(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _sums(total - first, parts - 1):
            yield (first, *rest)

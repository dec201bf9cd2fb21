"""Puts things on a line as near as can be to where they want to be, without overlaps."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], sizes: Sequence[float], gap: float = 0) -> list[float]:
    """Return middles in the given order, at least half of both sizes and `gap` apart, with the least sum of squared moves.

    Pools neighbours that would overlap and moves them together (isotonic regression).
    """
    offsets = [0.0]
    for one, two in zip(sizes, sizes[1:]):
        offsets.append(offsets[-1] + (one + two) / 2 + gap)
    pools: list[list[float]] = []
    for want, offset in zip(wanted, offsets):
        pools.append([want - offset, 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            mean, count = pools.pop()
            before, several = pools[-1]
            pools[-1] = [(before * several + mean * count) / (several + count), several + count]
    levels = [mean for mean, count in pools for _ in range(int(count))]
    return [level + offset for level, offset in zip(levels, offsets)]

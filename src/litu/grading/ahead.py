"""Warms a pool up in the background, while this process loads what it needs itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from litu.grading.pool import WarmPool


@contextmanager
def warming(data: Path) -> Iterator[Future[WarmPool]]:
    """Give a pool that is on its way; its ``result()`` waits until it is warm, or raises BoxError."""
    pool = WarmPool(data)
    with ThreadPoolExecutor(1) as thread:
        warm = thread.submit(pool.__enter__)
        try:
            yield warm
        finally:
            pool.give_up()
            if warm.exception() is None:
                pool.__exit__()

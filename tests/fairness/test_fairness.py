"""Right work gets full marks, however unusual it looks and however busy the machine is."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from places import TINY
from stage import Stage
from ways import ANSWERS, HABITS, ORDERS, TOLD

from litu.grading.execution.executor import ForkServer, Limits
from litu.grading.results.models import Result
from litu.grading.sandbox.bubblewrap import Sandbox, available

pytest_plugins = ["grading_fixtures"]
_why_not = available(Sandbox(TINY))
pytestmark = pytest.mark.skipif(_why_not is not None, reason=str(_why_not))

LIMITS = Limits()
"""Those of every real class."""
HOGS = 2
WAYS = [*ANSWERS, *HABITS, *ORDERS]
LOADED = ["slow, but done", "waits", "chart: shown and saved before", "function: prints and warns", "exercises in the opposite order"]
"""Ways that are graded a second time on a loaded machine."""


def notebook(stage: Stage, way: str) -> bytes:
    """Return the notebook of a student who answers all right, in this way."""
    plain = json.loads(stage.right())
    if way in ORDERS:
        return json.dumps(ORDERS[way](plain)).encode()
    if way in HABITS:
        at = next(place for place, cell in enumerate(plain["cells"]) if cell["id"] == "first")
        cell = {"cell_type": "code", "id": "habit", "metadata": {}, "source": HABITS[way], "outputs": [], "execution_count": None}
        plain["cells"].insert(at, cell)
    for cell in plain["cells"]:
        cell["source"] = ANSWERS.get(way, {}).get(cell["id"], cell["source"])
    return json.dumps(plain).encode()


@contextmanager
def loaded_machine() -> Iterator[None]:
    """Keep two cores busy."""
    context = multiprocessing.get_context("spawn")
    begun = context.Semaphore(0)
    hogs = [context.Process(target=_burn, args=(os.getpid(), begun), daemon=True) for _ in range(HOGS)]
    for hog in hogs:
        hog.start()
    try:
        assert all(begun.acquire(timeout=60) for _ in hogs)
        yield
        assert all(hog.is_alive() for hog in hogs)
    finally:
        for hog in hogs:
            hog.kill()


def _burn(parent: int, begun: Any) -> None:
    begun.release()
    while os.getppid() == parent:
        sum(range(100_000))


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, pool: ForkServer) -> Stage:
    """Return the small course that the attacks are run on too."""
    return Stage.build(tmp_path_factory.mktemp("fair") / "course", pool)


@pytest.fixture(scope="session")
def graded(request: pytest.FixtureRequest, stage: Stage) -> dict[str, Result]:
    """Return the results of all ways that this session asks for, graded two at a time."""
    ways = [
        item.callspec.params["way"]
        for item in request.session.items
        if getattr(item, "originalname", "") == "test_right_work_gets_full_marks"
    ]
    with ThreadPoolExecutor(2) as threads:
        return dict(zip(ways, threads.map(lambda way: stage.grade("an-li", notebook(stage, way), limits=LIMITS), ways), strict=True))


def lost(result: Result) -> dict[str, str]:
    """Return the exercises without full marks, and what was said of them."""
    return {exercise.name: exercise.message for exercise in result.exercises if exercise.points < exercise.worth}


@pytest.mark.parametrize("way", WAYS)
def test_right_work_gets_full_marks(way: str, graded: dict[str, Result], record_property: Any) -> None:
    """Right answers in this way have all their points; only code that reaches for the machine is told to the instructor."""
    result = graded[way]
    record_property("fair", result.points == result.worth == 20)

    assert lost(result) == {}
    assert result.points == result.worth == 20
    assert result.suspicions == ([TOLD[way]] if way in TOLD else [])


@pytest.mark.slow
def test_a_loaded_machine_costs_no_mark(stage: Stage, graded: dict[str, Result], record_property: Any) -> None:
    """With two processes that take all CPU time they can get beside it, right and slow work has the same points."""
    with loaded_machine(), ThreadPoolExecutor(2) as threads:
        results = list(threads.map(lambda way: stage.grade("an-li", notebook(stage, way), limits=LIMITS), LOADED))

    found = {way: result.points for way, result in zip(LOADED, results, strict=True)}
    record_property("loaded", sum(points == 20 for points in found.values()))

    assert found == dict.fromkeys(LOADED, 20)

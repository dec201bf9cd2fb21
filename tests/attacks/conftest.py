"""Runs the chosen tricks once, two at a time, and sums them up in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from stage import Stage, Watchers

from litu.grading.execution.executor import ForkServer


@pytest.fixture(scope="session")
def watchers() -> Iterator[Watchers]:
    """Return servers of this machine that an attack might try to reach."""
    with Watchers() as watchers:
        yield watchers


@pytest.fixture(scope="session")
def quiet_stage(tmp_path_factory: pytest.TempPathFactory, pool: ForkServer) -> Iterator[Stage]:
    """Return the built course with its secrets; nothing has been run on it."""
    yield Stage.build(tmp_path_factory.mktemp("stage") / "course", pool)
    del os.environ["LITU_TEST_PASSWORD"]


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest, quiet_stage: Stage, watchers: Watchers) -> Stage:
    """Return the stage after all tricks of this session's tests have been run on it."""
    chosen = [item.callspec.params["trick"] for item in request.session.items if "trick" in getattr(item, "fixturenames", ())]
    quiet_stage.before = quiet_stage.digest()
    quiet_stage.run(chosen)
    return quiet_stage


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many attacks there were, what they earned, and how many were reported."""
    reports = [report for group in ("passed", "failed") for report in terminalreporter.stats.get(group, [])]
    tricks = [dict(report.user_properties) for report in reports if dict(report.user_properties).get("trick")]
    if tricks:
        undeserved = sum(trick["undeserved"] for trick in tricks)
        decidable = [trick for trick in tricks if trick["decidable"]]
        reported = sum(trick["reported"] for trick in decidable)
        terminalreporter.write_line(
            f"{len(tricks)} attacks: {undeserved:g} undeserved points; {reported} of {len(decidable)} decidable ones reported."
        )

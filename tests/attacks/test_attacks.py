"""Every known trick, run through the real engine: it earns nothing, harms nobody, and is reported where that can be told.

The tricks are the files NNN-name.md of this folder; README.md says how to write one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from places import REPOSITORY, TINY
from stage import Stage, Watchers, shown
from trick import HONEST, Trick, tricks

import litu
from litu.grading.sandbox.bubblewrap import Sandbox, available

pytest_plugins = ["grading_fixtures"]
_why_not = available(Sandbox(TINY))
pytestmark = pytest.mark.skipif(_why_not is not None, reason=str(_why_not))

TRICKS = [pytest.param(trick, id=trick.name, marks=pytest.mark.slow if trick.slow else ()) for trick in tricks()]


@pytest.mark.parametrize("trick", TRICKS)
def test_trick_earns_nothing(trick: Trick, stage: Stage, record_property: Any) -> None:
    """The trick earns no point it does not deserve, leaks nothing, costs the honest answers nothing it need not, and is reported."""
    result = stage.results[trick.name]
    points = {exercise.name: exercise.points for exercise in result.exercises}
    undeserved = {name: earned for name, earned in points.items() if name not in HONEST and earned > trick.earns.get(name, 0)}
    reported = bool(trick.reported) and any(trick.reported in line for line in result.suspicions)
    record_property("trick", True)
    record_property("undeserved", sum(undeserved.values()))
    record_property("decidable", bool(trick.reported))
    record_property("reported", reported)

    assert {} == undeserved
    assert stage.secret not in shown(result)
    assert [] == [name for name in HONEST if points[name] < 2 and name not in trick.loses]
    assert reported or not trick.reported, result.suspicions


@pytest.mark.parametrize("trick", TRICKS)
def test_trick_is_told_in_full(trick: Trick, stage: Stage) -> None:
    """Each case says what it tries, and either how it is reported or why that cannot be told."""
    assert trick.tries.endswith(".") and bool(trick.reported) != bool(trick.undecidable)


def test_honest_students_beside_the_tricks(stage: Stage) -> None:
    """A student graded alone, beside and after the tricks gets full marks, the same messages and no suspicion each time."""
    after = stage.grade("an-li", stage.right())

    said = [[(exercise.name, exercise.points, exercise.message) for exercise in result.exercises] for result in [*stage.honest, after]]

    assert all(said[0] == other for other in said)
    assert stage.honest[0].points == stage.honest[0].worth == 20
    assert [] == [line for result in stage.honest for line in result.suspicions]


def test_nothing_is_written_outside_the_boxes(stage: Stage) -> None:
    """No file of the course changes, and no file that a trick makes is found outside its box."""
    places = [Path.cwd(), Path.home(), Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), REPOSITORY, REPOSITORY / "data"]
    places += [Path(litu.__file__).parent, Path(nbformat.__file__).parents[1], *stage.course.root.parents, *stage.course.root.rglob("*")]

    assert stage.before == stage.digest()
    assert [] == [place for place in places if (place / "litu-was-here").exists()]


def test_nobody_outside_is_reached(stage: Stage, watchers: Watchers) -> None:
    """No connection and no datagram of a trick reaches a server of this machine."""
    assert [] == watchers.reached


def test_nothing_lives_on(stage: Stage) -> None:
    """No process that a trick has started is left on the machine."""
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]

    assert [] == [line for line in lines if b"litu-lives-on" in line]

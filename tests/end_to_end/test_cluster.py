"""Grading on a Dask cluster: a real scheduler, two real worker processes, one of them killed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from grading_tools import (
    ESSAY,
    FACT,
    SHARE,
    SHORT,
    SLIP,
    UNIT,
    Grades,
    filled_in,
    hand_in,
    marks,
    needs_box,
    open_book,
    points,
)  # fmt: skip
from places import REPOSITORY, TINY
from ran import Ran

from litu.course import Course
from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.results.models import Result
from litu.grading.runner import dask_runner
from litu.grading.runner.dask_runner import ClusterGrader
from litu.grading.runner.pipeline import LocalGrader, grade_unit
from litu.grading.submissions.collect import Submission, handed_in

distributed = pytest.importorskip("distributed", reason="Dask is not installed (the extra litu[cluster])")
pytest_plugins = ["grading_fixtures"]
pytestmark = [needs_box, pytest.mark.slow]


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")

    def _start(self, *arguments: str, path: Path | None = None) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(self._folder)}
        if path:
            environment["PYTHONPATH"] = str(path)
        command = [Path(sys.executable).parent / "dask", *arguments]
        with (self._folder / f"log{len(self.processes)}").open("wb") as log:
            self.processes.append(subprocess.Popen(command, cwd=self._folder, env=environment, stdout=log, stderr=log))
        return self.processes[-1]

    def add_worker(self, path: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a worker, perhaps with packages of its own below ``path``."""
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0", path=path)

    def wait_for(self, workers: int) -> None:
        """Wait until that many workers are there."""
        with distributed.Client(self.address, timeout=60, set_as_default=False) as client:
            if workers:
                client.wait_for_workers(workers, timeout=60)

    def stop(self) -> None:
        """End all processes."""
        for process in self.processes[::-1]:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def new_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Cluster]]:
    """Return a function that starts a scheduler without workers."""
    made: list[Cluster] = []

    def start() -> Cluster:
        made.append(Cluster(tmp_path_factory.mktemp("cluster")))
        return made[-1]

    yield start
    for one in made:
        one.stop()


@pytest.fixture(scope="module")
def two_workers(new_cluster: Callable[[], Cluster]) -> Cluster:
    """Return a cluster of two workers."""
    made = new_cluster()
    made.add_worker(), made.add_worker()
    made.wait_for(2)
    return made


def class_of(root: Path, number: int, cell: str = "") -> list[Submission]:
    """Hand in for so many students; every third has a slip, one is no notebook."""
    for place in range(number):
        hand_in(
            root,
            f"s{place:02}",
            filled_in(root, {"urban-share": f"{cell}\n{SHARE if place % 3 else SLIP}", "sort": FACT, "critique": ESSAY}),
        )
    hand_in(root, "broken", b"no notebook")
    return list(handed_in(Course.find(root), UNIT))


def timeless(results: list[Result]) -> list[Result]:
    """Return results by student without the time they took."""
    return [
        replace(result, cells=[], cpu_seconds=0, wall_seconds=0, exercises=[replace(one, cpu_seconds=0) for one in result.exercises])
        for result in sorted(results, key=lambda result: result.student)
    ]


def test_cluster_gives_the_results_of_one_machine(classroom: Path, two_workers: Cluster, grade: Grades) -> None:
    """A class graded by two workers has the very results that one machine gives; they travel as JSON text."""
    work = class_of(classroom, 6)
    assignment = Assignment.load(Course.find(classroom), UNIT)
    with ClusterGrader(two_workers.address, TINY, SHORT) as grader:
        theirs = list(grader.results(assignment, work))
        assert list(grader.results(assignment, [])) == []
        files, texts = (
            grader._sent(dask_runner.read_files(TINY)),
            grader._sent((UNIT, assignment.key_text, assignment.source_text, assignment.release_text, assignment.checks_text)),
        )
        found = work[1].read()
        assert found is not None
        travelled = grader._given(files, texts, work[1].student, found.data, found.notes, found.files, frozenset()).result()

    assert timeless(theirs) == timeless(list(LocalGrader(grade.pool, 2, SHORT).results(assignment, work)))
    assert type(travelled) is str and json.loads(travelled)["student"] == work[1].student


def test_command_grades_on_a_cluster(classroom: Path, two_workers: Cluster, litu: Callable[..., Ran]) -> None:
    """`litu grade --scheduler` enters the marks that the cluster's workers gave."""
    class_of(classroom, 4)

    ran = litu(classroom, "grade", "01", "--no-feedback", "--scheduler", two_workers.address)

    assert ran.code == 0, ran.err
    assert {student: found["check-urban-share"] for student, found in points(classroom).items()} == {
        "s00": 0.0, "s01": 2.0, "s02": 2.0, "s03": 0.0, "broken": 0.0
    }  # fmt: skip


def test_each_worker_warms_up_once(classroom: Path, two_workers: Cluster) -> None:
    """Each worker process keeps one warm parent, whatever number of submissions it runs, and the data in its own folder."""
    assignment, work = Assignment.load(Course.find(classroom), UNIT), class_of(classroom, 8)
    with ClusterGrader(two_workers.address, TINY, SHORT) as grader:
        for _ in range(2):
            assert len(list(grader.results(assignment, work))) == 9
        held = grader._client.run(lambda: len(sys.modules["litu.grading.runner.dask_runner"]._pools))

    assert sorted(held.values()) == [1, 1]


def test_killed_worker_costs_nothing(classroom: Path, new_cluster: Callable[[], Cluster], grade: Grades) -> None:
    """When one of two workers is killed in the middle, the other does its work, and every result comes once."""
    made = new_cluster()
    made.add_worker()
    victim = made.add_worker()
    made.wait_for(2)
    work = class_of(classroom, 16, "import time\ntime.sleep(0.3)")
    found = []
    with ClusterGrader(made.address, TINY, SHORT) as grader:
        for result in grader.results(Assignment.load(Course.find(classroom), UNIT), work):
            found.append(result)
            if len(found) == 4:
                victim.kill()

    assert sorted(result.student for result in found) == sorted(item.student for item in work)
    assert sum(result.points for result in found) == 10 * 3.0 + 6 * 1.0
    assert victim.wait() == -9


def test_scheduler_that_ends_is_told_and_nothing_is_lost(classroom: Path, new_cluster: Callable[[], Cluster], grade: Grades) -> None:
    """When the scheduler ends in the middle, one sentence says so; what was graded is kept, the next run does the rest."""
    made = new_cluster()
    made.add_worker()
    made.wait_for(1)
    class_of(classroom, 8, "import time\ntime.sleep(0.3)")

    class Ends(ClusterGrader):
        def results(self, assignment: Assignment, work: list[Submission]) -> Iterator[Result]:
            for number, result in enumerate(super().results(assignment, work)):
                if number == 3:
                    made.stop()
                yield result

    with pytest.raises(LituError, match="run this again to go on"), Ends(made.address, TINY, SHORT) as grader, open_book(classroom) as book:
        grade_unit(Course.find(classroom), UNIT, grader, book, tell=lambda *_: None)

    kept = len(points(classroom))
    assert 3 <= kept < 9
    assert len(grade(classroom).graded) == 9 - kept
    assert len({student for student, _ in marks(classroom)}) == 9


def test_missing_dask_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Dask, the sentence names what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(LituError, match=r"install litu\[cluster\]"):
        ClusterGrader("tcp://127.0.0.1:1", TINY).__enter__()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nosuchkind://127.0.0.1:1"])
def test_unreachable_scheduler_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """A scheduler that does not answer in time is told in one sentence."""
    monkeypatch.setattr(dask_runner, "PATIENCE", 1.0)
    began = time.monotonic()

    with pytest.raises(LituError, match=f"The Dask scheduler {address} cannot be reached within 1 s"):
        ClusterGrader(address, TINY).__enter__()
    assert time.monotonic() - began < 10


def test_unfit_workers_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_cluster: Callable[[], Cluster]) -> None:
    """No workers, workers without this package, and workers with another version of it are each told in one sentence."""
    made = new_cluster()
    made.wait_for(0)
    monkeypatch.setattr(dask_runner, "PATIENCE", 1.0)
    with pytest.raises(LituError, match="has no workers; start `dask worker"):
        ClusterGrader(made.address, TINY).__enter__()

    (tmp_path / "without/litu").mkdir(parents=True)
    (tmp_path / "without/litu/__init__.py").write_text("raise ImportError('no litu here')\n")
    without = made.add_worker(tmp_path / "without")
    made.wait_for(1)
    with pytest.raises(LituError, match="cannot load litu"):
        ClusterGrader(made.address, TINY).__enter__()
    without.kill()
    without.wait()

    shutil.copytree(REPOSITORY / "src/litu", tmp_path / "other/litu", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "other/litu/verdict.py").open("a") as file:
        file.write("\n# another version\n")
    made.add_worker(tmp_path / "other")
    made.wait_for(1)
    with pytest.raises(LituError, match="has litu [0-9a-f]{12}, this machine has [0-9a-f]{12}; install the same on both"):
        ClusterGrader(made.address, TINY).__enter__()


def test_data_travels_whole(tmp_path: Path) -> None:
    """The data files travel by name and content, folders included."""
    (tmp_path / "more").mkdir()
    (tmp_path / "a.csv").write_bytes(b"x\n")
    (tmp_path / "more/b.csv").write_bytes(b"\xff")

    assert dask_runner.read_files(tmp_path) == (("a.csv", b"x\n"), ("more/b.csv", b"\xff"))

"""Runs submissions on a Dask cluster: the same marks as on one machine, on many.

Each worker process keeps one warm parent (:class:`litu.grading.execution.executor.ForkServer`)
and runs every submission in a box of it; student code never runs in the
worker's own process. A submission travels as bytes; what comes back is JSON
text that our own code wrote outside the box, so nothing that a student made
is ever unpickled.

The data tables and the unit travel too, once to each worker, so workers need
no shared disk, only the same packages. Mind that the unit includes its answer
key: give work only to machines that students cannot log in to.
"""

from __future__ import annotations

import atexit
import json
import logging
import platform
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from litu.errors import LituError
from litu.grading.assignment import Assignment
from litu.grading.autograde import mark_submission
from litu.grading.execution.executor import ForkServer, Limits
from litu.grading.provenance import versions
from litu.grading.results.models import Result

if TYPE_CHECKING:
    from distributed import Client, Future

    from litu.grading.submissions.collect import Submission

PATIENCE = 10.0
"""Longest wait for the scheduler, and then for its first worker, in seconds."""
AHEAD = 3
"""Submissions given out per thread of the cluster; the others wait here, not in the scheduler's memory."""
TRIES = 3

Files = tuple[tuple[str, bytes], ...]
Texts = tuple[str, str, str, str, str]


class ClusterGrader:
    """Gives submissions to the workers of the Dask scheduler at ``address``; use it in a ``with`` statement."""

    def __init__(self, address: str, data: Path, limits: Limits = Limits(), preload: tuple[str, ...] = ()) -> None:
        self._address = address
        self._data = data
        self._limits = limits
        self._preload = preload

    def __enter__(self) -> Self:
        self._client = _connect(self._address)
        try:
            self._compare_versions()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def results(self, assignment: Assignment, work: list[Submission]) -> Iterator[Result]:
        """Yield one result for each piece of work, in any order.

        Work that was lost with a worker is done again by another one; without
        any worker left it waits for new ones.
        """
        from distributed import CancelledError, KilledWorker, as_completed

        waiting = ((item.student, found.data, found.notes, found.files, item.later) for item in work if (found := item.read()) is not None)
        given: set[Future[str]] = set()

        def give_more() -> list[Future[str]]:
            room = AHEAD * max(sum(self._client.nthreads().values()), 1) - len(given)
            more = [self._given(files, texts, *item) for item in islice(waiting, max(room, 0))]
            given.update(more)
            return more

        try:
            files = self._sent(read_files(self._data))
            texts = self._sent(
                (assignment.unit, assignment.key_text, assignment.source_text, assignment.release_text, assignment.checks_text)
            )
            done = as_completed(give_more(), loop=self._client.loop)
            for future in done:
                given.discard(future)
                result = Result.from_dict(json.loads(future.result()))
                done.update(give_more())
                yield result
        except LituError:
            raise
        except KilledWorker:
            raise LituError(
                "Several workers of the cluster ended while they graded; see their logs, then run this again to go on."
            ) from None
        except (CancelledError, OSError):
            given.clear()  # nobody is there to be told
            raise LituError(f"The connection to the scheduler {self._address} was lost; run this again to go on.") from None
        except Exception as error:
            raise LituError(f"A worker of the cluster failed with {type(error).__name__}: {error}") from error
        finally:
            if given:
                self._client.cancel(list(given), force=True)

    def _given(
        self,
        files: Future[Files],
        texts: Future[Texts],
        student: str,
        data: bytes | None,
        notes: list[str],
        beside: dict[str, bytes],
        later: frozenset[str],
    ) -> Future[str]:
        return self._client.submit(
            mark_here,
            files,
            texts,
            student,
            data,
            notes,
            beside,
            later,
            self._limits.to_dict(),
            self._preload,
            versions(),
            pure=False,
            retries=TRIES,
        )

    def _sent(self, what: object) -> Future[Any]:
        """Return ``what`` as a task of its own: sent to each worker once, and again when it is lost."""
        return self._client.submit(_same, what)

    def _compare_versions(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise LituError(f"The scheduler {self._address} has no workers; start `dask worker {self._address}` on each machine.") from None
        try:
            answers = self._client.run(versions)
        except Exception as error:  # Dask makes it a plain one on its way
            raise LituError(
                f"A worker of {self._address} cannot load litu ({error}); install the same requirements/all.lock and litu on each machine."
            ) from None
        for worker, found in sorted(answers.items()):
            _compare(versions(), found, worker)


def _connect(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise LituError("Grading on a cluster needs Dask; install litu[cluster].") from None
    # What goes wrong is told in one sentence of ours.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        why = "" if isinstance(error, (OSError, TimeoutError)) else f" ({error})"
        raise LituError(
            f"The Dask scheduler {address} cannot be reached within {PATIENCE:.0f} s{why}; start it with `dask scheduler`."
        ) from None


def read_files(folder: Path) -> Files:
    """Return the files below ``folder``, by relative name, as they travel to the workers."""
    return tuple((str(path.relative_to(folder)), path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


def _compare(wanted: dict[str, str], found: dict[str, str], worker: str) -> None:
    for name, version in wanted.items():
        if found.get(name) != version:
            raise LituError(f"The worker {worker} has {name} {found.get(name)}, this machine has {version}; install the same on both.")


# What runs on the workers.

_pools: dict[tuple[Files, tuple[str, ...]], ForkServer] = {}
_one_at_a_time = Lock()


def _same(what: object) -> object:
    return what


def mark_here(
    files: Files,
    texts: Texts,
    student: str,
    data: bytes | None,
    notes: list[str],
    beside: dict[str, bytes],
    later: frozenset[str],
    limits: dict[str, Any],
    preload: tuple[str, ...],
    wanted: dict[str, str],
) -> str:
    """Return the result of one submission as JSON text; runs in a worker process."""
    _compare(wanted, versions(), platform.node())
    # The list of notes is added to, and a retried task would find it changed.
    result = mark_submission(_pool(files, preload), _kit(texts), student, data, list(notes), Limits(**limits), beside, later)
    return json.dumps(result.to_dict())


@lru_cache(maxsize=4)
def _kit(texts: Texts) -> Assignment:
    return Assignment(*texts)


def _pool(files: Files, preload: tuple[str, ...]) -> ForkServer:
    """Return this process's pool for these data files and modules, started at first use and stopped at its end."""
    from distributed import get_worker

    with _one_at_a_time:
        if (files, preload) not in _pools:
            # Dask takes a worker's own folder away with the worker.
            folder = Path(tempfile.mkdtemp(prefix="litu-data-", dir=get_worker().local_directory))
            folder.chmod(0o755)
            for name, content in files:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
            pool = ForkServer(folder, preload)
            pool.__enter__()
            atexit.register(pool.__exit__, None, None, None)
            _pools[files, preload] = pool
        return _pools[files, preload]

"""Runs one student's notebook in boxes and returns what it showed and answered.

The engine gives no verdicts. It sends cells in, takes outputs and plain-data
answers out, and keeps one bad cell from costing the others: a cell that kills
its process or takes too much is put aside, the earlier cells are run again in
a new box, and the notebook goes on after it.

Example::

    with ForkServer(data=Path("data")) as pool:
        result = run_notebook(pool, [RunCell("a", "x = 6 * 7"), TakeAnswer("product", "x")])
    result.answers["product"].plain    # {"kind": "number", "value": 42}
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from litu.grading.execution.fork_server import ForkServer, SandboxError
from litu.grading.execution.models import Answer, CellResult, Event, Reply, RunCell, RunResult, Step, TakeAnswer, Termination
from litu.grading.execution.outputs import Outputs, Room
from litu.grading.execution.protocol import BadMessage, Message
from litu.grading.sandbox.limits import Limits

__all__ = [
    "Answer", "SandboxError", "CellResult", "Event", "Limits", "RunCell", "RunResult", "Step", "TakeAnswer",
    "ForkServer", "Pool", "run_notebook",
]  # fmt: skip


class NotebookSession(Protocol):
    """One student's process, wherever it runs."""

    def ask(self, request: Message, outputs: Outputs, cpu_seconds: float, wall_seconds: float) -> Reply:
        """Send ``request`` and wait for its end; what it shows goes to ``outputs``."""

    def close(self) -> None:
        """End the process."""


class Pool(Protocol):
    """Makes sessions: in sandboxes (ForkServer) or in ordinary kernels (KernelPool)."""

    def session(self, limits: Limits) -> NotebookSession:
        """Return a session with a new process."""


def run_notebook(
    pool: Pool,
    steps: Sequence[Step],
    limits: Limits = Limits(),
    files: Mapping[str, bytes] | None = None,
) -> RunResult:
    """Run ``steps`` in order in a process of ``pool``.

    ``files`` are put into the working folder first: what lies beside the
    student's notebook, by relative path. A failure of the student's code is a
    part of the result; SandboxError means that the machine can run nothing.
    """
    run = _Run(pool, limits, files or {})
    try:
        for step in steps:
            if isinstance(step, RunCell):
                run.cell(step)
            else:
                run.answer(step)
    finally:
        run.finish()
    return run.result


class _Run:
    def __init__(self, pool: Pool, limits: Limits, files: Mapping[str, bytes]) -> None:
        self.result = RunResult()
        self._pool = pool
        self._limits = limits
        self._files = files
        self._session: NotebookSession | None = None
        self._done: list[RunCell] = []
        self._stopped: dict[str, Termination] = {}
        self._over: str | None = None
        """Why the rest is not run."""
        self._count = 0
        self._room = Room.of(limits)
        self._opened = False
        self._began = time.monotonic()
        self._waited = 0.0

    def cell(self, cell: RunCell) -> None:
        if cell.instead_of is not None and self.result.cells[cell.instead_of].status not in ("error", "stopped"):
            return
        if not self._ready(cell.id):
            outputs = Outputs(self._limits, 0)
            outputs.grader_says("NotRun", f"{self._over}.")
            self.result.cells[cell.id] = CellResult(cell.id, "not run", outputs.notebook_form(), reason=self._over)
            return
        self._count += 1
        outputs = Outputs(self._limits, self._count, self._room)
        reply = self._ask({"do": "run", "source": cell.source}, outputs, cell.id)
        status, reason = "stopped", reply.stop.detail if reply.stop else None
        if reply.message is not None:
            status = reply.message["status"]
            self._done.append(cell)
        if reason is not None:
            outputs.grader_says("Stopped", f"this cell {reason}.")
        self.result.cells[cell.id] = CellResult(
            cell.id, status, outputs.notebook_form(), self._count, reason, reply.cpu_seconds, reply.wall_seconds
        )

    def answer(self, step: TakeAnswer) -> None:
        self.result.answers[step.name] = Answer(step.name, *self._take(step))

    def _take(self, step: TakeAnswer) -> tuple[dict[str, Any] | None, str | None]:
        for cell in step.needs:
            if cell in self._stopped:
                return None, f"cell stopped: {self._stopped[cell].kind}"
        if not self._ready(step.name):
            return None, f"not run: {self._over}"
        inputs = None if step.inputs is None else [list(arguments) for arguments in step.inputs]
        request = {"do": "answer", "expression": step.expression, "inputs": inputs}
        reply = self._ask(request, Outputs(self._limits, 0), step.name)
        if reply.stop:
            return None, f"answer stopped: {reply.stop.kind}"
        assert reply.message is not None
        return reply.message.get("answer"), reply.message.get("problem")

    def finish(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
        self.result.wall_seconds = time.monotonic() - self._began

    def _ask(self, request: Message, outputs: Outputs, name: str) -> Reply:
        """Ask the process; keep account of time, events and stopped cells."""
        assert self._session is not None
        cpu = min(self._limits.cpu_seconds, self._cpu_left())
        wall = min(self._limits.wall_seconds, self._wall_left())
        reply = _checked(request, self._session.ask(request, outputs, cpu, wall), outputs)
        self.result.cpu_seconds += reply.cpu_seconds
        self._waited += reply.wall_seconds
        for kind, detail in reply.notes:
            self._report(kind, name, detail)
        if reply.stop:
            self._report(f"stopped-{reply.stop.kind}", name, reply.stop.detail)
            self._stopped[name] = reply.stop
            if reply.stop.killed:
                self._session.close()
                self._session = None
        return reply

    def _ready(self, name: str) -> bool:
        """Have a process that has run every earlier cell but the stopped ones; False when the notebook is over."""
        while self._session is None and self._over is None:
            if self._opened:
                self._restart(name)
            if self._over is None:
                self._opened = True
                self._session = self._pool.session(self._limits)
                self._prepare()
        if self._over is None and self._cpu_left() <= 0:
            self._give_up(name, f"the notebook used its {self._limits.cpu_seconds_total:g} s of CPU time")
        elif self._over is None and self._wall_left() <= 0:
            self._give_up(name, f"the notebook was not done after {self._limits.wall_seconds_total:g} s")
        return self._over is None

    def _report(self, kind: str, name: str, detail: str) -> None:
        """Keep an event once, however often the cell is run again."""
        event = Event(kind, name, detail)
        if event not in self.result.events:
            self.result.events.append(event)

    def _cpu_left(self) -> float:
        return self._limits.cpu_seconds_total - self.result.cpu_seconds

    def _wall_left(self) -> float:
        return self._limits.wall_seconds_total - self._waited

    def _restart(self, name: str) -> None:
        if self.result.restarts >= self._limits.restarts:
            self._give_up(name, f"the notebook had to be started again more than {self._limits.restarts} times")
            return
        self.result.restarts += 1
        self._report("restarted", name, f"{len(self._done)} earlier cells were run again")

    def _give_up(self, name: str, reason: str) -> None:
        self._over = reason
        self._report("not-run", name, reason)

    def _prepare(self) -> None:
        """Bring a new process to where the last one was; a cell that stops it now is left out from then on."""
        for path, content in self._files.items():
            if self._session is None:
                return
            data = base64.b64encode(content).decode()
            self._ask({"do": "file", "path": path, "data": data}, Outputs(self._limits, 0), path)
        for cell in tuple(self._done):
            if self._session is None:
                return
            reply = self._ask({"do": "run", "source": cell.source}, Outputs(self._limits, 0), cell.id)
            if reply.stop:
                self._done.remove(cell)


def _checked(request: Message, reply: Reply, outputs: Outputs) -> Reply:
    """Return ``reply`` if its message has the form that ``request`` calls for, else a stop in its place."""
    message = reply.message
    if message is None:
        return reply
    try:
        if request["do"] == "run":
            _check_run(message, outputs)
        elif request["do"] == "answer":
            _check_answer(message)
    except BadMessage as error:
        return replace(reply, message=None, stop=Termination("channel", f"wrote to the grader's channel: {error}"))
    return reply


def _check_run(message: Message, outputs: Outputs) -> None:
    if message.get("status") not in ("ok", "error", "interrupted"):
        raise BadMessage("a cell status of no known form")
    if message["status"] != "ok":
        message["status"] = "error"
        outputs.error(message.get("error"))


def _check_answer(message: Message) -> None:
    plain, problem = message.get("answer"), message.get("problem")
    if (plain is None) == (problem is None):
        raise BadMessage("an answer of no known form")
    if plain is not None and not (isinstance(plain, dict) and isinstance(plain.get("kind"), str)):
        raise BadMessage("an answer that is not plain data")
    if problem is not None and not isinstance(problem, str):
        raise BadMessage("a problem that is not text")

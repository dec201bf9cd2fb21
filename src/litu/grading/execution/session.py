"""One conversation with one boxed process: ask, watch, stop it when it takes too much.

Everything that comes back is untrusted, and every wait ends: by a reply, by
the end of the process, or by a limit.
"""

from __future__ import annotations

import os
import selectors
import time

from litu.grading.execution import protocol
from litu.grading.execution.models import Reply, Termination
from litu.grading.execution.outputs import Outputs
from litu.grading.sandbox.limits import MEBIBYTE, Limits
from litu.grading.sandbox.process import SandboxProcess
from litu.grading.sandbox.usage import Usage

_BETWEEN_MEASURES = 0.05
_LONGEST_TURN = 1.0
"""Longer turns are the grader's own delay, which is not the student's."""
_CHUNK = 1 << 16
_SEND_PATIENCE = 10.0
_END_PATIENCE = 2.0
_GRACE_CPU, _GRACE_WALL = 2.0, 5.0
"""What a cell may still use to stop by itself after it was asked to."""
_NEARLY_FULL = 0.9
_PROCESSES_OF_A_BOX = 3
"""Bubblewrap, the holder, the student's Python; more means that a stopped cell left something running."""


class Session:
    """Talks with the process in ``box``; closing the session kills the box."""

    def __init__(self, box: SandboxProcess, limits: Limits) -> None:
        self.box = box
        self.limits = limits
        self.inbox = protocol.Inbox(limits.answer_bytes + limits.output_bytes * 6 + 10_000)
        self.number = 0
        self.cpu_used = box.meter.read().cpu_seconds
        """CPU seconds of the box up to the end of the last request."""
        self.selector = selectors.DefaultSelector()
        self.selector.register(box.channel, selectors.EVENT_READ, "channel")
        self.selector.register(box.status, selectors.EVENT_READ, "status")
        self.selector.register(box.out, selectors.EVENT_READ, "stdout")
        self.selector.register(box.err, selectors.EVENT_READ, "stderr")
        self.open_streams = {"stdout": box.out, "stderr": box.err}

    def close(self) -> None:
        """Kill the box and forget it."""
        self.selector.close()
        self.box.close()

    def ask(self, request: protocol.Message, outputs: Outputs, cpu_seconds: float, wall_seconds: float) -> Reply:
        """Send ``request`` and wait for its end; what it shows goes to ``outputs``.

        After a :class:`Stop` with ``killed`` the session is of no more use.
        """
        self.number += 1
        return _Exchange(self, {**request, "id": self.number}, outputs, cpu_seconds, wall_seconds).run()


class _Exchange:
    """One request and what follows until it is over."""

    def __init__(self, session: Session, request: protocol.Message, outputs: Outputs, cpu_seconds: float, wall_seconds: float) -> None:
        self._session = session
        self._box = session.box
        self._limits = session.limits
        self._request = request
        self._outputs = outputs
        self._cpu_allowed = cpu_seconds
        self._wall_allowed = wall_seconds
        self._message: protocol.Message | None = None
        self._asked_to_stop: tuple[Termination, float, float] | None = None
        self._notes: dict[str, str] = {}
        self._usage = Usage(0.0, 0, 0, 0, False)

    def run(self) -> Reply:
        self._began = self._looked = time.monotonic()
        self._wall = 0.0
        self._cpu_before = self._session.cpu_used
        try:
            stop = self._converse()
        except protocol.BadMessage as error:
            stop = Termination("channel", f"wrote to the grader's channel: {error}")
        except OSError as error:  # the process closed its end
            stop = self._end() or Termination("channel", f"closed the grader's channel: {error}")
        if stop:
            self._usage = self._box.meter.read()
        used = self._usage.cpu_seconds - self._cpu_before
        self._session.cpu_used = self._usage.cpu_seconds
        if self._outputs.cut:
            self._notes["output-cut"] = f"wrote more than {self._limits.output_bytes} bytes"
        return Reply(None if stop else self._message, stop, used, self._turn(), tuple(self._notes.items()))

    def _converse(self) -> Termination | None:
        self._box.channel.settimeout(_SEND_PATIENCE)
        self._box.channel.sendall(protocol.encode(self._request))
        measure_at = self._began + _BETWEEN_MEASURES
        while self._message is None:
            for key, _ in self._session.selector.select(_BETWEEN_MEASURES):
                if key.data == "channel":
                    self._listen()
                elif key.data == "status":
                    return self._end()
                else:
                    self._read(key.data)
            self._turn()
            if self._message is None and time.monotonic() >= measure_at:
                if stop := self._judge(self._box.meter.read()):
                    return stop
                measure_at = time.monotonic() + _BETWEEN_MEASURES
        self._read_all()
        return self._after_reply()

    def _turn(self) -> float:
        """Take in the time since the last turn; return the seconds on the clock that the process has had."""
        now = time.monotonic()
        self._wall += min(now - self._looked, _LONGEST_TURN)
        self._looked = now
        return self._wall

    def _listen(self) -> None:
        data = self._box.channel.recv(_CHUNK)
        if not data:
            raise ConnectionError("no more messages")
        for message, size in self._session.inbox.feed(data):
            if self._message is not None or message.get("id") != self._request["id"]:
                raise protocol.BadMessage("a message that nobody asked for")
            if "output" in message:
                self._read_all()
                self._outputs.display(message["output"], size)
                self._box.channel.sendall(protocol.encode({"do": "go"}))
            else:
                self._message = message

    def _read_all(self) -> None:
        for name in tuple(self._session.open_streams):
            while self._read(name):
                pass

    def _read(self, name: str) -> bool:
        """Take what one pipe holds; return whether there may be more."""
        try:
            data = os.read(self._session.open_streams[name], _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self._session.selector.unregister(self._session.open_streams.pop(name))
        self._outputs.write(name, data)
        return len(data) == _CHUNK and not self._outputs.flooded

    def _judge(self, usage: Usage) -> Termination | None:
        """Compare what the box uses with what it may use; ask to stop first, then kill."""
        if stop := self._too_big(usage):
            return stop
        cpu, wall = usage.cpu_seconds - self._cpu_before, self._wall
        if self._asked_to_stop:
            stop, cpu_then, wall_then = self._asked_to_stop
            return stop if cpu > cpu_then + _GRACE_CPU or wall > wall_then + _GRACE_WALL else None
        if cpu > self._cpu_allowed:
            stop = Termination("cpu", f"used more than {self._cpu_allowed:.3g} s of CPU time")
        elif wall > self._wall_allowed:
            stop = Termination("wall", f"was not done after {self._wall_allowed:.3g} s")
        elif self._outputs.flooded:
            stop = Termination("output", "went on writing without end")
        else:
            return None
        self._asked_to_stop = (stop, cpu, wall)
        self._box.interrupt()
        return None

    def _too_big(self, usage: Usage) -> Termination | None:
        most = self._limits.memory_mb * MEBIBYTE
        if usage.memory > most and self._box.meter.exact_memory() > most:
            return Termination("memory", f"used more than {self._limits.memory_mb} MB")
        if usage.processes > self._limits.processes:
            return Termination("processes", f"started more than {self._limits.processes} processes")
        if usage.files > self._limits.files:
            return Termination("files", f"made more than {self._limits.files} files")
        if usage.processes == self._limits.processes:
            self._notes["processes-limit"] = f"had {usage.processes} processes and threads"
        if usage.disk_full:
            self._notes["disk-full"] = f"filled its {self._limits.disk_mb} MB"
        return None

    def _after_reply(self) -> Termination | None:
        """Look whether the process is fit for the next cell."""
        if self._asked_to_stop:
            stop = self._asked_to_stop[0]
            alone = self._box.meter.read().processes <= _PROCESSES_OF_A_BOX
            return Termination(stop.kind, stop.detail, killed=not alone)
        if len(self._session.open_streams) < 2:
            return Termination("closed", "closed its standard output")
        error = self._message.get("error") if self._message else None
        full = isinstance(error, dict) and error.get("ename") == "MemoryError"
        most = self._limits.memory_mb * MEBIBYTE * _NEARLY_FULL
        self._usage = usage = self._box.meter.read()
        if full or (usage.memory > most and self._box.meter.exact_memory() > most):
            return Termination("memory", f"needed more than {self._limits.memory_mb} MB")
        return self._too_big(usage)

    def _end(self) -> Termination | None:
        """Return how the process ended, or None when it lives."""
        code = self._box.ended(_END_PATIENCE)
        if code is None:
            return None
        self._read_all()
        return Termination.of_exit(code)

"""The warm parent: a process that has pandas and Altair loaded and forks a copy for each submission.

Loading the libraries takes seconds, forking takes milliseconds. The parent
has a clean environment and one thread, and sees neither keys nor notebooks:
for each request it starts a box, forks a child into it, and hands the engine
what is needed to watch and to kill it. The child talks with the engine over
descriptors that the parent closes.

Started by :class:`litu.grading.execution.fork_server.ForkServer` as ``python -m litu.grading.execution.zygote``.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import sys
import time
from pathlib import Path

from litu.grading.execution import worker
from litu.grading.execution.preload import warm_up
from litu.grading.execution.shell import Notebook
from litu.grading.sandbox import namespaces, seccomp
from litu.grading.sandbox.bubblewrap import HOME, SCRATCH, Sandbox
from litu.grading.sandbox.fds import ASIDE, moves, read_until, receive_descriptors
from litu.grading.sandbox.limits import Limits

PATIENCE = 20.0
"""Longest wait for a box to stand, in seconds."""


class BoxFailed(Exception):
    """A box could not be made; the message says why."""


class Zygote:
    """Answers requests on ``control`` until it closes."""

    def __init__(self, control: socket.socket, box: Sandbox, notebook: Notebook) -> None:
        self._control = control
        self._box = box
        self._notebook = notebook
        self._lines: dict[int, socket.socket] = {}
        """The status line to the engine of each worker that is alive."""
        self._wake, wake_writer = os.pipe()
        os.set_blocking(wake_writer, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(wake_writer, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Work until the engine closes the line or ends, then see all children off."""
        while self._work():
            pass
        deadline = time.monotonic() + PATIENCE
        while self._reap() and time.monotonic() < deadline:
            select.select([self._wake], [], [], 0.1)

    def _work(self) -> bool:
        watched: list[socket.socket | int] = [self._control, self._wake]
        ready, _, _ = select.select(watched, [], [])
        if self._wake in ready:
            os.read(self._wake, 4096)
            self._reap()
        return self._control not in ready or self._answer()

    def _answer(self) -> bool:
        message, descriptors = receive_descriptors(self._control, 5)
        if not message:
            return False
        line, *others = descriptors
        status = socket.socket(fileno=line)
        given: list[int] = []
        try:
            try:
                pid = self._start(Limits(**json.loads(message)), status, given, *others)
            finally:
                # Before the engine is told, which sees by the end of a pipe that a cell has closed it.
                for descriptor in others:
                    os.close(descriptor)
            socket.send_fds(status, [json.dumps({"started": pid}).encode()], given)
        except (BoxFailed, OSError, ValueError) as error:
            _tell(status, {"failed": str(error)})
        finally:
            for descriptor in given:
                os.close(descriptor)
        return True

    def _start(self, limits: Limits, status: socket.socket, given: list[int], channel: int, out: int, err: int, hold: int) -> int:
        """Start a box with a worker in it; return the worker's id and put what the engine needs into ``given``."""
        deadline = time.monotonic() + PATIENCE
        holder = self._start_holder(limits, hold, deadline)
        given.append(os.pidfd_open(holder))
        for folder in ("/proc", SCRATCH):
            given.append(os.open(f"/proc/{holder}/root{folder}", os.O_RDONLY | os.O_DIRECTORY))
        pid = self._fork_worker(holder, limits, status, channel, out, err, deadline)
        self._lines[pid] = status
        given.append(os.pidfd_open(pid))
        return pid

    def _start_holder(self, limits: Limits, hold: int, deadline: float) -> int:
        """Start bubblewrap; return the id of the box's first process once the box stands."""
        info, info_writer = os.pipe()
        said, said_writer = os.pipe()
        rules, rules_writer = os.pipe()
        program = seccomp.program()
        if program:
            os.write(rules_writer, program)
        os.close(rules_writer)
        command = self._box.command(limits, info=3, seccomp=4 if program else None)
        copies = moves([hold, said_writer, said_writer, info_writer, rules])
        actions: list[tuple[int, ...]] = [(os.POSIX_SPAWN_DUP2, *copy) for copy in copies]
        actions += [(os.POSIX_SPAWN_CLOSE, ASIDE + number) for number in range(5)]
        try:
            os.posix_spawnp(command[0], command, dict(os.environ), file_actions=actions)
            for descriptor in (info_writer, said_writer, rules):
                os.close(descriptor)
            words = read_until(said, lambda data: data.endswith(b"\n"), deadline)
            if words != b"ready\n":
                raise BoxFailed(f"bubblewrap: {words.decode(errors='replace').strip() or 'no answer'}")
            return int(json.loads(read_until(info, lambda data: b"}" in data, deadline))["child-pid"])
        finally:
            os.close(info)
            os.close(said)

    def _fork_worker(self, holder: int, limits: Limits, status: socket.socket, channel: int, out: int, err: int, deadline: float) -> int:
        report, report_writer = os.pipe()
        if os.fork() == 0:
            _become_worker(self, holder, limits, status, channel, out, err, report_writer)
        os.close(report_writer)
        try:
            words = read_until(report, lambda data: data.count(b"\n") == 2, deadline).decode(errors="replace")
        finally:
            os.close(report)
        # Parent and child write one line each, in any order.
        found = re.fullmatch(r"(?:ready\n)?(\d+)\n(?:ready\n)?", words)
        if found is None or "ready" not in words:
            raise BoxFailed(f"entering the box failed: {words.strip() or 'no answer'}")
        return int(found[1])

    def _reap(self) -> bool:
        """Collect every ended child, tell the engine how a worker ended; return whether children are left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            line = self._lines.pop(pid, None)
            if line is not None:
                _tell(line, {"ended": os.waitstatus_to_exitcode(status)})
                line.close()

    def detach(self) -> None:
        """Forget all descriptors in a forked child, so that no object closes a number used again."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._control.detach()
        for line in self._lines.values():
            line.detach()


def _become_worker(
    zygote: Zygote, holder: int, limits: Limits, status: socket.socket, channel: int, out: int, err: int, report: int
) -> None:
    """In a forked child: enter the box, fork once more into its pid namespace, serve, and never return."""
    try:
        zygote.detach()
        status.detach()
        Path("/proc/self/oom_score_adj").write_text("1000")
        namespaces.enter(holder)
        pid = os.fork()
        if pid:
            os.write(report, f"{pid}\n".encode())
            os._exit(0)
        os.chdir(HOME)
        nothing = os.open("/dev/null", os.O_RDONLY)
        for old, new in moves([nothing, out, err, channel, report]):
            os.dup2(old, new)
        os.closerange(5, os.sysconf("SC_OPEN_MAX"))
        report = 4
        os.set_inheritable(3, False)
        namespaces.lock_down(limits)
        os.write(report, b"ready\n")
        os.close(report)
        worker.serve(socket.socket(fileno=3), zygote._notebook, limits)
        os._exit(0)
    except BaseException as error:
        try:
            os.write(report, f"{type(error).__name__}: {error}".encode())
        except OSError:
            pass
    finally:
        os._exit(70)


def _tell(line: socket.socket, message: dict[str, object]) -> None:
    try:
        line.send(json.dumps(message).encode())
    except OSError:
        pass  # the engine has given this box up


def main() -> None:
    """Warm up, say so, then serve the socket whose number is the first argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    settings = json.loads(sys.argv[2])
    box = Sandbox(data=Path(settings["data"]) if settings["data"] else None)
    try:
        notebook = warm_up(settings["preload"])
    except ImportError as error:
        sys.exit(f"c.Litu.preload in nbgrader_config.py asks for a module that cannot be imported: {error}")
    namespaces.adopt_orphans()
    if (threads := len(os.listdir("/proc/self/task"))) > 1:
        sys.exit(f"the libraries have started {threads - 1} threads, which a forked copy would lack")
    control.send(b"warm")
    Zygote(control, box, notebook).serve()


if __name__ == "__main__":
    main()

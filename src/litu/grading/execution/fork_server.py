"""Starts the warm parent and hands out boxes with a warm process in each."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Self

from litu.errors import LituError
from litu.grading.execution.session import Session
from litu.grading.sandbox.bubblewrap import Sandbox, available, environment, unprivileged_command
from litu.grading.sandbox.fds import receive_descriptors
from litu.grading.sandbox.limits import Limits
from litu.grading.sandbox.process import SandboxProcess
from litu.grading.sandbox.usage import Meter

_WARM_PATIENCE = 120.0
_BOX_PATIENCE = 60.0
_STOP_PATIENCE = 10.0


class SandboxError(LituError):
    """No box can be made."""


class ForkServer:
    """Boxes from one warm parent process; use it in a ``with`` statement.

    ``data`` is the folder that notebooks read at ``/data``. Several threads
    may open boxes at once. A warm parent that died is started again.
    """

    def __init__(self, data: Path | None = None, preload: Sequence[str] = ()) -> None:
        self._data = data
        self._preload = list(preload)
        self._box = Sandbox(data)
        self._lock = Lock()
        self._open_for_use = False
        self._unwanted = False
        self._parent: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        if reason := available(self._box):
            raise SandboxError(reason)
        if self._unwanted:
            raise SandboxError("The pool is not wanted any more.")
        with self._lock:
            self._start()
        self._open_for_use = True
        return self

    def __exit__(self, *_: object) -> None:
        self._open_for_use = False
        with self._lock:
            self._stop()

    def give_up(self) -> None:
        """Stop warming up, from another thread; a pool that is open for use stays so."""
        self._unwanted = True
        self._end_unwanted()

    def _end_unwanted(self) -> None:
        parent = self._parent
        if self._unwanted and not self._open_for_use and parent is not None:
            parent.kill()

    def open_box(self, limits: Limits) -> SandboxProcess:
        """Return a new box with a warm process in it; the caller closes it."""
        if not self._open_for_use:
            raise SandboxError("The pool of boxes is not open; use it in a with statement.")
        control = self._control
        try:
            return self._request(control, limits)
        except OSError:  # the warm parent has died, or does not answer
            with self._lock:
                if self._control is control:
                    self._stop()
                    self._start()
        try:
            return self._request(self._control, limits)
        except OSError as error:
            raise SandboxError(f"The warm parent process failed twice: {error}.") from error

    def _request(self, control: socket.socket | None, limits: Limits) -> SandboxProcess:
        if control is None:
            raise ConnectionError("it is not running")
        status, their_status = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        channel, their_channel = socket.socketpair()
        out, their_out = os.pipe()
        err, their_err = os.pipe()
        their_hold, hold = os.pipe()
        theirs = [their_out, their_err, their_hold]
        ours = [out, err, hold]
        try:
            given = [their_status.fileno(), their_channel.fileno(), *theirs]
            socket.send_fds(control, [json.dumps(limits.to_dict()).encode()], given)
            their_status.close()
            status.settimeout(_BOX_PATIENCE)
            message, descriptors = receive_descriptors(status, 4)
            if not message:
                raise ConnectionError("no answer")
            answer = json.loads(message)
            if "failed" in answer:
                raise SandboxError(f"A box could not be made: {answer['failed']}.")
            first, processes, scratch, worker = descriptors
            os.set_blocking(out, False)
            os.set_blocking(err, False)
            ours = []
            return SandboxProcess(channel, status, out, err, hold, first, worker, Meter(processes, scratch))
        finally:
            their_status.close()
            their_channel.close()
            for descriptor in [*theirs, *ours]:
                os.close(descriptor)
            if ours:
                status.close()
                channel.close()

    def session(self, limits: Limits) -> Session:
        """Return a conversation with the process of a new box. Raises SandboxError."""
        return Session(self.open_box(limits), limits)

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = json.dumps({"data": str(self._data.absolute()) if self._data else None, "preload": self._preload})
        command = [sys.executable, "-P", "-s", "-B", "-m", "litu.grading.execution.zygote", str(theirs.fileno()), settings]
        with tempfile.TemporaryFile() as complaints, theirs:
            self._parent = subprocess.Popen(
                unprivileged_command(self._box, command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                env=environment(self._data),
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            self._end_unwanted()
            theirs.close()
            self._control.settimeout(_WARM_PATIENCE)
            try:
                warm = self._control.recv(65536)
            except TimeoutError:
                warm = b""
            if not warm:
                self._stop()
                complaints.seek(0)
                lines = complaints.read().decode(errors="replace").strip().splitlines()
                raise SandboxError(f"The warm parent process did not start: {lines[-1] if lines else 'no reason given'}.")

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._parent is not None:
            try:
                self._parent.wait(_STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                self._parent.kill()
                self._parent.wait()
            self._parent = None


@contextmanager
def warming(data: Path, preload: Sequence[str] = ()) -> Iterator[Future[ForkServer]]:
    """Give a pool that is on its way; its ``result()`` waits until it is warm, or raises SandboxError."""
    pool = ForkServer(data, preload)
    with ThreadPoolExecutor(1) as thread:
        warm = thread.submit(pool.__enter__)
        try:
            yield warm
        finally:
            pool.give_up()
            if warm.exception() is None:
                pool.__exit__()

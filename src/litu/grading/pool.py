"""Starts the warm parent and hands out boxes with a warm process in each."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Self

from litu.errors import LituError
from litu.grading.box import Box, available, environment, unprivileged_command
from litu.grading.channel import receive_descriptors
from litu.grading.limits import Limits
from litu.grading.meter import Meter

_WARM_PATIENCE = 120.0
_BOX_PATIENCE = 60.0
_KILL_PATIENCE = 10.0


class BoxError(LituError):
    """No box can be made."""


@dataclass
class LiveBox:
    """A box with a warm process in it, as the engine holds it."""

    channel: socket.socket
    status: socket.socket
    out: int
    err: int
    hold: int
    """While this pipe is open, the box stands; it closes with the engine."""
    first: int
    """Process descriptor of the box's first process, whose end is the end of all."""
    worker: int
    meter: Meter

    def interrupt(self) -> None:
        """Ask the running cell to stop, as the stop button does."""
        _signal(self.worker, signal.SIGINT)

    def ended(self, patience: float) -> dict[str, Any] | None:
        """Return how the worker ended (``ended`` code or minus signal, ``cpu`` seconds), or None if it lives."""
        self.status.settimeout(patience)
        try:
            message = self.status.recv(65536)
        except TimeoutError:
            return None
        return json.loads(message) if message else {"ended": -signal.SIGKILL, "cpu": 0.0}

    def close(self) -> None:
        """Kill everything in the box and wait until it is gone."""
        _signal(self.first, signal.SIGKILL)
        _signal(self.worker, signal.SIGKILL)
        for descriptor in (self.first, self.worker):
            _wait_gone(descriptor)
        for descriptor in (self.out, self.err, self.hold, self.first, self.worker):
            os.close(descriptor)
        self.meter.close()
        self.channel.close()
        self.status.close()


class WarmPool:
    """Boxes from one warm parent process; use it in a ``with`` statement.

    ``data`` is the folder that notebooks read at ``/data``. Several threads
    may open boxes at once. A warm parent that died is started again.
    """

    def __init__(self, data: Path | None = None) -> None:
        self._data = data
        self._box = Box(data)
        self._lock = Lock()
        self._parent: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        if reason := available(self._box):
            raise BoxError(reason)
        with self._lock:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._stop()

    def open_box(self, limits: Limits) -> LiveBox:
        """Return a new box with a warm process in it; the caller closes it."""
        for last_try in (False, True):
            try:
                return self._open(limits)
            except ConnectionError as error:
                if last_try:
                    raise BoxError(f"The warm parent process ended twice: {error}.") from error
                with self._lock:
                    if self._parent is None or self._parent.poll() is not None:
                        self._stop()
                        self._start()
        raise AssertionError("not reached")

    def _open(self, limits: Limits) -> LiveBox:
        if self._control is None:
            raise BoxError("The pool of boxes is not open; use it in a with statement.")
        status, their_status = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        channel, their_channel = socket.socketpair()
        out, their_out = os.pipe()
        err, their_err = os.pipe()
        their_hold, hold = os.pipe()
        theirs = [their_out, their_err, their_hold]
        ours = [out, err, hold]
        try:
            given = [their_status.fileno(), their_channel.fileno(), *theirs]
            socket.send_fds(self._control, [json.dumps(limits.to_dict()).encode()], given)
            their_status.close()
            status.settimeout(_BOX_PATIENCE)
            message, descriptors = receive_descriptors(status, 4)
            if not message:
                raise ConnectionError("no answer")
            answer = json.loads(message)
            if "failed" in answer:
                raise BoxError(f"A box could not be made: {answer['failed']}.")
            first, processes, scratch, worker = descriptors
            os.set_blocking(out, False)
            os.set_blocking(err, False)
            ours = []
            return LiveBox(channel, status, out, err, hold, first, worker, Meter(processes, scratch))
        except TimeoutError:
            raise BoxError(f"A box was not ready within {_BOX_PATIENCE:g} seconds.") from None
        finally:
            their_status.close()
            their_channel.close()
            for descriptor in [*theirs, *ours]:
                os.close(descriptor)
            if ours:
                status.close()
                channel.close()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = json.dumps({"data": str(self._data.absolute()) if self._data else None})
        command = [sys.executable, "-P", "-s", "-B", "-m", "litu.grading.zygote", str(theirs.fileno()), settings]
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
                raise BoxError(f"The warm parent process did not start: {lines[-1] if lines else 'no reason given'}.")

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._parent is not None:
            try:
                self._parent.wait(_KILL_PATIENCE)
            except subprocess.TimeoutExpired:
                self._parent.kill()
                self._parent.wait()
            self._parent = None


def _signal(process: int, number: int) -> None:
    try:
        signal.pidfd_send_signal(process, number)
    except ProcessLookupError:
        pass


def _wait_gone(process: int) -> None:
    gone = select.poll()
    gone.register(process, select.POLLIN)
    gone.poll(_KILL_PATIENCE * 1000)

"""A box with a warm process in it, as the trusted side holds it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
from dataclasses import dataclass

from litu.grading.sandbox.usage import Meter

_KILL_PATIENCE = 10.0


@dataclass
class SandboxProcess:
    """Everything needed to talk with, watch and kill one box."""

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

    def ended(self, patience: float) -> int | None:
        """Return the worker's exit code, or minus the signal that ended it, or None if it lives."""
        self.status.settimeout(patience)
        try:
            message = self.status.recv(65536)
        except TimeoutError:
            return None
        return json.loads(message)["ended"] if message else -signal.SIGKILL

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


def _signal(process: int, number: int) -> None:
    try:
        signal.pidfd_send_signal(process, number)
    except ProcessLookupError:
        pass


def _wait_gone(process: int) -> None:
    gone = select.poll()
    gone.register(process, select.POLLIN)
    gone.poll(_KILL_PATIENCE * 1000)

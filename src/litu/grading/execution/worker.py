"""The student's process: runs cells and emits answers, one message at a time.

Runs inside the box, as a copy of the warm parent. It decides nothing. Text
written to its outputs goes through two pipes; displayed values and answers go
through the channel. A displayed value waits for the engine's ``go``, by which
time the engine has read the text before it, so outputs keep their order.
"""

from __future__ import annotations

import base64
import os
import random
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from litu.grading.execution import protocol
from litu.grading.execution.shell import Notebook, Output
from litu.grading.sandbox.limits import Limits
from litu.kinds.wire import to_plain

_LONGEST_TRACEBACK = 20_000


def serve(sock: socket.socket, notebook: Notebook, limits: Limits) -> None:
    """Do what the messages say until the channel closes."""
    _open_outputs()
    sys.path.insert(0, "")  # as in a kernel: a module that lies beside the notebook can be imported
    # A notebook graded twice must give the same numbers.
    random.seed(0)
    np.random.seed(0)
    worker = _Worker(sock, notebook, limits)
    while (message := protocol.receive(sock)) is not None:
        reply = getattr(worker, f"do_{message['do']}")(message)
        if os.getpid() != worker.pid:
            os._exit(0)  # a copy that a cell forked has reached the end of that cell
        sock.sendall(protocol.encode({"id": message["id"], **reply}))


class _Worker:
    def __init__(self, sock: socket.socket, notebook: Notebook, limits: Limits) -> None:
        self.pid = os.getpid()
        self._sock = sock
        self._notebook = notebook
        self._limits = limits
        self._one_at_a_time = Lock()

    def do_file(self, message: protocol.Message) -> dict[str, Any]:
        path = Path(message["path"])
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(message["data"]))
        except OSError as error:
            return {"problem": _one_line(error)}
        return {}

    def do_run(self, message: protocol.Message) -> dict[str, Any]:
        if sys.stdout is None or sys.stdout.closed:
            _open_outputs()

        def emit(output: Output) -> None:
            if os.getpid() == self.pid:
                self._show(message["id"], output)

        status, error = self._notebook.run(message["source"], emit)
        _flush()
        if error is None:
            return {"status": status}
        return {"status": status, "error": {key: text[:_LONGEST_TRACEBACK] for key, text in error.items()}}

    def do_answer(self, message: protocol.Message) -> dict[str, Any]:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            value = eval(message["expression"], self._notebook.user_ns)
            plain = to_plain(value, _as_arguments(message["inputs"]))
        except BaseException as error:
            return {"problem": _one_line(error)}
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _flush()
        try:
            answer = {"answer": plain}
            body = protocol.encode(answer)
            if len(body) > self._limits.answer_bytes:
                return {"problem": f"the answer is larger than {self._limits.answer_bytes / 1e6:g} MB"}
            protocol.check(answer, body)
        except (ValueError, TypeError, RecursionError, protocol.BadMessage) as error:
            return {"problem": f"the answer cannot be written down: {_one_line(error)}"}
        return answer

    def _show(self, number: int, output: Output) -> None:
        _flush()
        body = self._encoded(number, output)
        with self._one_at_a_time:
            # Stopped between the two, the next cell would be given the ``go`` of this one.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                self._sock.sendall(body)
                protocol.receive(self._sock)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _encoded(self, number: int, output: Output) -> bytes:
        data = dict(output["data"])
        text = data.pop("text/plain")[: self._limits.output_bytes]
        try:
            message = {"id": number, "output": {**output, "data": {**data, "text/plain": text}}}
            body = protocol.encode(message)
            if len(body) <= self._limits.answer_bytes:
                protocol.check(message, body)
                return body
        except (ValueError, TypeError, RecursionError, protocol.BadMessage):
            pass
        return protocol.encode({"id": number, "output": {**output, "data": {"text/plain": text}}})


def _as_arguments(inputs: Any) -> Sequence[Sequence[Any]] | None:
    return None if inputs is None else [tuple(arguments) for arguments in inputs]


def _open_outputs() -> None:
    """Point Python's outputs at the pipes; closing them does not close the pipes."""
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        stream = open(descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # a cell may have put anything in their place
            pass


def _one_line(error: BaseException) -> str:
    try:
        text = str(error).encode("utf-8", "backslashreplace").decode().partition("\n")[0]
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text}"[:300]

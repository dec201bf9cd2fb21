"""Sessions without a sandbox, for machines that cannot make one: an ordinary Jupyter kernel.

Verdicts are still made outside the student's process, but its code has the
rights of whoever grades. Slower too: each submission starts a cold kernel. The
limits on the clock and on what is shown hold; those on memory, disk and
processes need the sandbox.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from litu.errors import LituError
from litu.grading.execution.models import Reply, Termination
from litu.grading.execution.outputs import Outputs
from litu.grading.execution.protocol import Message
from litu.grading.sandbox.limits import Limits

MIME = "application/vnd.litu.answer+json"
_START_PATIENCE = 60.0
_TURN = 0.5
_EMIT = """
def _litu_emit(expression, inputs):
    import json as _json
    from IPython.display import publish_display_data as _publish
    from litu.kinds.wire import to_plain as _to_plain
    _publish({{{mime!r}: _json.dumps(_to_plain(eval(expression, globals()), inputs), allow_nan=False)}})
_litu_emit({expression!r}, {inputs!r})
del _litu_emit
"""


class KernelPool:
    """Starts ordinary kernels; stands in for a ForkServer."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __enter__(self) -> KernelPool:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def session(self, limits: Limits) -> KernelSession:
        """Return a session with a new kernel. Raises LituError when none starts."""
        return KernelSession(self._data, limits)


class KernelSession:
    """Talks with one kernel, which works in a folder of its own; closing the session ends both."""

    def __init__(self, data: Path, limits: Limits) -> None:
        self._limits = limits
        self._own = Path(tempfile.mkdtemp(prefix="litu-"))
        self._folder = self._own / "work"
        self._folder.mkdir()
        # The sockets need an absolute place: the kernel works in another folder than this process.
        self._kernel = KernelManager(kernel_name="python3", transport="ipc", ip=str(self._own / "socket"))
        arguments = ["--HistoryManager.hist_file=:memory:"]
        self._kernel.start_kernel(cwd=str(self._folder), extra_arguments=arguments, env={**os.environ, "LITU_DATA": str(data)})
        self._client: BlockingKernelClient = self._kernel.client()
        self._client.start_channels()
        try:
            self._client.wait_for_ready(timeout=_START_PATIENCE)
        except RuntimeError as error:
            self.close()
            raise LituError(f"A Jupyter kernel could not be started: {error}") from None

    def close(self) -> None:
        """End the kernel and take its folder away."""
        self._client.stop_channels()
        self._kernel.shutdown_kernel(now=True)
        shutil.rmtree(self._own, ignore_errors=True)

    def ask(self, request: Message, outputs: Outputs, cpu_seconds: float, wall_seconds: float) -> Reply:
        """Do what ``request`` says, as :meth:`litu.grading.execution.session.Session.ask` does.

        A kernel's CPU time is not measured: the limit on the clock stands for both.
        """
        if request["do"] == "file":
            return self._put(request)
        if request["do"] == "run":
            return self._run(request["source"], outputs, wall_seconds, None)
        emitted: list[str] = []
        source = _EMIT.format(mime=MIME, expression=request["expression"], inputs=request["inputs"])
        reply = self._run(source, Outputs(self._limits, 0), wall_seconds, emitted)
        return reply if reply.stop else Reply(self._answer(emitted), None, reply.cpu_seconds, reply.wall_seconds)

    def _answer(self, emitted: list[str]) -> Message:
        try:
            plain = json.loads(emitted[-1]) if emitted and len(emitted[-1]) <= self._limits.answer_bytes else None
        except (ValueError, RecursionError):
            plain = None
        return {"answer": plain} if plain is not None else {"problem": "no value"}

    def _put(self, request: Message) -> Reply:
        place = (self._folder / request["path"]).resolve()
        if place.is_relative_to(self._folder.resolve()):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(base64.b64decode(request["data"]))
        return Reply({"done": True}, None, 0.0, 0.0)

    def _run(self, source: str, outputs: Outputs, wall_seconds: float, emitted: list[str] | None) -> Reply:
        began = time.monotonic()
        asked = self._client.execute(source, allow_stdin=False)
        done: Message = {"status": "ok"}
        stop: Termination | None = None
        while stop is None:
            try:
                message = self._client.get_iopub_msg(timeout=_TURN)
            except Empty:
                message = None
            if message is None and not self._kernel.is_alive():
                stop = Termination("exited", "ended the Python process")
            elif message is not None and message["parent_header"].get("msg_id") == asked:
                if _take(message, outputs, done, emitted):
                    break
            # Looked at after every message: a cell that prints for ever never leaves the queue empty.
            if time.monotonic() - began > wall_seconds:
                stop = Termination("wall", f"was not done after {wall_seconds:.3g} s")
            elif outputs.flooded:
                stop = Termination("output", "went on writing without end")
        seconds = time.monotonic() - began
        return Reply(None if stop else done, stop, seconds, seconds)


def _take(message: dict[str, Any], outputs: Outputs, done: Message, emitted: list[str] | None) -> bool:
    """Take in one message of the cell that runs; return whether it was the last."""
    kind, content = message["msg_type"], message["content"]
    if kind == "stream":
        outputs.write(content["name"], content["text"].encode(errors="replace"))
    elif kind in ("display_data", "execute_result"):
        if emitted is not None and isinstance(content["data"].get(MIME), str):
            emitted.append(content["data"][MIME])
        elif isinstance(content["data"].get("text/plain"), str):
            outputs.display({"output_type": kind, **content}, len(str(content["data"])))
    elif kind == "error":
        done["status"] = "error"
        done["error"] = {**content, "traceback": "\n".join(content["traceback"])}
    return bool(kind == "status" and content["execution_state"] == "idle")

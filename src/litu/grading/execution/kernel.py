"""Grading without a sandbox, for machines that cannot make one: an ordinary Jupyter kernel.

Verdicts are still made outside the student's process, but its code has the
rights of whoever grades. Slower too: each submission starts a cold kernel.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from litu.grading.execution.executor import Answer, CellResult, Event, Limits, RunCell, RunResult, TakeAnswer
from litu.grading.execution.models import Step
from litu.grading.execution.outputs import Outputs

MIME = "application/vnd.litu.answer+json"
START_PATIENCE = 60.0
EMIT = """
def _litu_emit(expression, inputs):
    import json as _json
    from IPython.display import publish_display_data as _publish
    from litu.answers.serialize import to_plain as _to_plain
    _publish({{{mime!r}: _json.dumps(_to_plain(eval(expression, globals()), inputs), allow_nan=False)}})
_litu_emit({expression!r}, {inputs!r})
del _litu_emit
"""


class KernelExecutor:
    """Runs notebooks in ordinary kernels; stands in for a ForkServer."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __enter__(self) -> KernelExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, steps: Sequence[Step], limits: Limits, files: Mapping[str, bytes]) -> RunResult:
        """Run ``steps`` in order; a cell that stops the kernel is left out when the others are run again."""
        with TemporaryDirectory() as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            run = _Run(folder, self._data, limits)
            try:
                for step in steps:
                    run.take(step) if isinstance(step, TakeAnswer) else run.cell(step)
            finally:
                run.close()
        return run.result


class _Run:
    def __init__(self, folder: str, data: Path, limits: Limits) -> None:
        self.result = RunResult()
        self._folder, self._data, self._limits = folder, data, limits
        self._done: list[RunCell] = []
        self._stopped: set[str] = set()
        self._kernel: KernelManager | None = None
        self._client: BlockingKernelClient | None = None

    def cell(self, cell: RunCell) -> None:
        outputs = Outputs(self._limits, len(self._done) + 1)
        status, seconds = self._execute(cell.source, outputs)
        reason = "it computed for too long or ended its process" if status == "stopped" else None
        self.result.cells[cell.id] = CellResult(cell.id, status, outputs.notebook_form(), len(self._done) + 1, reason, seconds, seconds)
        if status == "stopped":
            self._stopped.add(cell.id)
            self.result.events.append(Event("stopped-cpu", cell.id, reason or ""))
        else:
            self._done.append(cell)

    def take(self, step: TakeAnswer) -> None:
        if any(cell in self._stopped for cell in step.needs):
            self.result.answers[step.name] = Answer(step.name, None, "cell stopped: cpu")
            return
        found: list[str] = []
        source = EMIT.format(mime=MIME, expression=step.expression, inputs=step.inputs)
        status, _ = self._execute(source, Outputs(self._limits, 0), found)
        try:
            plain = json.loads(found[-1]) if found and len(found[-1]) <= self._limits.answer_bytes else None
        except (ValueError, RecursionError):
            plain = None
        self.result.answers[step.name] = Answer(step.name, plain, None if plain else f"no value ({status})")

    def close(self) -> None:
        if self._client is not None:
            self._client.stop_channels()
        if self._kernel is not None:
            self._kernel.shutdown_kernel(now=True)
        self._client = self._kernel = None

    def _ready(self) -> BlockingKernelClient:
        if self._client is None:
            self._kernel = KernelManager(kernel_name="python3", transport="ipc")
            self._kernel.start_kernel(cwd=self._folder, extra_arguments=["--HistoryManager.hist_file=:memory:"], env=self._environment())
            self._client = self._kernel.client()
            self._client.start_channels()
            self._client.wait_for_ready(timeout=START_PATIENCE)
            for cell in self._done:
                self._execute(cell.source, Outputs(self._limits, 0))
        assert self._client is not None
        return self._client

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "LITU_DATA": str(self._data)}

    def _execute(self, source: str, outputs: Outputs, found: list[str] | None = None) -> tuple[str, float]:
        client = self._ready()
        began = time.monotonic()
        asked = client.execute(source, allow_stdin=False)
        status = "ok"
        while True:
            left = began + self._limits.cpu_seconds * self._limits.wall_factor - time.monotonic()
            try:
                message = client.get_iopub_msg(timeout=max(0.1, min(1.0, left)))
            except Empty:
                if left <= 0 or self._kernel is None or not self._kernel.is_alive():
                    self.close()
                    return "stopped", time.monotonic() - began
                continue
            if message["parent_header"].get("msg_id") != asked:
                continue
            content: dict[str, Any] = message["content"]
            if message["msg_type"] == "stream":
                outputs.write(content["name"], content["text"].encode())
            elif message["msg_type"] in ("display_data", "execute_result"):
                if found is not None and isinstance(content["data"].get(MIME), str):
                    found.append(content["data"][MIME])
                elif isinstance(content["data"].get("text/plain"), str):
                    outputs.display({"output_type": message["msg_type"], **content}, len(str(content["data"])))
            elif message["msg_type"] == "error":
                outputs.error({**content, "traceback": "\n".join(content["traceback"])})
                status = "error"
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return status, time.monotonic() - began

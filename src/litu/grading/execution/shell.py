"""A notebook without a front end: IPython's shell, its outputs handed to a function.

A real ``InteractiveShell`` and not our own ``exec`` loop, because a student's
cell has to behave as it did in JupyterLab: magics, ``display()``,
``get_ipython()``, ``!`` lines, top-level ``await``, the value of the last
line. A kernel (ipykernel) is not needed for that; its sockets and threads
would make forking unsafe.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from litu.grading.execution.outputs import CHART

Output = dict[str, Any]


class _Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, source: Any = None, *, transient: Any = None, update: Any = False, **_: Any) -> None:
        self.shell.emit({"output_type": "display_data", "data": data})

    def clear_output(self, wait: bool = False) -> None:
        pass


class _Hook(DisplayHook):
    def start_displayhook(self) -> None:
        pass

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Mapping[str, Any], md_dict: Any = None) -> None:
        assert isinstance(self.shell, Notebook)
        self.shell.emit({"output_type": "execute_result", "data": format_dict})

    def finish_displayhook(self) -> None:
        pass


class Notebook(InteractiveShell):
    """Runs cells one after the other in one namespace."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    # The default runs ``!`` lines in a terminal, and a box has none.
    system = InteractiveShell.system_raw

    def __init__(self, **settings: Any) -> None:
        self._emit: Callable[[Output], None] | None = None
        self._running = False
        self._failure: dict[str, str] | None = None
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        self.db = {}

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        """Keep no folder: nothing is loaded from or written to a profile."""

    def init_profile_dir(self, profile_dir: Any) -> None:
        """Keep no profile."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Accept and ignore: there is no window to open."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str | None, str]:
        """Accept ``%matplotlib inline`` where matplotlib is not installed."""
        try:
            found: tuple[str | None, str] = super().enable_matplotlib(gui)  # type: ignore[no-untyped-call]
            return found
        except ModuleNotFoundError:
            return gui, "inline"

    def ask_exit(self) -> None:
        """Let ``exit()`` end the cell, not the notebook."""
        raise SystemExit("exit() was called")

    def emit(self, output: Output) -> None:
        """Hand over what a cell shows, as plain text and as a chart."""
        if not self._running or self._emit is None:
            return
        bundle = output["data"]
        kept: dict[str, Any] = {kind: value for kind, value in bundle.items() if CHART.fullmatch(str(kind)) and isinstance(value, dict)}
        text = _writable(str(bundle.get("text/plain", "")))
        # After its first line, the text of a chart only says that the reader cannot draw it.
        kept["text/plain"] = text.partition("\n")[0] if kept else text
        self._emit({**output, "data": kept, "metadata": {}})

    def run(self, source: str, emit: Callable[[Output], None]) -> tuple[str, dict[str, str] | None]:
        """Run one cell; return ``ok``, ``error`` or ``interrupted`` and the error, if any."""
        self._emit, self._failure = emit, None
        self._running = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            result = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            error = result.error_before_exec or result.error_in_exec
        except BaseException as raised:  # a cell can make even the shell's own code raise
            error = raised
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._running = False
        if error is None:
            return "ok", None
        failure = self._failure or {"ename": type(error).__name__, "evalue": _text(error), "traceback": ""}
        return "interrupted" if isinstance(error, KeyboardInterrupt) else "error", failure

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self._failure = {
            "ename": etype.__name__,
            "evalue": _text(evalue),
            "traceback": _writable("\n".join(stb)),
        }

    def show_usage_error(self, exc: BaseException) -> None:
        """Record a mistake in a magic as the cell's error."""
        self._failure = {"ename": "UsageError", "evalue": _text(exc), "traceback": f"UsageError: {_text(exc)}"}


def new_notebook() -> Notebook:
    """Return the shell that every student's process is a copy of."""
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.HistoryManager.hist_file = ":memory:"
    settings.InteractiveShell.colors = "nocolor"
    settings.InteractiveShell.enable_tip = False
    notebook = Notebook.instance(config=settings)
    sys.displayhook = notebook.displayhook
    return notebook


def _text(value: object) -> str:
    try:
        return _writable(str(value))
    except Exception:
        return "an error that cannot be shown"


def _writable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")

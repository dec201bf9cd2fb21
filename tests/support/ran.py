"""Commands run in a process of their own, and what they left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


def forked(program: Callable[[], object], words: list[str], folder: Path, out: int, err: int, user: int | None = None) -> int:
    """Run a command line in ``folder``, perhaps as another user, and return its exit code.

    It runs in a process forked from this one, so that libraries need not be
    imported and schemas not be read again for each test. What it prints goes
    to the descriptors ``out`` and ``err``.
    """
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.dup2(out, 1)
            os.dup2(err, 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
            if user is not None:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            os.chdir(folder)
            sys.argv = words
            try:
                program()
                code = 0
            except SystemExit as error:
                code = int(error.code or 0)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                code = 1
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

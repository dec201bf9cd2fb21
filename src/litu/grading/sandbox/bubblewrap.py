"""The box around one submission, and whether this machine can make one.

A box is a bubblewrap sandbox: its own user, process, network, IPC, host-name
and cgroup namespaces; the system, the Python installation, this package and
the data to read; one small file system in memory to write to. Nothing of the
course (``course/``, ``source/``, ``grading/``) and no other submission is in
it, not even unreadable.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import litu
from litu.grading.sandbox import drop_root
from litu.grading.sandbox.limits import MEBIBYTE, Limits

__all__ = ["Sandbox", "Limits", "available", "environment", "unprivileged_command"]

DATA = "/data"
SCRATCH = "/tmp"
"""The one place a student's process may write to; its home is in it."""
HOME = "/tmp/student"

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_READY = "ready"
_HOLDER = f"echo {_READY}; read line"
"""The first process of a box: says that the box stands, then lives until its input closes."""
_PATIENCE = 30.0


@dataclass(frozen=True)
class Sandbox:
    """How a box is made: the folders that can be read in it."""

    data: Path | None = None
    """Folder shown at ``/data``."""

    def folders(self) -> list[str]:
        """Return the folders outside the system that a box shows."""
        shown = [*_python_folders(), _package_folder()]
        if self.data is not None:
            shown.append(os.path.abspath(self.data))
        return list(dict.fromkeys(shown))

    def command(self, limits: Limits, info: int | None = None, seccomp: int | None = None) -> list[str]:
        """Return the bubblewrap command of one box.

        ``info`` and ``seccomp`` are open file descriptors: bubblewrap writes
        the id of the first process to the one and reads its filter of system
        calls from the other.
        """
        # bwrap would mount a devpts for --dev and then need two nested user
        # namespaces, which a process from outside cannot enter one by one.
        command = [bubblewrap(), "--unshare-user", "--unshare-all", "--uid", "1000", "--gid", "1000"]
        command += ["--hostname", "box", "--die-with-parent", "--new-session"]
        for path in (*_SYSTEM, *_SETTINGS):
            if os.path.islink(path) and path in _SYSTEM:
                command += ["--symlink", os.readlink(path), path]
            else:
                command += ["--ro-bind-try", path, path]
        command += ["--proc", "/proc", "--dir", "/dev"]
        for device in _DEVICES:
            command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
        command += ["--size", str(limits.disk_mb * MEBIBYTE), "--tmpfs", SCRATCH, "--dir", HOME]
        command += ["--dir", f"{SCRATCH}/shm", "--symlink", f"{SCRATCH}/shm", "/dev/shm"]
        for folder in (*_python_folders(), _package_folder()):
            command += ["--ro-bind", folder, folder]
        if self.data is not None:
            command += ["--ro-bind", os.path.abspath(self.data), DATA]
        command += ["--remount-ro", "/", "--chdir", HOME, "--clearenv"]
        if info is not None:
            command += ["--info-fd", str(info)]
        if seccomp is not None:
            command += ["--seccomp", str(seccomp)]
        return [*command, "/bin/sh", "-c", _HOLDER]


def environment(data: Path | None = None) -> dict[str, str]:
    """Return the whole environment of the warm parent, and so of every student's process."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        "HOME": HOME,
        "USER": "student",
        "LOGNAME": "student",
        "TMPDIR": SCRATCH,
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONNOUSERSITE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "IPYTHONDIR": f"{HOME}/.ipython",
        **({} if data is None else {"LITU_DATA": DATA}),
        **threads,
    }


def bubblewrap() -> str:
    """Return the path of ``bwrap``, or its bare name when it is not installed."""
    return shutil.which("bwrap") or "bwrap"


def unprivileged_command(box: Sandbox, command: list[str]) -> list[str]:
    """Return a command that runs ``command`` without root's rights, with the box's folders in reach."""
    return [sys.executable, "-I", drop_root.__file__, *box.folders(), "--", *command]


def available(box: Sandbox | None = None) -> str | None:
    """Return None when this machine can make a box, else one sentence saying why not."""
    if sys.platform != "linux":
        return "The sandbox needs Linux; grade on a Linux machine or in a container."
    if shutil.which("bwrap") is None:
        return "The sandbox needs bubblewrap; install the package 'bubblewrap' (apt, dnf, conda-forge)."
    box = box or Sandbox()
    if os.geteuid() == 0 and box.data is not None and box.data.stat().st_mode & 0o005 != 0o005:
        return f"Unprivileged processes cannot read {box.data}; run 'chmod -R a+rX {box.data}'."
    command = unprivileged_command(box, box.command(Limits()))
    try:
        trial = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_PATIENCE, env=environment())
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"The sandbox cannot be started: {error}."
    if _READY in trial.stdout:
        return None
    reason = (trial.stderr.strip().splitlines() or ["no reason was given"])[-1]
    if trial.returncode == drop_root.EXIT_HIDDEN:
        return f"The sandbox cannot reach Python: {reason}; install it outside /root or grade as an ordinary user."
    return f"The kernel does not let bubblewrap make a sandbox here: {reason}."


def _package_folder() -> str:
    return os.path.dirname(os.path.abspath(litu.__file__))


def _python_folders() -> list[str]:
    """Return the folders of the running Python, under every name by which it is reached."""
    named = [sys.prefix, sys.base_prefix]
    executable = sys.executable
    while os.path.islink(executable):
        executable = os.path.join(os.path.dirname(executable), os.readlink(executable))
        named.append(os.path.dirname(os.path.dirname(os.path.normpath(executable))))
    named += [os.path.realpath(folder) for folder in named]
    inside = tuple(f"{folder}/" for folder in _SYSTEM)
    return [folder for folder in dict.fromkeys(named) if not f"{folder}/".startswith(inside) and folder != "/"]

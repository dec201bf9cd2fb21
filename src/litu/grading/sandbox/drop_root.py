"""Give up root, then run a command.

Run as a script, before anything else of the package is loaded::

    python -I unprivileged.py VISIBLE... -- COMMAND...

An instructor's server often grades as root. Students' processes must not:
limits on processes count per user and do not hold for root, and root may open
every file. So the command runs as the user ``nobody``. A Python installed
under ``/root`` would be out of reach then; the ``VISIBLE`` folders are
therefore shown at their own place in a private mount namespace, and nothing
else of the closed folder with them. For an ordinary user this script only
runs the command.
"""

import ctypes
import os
import sys

NOBODY = 65534
EXIT_HIDDEN = 77

_CLONE_NEWNS = 0x20000
_MS_NODEV_NOSUID = 4 | 2
_MS_BIND_REC = 4096 | 16384
_MS_PRIVATE_REC = (1 << 18) | 16384


def closed_ancestor(path: str) -> str | None:
    """Return the topmost folder on the way to ``path`` that only its owner may enter."""
    steps = path.strip("/").split("/")
    for depth in range(1, len(steps) + 1):
        folder = "/" + "/".join(steps[:depth])
        if os.path.isdir(folder) and not os.stat(folder).st_mode & 0o001:
            return folder
    return None


def show(paths: list[str]) -> None:
    """Make ``paths`` reachable for everybody in this process's own view of the file system."""
    hidden = {path: closed for path in paths if (closed := closed_ancestor(path))}
    if not hidden:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.unshare(_CLONE_NEWNS))
    _mount(libc, "none", "/", None, _MS_PRIVATE_REC)
    # Opened before they are covered, in the new namespace: a mount of the old one cannot be bound.
    sources = {path: os.open(path, os.O_PATH) for path in hidden}
    for folder in sorted(set(hidden.values())):
        _mount(libc, "tmpfs", folder, "tmpfs", _MS_NODEV_NOSUID)
        os.chmod(folder, 0o755)
    for path, source in sources.items():
        os.makedirs(path, mode=0o755, exist_ok=True)
        _mount(libc, f"/proc/self/fd/{source}", path, None, _MS_BIND_REC)


def _mount(libc: ctypes.CDLL, source: str, target: str, kind: str | None, flags: int) -> None:
    kind_bytes = kind.encode() if kind else None
    _check(libc.mount(source.encode(), target.encode(), kind_bytes, ctypes.c_ulong(flags), None))


def _check(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def main(arguments: list[str]) -> None:
    """Show the folders named before ``--``, become nobody, run what follows it."""
    split = arguments.index("--")
    visible, command = arguments[:split], arguments[split + 1 :]
    os.umask(0o022)  # also for the folders that are shown
    if os.geteuid() == 0:
        try:
            show(visible)
        except OSError as error:
            print(f"root cannot show {', '.join(visible)} to an unprivileged user: {error}", file=sys.stderr)
            raise SystemExit(EXIT_HIDDEN) from error
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    os.chdir("/")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Brings a folder that was given out up to date without touching what somebody did there.

A manifest in the folder says what each file was when it was given out. A file that is still so is replaced; one that
was changed there stays, and what is new lies beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from litu.errors import LituError

MANIFEST, FORMAT = ".litu-bundle.json", 1
Files = dict[str, tuple[bytes, int]]
"""Bytes and permissions of files, by their names with slashes."""


@dataclass(frozen=True)
class Change:
    """What was done with one file, in words."""

    name: str
    done: str
    """``added``, ``updated``, ``taken away``, or why it stayed as it was."""


def read_manifest(folder: Path) -> dict[str, str] | None:
    """Return the digest that each file had when it was given out; None for a folder that is no bundle. Raises LituError."""
    path = folder / MANIFEST
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != FORMAT:
            raise LituError(f"{path} was written by another version of litu; publish to a new folder.")
        return {name: digest for name, digest in stored["files"].items() if isinstance(digest, str) and _is_inside(folder, name)}
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise LituError(f"{path} cannot be read, so nobody knows what was changed there; publish to a new folder.") from None


def update(folder: Path, wanted: Files, before: dict[str, str], left: set[str]) -> list[Change]:
    """Make ``folder`` hold the ``wanted`` files where nobody changed them; names of ``before`` that are ``left`` stay as they are.

    Raises LituError where something cannot be written; what was written until then is right, and the next update goes on.
    """
    changes: list[Change] = []
    try:
        for name, (data, mode) in sorted(wanted.items()):
            done = _bring(folder, name, data, mode, before.get(name))
            changes += [Change(name, done)] if done else []
        for name in sorted(before.keys() - wanted.keys() - left):
            done = _take_away(folder / name, before[name])
            changes += [Change(name, done)] if done else []
        now = {name: before[name] for name in before.keys() & left} | {name: _digest(data) for name, (data, _) in wanted.items()}
        _write(folder / MANIFEST, (json.dumps({"format": FORMAT, "files": now}, indent=1, sort_keys=True) + "\n").encode(), 0o644)
    except OSError as error:
        raise LituError(f"{error.filename} cannot be written ({error.strerror}); the bundle in {folder} is unfinished.") from None
    return changes


def _bring(folder: Path, name: str, data: bytes, mode: int, given: str | None) -> str:
    """Bring one file up to date; return what was done, nothing for one that is as it should be."""
    path = folder / name
    if not _is_inside(folder, name):
        return "left out: its folder leads elsewhere"
    now, new = _found(path), _digest(data)
    if now == new:
        return ""
    if now is None or now == given:
        _write(path, data, mode)
        return "updated" if now else "put back" if given else "added"
    if given == new:
        return "stays: it was changed there, and the course has nothing new"
    beside = _free(path)
    _write(beside, data, mode)
    return f"stays: it was changed there; the new one lies beside it as {beside.name}"


def _take_away(path: Path, given: str) -> str:
    now = _found(path)
    if now is None:
        return ""
    if now != given:
        return "stays: the course has it no longer, but it was changed there"
    path.unlink()
    return "taken away"


def _free(path: Path) -> Path:
    names = (path.with_name(f"{path.stem}-new-{date.today()}{f'_{number}' if number else ''}{path.suffix}") for number in range(1000))
    return next(name for name in names if not os.path.lexists(name))


def _found(path: Path) -> str | None:
    """Return the digest of what lies there: of a link or a folder one that no file has; None for nothing."""
    if not os.path.lexists(path):
        return None
    return _digest(path.read_bytes()) if path.is_file() and not path.is_symlink() else "no file"


def _write(path: Path, data: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.chmod(mode)
    part.replace(path)


def _is_inside(folder: Path, name: str) -> bool:
    """Return whether a name stays in the folder, also through links."""
    parts = PurePosixPath(name)
    return not parts.is_absolute() and ".." not in parts.parts and (folder / name).parent.resolve().is_relative_to(folder.resolve())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

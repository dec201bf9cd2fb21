"""One JSON file that several kernels write to: locked while it is changed, replaced as a whole, never lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from litu.answers.notes import Note, show

FORMAT = 1
PATIENCE = 1.0
"""Seconds to wait for another kernel that is writing."""
MOST_BYTES = 2_000_000
KEPT = "-kept-"
"""In the name of a record that was set aside."""
_told: set[tuple[Path, str]] = set()


class Unreadable(Exception):
    """Why a file is no record of ours."""


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold the lock of a record; give False where it cannot be had in time or the folder cannot be written."""
    lock = FileLock(path.with_name(path.name + ".lock"), poll_interval=0.02)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=PATIENCE)
    except (Timeout, OSError, NotImplementedError):
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def read(path: Path) -> dict[str, Any]:
    """Return the exercises of a record, none where there is no file. Raises Unreadable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable("is too large")
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise Unreadable("is damaged") from None
    if not isinstance(stored, dict) or not isinstance(stored.get("exercises"), dict):
        raise Unreadable("is damaged")
    if stored.get("format") != FORMAT:
        raise Unreadable("was written by another version of the course")
    return dict(stored["exercises"])


def keep_aside(path: Path, why: str) -> bool:
    """Give a record that cannot be read another name, and say so; return whether its own name is free now."""
    kept = path.with_name(f"{path.stem}{KEPT}{datetime.now():%Y-%m-%dT%H-%M-%S-%f}{path.suffix}")
    try:
        path.replace(kept)
    except OSError:
        return False
    tell_once(path, f"The record of this unit {why}; it is kept as {kept}, and a new one begins.")
    return True


def write(path: Path, exercises: dict[str, Any]) -> bool:
    """Replace a record, whose lock the caller holds; return whether that could be done."""
    part = path.with_suffix(".part")
    try:
        part.write_text(json.dumps({"format": FORMAT, "exercises": exercises}, indent=1), encoding="utf-8")
        part.replace(path)
    except OSError:
        return False
    return True


def tell_once(path: Path, sentence: str) -> None:
    """Say something about a record, once in this kernel."""
    if (path, sentence) not in _told:
        _told.add((path, sentence))
        show(Note("! progress", sentence))

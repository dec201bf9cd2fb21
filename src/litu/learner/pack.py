"""Packs a unit's work into one archive with a receipt, for classes without an exchange."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from litu.answers.verdict import Outcome
from litu.errors import LituError
from litu.learner.copies import KEPT
from litu.learner.progress import Entry, file_name
from litu.learner.receipt import FORMAT, KIND, LONGEST_NAME, MOST_BYTES, MOST_FILES, NAME, WORK, Receipt
from litu.learner.unit import Unit

NOT_TAKEN = {"checks.json", "timestamp.txt"}
"""What lies beside a notebook and is not the learner's work."""


def pack(folder: Path, student: str, to: Path) -> tuple[Path, Receipt]:
    """Write the archive of the unit in ``folder`` into the folder ``to``; return where it is, and its receipt. Raises LituError."""
    unit = Unit(folder)
    if not is_name(student):
        raise LituError(f"A student's name is what your teacher knows you by, such as an-li; {student[:40]!r} cannot be used.")
    notebook = folder / f"{unit.name}.ipynb"
    if not notebook.is_file():
        raise LituError(f"{notebook} is not there; the notebook keeps its name when it is handed in.")
    work = _read(folder, unit.name)
    record = unit.progress()
    receipt = Receipt(
        kind=KIND,
        format=FORMAT,
        course=unit.course,
        unit=unit.name,
        student=student,
        packed=datetime.now(UTC).isoformat(timespec="seconds"),
        files={name: hashlib.sha256(data).hexdigest() for name, data in work.items()},
        exercises={name: _state(record.of(name)) for name in unit.entries},
    )
    return _written(receipt, work, to), receipt


def is_name(name: str) -> bool:
    """Return whether a name can be that of a file or folder on any system, and hides nothing."""
    plain = name.isprintable() and not set(name) & set('/\\:*?"<>|') and name == name.strip(" .")
    return plain and 0 < len(name) <= LONGEST_NAME and len(name.encode("utf-8", "replace")) <= 2 * LONGEST_NAME


def unit_folder(named: str, here: Path) -> Path:
    """Return the folder of the unit that somebody names: a folder, a unit or its number, seen from START's folder or above it."""
    places = [here / named, *(found for place in (here, here / "release") for found in sorted(place.glob(f"{named}*")) if is_name(named))]
    for place in places:
        if (place / "checks.json").is_file():
            return place
    raise LituError(f"There is no unit {named!r} here. Go to the folder of the units, or name the folder of one.")


def _work(folder: Path, unit: str) -> Iterator[Path]:
    """Yield the notebook and the files that lie beside it; no other notebook, nothing hidden, no link."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if is_name(name) and name[0] not in "._" and not Path(place, name).is_symlink())
        for name in sorted(names):
            path = Path(place, name)
            other = name.endswith(".ipynb") and path != folder / f"{unit}.ipynb"
            if (
                is_name(name)
                and name[0] != "."
                and not other
                and name not in NOT_TAKEN
                and KEPT not in name
                and path.is_file()
                and not path.is_symlink()
            ):
                yield path


def _read(folder: Path, unit: str) -> dict[str, bytes]:
    """Return the files of the work by their names below its folder. Raises LituError where they are too many or cannot be read."""
    try:
        paths = list(islice(_work(folder, unit), MOST_FILES + 1))
        if len(paths) > MOST_FILES or sum(path.stat().st_size for path in paths) > MOST_BYTES:
            most = f"{MOST_FILES} files or {MOST_BYTES // 1_000_000} MB"
            raise LituError(f"{folder} holds more than {most}. Move away what is not part of your work, then pack again.")
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    except OSError as error:
        raise LituError(f"{error.filename} cannot be read ({error.strerror}); nothing was packed.") from None


def _state(entry: Entry) -> str:
    if entry.outcome == Outcome.RIGHT.value:
        return "right"
    return "tried" if entry.attempts else "not started"


def _written(receipt: Receipt, work: dict[str, bytes], to: Path) -> Path:
    path = to / f"{receipt.unit}-{file_name(receipt.student)}-{receipt.number}.zip"
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(NAME, json.dumps(receipt.written(), indent=1))
            for name, data in work.items():
                archive.writestr(WORK + name, data)
    except OSError as error:
        raise LituError(f"{path} cannot be written ({error.strerror}).") from None
    return path

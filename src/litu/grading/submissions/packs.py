"""Reads archives that `litu pack` made, and files them where nbgrader collects work.

An archive is a stranger's bytes. Its list of files has to have the form that `litu pack` gives it, before the list
is read; nothing is unpacked by name: each file is read within limits, held against the receipt, and written to a
path that was looked at part by part.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from litu.answers.records import rebuild
from litu.course import Course
from litu.grading.submissions.collect import is_short, person
from litu.grading.submissions.open_plainly import read_plainly
from litu.grading.submissions.parse import Refusal
from litu.grading.submissions.timestamps import TIMESTAMP, settle_timestamp, written, zone_of
from litu.learner.pack import NOT_TAKEN, is_name
from litu.learner.receipt import FORMAT, KIND, MOST_BYTES, MOST_FILES, NAME, STATES, WORK, Receipt

LARGEST, LONGEST_LIST, LONGEST_RECEIPT, DEEPEST = 60_000_000, 60_000, 200_000, 5
"""Bytes of an archive, of the list of its files and of its receipt; folders within folders."""
_END, _END_LENGTH, _END_64, _LOCATOR_LENGTH = b"PK\x05\x06", 22, b"PK\x06\x07", 20
"""The record that ends an archive, and that of the large archives that `litu pack` never writes."""


@dataclass(frozen=True)
class Pack:
    """An archive that is what its receipt says."""

    receipt: Receipt
    files: dict[str, bytes]

    @property
    def packed(self) -> datetime:
        """When it was packed by its student's clock, but not later than now; UTC without saying so."""
        said = datetime.fromisoformat(self.receipt.packed).astimezone(UTC)
        return min(said, datetime.now(UTC)).replace(tzinfo=None)


def read_pack(path: Path, course: Course) -> Pack:
    """Return an archive that was verified. Raises Refusal."""
    data = read_plainly(path, LARGEST)
    if data is None:
        raise Refusal(f"it is no file that can be read, or larger than {LARGEST // 1_000_000} MB")
    found = _unzipped(data)
    receipt = _receipt(found.pop(NAME, b""))
    if receipt.course != course.settings.course_id:
        raise Refusal("it was packed in another course")
    if receipt.unit not in course.units():
        raise Refusal("its unit is none of this course")
    files = {name.removeprefix(WORK): content for name, content in found.items()}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    if digests != receipt.files or not all(name.startswith(WORK) for name in found):
        raise Refusal("its files are not those of its receipt; somebody changed it, or it is broken")
    if f"{receipt.unit}.ipynb" not in files:
        raise Refusal("the unit's notebook is not in it")
    return Pack(receipt, files)


def _unzipped(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive by their names, all of them looked at."""
    end = data[-_END_LENGTH:]
    locator = data[-_END_LENGTH - _LOCATOR_LENGTH : -_END_LENGTH]
    if not end.startswith(_END) or locator.startswith(_END_64) or int.from_bytes(end[12:16], "little") > LONGEST_LIST:
        raise Refusal("it is no archive that `litu pack` made, or not all of it")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            names = [one.filename for one in listed]
            if (
                len(set(names)) < len(names)
                or len(names) > MOST_FILES + 1
                or sum(one.file_size for one in listed) > MOST_BYTES + LONGEST_RECEIPT
            ):
                raise Refusal("it holds a name twice, too many files, or more than a notebook needs")
            if not all(_is_harmless(name) for name in names):
                raise Refusal("it holds a name that leads elsewhere")
            return {one.filename: _content(archive, one) for one in listed}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Refusal("it is broken") from None


def _is_harmless(name: str) -> bool:
    """Return whether a name of a file stays in its folder, on any system, and hides nothing."""
    parts = name.split("/")
    own = parts[0] == WORK[:-1] and 1 < len(parts) <= DEEPEST + 1 and all(is_name(part) and part[0] != "." for part in parts)
    return name == NAME or (own and parts[-1] not in NOT_TAKEN)


def _content(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """Return the bytes of one file, never more than its archive says that there are."""
    if one.flag_bits & 0x1 or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal("it is encrypted, or packed in a way that `litu pack` does not use")
    with archive.open(one) as file:
        data = file.read(one.file_size + 1)
    if len(data) != one.file_size:
        raise Refusal("it is broken")
    return data


def _receipt(data: bytes) -> Receipt:
    try:
        if len(data) > LONGEST_RECEIPT:
            raise ValueError
        given = json.loads(data)
        receipt = rebuild(Receipt, given)
        number = given["number"]
    except (ValueError, KeyError, RecursionError):
        raise Refusal("there is no receipt in it that can be read") from None
    if receipt.kind != KIND or receipt.format != FORMAT:
        raise Refusal("its receipt is of another version of the course's package")
    if number != receipt.number:
        raise Refusal("its receipt was changed after it was packed: the number does not fit")
    if not (is_name(receipt.student) and receipt.student[0] != "." and is_short(receipt.student)):
        raise Refusal("its student's name cannot be that of a folder")
    try:
        when = datetime.fromisoformat(receipt.packed)
        is_time = receipt.packed.isprintable() and when.tzinfo is not None and 2000 <= when.year <= 2200
    except ValueError:
        is_time = False
    if not is_time or not set(receipt.exercises.values()) <= set(STATES):
        raise Refusal("there is no receipt in it that can be read")
    return receipt


def file_pack(course: Course, pack: Pack, student: str, came: datetime) -> str:
    """Put the work of an archive where nbgrader collects it, as handed in at ``came`` (UTC); return what was done, in words.

    Work that is replaced is moved to grading/replaced/. Raises Refusal for an archive that is older than what is there, and OSError.
    """
    receipts, home = course.grading / "receipts", course.place("submitted")
    known = receipts / f"{pack.receipt.number}.json"
    if known.exists():
        return "was filed before"
    home.mkdir(parents=True, exist_ok=True)
    name = next((entry.name for entry in os.scandir(home) if person(entry.name) == person(student)), student)
    place = home / name / pack.receipt.unit
    if place.is_symlink() or place.parent.is_symlink():
        raise Refusal(f"{place} is a link; look at it first")
    replaced = place.exists()
    if replaced and (settle_timestamp(place, zone_of(course.nbgrader_config())).time or datetime.min) > came:
        raise Refusal("what is there was handed in later")
    with tempfile.TemporaryDirectory(prefix=".unpack-", dir=home) as folder:
        made = Path(folder) / "work"
        for file, content in {**pack.files, TIMESTAMP: written(came).encode()}.items():
            (made / file).parent.mkdir(parents=True, exist_ok=True)
            (made / file).write_bytes(content)
        place.parent.mkdir(exist_ok=True)
        if replaced:
            aside = course.grading / "replaced" / name / f"{pack.receipt.unit}-{datetime.now():%Y-%m-%dT%H-%M-%S-%f}"
            aside.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(place, aside)
        os.rename(made, place)
    receipts.mkdir(exist_ok=True)
    known.write_text(json.dumps(pack.receipt.written() | {"filed_under": name}, indent=1, ensure_ascii=True), encoding="utf-8")
    return "replaces earlier work" if replaced else "is filed"


def receipts_of(course: Course, names: Container[str]) -> list[Path]:
    """Return the receipts of archives that were packed or filed under one of the ``names``."""
    found = []
    for path in sorted((course.grading / "receipts").glob("*.json")):
        try:
            receipt = json.loads(path.read_text(encoding="utf-8"))
            who = {receipt["student"], receipt["filed_under"]}
        except (OSError, ValueError, KeyError, TypeError):
            continue
        found += [path] if any(name in names for name in who) else []
    return found

"""Unpacks a zip file from elsewhere: nothing leaves its folder, nothing grows without end, names come out as they were written."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from litu.errors import LituError
from litu.grading.submissions.find_notebook import LARGEST

MOST_FILES = 20_000
MOST_BYTES = 4_000_000_000
"""Unpacked, all files together."""
MOST_GROWTH, GROWTH_FROM = 200, 100_000_000
"""An archive that unpacks to so many times its size, and to so many bytes, is made to fill a disk."""
LONGEST_DIRECTORY = 500
"""Bytes of a zip file's table of contents for one file, on average."""
_UNICODE_NAME = 0x800
_ENCRYPTED = 0x1
_READ = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UNICODE_PATH = 0x7075
_DRIVE = re.compile(r"[A-Za-z]:")
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error)


@dataclass(frozen=True)
class Unpacked:
    """One file of an archive: what it is called there, and where it lies now."""

    name: str
    place: Path | None
    """None for what was not unpacked."""
    problem: str = ""
    """Why it was not."""


def unpack(archive: Path, folder: Path) -> list[Unpacked]:
    """Unpack an archive into numbered files in ``folder`` and return them. Raises LituError for a hostile or a broken one."""
    try:
        size = archive.stat().st_size
        with archive.open("rb") as file:
            _look_at_directory(file, archive)
            with zipfile.ZipFile(file) as opened:
                infos = opened.infolist()
                names = _names(infos)
                for info, name in zip(infos, names, strict=True):
                    _refuse_hostile(info, name, archive)
                _refuse_bomb(infos, size, archive)
                files = [(info, name) for info, name in zip(infos, names, strict=True) if not name.endswith("/")]
                return [_unpacked(opened, info, name, folder / f"{place:05}") for place, (info, name) in enumerate(files)]
    except OSError as error:
        raise LituError(f"{archive} cannot be read ({error.strerror or error}).") from None
    except _FAULTS as error:
        raise LituError(f"{archive} is no zip file that can be read ({str(error)[:100]}); nothing was taken from it.") from None


def _look_at_directory(file: object, archive: Path) -> None:
    """Refuse a table of contents that would fill the memory, before it is read."""
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if end and (end[4] > MOST_FILES or end[5] > MOST_FILES * LONGEST_DIRECTORY):
        raise LituError(f"{archive} holds {end[4]} files; up to {MOST_FILES} are taken. Nothing was taken from it.")


def _names(infos: Iterable[zipfile.ZipInfo]) -> list[str]:
    """Return the names as they were written: UTF-8 where that is said or fits all, else GBK (Chinese Windows) where it fits all."""
    infos = list(infos)
    raw = [b"" if info.flag_bits & _UNICODE_NAME else info.orig_filename.encode("cp437") for info in infos]
    known = [info.orig_filename if info.flag_bits & _UNICODE_NAME else _unicode_path(info.extra, data) for info, data in zip(infos, raw)]
    rest = [data for data, name in zip(raw, known) if name is None]
    for encoding in ("utf-8", "gb18030", "cp437"):
        try:
            decoded = [data.decode(encoding) for data in rest]
            break
        except UnicodeDecodeError:
            continue
    found = iter(decoded)
    return [(next(found) if name is None else name).replace("\\", "/") for name in known]


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """Return the name in Info-ZIP's field for names in UTF-8, when it belongs to this name."""
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1 and struct.unpack("<L", field[1:5])[0] == zlib.crc32(raw):
            return field[5:].decode("utf-8", "replace")
    return None


def _refuse_hostile(info: zipfile.ZipInfo, name: str, archive: Path) -> None:
    mode = info.external_attr >> 16
    why = ""
    if name.startswith("/") or _DRIVE.match(name) or "\0" in name:
        why = "names a place outside its own folder"
    elif ".." in name.split("/"):
        why = "climbs out of its own folder"
    elif stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        why = "is a link or a special file"
    elif info.flag_bits & _ENCRYPTED:
        why = "is encrypted"
    if why:
        raise LituError(
            f"{archive} is refused: {name[:80]!a} in it {why}. No learning platform makes such a file; nothing was taken from it."
        )


def _refuse_bomb(infos: list[zipfile.ZipInfo], size: int, archive: Path) -> None:
    grown = sum(info.file_size for info in infos)
    if sum(info.compress_size for info in infos) > size:
        raise LituError(f"{archive} is refused: its files overlap. Nothing was taken from it.")
    if grown > MOST_BYTES or (grown > GROWTH_FROM and grown > MOST_GROWTH * size):
        raise LituError(f"{archive} is refused: it has {size / 1e6:.1f} MB and unpacks to {grown / 1e6:.0f} MB. Nothing was taken from it.")


def _written(info: zipfile.ZipInfo) -> float:
    """Return when a file was written by what its archive says: of two files of a student the newer one counts."""
    try:
        return datetime(*info.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def _unpacked(opened: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, place: Path) -> Unpacked:
    if info.file_size > LARGEST:
        return Unpacked(name, None, f"has {info.file_size / 1e6:.0f} MB; up to {LARGEST / 1e6:.0f} MB are taken")
    if info.compress_type not in _READ:
        return Unpacked(name, None, "is packed in a way that is not read")
    try:
        with opened.open(info) as source, place.open("wb") as target:
            while block := source.read(1 << 20):  # never more than the size that was looked at
                target.write(block)
        os.utime(place, (0, _written(info)))
    except _FAULTS:
        place.unlink(missing_ok=True)
        return Unpacked(name, None, "is damaged")
    return Unpacked(name, place)

"""When work was handed in: `timestamp.txt`, as nbgrader's exchange, people and learning platforms write it.

nbgrader's own reader takes `+0800` for 800 seconds, knows `CST` only on a
machine that is set to such a zone, and reads 05/03/2026 as May. Here a time is
read in one way or not at all. Abbreviations mean what they mean in the
exchange's own zone, ``c.Exchange.timezone``; a time without zone is UTC, as
nbgrader has it.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from nbgrader.utils import parse_utc
from traitlets.config import Config

from litu.errors import LituError
from litu.grading.results.plain_text import plain

TIMESTAMP, ORIGINAL, UNREADABLE = "timestamp.txt", "timestamp.original.txt", "timestamp.unreadable.txt"
EXAMPLE = "2026-03-01 22:00:00 +0800"
_LONGEST = 200
_TIME = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日)(?:[T ]\s*|(?<=日))"
    r"(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*(?P<zone>.*)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?:[a-z]{3},?\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:[+-]\d{4}|GMT|UTC))?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?:\s*\(.*\))?", re.IGNORECASE)
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+){0,2}")


@dataclass(frozen=True)
class HandedIn:
    """When a submission came in, in UTC without saying so, as nbgrader keeps times; or why that cannot be told."""

    time: datetime | None = None
    unreadable: str = ""
    """What the file says, when it says something that is no time."""


def zone_of(config: Config) -> tzinfo:
    """Return the zone in which the exchange of a course writes times. Raises LituError for a name that is none."""
    name = str(config.get("Exchange", {}).get("timezone", "UTC"))
    try:
        return named_zone(name)
    except ValueError as error:
        raise LituError(f"nbgrader_config.py sets c.Exchange.timezone to {name!r}: {error}") from None


def named_zone(name: str) -> tzinfo:
    """Return a zone by its IANA name, such as Asia/Shanghai, or an offset, such as +0800. Raises ValueError."""
    if offset := _OFFSET.fullmatch(name):
        ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return timezone(ahead if offset["sign"] == "+" else -ahead)
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if not _ZONE.fullmatch(name):
        raise ValueError(f"{name!r} is no time zone.")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}; names are such as Asia/Shanghai or +0800.") from None


def read_time(text: str, home: tzinfo, bare: tzinfo = UTC) -> datetime:
    """Return a time in UTC, without saying so. Raises ValueError when it cannot be read in one way only.

    ``home`` tells what an abbreviation such as CST means; a time that names no zone is one of ``bare``.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    found = _TIME.fullmatch(text)
    try:
        if not found and not _MAIL.fullmatch(text):
            raise ValueError
        local = _local(found) if found else parsedate_to_datetime(text)
        zone = _zone(found["zone"].strip(), local, home, bare) if found else local.tzinfo or bare
        there = local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, TypeError, IndexError):
        raise ValueError(f"{plain(text, 60)!r} cannot be read as a time; write it as {EXAMPLE}.") from None
    if not 2000 <= there.year <= 2200:
        raise ValueError(f"{plain(text, 60)!r} is a time in the year {there.year}.")
    return there


def _local(found: re.Match[str]) -> datetime:
    year, month, day = map(int, re.findall(r"\d+", found["date"]))
    clock, _, fraction = found["clock"].replace(",", ".").partition(".")
    hour, minute, second = map(int, f"{clock}:0".split(":")[:3])
    return datetime(year, month, day, hour, minute, second, int(fraction[:6].ljust(6, "0")))


def _zone(name: str, local: datetime, home: tzinfo, bare: tzinfo) -> tzinfo:
    if not name:
        return bare
    for fold in (0, 1):
        if local.replace(tzinfo=home, fold=fold).tzname() == name:
            return home if fold == 0 else timezone(local.replace(tzinfo=home, fold=1).utcoffset() or timedelta())
    if name.isalpha() and name.isupper() and len(name) > 2 and "/" not in name and name not in ("UTC", "GMT"):
        raise ValueError(f"{name} is the name of several zones")
    return named_zone(name)


def settle_timestamp(folder: Path, home: tzinfo) -> HandedIn:
    """Return when the work in ``folder`` came in, and leave nothing there that nbgrader would misread.

    A time that nbgrader reads otherwise is written anew as UTC, with the original beside it; what is no time gets another name.
    """
    path = folder / TIMESTAMP
    try:
        data = _content(path)
        if data is None:
            return HandedIn(unreadable=_shown(_content(folder / UNREADABLE) or b""))
        try:
            time = read_time(_decoded(data), home)
        except ValueError:
            _rename(path, folder / UNREADABLE)
            return HandedIn(unreadable=_shown(data) or "an empty file")
        if _as_nbgrader(data) != time and _rename(path, folder / ORIGINAL):
            path.write_text(written(time), encoding="ascii")
        return HandedIn(time)
    except OSError:
        return HandedIn(unreadable="a file that cannot be opened")


def written(time: datetime) -> str:
    """Return a time as every reader understands it."""
    return f"{time:%Y-%m-%d %H:%M:%S.%f} UTC\n"


def _content(path: Path) -> bytes | None:
    """Return the beginning of a plain file, or None when there is none."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
    except OSError:
        return None
    with path.open("rb") as file:
        return file.read(_LONGEST)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


def _shown(data: bytes) -> str:
    return plain(data.decode("utf-8-sig", "backslashreplace").strip(), 60)


def _as_nbgrader(data: bytes) -> datetime | None:
    try:
        return parse_utc(data.decode("utf-8").strip())
    except Exception:  # the parser raises whatever its depths raise, even warnings
        return None


def _rename(path: Path, target: Path) -> bool:
    """Give a file another name, if we may; what was read counts in any case."""
    try:
        os.replace(path, target)
    except OSError:
        return False
    return True

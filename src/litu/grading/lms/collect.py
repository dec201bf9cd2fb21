"""Files what a platform's archive holds as nbgrader collects it. Nothing is lost: what cannot be filed and what is replaced is kept aside."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from litu.course import Course
from litu.errors import LituError
from litu.grading.lms.archive import Unpacked, unpack
from litu.grading.lms.roster import Member, name_key
from litu.grading.lms.uploads import CANVAS, Upload, is_system, safe_name, take, upload_of
from litu.grading.results.tables import read_table, write_table
from litu.grading.submissions.collect import set_aside
from litu.grading.submissions.packs import Pack, read_pack
from litu.grading.submissions.parse import Refusal
from litu.grading.submissions.timestamps import TIMESTAMP, read_time, settle_timestamp, written

COLUMNS = ("unit", "archive", "file", "student", "what", "filed_as", "handed_in", "platform", "number", "name")
FILED = "filed"
UNCHANGED = "already there"
_MOODLES_TIME = re.compile(
    r"(?:\w+,\s*)?(?P<day>\d{1,2}) (?P<month>[A-Za-z]{3,9}) (?P<year>\d{4}),? (?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s*(?P<half>[AP]M)?", re.IGNORECASE
)  # fmt: skip
_NO_TIME = {"", "-"}


@dataclass(frozen=True)
class Line:
    """What was done with one file."""

    unit: str
    archive: str
    file: str
    student: str = ""
    what: str = FILED
    filed_as: str = ""
    handed_in: str = ""
    platform: str = ""
    number: str = ""
    name: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to say about it."""
        return self.what in (FILED, UNCHANGED)


def collect(course: Course, unit: str, archive: Path, members: list[Member], zone: tzinfo) -> list[Line]:
    """File an archive under grading/submitted/ and return a line for each of its files. Raises LituError for one that is refused.

    ``zone`` is that of times in the list of the class which name none.
    """
    course.grading.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix=".collect-", dir=course.grading) as folder:
        files = unpack(archive, Path(folder))
        whose = _whose([upload for file in files if (upload := upload_of(file.name))], members)
        unfiled = course.grading / "unfiled" / unit
        kept = set[str]()
        for path in unfiled.rglob("*") if unfiled.is_dir() else ():
            if not path.is_dir():
                take(PurePosixPath(path.relative_to(unfiled)), kept)
        lines: list[Line] = []
        work: dict[str, list[tuple[Unpacked, Upload]]] = defaultdict(list)
        for file in files:
            upload = upload_of(file.name)
            line = Line(unit, archive.name, file.name, platform=upload.platform if upload else "")
            if is_system(upload.file if upload else file.name):
                lines.append(replace(line, what="left out: put there by an operating system"))
            elif file.place is None:
                lines.append(replace(line, what=f"left out: it {file.problem}"))
            elif upload is None:
                lines.append(_aside(course, unfiled, kept, file, line, "its name is not one that Moodle or Canvas gives"))
            elif isinstance(member := whose[upload.name, upload.number], str):
                lines.append(_aside(course, unfiled, kept, file, line, member))
            else:
                work[member.student].append((file, upload))
        by_name = {member.student: member for member in members}
        for number, (student, found) in enumerate(work.items()):
            lines += _file(course, unit, by_name[student], found, Path(folder, f"work-{number}"), archive.name, zone)
    _note_down(course, lines)
    return lines


def collected(course: Course) -> Path:
    """Return the table of all that was collected."""
    return course.grading / "reports" / "collected.csv"


def _note_down(course: Course, lines: list[Line]) -> None:
    path = collected(course)
    write_table(path, COLUMNS, [*read_table(path, COLUMNS), *(vars(line) for line in lines)])


def _whose(uploads: list[Upload], members: list[Member]) -> dict[tuple[str, str], Member | str]:
    """Return for each name and number of a platform's the student, or a reason why that cannot be told."""
    found: dict[tuple[str, str], Member | str] = {}
    for upload in uploads:
        found[upload.name, upload.number] = _member(upload, members)
    numbers = defaultdict(set)
    for (_, number), member in found.items():
        if isinstance(member, Member):
            numbers[member.student].add(number)
    return {
        one: f"several people of the platform read like {member.student!a}; give their numbers in the list of the class"
        if isinstance(member, Member) and len(numbers[member.student]) > 1
        else member
        for one, member in found.items()
    }


def _member(upload: Upload, members: list[Member]) -> Member | str:
    field = "canvas_id" if upload.platform == CANVAS else "participant"
    for member in members:
        if getattr(member, field) == upload.number:
            return member
    ways = {
        name_key(upload.name[place:]) for place in (0, *(dash.end() for dash in re.finditer("-", upload.name)))
    }  # a group may stand before
    same = [member for member in members if not getattr(member, field) and member.keys & ways]
    if len(same) == 1:
        return same[0]
    return f"{len(same)} students of the class have this name" if same else "nobody in the list of the class has this name or number"


def _aside(course: Course, folder: Path, kept: set[str], file: Unpacked, line: Line, why: str) -> Line:
    name = safe_name(file.name, kept)
    take(name, kept)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    assert file.place is not None
    shutil.move(file.place, folder / name)
    return replace(line, what=f"not filed: {why}", filed_as=str((folder / name).relative_to(course.root)))


def _file(
    course: Course, unit: str, member: Member, found: list[tuple[Unpacked, Upload]], new: Path, archive: str, zone: tzinfo
) -> list[Line]:
    """File one student's uploads, by way of the folder ``new``, and return their lines."""
    time, time_said = _time(member, zone)
    lines, taken = [], set[str]()
    for file, upload in found:
        assert file.place is not None
        said = [time_said] if time_said else []
        pack = _pack(course, unit, file.place, upload.file)
        if pack is not None:
            name = safe_name(f"{unit}.ipynb", taken)
            for inner, data in pack.files.items():
                _write(new, safe_name(inner, taken), taken).write_bytes(data)
            said.append(f"opened: made by `litu pack`, receipt {pack.receipt.number}, of {pack.receipt.student!a}")
        else:
            name = safe_name(upload.file, taken)
            shutil.move(file.place, _write(new, name, taken))
        if upload.late and time is None:
            said.append(f"Canvas calls it late and gives no time: write {TIMESTAMP} beside it if being late costs points")
        if pack is None and str(name) != upload.file:
            said.append("under another name")
        if name.suffix.casefold() in (".zip", ".rar", ".7z"):
            said.append("an archive in the archive, which is not opened")
        what = "; ".join([FILED, *said])
        lines.append(Line(unit, archive, file.name, member.student, what, str(name), "", upload.platform, upload.number, upload.name))
    if time is not None:
        (new / TIMESTAMP).write_text(written(time), encoding="ascii")
    place = course.place("submitted") / member.student / unit
    done = _put(course, new, place, time, zone)
    where = str(place.relative_to(course.root))
    shown = f"{time:%Y-%m-%d %H:%M} UTC" if time else ""
    return [replace(line, what=line.what.replace(FILED, done, 1), filed_as=f"{where}/{line.filed_as}", handed_in=shown) for line in lines]


def _write(folder: Path, name: PurePosixPath, taken: set[str]) -> Path:
    """Return where a file of that name goes, its folder made and its name taken."""
    take(name, taken)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    return folder / name


def _pack(course: Course, unit: str, place: Path, file: str) -> Pack | None:
    """Return an upload that `litu pack` made for this unit; None for any other."""
    if not file.casefold().endswith(".zip"):
        return None
    try:
        pack = read_pack(place, course)
    except Refusal:
        return None
    return pack if pack.receipt.unit == unit else None


def _put(course: Course, new: Path, place: Path, time: datetime | None, zone: tzinfo) -> str:
    """Move a student's new folder to its place and say what was done; what lay there is kept aside."""
    if place.is_symlink() or place.parent.is_symlink():
        raise LituError(f"{place} is a link; grading/submitted/ must hold plain folders.")
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        shutil.move(new, place)
        return FILED
    if _same(new, place):
        if time is not None:
            shutil.copy(new / TIMESTAMP, place / TIMESTAMP)
        return UNCHANGED
    before = settle_timestamp(place, zone).time
    if before is not None and time is not None and before > time:
        target = set_aside(new, course.grading / "replaced", place)
        return f"kept aside in {target.relative_to(course.root)}: what is filed came later"
    target = set_aside(place, course.grading / "replaced", place)
    shutil.move(new, place)
    return f"{FILED}; what was there is now in {target.relative_to(course.root)}"


def _same(one: Path, other: Path) -> bool:
    """Return whether two folders hold the same files, times apart."""
    left, right = _names(one), _names(other)
    return left == right and not any(filecmp.cmpfiles(one, other, left, shallow=False)[1:])


def _names(folder: Path) -> list[str]:
    files = (Path(place, name).relative_to(folder) for place, _, names in os.walk(folder) for name in names)
    return sorted(str(path) for path in files if not str(path).startswith("timestamp."))


def _time(member: Member, zone: tzinfo) -> tuple[datetime | None, str]:
    """Return when the list of the class says that the work came in, or what is wrong with what it says."""
    said = member.handed_in.strip()
    if said in _NO_TIME:
        return None, ""
    text = said
    if found := _MOODLES_TIME.fullmatch(said):
        hour = int(found["hour"]) % 12 + (12 if (found["half"] or "").upper() == "PM" else 0) if found["half"] else int(found["hour"])
        text = f"{found['day']} {found['month'][:3]} {found['year']} {hour:02}:{found['minute']}"
    try:
        return read_time(text, zone, zone), ""
    except ValueError:
        return None, f"the list says it came in on {said[:60]!a}, which is no time"

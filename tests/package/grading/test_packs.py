"""Work as one archive: what a student packs arrives whole under the same receipt number; whatever else comes is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ran import Ran

from litu.cli.handing_in import student_of
from litu.course import Course
from litu.errors import LituError
from litu.grading.submissions.packs import file_pack, read_pack, receipts_of
from litu.grading.submissions.parse import Refusal
from litu.learner.pack import pack, unit_folder
from litu.learner.progress import Progress
from litu.learner.receipt import Receipt

UNIT = "01-tiny"
EARLY, LATE = datetime(2026, 3, 1, 12), datetime(2026, 3, 2, 12)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the learner's record in a folder of the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """Return a unit as a student has it."""
    return Path(shutil.copytree(built / "release" / UNIT, tmp_path / "mine" / "release" / UNIT))


@pytest.fixture
def teacher(built: Path, tmp_path: Path) -> Course:
    """Return the teacher's course, of which only grading/ is written."""
    root = tmp_path / "course"
    root.mkdir()
    for name in ("course", "data"):
        (root / name).symlink_to(built / name)
    shutil.copy(built / "nbgrader_config.py", root)
    (root / "grading").mkdir()
    return Course.find(root)


def packed(folder: Path, student: str = "an-li") -> Path:
    """Return the archive of somebody's work."""
    return pack(folder, student, folder.parent)[0]


def test_work_arrives_whole_under_the_same_number(folder: Path, teacher: Course) -> None:
    """Notebook and files come to where nbgrader collects them, with the time; what is not work stays at home."""
    (folder / "notes").mkdir()
    (folder / "notes" / "观察.txt").write_text("seen", encoding="utf-8")
    for name in (".hidden", "other.ipynb", f"{UNIT}-kept-2026.ipynb", "timestamp.txt"):
        (folder / name).write_text("x")
    (folder / "link").symlink_to("/etc/passwd")
    with Progress(UNIT, "leaving-the-soil").change("urban-share") as entry:
        entry.outcome = "right"
    path, receipt = pack(folder, "an-li", folder.parent)

    found = read_pack(path, teacher)
    assert found.receipt == receipt and receipt.number in path.name
    assert receipt.exercises == {"urban-share": "right", "sort": "not started"} and receipt.counts() == "1 right, 0 tried, 1 not started"
    assert file_pack(teacher, found, "an-li", EARLY) == "is filed"

    place = teacher.grading / "submitted" / "an-li" / UNIT
    assert {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()} == {
        f"{UNIT}.ipynb",
        "notes/观察.txt",
        "timestamp.txt",
    }
    assert (place / f"{UNIT}.ipynb").read_bytes() == (folder / f"{UNIT}.ipynb").read_bytes()
    assert (place / "timestamp.txt").read_text() == "2026-03-01 12:00:00.000000 UTC\n"
    assert [path.stem for path in (teacher.grading / "receipts").iterdir()] == [receipt.number]


def test_later_work_replaces_earlier_and_loses_nothing(folder: Path, teacher: Course) -> None:
    """What was there is moved aside; the same archive again, or an older one, changes nothing."""
    first = read_pack(packed(folder), teacher)
    (folder / "more.txt").write_text("more")
    second = read_pack(packed(folder), teacher)
    file_pack(teacher, first, "an-li", EARLY)

    assert file_pack(teacher, second, "An-Li", LATE) == "replaces earlier work"
    assert file_pack(teacher, first, "an-li", LATE) == "was filed before"
    place = teacher.grading / "submitted" / "an-li" / UNIT
    assert (place / "more.txt").exists()
    assert [path.name for path in (teacher.grading / "replaced" / "an-li").glob("*/*.ipynb")] == [f"{UNIT}.ipynb"]
    (folder / "more.txt").write_text("less")
    with pytest.raises(Refusal, match="handed in later"):
        file_pack(teacher, read_pack(packed(folder), teacher), "an-li", EARLY)
    (place / "timestamp.txt").write_text("2027-03-01 12:00:00 +0800")
    with pytest.raises(Refusal, match="handed in later"):
        file_pack(teacher, read_pack(packed(folder), teacher), "an-li", LATE)
    assert sorted(path.name for path in place.parent.parent.iterdir()) == ["an-li"]


def test_receipts_are_found_by_their_student(folder: Path, teacher: Course) -> None:
    """Whoever is taken out of the course is found by the name in the archive and by that under which it was filed."""
    found = read_pack(packed(folder, "an"), teacher)
    file_pack(teacher, found, "an-li", EARLY)
    (teacher.grading / "receipts" / "odd.json").write_text("[]")

    assert [[path.stem for path in receipts_of(teacher, {name})] for name in ("an", "an-li", "bo")] == [[found.receipt.number]] * 2 + [[]]


def contents(path: Path) -> dict[str, bytes]:
    """Return the files of an archive."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, files: dict[str, bytes], **options: Any) -> Path:
    """Write an archive anew with other files."""
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def forged(path: Path, files: dict[str, bytes] | None = None, **changed: Any) -> Path:
    """Write an archive anew whose receipt fits what was changed."""
    old = contents(path)
    given = json.loads(old.pop("receipt.json"))
    given.pop("number")
    work = {**old, **(files or {})}
    digests = {name.removeprefix("work/"): hashlib.sha256(data).hexdigest() for name, data in work.items()}
    receipt = replace(Receipt(**given), **{"files": digests, **changed})
    return rewritten(path, {"receipt.json": json.dumps(receipt.written()).encode(), **work})


HOSTILE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "empty": ("no archive that", lambda path: path.write_bytes(b"")),
    "text": ("no archive that", lambda path: path.write_text("work " * 100)),
    "cut off": ("no archive that", lambda path: path.write_bytes(path.read_bytes()[:-30])),
    "list cut": ("broken", lambda path: path.write_bytes(path.read_bytes()[100:])),
    "with a comment": ("no archive that", lambda path: path.write_bytes(path.read_bytes()[:-2] + b"\x05\x00hello")),
    "of the large kind": (
        "no archive that",
        lambda path: path.write_bytes(path.read_bytes()[:-22] + b"PK\x06\x07" + bytes(16) + path.read_bytes()[-22:]),
    ),
    "long list": ("no archive that", lambda path: rewritten(path, {f"work/{number:060}": b"" for number in range(2000)})),
    "another archive": ("no receipt", lambda path: rewritten(path, {"work/01-tiny.ipynb": b"{}"})),
    "packed otherwise": ("packed in a way", lambda path: rewritten(path, contents(path), compression=zipfile.ZIP_LZMA)),
    "too many": ("too many files", lambda path: forged(path, {f"work/{number}.txt": b"" for number in range(101)})),
    "bomb": ("more than a notebook needs", lambda path: rewritten(path, {**contents(path), "work/x": bytes(51_000_000)}, compression=8)),
    "receipt changed": (
        "the number does not fit",
        lambda path: rewritten(path, {name: data.replace(b"not started", b"right") for name, data in contents(path).items()}),
    ),
    "work changed": ("not those of its receipt", lambda path: rewritten(path, {**contents(path), "work/01-tiny.ipynb": b"{}"})),
    "file added": ("not those of its receipt", lambda path: rewritten(path, {**contents(path), "work/x.txt": b""})),
    "two levels up": ("leads elsewhere", lambda path: forged(path, {"work/../../x.txt": b""})),
    "absolute": ("leads elsewhere", lambda path: forged(path, {"/tmp/x.txt": b""})),
    "with a drive": ("leads elsewhere", lambda path: forged(path, {"work/C:x.txt": b""})),
    "backslash": ("leads elsewhere", lambda path: forged(path, {"work/..\\x.txt": b""})),
    "hidden": ("leads elsewhere", lambda path: forged(path, {"work/.ipython/x.py": b""})),
    "time of its own": ("leads elsewhere", lambda path: forged(path, {"work/timestamp.txt": b"2020-01-01 00:00:00 UTC"})),
    "deep": ("leads elsewhere", lambda path: forged(path, {"work/a/b/c/d/e/f": b""})),
    "folder": ("leads elsewhere", lambda path: forged(path, {"work/a/": b""})),
    "name of a folder and a file": ("exists", lambda path: forged(path, {"work/a": b"", "work/a/b": b""})),
    "another course": ("another course", lambda path: forged(path, course="statistics")),
    "another unit": ("none of this course", lambda path: forged(path, unit="09-none")),
    "another version": ("another version", lambda path: forged(path, format=2)),
    "another kind": ("another version", lambda path: forged(path, kind="a letter")),
    "student's name leads up": ("student's name", lambda path: forged(path, student="../an-li")),
    "student's name hides": ("student's name", lambda path: forged(path, student=".an-li")),
    "no time": ("no receipt", lambda path: forged(path, packed="yesterday")),
    "time that moves the cursor": ("no receipt", lambda path: forged(path, packed="2026-03-01\x1b12:00:00+00:00")),
    "year one": ("no receipt", lambda path: forged(path, packed="0001-01-01T00:00:00+14:00")),
    "claims full marks": ("no receipt", lambda path: forged(path, exercises={"sort": "100 of 100"})),
    "nested receipt": ("no receipt", lambda path: rewritten(path, {**contents(path), "receipt.json": b"[" * 100_000})),
    "link": ("no file that can be read", lambda path: (path.unlink(), path.symlink_to("/etc/passwd"))),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_else_comes_is_refused(folder: Path, teacher: Course, tmp_path: Path, kind: str) -> None:
    """Broken, changed, foreign and hostile archives have a reason in a sentence, and nothing is written anywhere."""
    says, spoil = HOSTILE[kind]
    path = packed(folder)
    spoil(path)
    before = sorted(str(path) for path in tmp_path.rglob("*"))

    with pytest.raises((Refusal, OSError), match=says):
        file_pack(teacher, read_pack(path, teacher), "an-li", EARLY)

    after = sorted(str(path) for path in tmp_path.rglob("*"))
    assert set(after) - set(before) <= {str(teacher.grading / "submitted"), str(teacher.grading / "submitted" / "an-li")}


def test_a_size_that_lies_is_refused(folder: Path, teacher: Course) -> None:
    """More bytes than the list says are not read."""
    path = rewritten(packed(folder), {"receipt.json": bytes(100_000)}, compression=8)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(bytes(data))

    with pytest.raises(Refusal):
        read_pack(path, teacher)


@settings(deadline=None, max_examples=50)
@given(at=st.integers(0, 10**6), byte=st.integers(1, 255))
def test_a_changed_byte_never_passes_for_other_work(built: Path, tmp_path_factory: pytest.TempPathFactory, at: int, byte: int) -> None:
    """Wherever a byte changes on the way, the archive is refused or holds exactly what was packed."""
    folder = tmp_path_factory.mktemp("packed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        path, receipt = pack(built / "release" / UNIT, "an-li", folder)
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= byte
    path.write_bytes(bytes(data))
    try:
        found = read_pack(path, Course.find(built))
    except Refusal:
        return
    assert found.receipt == receipt
    assert {name: hashlib.sha256(content).hexdigest() for name, content in found.files.items()} == receipt.files


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "x" * 101, "an-li ", "a\nb", "C:x"])
def test_a_name_that_is_none_is_told(folder: Path, name: str) -> None:
    """A student reads what a name looks like."""
    with pytest.raises(LituError, match="such as an-li"):
        pack(folder, name, folder.parent)


def test_too_much_is_told(folder: Path) -> None:
    """More than an archive takes is told before anything is read."""
    with (folder / "film.mp4").open("wb") as file:
        file.truncate(60_000_000)

    with pytest.raises(LituError, match="more than 100 files or 50 MB"):
        pack(folder, "an-li", folder.parent)


def test_a_unit_is_found_by_its_number(folder: Path) -> None:
    """From the folder of the bundle and from that of the units."""
    assert unit_folder("01", folder.parent) == unit_folder("01", folder.parent.parent) == unit_folder(".", folder) == folder
    with pytest.raises(LituError, match="There is no unit '07' here"):
        unit_folder("07", folder.parent)


@pytest.mark.parametrize(
    ("named", "new", "says"),
    [(None, False, "the gradebook has no student 'an-li'; say --student An-Lin if"), (None, True, "an-li"), ("an-LIN", False, "An-Lin")],
)
def test_a_student_the_class_does_not_have_is_asked_about(folder: Path, teacher: Course, named: str | None, new: bool, says: str) -> None:
    """A misspelt name does not become a new student; the teacher says who is meant, or that somebody is new."""
    found = read_pack(packed(folder), teacher)
    try:
        told = student_of(found, named, ["An-Lin", "bo"], new)
    except Refusal as reason:
        told = str(reason)

    assert told.startswith(says)


def test_both_sides_show_the_same_number(litu: Callable[..., Ran], folder: Path, teacher: Course) -> None:
    """The two commands, as they are called; a student that the class does not have is asked about."""
    sent = litu(folder.parent, "pack", "01", "--student", "an-li")
    assert sent.code == 0, sent.err
    number = sent.out.split("Receipt ")[1].split(".")[0]
    path = next(folder.parent.glob("*.zip"))

    came = litu(teacher.root, "unpack", str(path), str(folder / f"{UNIT}.ipynb"))

    assert came.code == 1 and f"is filed under an-li, {UNIT}. Receipt {number}." in came.out
    assert f"{UNIT}.ipynb: refused, because it is no archive that `litu pack` made" in came.out
    assert (teacher.grading / "submitted" / "an-li" / UNIT / f"{UNIT}.ipynb").is_file()

"""Learning platforms: archives filed with nothing lost, hostile ones refused, files that the importers take."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import unicodedata
import zipfile
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from grading_tools import FULL, UNIT, Grades, as_text, executed, filled_in, mark_by_hand, needs_box, open_book
from hypothesis import given
from hypothesis import strategies as st
from places import REPOSITORY
from platform_archives import archive, hostile
from typer.testing import CliRunner

from litu.authoring.starter import FILES
from litu.cli.app import app
from litu.course import Course
from litu.errors import LituError
from litu.grading.lms import export, feedback_zip
from litu.grading.lms.collect import Line, collect, collected
from litu.grading.lms.roster import Member, name_key, read_roster
from litu.grading.lms.uploads import safe_name, upload_of
from litu.learner.pack import pack

pytest_plugins = ["grading_fixtures"]

MEMBERS = [
    Member("an-li", "Li", "An", participant="101", canvas_id="11"),
    Member("王芳", "王", "芳", idnumber="2026002"),
    Member("zoe", "Lee", "Zoë", canvas_id="13"),
    Member("na-1", "Li", "Na"),
    Member("na-2", "Li", "Na"),
]


def filed(root: Path, path: Path, members: list[Member] = MEMBERS) -> dict[str, Line]:
    """Collect an archive for the tiny unit; return what was done with each file."""
    return {line.file: line for line in collect(Course.find(root), UNIT, path, members, UTC)}


def there(root: Path) -> dict[str, bytes]:
    """Return all files that collecting has left below grading/, the table apart."""
    folders = (root / "grading" / name for name in ("submitted", "unfiled", "replaced"))
    return {str(path.relative_to(root / "grading")): path.read_bytes() for one in folders for path in one.rglob("*") if path.is_file()}


def test_moodles_archive_is_filed(course: Path, tmp_path: Path) -> None:
    """With and without folders, names in GBK, several files, a group's name in front: each under its student; namesakes are not guessed."""
    path = archive(
        tmp_path / "moodle.zip",
        [
            ("An Li_101_assignsubmission_file_/01-tiny.ipynb", b"1"),
            ("An Li_101_assignsubmission_file_/01-tiny-1.ipynb", b"2"),
            ("An Li_101_assignsubmission_onlinetext_/onlinetext.html", b"3"),
            ("王芳_102_assignsubmission_file_作业.ipynb".encode("gbk"), b"4"),
            ("Group A-Zoë Lee_103_assignsubmission_file/sub/helpers.py", b"5"),
            ("Li Na_104_assignsubmission_file_/a.ipynb", b"6"),
            ("readme.txt", b"7"),
            ("__MACOSX/._An Li_101_assignsubmission_file_", b"8"),
        ],
    )

    lines = filed(course, path)

    assert there(course) == {
        f"submitted/an-li/{UNIT}/01-tiny.ipynb": b"1",
        f"submitted/an-li/{UNIT}/01-tiny-1.ipynb": b"2",
        f"submitted/an-li/{UNIT}/onlinetext.html": b"3",
        f"submitted/王芳/{UNIT}/作业.ipynb": b"4",
        f"submitted/zoe/{UNIT}/sub/helpers.py": b"5",
        f"unfiled/{UNIT}/Li Na_104_assignsubmission_file_/a.ipynb": b"6",
        f"unfiled/{UNIT}/readme.txt": b"7",
    }
    assert "2 students of the class have this name" in lines["Li Na_104_assignsubmission_file_/a.ipynb"].what
    assert "not one that Moodle or Canvas gives" in lines["readme.txt"].what
    with collected(Course.find(course)).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 8


@pytest.mark.parametrize("between", ["/", "/a/", "_"])
def test_nobody_hands_in_for_another(course: Path, tmp_path: Path, between: str) -> None:
    """A file that a student has called like another's upload is that student's: the platform's own number comes first."""
    forged = f"Eve_102_assignsubmission_file{between}An Li_101_assignsubmission_file_/{UNIT}.ipynb"
    path = archive(tmp_path / "moodle.zip", [(f"An Li_101_assignsubmission_file_/{UNIT}.ipynb", b"own"), (f"class/{forged}", b"forged")])

    filed(course, path, [Member("an-li", participant="101"), Member("eve", participant="102")])

    assert {name.split("/")[1]: data for name, data in there(course).items()} == {"an-li": b"own", "eve": b"forged"}


@pytest.mark.parametrize("names", [("x", "x/y", "X"), ("x/y", "x", "X/y")])
@pytest.mark.parametrize("whose", ["Eve_102_assignsubmission_file_/", "nobody/"])
def test_a_file_and_a_folder_of_one_name_are_both_kept(course: Path, tmp_path: Path, whose: str, names: tuple[str, ...]) -> None:
    """What one student called like a folder of their own stops no class; each file is kept, whatever it is called then."""
    path = archive(tmp_path / "moodle.zip", [(f"{whose}{name}", str(number).encode()) for number, name in enumerate(names)])

    lines = collect(Course.find(course), UNIT, path, [Member("eve", participant="102")], UTC)

    assert sorted(there(course).values()) == [b"0", b"1", b"2"]
    assert {(course / line.filed_as).read_bytes() for line in lines} == {b"0", b"1", b"2"}


def test_files_keep_the_time_of_their_archive(course: Path, tmp_path: Path) -> None:
    """Of two files of one student, that which the platform has as the newer one is the newer one here, however they come out."""
    path = tmp_path / "moodle.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name, year in (("new", 2026), ("old", 2025)):
            made.writestr(zipfile.ZipInfo(f"An Li_101_assignsubmission_file_/{name}.ipynb", (year, 3, 1, 0, 0, 0)), name)

    filed(course, path)

    new, old = (course / f"grading/submitted/an-li/{UNIT}/{name}.ipynb" for name in ("new", "old"))
    assert new.stat().st_mtime > old.stat().st_mtime


def test_canvas_archive_is_filed(course: Path, tmp_path: Path) -> None:
    """Found by Canvas's number before the name; LATE without a time is told; a stranger's work is kept aside."""
    path = archive(
        tmp_path / "canvas.zip",
        [
            ("lian_11_5001_01-tiny-2.ipynb", b"1"),
            ("leezoe_LATE_13_5002_my_work_v2.ipynb", b"2"),
            ("王芳_99_5003_01-tiny.ipynb", b"3"),
            ("nobody_98_5004_01-tiny.ipynb", b"4"),
            ("leezoe_LATE_13_text.html", b"5"),
        ],
    )

    lines = filed(course, path)

    assert there(course) == {
        f"submitted/an-li/{UNIT}/01-tiny-2.ipynb": b"1",
        f"submitted/zoe/{UNIT}/my_work_v2.ipynb": b"2",
        f"submitted/zoe/{UNIT}/text.html": b"5",
        f"submitted/王芳/{UNIT}/01-tiny.ipynb": b"3",
        f"unfiled/{UNIT}/nobody_98_5004_01-tiny.ipynb": b"4",
    }
    assert "Canvas calls it late and gives no time" in lines["leezoe_LATE_13_5002_my_work_v2.ipynb"].what
    assert lines["lian_11_5001_01-tiny-2.ipynb"].is_plain


def test_a_second_archive_loses_nothing(course: Path, tmp_path: Path) -> None:
    """The same again changes nothing; a newer version takes the place and the old one is kept; an older one is kept aside."""
    first = archive(tmp_path / "1.zip", [("lian_11_1_a.ipynb", b"old")])
    second = archive(tmp_path / "2.zip", [("lian_11_2_a.ipynb", b"new"), ("lian_11_3_a.ipynb", b"twin")])
    early, late = ([Member("an-li", canvas_id="11", handed_in=f"2026-03-0{day} 10:00")] for day in (1, 2))

    filed(course, first, early)
    assert filed(course, first, early)["lian_11_1_a.ipynb"].what == "already there"
    filed(course, second, late)
    says = filed(course, first, early)["lian_11_1_a.ipynb"].what

    found = {name: data for name, data in there(course).items() if "timestamp" not in name}
    assert found == {
        f"submitted/an-li/{UNIT}/a.ipynb": b"new",
        f"submitted/an-li/{UNIT}/a (2).ipynb": b"twin",
        f"replaced/an-li/{UNIT}-1/a.ipynb": b"old",
        f"replaced/an-li/{UNIT}-2/a.ipynb": b"old",
    }
    assert "what is filed came later" in says
    assert there(course)[f"submitted/an-li/{UNIT}/timestamp.txt"] == b"2026-03-02 10:00:00.000000 UTC\n"


def test_a_student_cannot_set_the_time(course: Path, tmp_path: Path) -> None:
    """A timestamp.txt that was handed in gets another name; Moodle's worksheet says when the work came in."""
    path = archive(
        tmp_path / "m.zip",
        [
            ("x_101_assignsubmission_file_/timestamp.txt", b"2020-01-01 00:00 UTC"),
            ("x_101_assignsubmission_file_/a\u202e\nb.ipynb", b"1"),
            ("x_101_assignsubmission_file_/inner.zip", b"2"),
        ],
    )
    sheet = tmp_path / "sheet.csv"
    head = "Identifier,Full name,Email address,Status,Grade,Last modified (submission),Feedback comments\n"
    sheet.write_text(head + 'Participant 101,An Li,an@example.org,Submitted,,"Monday, 2 March 2026, 8:30 PM",\n', encoding="utf-8")

    lines = collect(Course.find(course), UNIT, path, read_roster(sheet), ZoneInfo("Asia/Shanghai"))

    assert there(course) == {
        f"submitted/an@example.org/{UNIT}/timestamp.txt": b"2026-03-02 12:30:00.000000 UTC\n",
        f"submitted/an@example.org/{UNIT}/handed-in-timestamp.txt": b"2020-01-01 00:00 UTC",
        f"submitted/an@example.org/{UNIT}/a__b.ipynb": b"1",
        f"submitted/an@example.org/{UNIT}/inner.zip": b"2",
    }
    assert lines[0].handed_in == "2026-03-02 12:30 UTC" and "which is not opened" in lines[2].what


def test_an_archive_of_litu_pack_is_opened(course: Path, tmp_path: Path) -> None:
    """What a student packed and uploaded is filed as its files, with the receipt told."""
    made, receipt = pack(course / "release" / UNIT, "an-li", tmp_path)
    path = archive(tmp_path / "m.zip", [("x_101_assignsubmission_file_/homework (1).zip", made.read_bytes())])

    (line,) = filed(course, path).values()

    assert f"submitted/an-li/{UNIT}/{UNIT}.ipynb" in there(course) and not [name for name in there(course) if name.endswith(".zip")]
    assert f"receipt {receipt.number}, of 'an-li'" in line.what and line.filed_as.endswith(f"{UNIT}.ipynb")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("up", "climbs out of its own folder"),
        ("backslash", "climbs out of its own folder"),
        ("absolute", "names a place outside its own folder"),
        ("drive", "names a place outside its own folder"),
        ("link", "is a link or a special file"),
        ("encrypted", "is encrypted"),
        ("bomb", "unpacks to 115 MB"),
        ("many", "holds 20001 files; up to 20000"),
        ("no-zip", "is no zip file that can be read"),
    ],
)
def test_a_hostile_archive_is_refused(course: Path, tmp_path: Path, kind: str, says: str) -> None:
    """Such an archive is refused whole, with the reason; nothing of it is on the disk afterwards."""
    path = hostile(tmp_path / "archive.zip", kind)

    with pytest.raises(LituError, match=re.escape(says)):
        filed(course, path)

    assert there(course) == {} and not list((course / "grading").glob(".collect-*"))


@given(st.data())
def test_any_bytes_are_filed_or_refused(data: Any) -> None:
    """An archive with bytes changed, cut or put in ends in a list of files or in one sentence."""
    import tempfile

    from litu.grading.lms.archive import unpack

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = archive(folder / "a.zip", [("An Li_101_assignsubmission_file_/a.ipynb", b"1" * 50), ("b_1_2_业".encode("gbk"), b"2")])
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 6))):
            at = data.draw(st.integers(0, len(content) - 1))
            content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
            content = content or bytearray(b"x")
        path.write_bytes(bytes(content))
        (folder / "out").mkdir()
        try:
            found = unpack(path, folder / "out")
        except LituError as error:
            assert str(error).startswith(str(path))
        else:
            assert all(one.place is None or one.place.parent == folder / "out" for one in found)


@given(st.text(min_size=1))
def test_a_file_keeps_a_harmless_name(name: str) -> None:
    """Whatever a student called a file, it stays in its folder, is visible, and takes no name of nbgrader's."""
    made = safe_name(name, {"taken"})

    assert not made.is_absolute() and ".." not in made.parts and all(part and not part.startswith(".") for part in made.parts)
    assert str(made) not in ("timestamp.txt", "submission_secret.txt", "taken") and len(str(made).encode()) < 2000
    assert not {unicodedata.category(char) for char in str(made)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    upload_of(name)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("student,last name,first name,email\nwf,王,芳,wf@example.org\n", "utf-8-sig"),
        ("student;last name;first name;email\nwf;王;芳;wf@example.org\n", "gb18030"),
        ("Student\tLast Name\tFirst Name\tEmail\nwf\t王\t芳\twf@example.org\n", "utf-16"),
    ],
)
def test_a_list_of_the_class_is_read_as_excel_saves_it(tmp_path: Path, text: str, encoding: str) -> None:
    """Commas, semicolons or tabs, UTF-8, GBK or UTF-16: the same student."""
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))

    assert read_roster(path) == [Member("wf", "王", "芳", email="wf@example.org")]


def test_canvas_gradebook_is_a_list_of_the_class(tmp_path: Path) -> None:
    """Canvas's export names students; its row of possible points and its test student are nobody."""
    path = tmp_path / "canvas.csv"
    path.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Unit 04 (77)\n    Points Possible,,,,,58\n"
        '"Li, An",11,u1,an.li,A,\n"Student, Test",12,,x,A,\n"Lee, Zoë",13,u3,zoe,A,\n',
        encoding="utf-8",
    )

    found = read_roster(path)

    assert [(one.student, one.last_name, one.first_name, one.canvas_id, one.section) for one in found] == [
        ("an.li", "Li", "An", "11", "A"), ("zoe", "Lee", "Zoë", "13", "A")
    ]  # fmt: skip
    assert name_key("leezoe\u0308") in found[1].keys


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("first,second\n1,2\n", "is no list of a class"),
        ("student\nann\nAnn\n", "no two alike"),
        ("student\nann\n../etc\n", "row 3: '../etc' cannot be the name"),
        ("", "is no list of a class"),
    ],
)
def test_a_list_that_names_nobody_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """What is wrong with a list is one sentence with its row."""
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LituError, match=re.escape(says)):
        read_roster(path)


def row(score: float = 38.826, *, waits: bool = False, penalty: float = 0.0) -> dict[str, Any]:
    """Return a row of the gradebook."""
    return {"score": score, "written_score": 7.5, "late_penalty": penalty, "out_of": 58.0, "to_be_marked_by_hand": waits}


CLASS = [
    Member("an-li", "Li", "An", email="an@example.org", idnumber="u1", canvas_id="11", section="A"),
    Member("bo", "Qi", "=Bo", email="bo@example.org", idnumber="u2", username="bo.qi"),
    Member("cy", "Wu", "Cy", email="cy@example.org", idnumber="u3", canvas_id="13"),
    Member("di", "Xu", "Di", email="di@example.org", idnumber="u4"),
    Member("ed", "Yu", "Ed"),
    Member("fu", "Fu", "Points Possible", idnumber="u6"),
]
MARKS = {"an-li": row(), "bo": row(12, penalty=1.5), "cy": row(waits=True), "ed": row(), "fu": row(100.01), "zoe": row()}


def table(path: Path) -> list[list[str]]:
    """Return a CSV file's rows."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_canvas_takes_the_file(tmp_path: Path) -> None:
    """Canvas's own rules: Student, ID, SIS User ID, SIS Login ID, Section last, then one assignment; two decimals; no row of possible points."""
    done = export.canvas(tmp_path / "c.csv", "Unit 04 (12345)", CLASS, MARKS, waiting=False)
    head, *rows = table(done.path)

    assert "Student" in head[0] and "ID" in head[1] and head[1:5] == ["ID", "SIS User ID", "SIS Login ID", "Section"]
    assert re.fullmatch(r".+ \(\d+\)", head[5]) and len(head) == 6
    assert rows == [
        ["Li, An", "11", "u1", "", "A", "38.83"],
        ["Qi, =Bo", "", "u2", "bo.qi", "", "12.00"],
        ["fu", "", "u6", "", "", "100.01"],
    ]
    assert not any("points possible" in one[0].casefold() for one in rows)
    said = " ".join(done.told)
    assert (
        "1 wait for their written answers" in said and "1 handed in nothing" in said and "zoe" in said and "have no ID of Canvas's" in said
    )
    assert table(export.canvas(tmp_path / "d.csv", "Unit 04 (12345)", CLASS, MARKS, waiting=True).path)[3][:2] == ["Wu, Cy", "13"]
    for special in ("Current Score", "Final Points", "Override Grade", " "):
        with pytest.raises(LituError, match="something else than an assignment"):
            export.canvas(tmp_path / "c.csv", special, CLASS, MARKS, waiting=False)


def test_moodle_takes_the_file(tmp_path: Path) -> None:
    """Moodle's own rules: a column that identifies, never blank or double; numbers only, none above 100; feedback as plain text."""
    done = export.moodle(tmp_path / "m.csv", "04", CLASS, MARKS, waiting=False)
    head, *rows = table(done.path)

    assert head == ["ID number", "04", "04 feedback"]
    assert rows == [
        ["u1", "38.83", "38.83 of 58.00 points: 31.33 for the exercises, 7.50 for what was written."],
        ["u2", "12.00", "12.00 of 58.00 points: 6.00 for the exercises, 7.50 for what was written, 1.50 taken off for being late."],
    ]
    said = " ".join(done.told)
    assert "have no ID number" in said and "more than 100 points" in said and "fu" in said
    with pytest.raises(LituError, match="could not tell them apart"):
        export.moodle(tmp_path / "m.csv", "04", [CLASS[0], Member("x", idnumber="u1")], MARKS, waiting=False)


def importable(name: str, participants: set[int]) -> tuple[int, str] | None:
    """Return whose file Moodle takes it for, and under which name: the rule of its importer of feedback, told anew."""
    first = name.split("/")[-1]
    if first.startswith((".", "~")):
        return None
    parts = name.split("_", 4)
    if len(parts) < 5 or not parts[1].isdigit() or int(parts[1]) not in participants or parts[2:4] != ["assignfeedback", "file"]:
        return None
    return int(parts[1]), parts[4]


def test_moodle_takes_the_pages(course: Path, tmp_path: Path) -> None:
    """Each page is named so that Moodle's importer finds its student, whatever the student is called."""
    path = archive(
        tmp_path / "m.zip",
        [(f"{name}_{number}_assignsubmission_file_/a.ipynb", b"1") for name, number in (("An Li", 101), ("王 _芳", 102))],
    )
    filed(course, path)
    for student in ("an-li", "王芳", "zoe"):
        page = course / "grading" / "feedback" / student / UNIT / f"{UNIT}.html"
        page.parent.mkdir(parents=True)
        page.write_text(student, encoding="utf-8")

    done = feedback_zip.moodle_feedback(tmp_path / "f.zip", Course.find(course), UNIT, MEMBERS)

    with zipfile.ZipFile(done.path) as made:
        found = {importable(name, {101, 102}): made.read(name).decode() for name in made.namelist()}
    assert found == {(101, f"{UNIT}.html"): "an-li", (102, f"{UNIT}.html"): "王芳"}
    assert done.students == 2 and "zoe" in done.told[0]


@pytest.mark.parametrize("kept", [REPOSITORY / ".gitignore", FILES / "gitignore"], ids=["course", "starter"])
def test_nothing_personal_enters_git(tmp_path: Path, kept: Path) -> None:
    """Lists, archives, work, marks and pages are all ignored, wherever a command puts them; the course's own tables are not."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    shutil.copy(kept, tmp_path / ".gitignore")
    personal = [
        "class.csv",
        "grades.csv",
        "submissions.zip",
        "downloaded/x/y",
        *(f"grading/{name}/x" for name in ("submitted", "unfiled", "replaced", "feedback")),
    ]
    personal += ["grading/gradebook.db", "grading/reports/01-tiny/canvas-grades.csv", "grading/.collect-x/00000"]
    asked = subprocess.run(
        ["git", "check-ignore", *personal, "data/claims.csv", "course/01.md"], cwd=tmp_path, capture_output=True, text=True
    )
    assert asked.stdout.splitlines() == personal


@pytest.mark.slow
@needs_box
def test_from_the_platform_and_back(classroom: Path, tmp_path: Path, grade: Grades, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: Canvas's gradebook and archive in, graded, marked, the grades out as Canvas takes them; nothing personal enters git."""
    roster = tmp_path / "canvas.csv"
    roster.write_text('Student,ID,SIS User ID,SIS Login ID,Section\n"Li, An",11,u1,an.li,A\n"Lee, Zoë",13,u3,zoe,A\n', encoding="utf-8")
    zipped = archive(tmp_path / "canvas.zip", [("lian_11_5001_homework-1.ipynb", as_text(filled_in(classroom, FULL)).encode())])
    monkeypatch.chdir(classroom)
    run = CliRunner().invoke

    ran = run(app, ["collect", "01", str(zipped), "--roster", str(roster)])
    assert ran.exit_code == 0 and "1 of 1 files filed, for 1 students" in ran.output, ran.output
    grade(classroom)
    mark_by_hand(classroom, "an.li", "critique", 2.5)
    ran = run(app, ["export", "01", "--canvas", "--roster", str(roster), "--column", "Tiny (77)"])

    assert ran.exit_code == 0, ran.output
    assert table(classroom / "grading" / "reports" / UNIT / "canvas-grades.csv")[1:] == [["Li, An", "11", "u1", "an.li", "A", "5.50"]]
    assert executed(classroom, "an.li").cells
    with open_book(classroom) as book:
        assert book.roster() == {"an.li": ("Li", "An"), "zoe": ("Lee", "Zoë")}

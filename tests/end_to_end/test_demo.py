"""The invented class, and the demonstration that grades it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from grading_tools import UNIT, filled_in, needs_box, points
from grading_tools import hand_in as hand_in_one
from ran import Ran

from litu.authoring.build import is_current
from litu.course import Course
from litu.errors import LituError
from litu.grading.demo import demo
from litu.grading.demo.folder import make_folder
from litu.grading.demo.sample_class import CLASS, hand_in

pytest_plugins = ["grading_fixtures"]


def handed_in(folder: Path) -> dict[str, bytes]:
    """Return every file of a class by its relative name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("unit", ["01-tiny", "02-kinds"])
def test_class_is_the_same_every_time(course: Path, tmp_path: Path, unit: str) -> None:
    """The same class comes out every time, as nbgrader collects it; every notebook is valid."""
    for name in ("one", "two"):
        assert hand_in(Course.find(course), unit, tmp_path / name) == len(CLASS)

    made = handed_in(tmp_path / "one")
    assert made == handed_in(tmp_path / "two")
    assert sorted(made) == sorted(
        f"{student.name}/{unit}/{name}" for student in CLASS for name in (f"{unit}.ipynb", "checks.json", "timestamp.txt")
    )
    for student in CLASS:
        nbformat.validate(nbformat.reads(made[f"{student.name}/{unit}/{unit}.ipynb"].decode(), as_version=4))


def test_students_differ(course: Path, tmp_path: Path) -> None:
    """Some answer all, some nothing; some crash, loop or raise; some are late."""
    hand_in(Course.find(course), "02-kinds", tmp_path)

    text = {student.name: (tmp_path / student.name / "02-kinds/02-kinds.ipynb").read_text() for student in CLASS}
    released = (course / "release/02-kinds/02-kinds.ipynb").read_text()
    assert len(set(text.values())) >= len(CLASS) - 1
    assert "Write your code here" not in text["an-li"] and text["tang-yue"].strip() == released.strip()
    assert "ctypes.string_at(0)" in text["luo-xin"] and "while True" in text["ma-hong"] and "raise ValueError" in text["pan-qing"]
    times = {student.name: (tmp_path / student.name / "02-kinds/timestamp.txt").read_text().strip() for student in CLASS}
    assert (times["an-li"], times["gao-jun"]) == ("2026-03-01 03:59:00 UTC", "2026-03-03 05:59:00 UTC")


@needs_box
@pytest.mark.slow
def test_demo_grades_a_class_end_to_end(classroom: Path, litu: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """`litu demo` invents a class, grades it, writes feedback and says what to open next, twice, and touches no byte of the class beside it."""
    (classroom / "course/02-kinds.md").unlink()
    few = {"an-li", "gao-jun", "luo-xin", "tang-yue"}
    monkeypatch.setattr(demo, "CLASS", tuple(student for student in CLASS if student.name in few))
    hand_in_one(classroom, "an-li", filled_in(classroom, {}))
    (classroom / "grading/feedback/an-li").mkdir(parents=True)
    (classroom / "grading/feedback/an-li/page.html").write_text("a real student's page", encoding="utf-8")
    with (classroom / "own_settings.py").open("w") as file:
        file.write(f'c = get_config()\nc.CourseDirectory.submitted_directory = "{classroom}/grading/submitted"\n')
    before = handed_in(classroom)
    shown = classroom / "build/demo"

    first = litu(classroom, "demo")
    marks = points(shown)
    second = litu(classroom, "demo")

    for ran in (first, second):
        assert (ran.code, ran.err) == (0, ""), ran.err
        assert "4 invented students, 1 units" in ran.out and "Warming up" not in ran.out.partition("Graded")[2]
        for said in ("build/demo/grading/reports/grades.csv", "a student's feedback page", "litu mark 0", "litu report 0", "cd build/demo"):
            assert said in ran.out
    assert {name: data for name, data in handed_in(classroom).items() if not name.startswith("build/demo/")} == before
    assert points(shown) == marks and marks["an-li"] == {"check-urban-share": 2.0, "check-sort": 1.0, "critique": None}
    with (shown / "grading/reports/grades.csv").open(encoding="utf-8-sig") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == few
    assert (rows["an-li"]["score"], rows["tang-yue"]["score"], rows["gao-jun"]["late_hours"]) == ("3.0", "0.0", "30.0")
    assert "luo-xin" in second.out and rows["luo-xin"]["suspicions"]
    for student in few:
        assert (shown / f"grading/feedback/{student}/{UNIT}/{UNIT}.html").is_file()


def test_demo_goes_nowhere_else(classroom: Path, tmp_path: Path) -> None:
    """A folder that holds anything but a demonstration, or a demonstration with somebody's work, is left as it is."""
    here = Course.find(classroom)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/text.txt").write_text("mine", encoding="utf-8")
    for folder, says in ((tmp_path / "mine", "something else"), (classroom, "something else"), (classroom / "course/demo", "itself")):
        with pytest.raises(LituError, match=says):
            make_folder(here, folder, demo.INVENTED)

    made = make_folder(here, tmp_path / "shown", demo.INVENTED)
    hand_in_one(made.root, "zoe", filled_in(classroom, {}))
    files = handed_in(made.root)
    with pytest.raises(LituError, match="holds the work of 'zoe', whom no demonstration invented"):
        make_folder(here, tmp_path / "shown", demo.INVENTED)
    with pytest.raises(LituError, match="is itself a demonstration"):
        make_folder(made, tmp_path / "again", demo.INVENTED)

    assert handed_in(made.root) == files and is_current(made, UNIT)
    settings = (classroom / "nbgrader_config.py").read_text(encoding="utf-8").replace("load_subconfig(", "print(")
    settings += f'c.CourseDirectory.db_url = "sqlite:///{classroom}/grading/gradebook.db"\n'
    (classroom / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    with pytest.raises(LituError, match="would not keep to its own folder"):
        make_folder(Course.find(classroom), tmp_path / "other", demo.INVENTED)

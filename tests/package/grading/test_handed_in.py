"""What real classes hand in: nothing that was typed is lost, every doubt is told, honest habits accuse nobody."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from editors import EDITS, KEEP_MEANING, tokens
from grading_tools import ESSAY, FACT, FULL, SHARE, UNIT, Grades, as_text, by_student, executed, filled_in, hand_in, marks, needs_box
from handed_in_cases import ELSEWHERE, WORDS, at, given_code, hand_in_cases
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell

from litu.authoring.build import build_unit
from litu.course import Course
from litu.grading.assignment import Assignment
from litu.grading.autograde import mended as run_as
from litu.grading.sanitize import harmless_text
from litu.grading.submissions.collect import handed_in, not_read, odd_names, person
from litu.grading.submissions.companions import copy_companions
from litu.grading.submissions.files_beside import MOST_BYTES, MOST_FILES, MOST_NAMES, files_beside
from litu.grading.submissions.find_notebook import read_bytes
from litu.grading.submissions.parse import ParsedNotebook, Refusal, parse
from litu.grading.submissions.suspicions import suspicions

pytest_plugins = ["grading_fixtures"]

Notebook = nbformat.NotebookNode
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def assignment(built: Path) -> Assignment:
    """Return the tiny unit."""
    return Assignment.load(Course.find(built), UNIT)


@pytest.fixture(scope="module")
def read(assignment: Assignment):  # noqa: ANN201 - a function
    """Return a function that reads and mends a notebook, as both doors do."""

    def done(notebook: Notebook | dict[str, Any]) -> tuple[Notebook, ParsedNotebook]:
        submission = parse(json.dumps(notebook).encode(), "a", UNIT, [])
        return run_as(assignment, submission), submission

    return done


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_token_is_lost(read: Callable[..., Any], built: Path, data: st.DataObject) -> None:
    """Whatever editors and students do, every token that was handed in is found again in the notebook that is run and marked."""
    notebook = filled_in(built, FULL)
    for edit in data.draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=8)):
        event(edit.__name__)
        edit(data.draw, notebook)
    wanted = tokens(notebook)
    try:
        made, _ = read(notebook)
    except Refusal:
        return
    assert wanted <= tokens(made)
    nbformat.validate(made)


@pytest.mark.slow
@needs_box
def test_no_mark_is_lost(course: Path, grade: Grades) -> None:
    """Edits that keep the meaning keep every mark, and raise no suspicion."""
    number = iter(range(1000))

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def hand_in_edited(data: st.DataObject) -> None:
        notebook = filled_in(course, FULL)
        for edit in data.draw(st.lists(st.sampled_from(KEEP_MEANING), min_size=1, max_size=4)):
            edit(data.draw, notebook)
        hand_in(course, f"s{next(number)}", json.dumps(notebook))

    hand_in_edited()
    results = grade(course).results

    assert {(result.points, result.written[0].untouched, tuple(result.suspicions)) for result in results} == {(3.0, False, ())}


def test_what_stands_in_a_check_cell_is_kept(read: Callable[..., Any], built: Path) -> None:
    """P10: code below or above the call of a check becomes a cell of its own in front of it, and accuses nobody."""
    notebook = filled_in(built, {"sort": FACT})
    cell = notebook.cells[at(notebook, "check-urban-share")]
    cell.source = f"{SHARE}\n{cell.source}\ndef pct(a, b):\n    return 100 * a / b"

    made, submission = read(notebook)

    place = at(made, "check-urban-share")
    assert made.cells[place].source == 'check("urban-share", urban_share)'
    assert "def pct" in made.cells[place - 1].source and SHARE in made.cells[place - 1].source
    assert submission.odd == [] and "stands above it" in submission.notes[0]


def test_answer_in_the_place_of_a_deleted_check(read: Callable[..., Any], built: Path) -> None:
    """O3: the check comes back behind the answer that stands in its place."""
    notebook = filled_in(built, {"sort": FACT})
    notebook.cells[at(notebook, "check-urban-share")] = new_code_cell(SHARE)

    made, _ = read(notebook)

    assert SHARE in [cell.source for cell in made.cells[: at(made, "check-urban-share")]]


def test_second_check_call_with_code_is_kept(read: Callable[..., Any], built: Path) -> None:
    """P10 (e): a second call of a check, with code, stays when all metadata and ids are lost."""
    notebook = filled_in(built, FULL)
    notebook.cells.insert(at(notebook, "check-urban-share") + 1, new_code_cell('check("urban-share", urban_share)\nbase = 1'))
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell.id = {}, f"c{number}"

    made, _ = read(notebook)

    assert any("base = 1" in cell.source for cell in made.cells)


@pytest.mark.parametrize("where", ELSEWHERE)
def test_written_answer_elsewhere_waits(read: Callable[..., Any], built: Path, assignment: Assignment, where: str) -> None:
    """P11: a written answer in another cell, of whatever kind, is copied to where it is marked, and told."""
    notebook = filled_in(built, {"urban-share": SHARE, "sort": FACT})
    ELSEWHERE[where](notebook)

    made, submission = read(notebook)

    answer = made.cells[at(made, "critique")].source
    assert (WORDS if where != "chinese" else "没有户口的人") in answer
    assert answer.strip() != assignment.released["critique"].source.strip()
    assert "critique" in submission.doubts[0]


def test_untouched_notebook_has_no_written_answer(read: Callable[..., Any], built: Path, assignment: Assignment) -> None:
    """Right code with comments and no prose at all leaves the written answer as it was released."""
    notebook = filled_in(built, {"urban-share": f"# a share of all people\n{SHARE}", "sort": FACT})

    made, submission = read(notebook)

    assert made.cells[at(made, "critique")].source == assignment.released["critique"].source
    assert submission.notes == submission.doubts == []


def test_pasted_picture_stays(read: Callable[..., Any], built: Path) -> None:
    """O8: a picture in an answer stays a picture; what is none is named."""
    notebook = filled_in(built, {**FULL, "critique": f"{ESSAY}\n\n![fig](attachment:my fig.png) ![fig](attachment:x.png)"})
    notebook.cells[at(notebook, "critique")]["attachments"] = {
        "x.png": {"image/png": PICTURE},
        "page.svg": {"image/svg+xml": "<svg onload='x'/>"},
    }

    made, submission = read(notebook)

    cell = made.cells[at(made, "critique")]
    ((name, data),) = cell.attachments.items()
    assert data == {"image/png": PICTURE} and f"![fig](attachment:{name})" in cell.source
    assert "page.svg" in submission.notes[0] and "svg onload" not in json.dumps(made)
    assert "! [fig](attachment:my" in cell.source.replace("] (", "](")
    nbformat.validate(made)


def test_picture_is_drawn_on_the_page(read: Callable[..., Any], built: Path) -> None:
    """The page that nbconvert makes of the notebook holds the picture's bytes."""
    from nbconvert.exporters import HTMLExporter

    notebook = filled_in(built, {**FULL, "critique": f"{ESSAY} ![fig](attachment:x.png)"})
    notebook.cells[at(notebook, "critique")]["attachments"] = {"x.png": {"image/png": PICTURE}}

    page, _ = HTMLExporter().from_notebook_node(read(notebook)[0])

    assert PICTURE in page


def test_tables_of_html_stay_tables() -> None:
    """A table keeps rows, spans and words; scripts, handlers and tags that do not close as they open do nothing."""
    table = '<table border="1" onclick="x()"><tr><th colspan="2">Year</th></tr>\n<tr><td>1978<script>x()</script></td><td>5 &lt; 6</td></tr></table>'

    shown = harmless_text(f"See\n{table}\nthere <table><td></table> </div>")

    assert '<table><tr><th colspan="2">Year</th></tr>' in shown and "<td>5 &lt; 6</td>" in shown
    assert "<script" not in shown and "onclick" not in shown and "</div>" not in shown and shown.count("<table>") == 1


def test_given_cell_edited_and_failing(read: Callable[..., Any], built: Path) -> None:
    """O1: the released form of a given cell follows the changed one, to be run if that fails."""
    notebook = filled_in(built, FULL)
    notebook.cells[given_code(notebook)].source = "from google.colab import files\n" + notebook.cells[given_code(notebook)].source

    made, _ = read(notebook)

    place = next(place for place, cell in enumerate(made.cells) if "google" in cell.source)
    assert made.cells[place + 1].metadata.litu.instead_of == made.cells[place].id


@pytest.mark.slow
@needs_box
def test_cases_graded(course: Path, grade: Grades) -> None:
    """Cases of real classes through the real engine: marks kept, doubts told, the cell that failed first named."""

    hand_in_cases(course)

    results = by_student(grade(course))

    full = ["colab", "no-setup", "formatted", "debug", "helper", "writefile", "below", "help", "bad-time"]
    assert {name: results[name].points for name in full} == dict.fromkeys(full, 3.0)
    assert {name: results[name].suspicions for name in results} == {name: [] for name in results}
    assert "google.colab" in results["colab"].doubts[0] and "google.colab" in executed(course, "colab").cells[0].source
    assert results["help"].notes == results["formatted"].notes == results["debug"].notes == results["helper"].notes == []
    assert "ValueError: spoiled" in results["failing"].exercises[0].message
    assert (results["wrong"].status, results["wrong"].points) == ("refused", 0) and "02-kinds" in results["wrong"].reason
    assert marks(course)["below", "critique"][3] is True
    assert "cannot be read" in results["bad-time"].doubts[0]


@pytest.mark.parametrize("habit", ["!git clone x", "!wget x", "!curl x", "%debug", "%pdb on"])
def test_honest_habits_are_not_suspicious(habit: str) -> None:
    """O9: what students do all day is no suspicion."""
    assert suspicions([habit], []) == []


def test_wrong_unit_is_told(read: Callable[..., Any], built: Path) -> None:
    """P3: another unit's notebook is refused by its metadata, and without them by its checks."""
    other = filled_in(built, {}, "02-kinds")
    with pytest.raises(Refusal, match="notebook of unit '02-kinds'"):
        read(other)
    other.metadata.clear()
    with pytest.raises(Refusal, match="another unit"):
        read(other)


def test_notebook_of_nothing_is_not_graded(read: Callable[..., Any]) -> None:
    """A notebook that holds nothing of the unit is refused, and one with an answer in a cell of its own is not."""
    with pytest.raises(Refusal, match="none of the cells"):
        read(nbformat.v4.new_notebook(cells=[new_code_cell("x = 1")]))
    assert read(nbformat.v4.new_notebook(cells=[new_code_cell(SHARE)]))


def test_conflict_marks_are_named(built: Path) -> None:
    """P7: a file with the marks of an unfinished merge is refused by naming them."""
    lines = as_text(filled_in(built, FULL)).splitlines()
    lines[5:6] = ["<<<<<<< HEAD", lines[5], "=======", lines[5], ">>>>>>> x"]
    with pytest.raises(Refusal, match="merge that was not finished"):
        parse("\n".join(lines).encode(), "a", UNIT, [])


def test_notebook_with_work_is_taken(built: Path, assignment: Assignment, tmp_path: Path) -> None:
    """P4: of two notebooks the one with work is taken, else the newer; the other is named."""
    (tmp_path / f"{UNIT}.ipynb").write_text(as_text(filled_in(built, {})))
    (tmp_path / f"{UNIT}-1.ipynb").write_text(as_text(filled_in(built, FULL)))
    os.utime(tmp_path / f"{UNIT}-1.ipynb", (1, 1))

    data, notes = read_bytes(tmp_path, UNIT, lambda: assignment.official)

    assert ESSAY.encode() in data and "has work in it" in notes[0] and repr(f"{UNIT}.ipynb") in notes[0]
    (tmp_path / f"{UNIT}.ipynb").write_text(as_text(filled_in(built, {"sort": FACT})))
    data, notes = read_bytes(tmp_path, UNIT, lambda: assignment.official)
    assert FACT in json.loads(data)["cells"][at(filled_in(built, {}), "sort")]["source"] and "newer" in notes[0]


@pytest.mark.parametrize("name", [f"{UNIT}.ipynb.json", f"{UNIT}.ipynb.txt", f"{UNIT}.json", "folder/mine.ipynb", f"{UNIT} (1).ipynb"])
def test_other_endings_are_read(tmp_path: Path, name: str) -> None:
    """P6: what browsers and platforms make of the name, and a folder in the folder, is read with a note."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("found")

    data, notes = read_bytes(tmp_path, UNIT)

    assert data == b"found" and Path(name).name in notes[0]


def test_notebook_with_work_in_a_folder_is_taken(built: Path, assignment: Assignment, tmp_path: Path) -> None:
    """A released notebook, or an empty one, does not hide the one with work in a folder beside it; nor does a checkpoint hide a notebook."""
    blank, full = as_text(filled_in(built, {})), as_text(filled_in(built, FULL))
    (tmp_path / "mine" / "deeper").mkdir(parents=True)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / f"{UNIT}-checkpoint.ipynb").write_text(as_text(filled_in(built, {"sort": FACT})))
    (tmp_path / "mine/deeper" / f"{UNIT}.ipynb").write_text(full)

    assert ESSAY.encode() in read_bytes(tmp_path, UNIT, lambda: assignment.official)[0]
    for name, content in ((f"{UNIT}.ipynb", blank), ("Untitled.ipynb", '{"cells": []}')):
        (tmp_path / name).write_text(content)
        data, notes = read_bytes(tmp_path, UNIT, lambda: assignment.official)
        assert ESSAY.encode() in data and f"mine/deeper/{UNIT}.ipynb" in notes[0]
        (tmp_path / name).unlink()
    (tmp_path / f"{UNIT}.ipynb").write_text(as_text(filled_in(built, {"sort": FACT})))
    data, notes = read_bytes(tmp_path, UNIT, lambda: assignment.official)
    assert ESSAY.encode() not in data and notes == []


def test_folder_without_notebook_says_what_is_there(tmp_path: Path) -> None:
    """P6: a folder without a notebook is refused by naming what lies in it."""
    (tmp_path / "page.html").write_text("x")
    with pytest.raises(Refusal, match="only 'page.html'"):
        read_bytes(tmp_path, UNIT)


def test_large_outputs_are_left_out(built: Path, tmp_path: Path) -> None:
    """P20: a notebook that is too large for its outputs is read without them; nothing else of it changes."""
    notebook = filled_in(built, {**FULL, "sort": 'sort = "fact"  # "outputs": [1, {"}]'})
    plain = json.loads(as_text(notebook))
    notebook.cells[given_code(notebook)].outputs = [
        nbformat.v4.new_output("display_data", {"text/plain": 'x\\"]' * 7_000_000, "application/json": {"outputs": [[{"outputs": []}]]}})
    ]
    (tmp_path / f"{UNIT}.ipynb").write_text(as_text(notebook))

    data, notes = read_bytes(tmp_path, UNIT)

    assert json.loads(data) == plain and "without its outputs" in notes[0]


def test_mended_check_accuses_nobody(course: Path) -> None:
    """A3: after a check was mended, those who hold the earlier release changed nothing, and are told so."""
    old = filled_in(course, FULL)
    lesson = course / "course" / f"{UNIT}.md"
    text = lesson.read_text().replace('check("sort", sort,', 'check("sort", kind,').replace("sort = ", "kind = ")
    lesson.write_text(text.replace("What does the share leave out?", "What is left out?"))
    build_unit(Course.find(course), UNIT)
    now = Assignment.load(Course.find(course), UNIT)
    submission = parse(as_text(old).encode(), "a", UNIT, [])

    made = run_as(now, submission)

    assert made.cells[at(made, "check-sort")].source == 'check("sort", kind)'
    assert submission.odd == submission.doubts == []
    assert submission.notes == ["The locked cell 'check-sort' was that of an earlier release; today's was put in its place."]


def test_one_person_by_case_and_form(course: Path) -> None:
    """O6: names that differ by Unicode form or case are one person, by the name of the roster; the newer folder is read."""
    hand_in(course, "Zoe\u0308", filled_in(course, {}), time="2026-03-01 10:00:00 UTC")
    hand_in(course, "zo\u00eb", filled_in(course, FULL), time="2026-03-02 10:00:00 UTC")

    (work,) = handed_in(Course.find(course), UNIT, roster=["Zo\u00eb"])

    found = work.read()
    assert work.student == "Zo\u00eb" and found and found.data and ESSAY.encode() in found.data and "several folders" in found.notes[0]
    assert [work.student for work in handed_in(Course.find(course), UNIT, ["ZOE\u0308"], ["Zo\u00eb"])] == ["Zo\u00eb"]


def test_roster_is_looked_through() -> None:
    """Names that are blank, or one person's by case and Unicode form, are told; the one that work is entered for is the one named."""
    roster = ["ann", " ", "Zoe\u0308", "zo\u00eb"]

    blank, double = odd_names(roster)

    assert "blank (' ')" in blank and "work is entered for 'zo\\xeb'" in double
    assert odd_names(["ann", "bo"]) == [] and {person(name): name for name in sorted(roster)}[person("ZOE\u0308")] == "zo\u00eb"


def test_what_lies_elsewhere_is_told(course: Path) -> None:
    """A9: loose files and folders of no known unit are told by name, with the unit that may be meant."""
    hand_in(course, "ann", filled_in(course, FULL), unit="01-Tiny")
    (course / "grading/submitted/loose.ipynb").write_text("x")

    told = "\n".join(not_read(Course.find(course)))

    assert "'01-Tiny'" in told and "01-tiny is meant" in told and "'loose.ipynb'" in told


def test_files_beside_are_limited(tmp_path: Path) -> None:
    """What lies beside a notebook is taken along up to a number; links, hidden files and notebooks are not."""
    for number in range(210):
        (tmp_path / f"{number:03}.py").write_text("x = 1")
    (tmp_path / "001.py").unlink()
    (tmp_path / "001.py").symlink_to("/etc/passwd")
    (tmp_path / "submission_secret.txt").write_text("x")

    files, left_out = files_beside(tmp_path)

    assert len(files) == 200 and len(left_out) == 9 and not {"001.py", "submission_secret.txt"} & files.keys()
    assert all(re.fullmatch(r"\d+\.py", name) for name in files)


def test_what_is_run_and_what_is_kept_have_one_limit(tmp_path: Path) -> None:
    """Too many, too large and too deep files beside a notebook are left out of the sandbox and of the graded copy alike."""
    source, target = tmp_path / "source", tmp_path / "target"
    deep = source / "/".join("d" * 30)
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_text("x")
    (source / "large.bin").write_bytes(bytes(MOST_BYTES))
    (source / "small.txt").write_text("x")
    for number in range(MOST_NAMES):
        (source / "many").mkdir(exist_ok=True)
        (source / "many" / f"{number}.txt").touch()

    files, left_out = files_beside(source)
    also_left_out = copy_companions(source, target)

    kept = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert kept == set(files) and len(kept) == MOST_FILES and left_out == also_left_out
    assert "large.bin" in files and "small.txt" in left_out and not any("deep" in name for name in kept)


def test_a_folder_deeper_than_python_is_left_alone(tmp_path: Path) -> None:
    """Folders within folders without end stop nothing."""
    (tmp_path / "own.txt").write_text("x")
    before = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(before)

    try:
        assert ({"own.txt": b"x"}, []) == files_beside(tmp_path) and [] == copy_companions(tmp_path, tmp_path.parent / "kept")
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)

"""The repository tells the truth: what is built is current, what is written down exists."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from places import DATA, REPOSITORY

from litu.authoring.build import is_current
from litu.authoring.cell_headers import FIELDS
from litu.authoring.lesson import TAGS
from litu.authoring.parser import read_lesson
from litu.course import Course
from litu.kinds.registry import forms

UNITS = Course.find(REPOSITORY).units()
GUIDE = REPOSITORY / "course" / "README.md"
PAGES = [REPOSITORY / "README.md", *sorted(REPOSITORY.glob("*/README.md"))]


def text_of(path: Path) -> str:
    """Return a file of the repository as text."""
    return path.read_text(encoding="utf-8")


# What is built


def test_built_folders_are_what_the_lessons_say():
    """The committed notebooks, checks and keys come from the present text, data and code; `make check` builds them anew and compares."""
    course = Course.find(REPOSITORY)

    assert [unit for unit in UNITS if not is_current(course, unit)] == [], "run `litu build`"


@pytest.mark.parametrize("unit", UNITS)
def test_no_built_file_was_edited(unit):
    """The files of a unit are those its key was written with."""
    files = json.loads(text_of(REPOSITORY / "grading" / "keys" / f"{unit}.json"))["built"]["files"]

    assert set(files) == {f"{kind}/{unit}/{name}" for kind in ("source", "release") for name in (f"{unit}.ipynb", "checks.json")}
    assert [name for name, digest in files.items() if hashlib.sha256((REPOSITORY / name).read_bytes()).hexdigest() != digest] == []


def test_every_unit_has_its_folders_and_no_folder_is_left_over():
    """A lesson that was renamed leaves nothing of its old name behind."""
    for kind in ("source", "release"):
        folders = {path.name for path in (REPOSITORY / kind).iterdir() if path.is_dir() and path.name[0] != "."}
        assert folders == set(UNITS)
        for unit in UNITS:
            files = {path.name for path in (REPOSITORY / kind / unit).iterdir() if path.is_file()}
            assert files == {f"{unit}.ipynb", "checks.json"}
    assert {path.stem for path in (REPOSITORY / "grading" / "keys").glob("*.json")} == set(UNITS)


@pytest.mark.parametrize("unit", UNITS)
def test_notebooks_are_clean(unit):
    """Valid, without outputs or run numbers, every cell with an id of its own."""
    for kind in ("source", "release"):
        notebook = nbformat.read(REPOSITORY / kind / unit / f"{unit}.ipynb", as_version=4)
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert not [cell.id for cell in code if cell.outputs or cell.execution_count]
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def run_as_script(kind: str, unit: str, folder: Path, state: Path) -> subprocess.CompletedProcess[str]:
    """Run the code of a unit's notebook in ``folder``, as Run All would."""
    notebook = nbformat.read(REPOSITORY / kind / unit / f"{unit}.ipynb", as_version=4)
    script = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    environment = {**os.environ, "LITU_DATA": str(REPOSITORY / "data"), "XDG_STATE_HOME": str(state)}
    environment.pop("NBGRADER_EXECUTION", None)
    return subprocess.run([sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_a_fresh_student_copy_runs_to_its_end(unit, tmp_path):
    """Run All on an untouched notebook, as handed out to a class, raises nothing and every check says not started."""
    folder = Path(shutil.copytree(REPOSITORY / "release" / unit, tmp_path / unit))
    exercises = json.loads(text_of(folder / "checks.json"))["exercises"]

    ran = run_as_script("release", unit, folder, tmp_path)

    assert ran.returncode == 0, ran.stderr[-1000:]
    assert ran.stdout.count(": not started. ") == len(exercises)


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_the_instructor_notebook_answers_every_check_right(unit, tmp_path):
    """Run All on the notebook with the solutions says right, exercise by exercise."""
    exercises = json.loads(text_of(REPOSITORY / "release" / unit / "checks.json"))["exercises"]

    ran = run_as_script("source", unit, REPOSITORY / "source" / unit, tmp_path)

    assert ran.returncode == 0, ran.stderr[-1000:]
    wanted = {name: f"▤ {name}: recorded. " if entry["kind"] == "guess" else f"✓ {name}: right. " for name, entry in exercises.items()}
    assert [name for name in exercises if wanted[name] not in ran.stdout] == []


# What is written down


def commands(litu) -> list[str]:
    """Return the commands that `litu --help` lists."""
    ran = litu(REPOSITORY, "--help")
    assert ran.code == 0
    box = ran.out[ran.out.index("Commands") :]
    return re.findall(r"^\W*([a-z]\w*) {2,}\S", box, re.MULTILINE)


@pytest.mark.slow
def test_every_command_has_help_and_stands_in_the_readme(litu):
    """`litu --help` and README name the same commands."""
    found = commands(litu)
    readme = text_of(REPOSITORY / "README.md")

    assert {"build", "verify", "data"} <= set(found)
    for command in found:
        ran = litu(REPOSITORY, command, "--help")
        assert ran.code == 0 and re.search(rf"Usage: .*\b{command} ", ran.out)
        assert re.search(rf"`(litu )?{command}\b|litu {command}\b", readme), command


def test_every_make_target_named_exists():
    """README names no target that the Makefile lacks."""
    targets = set(re.findall(r"^([a-z][\w-]*):", text_of(REPOSITORY / "Makefile"), re.MULTILINE))

    for page in PAGES:
        assert set(re.findall(r"(?:^ {4}|`)make ([a-z]\w*)", text_of(page), re.MULTILINE)) <= targets, page


def test_every_lesson_stands_in_the_readme():
    """A unit that can be opened is listed as ready, with the title of its lesson."""
    rows = [line for line in text_of(REPOSITORY / "README.md").splitlines() if line.startswith("| ")]

    for unit in UNITS:
        (row,) = [row for row in rows if row.startswith(f"| {unit[:2]} ")]
        title = re.search(r"^  title: \"?(?:\d\d · )?(.+?)\"?$", text_of(REPOSITORY / "course" / f"{unit}.md"), re.MULTILINE)[1]
        assert title.split(":")[0].casefold() in row.casefold()
        assert "ready" in row


def test_every_folder_stands_in_the_readme():
    """A newcomer finds each folder of the top level in the map."""
    readme = text_of(REPOSITORY / "README.md")
    named = set(re.findall(r"^\| `([\w/]+)/` \|", readme, re.MULTILINE))

    assert {"course", "source", "release", "data", "grading", "tests"} <= named
    assert not [name for name in named if not (REPOSITORY / name).is_dir()]


def test_links_between_pages_lead_somewhere():
    """A relative link in a README names a file that exists."""
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text_of(page)):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


# The author's guide


def test_the_guide_names_every_tag_field_and_option():
    """An author finds each word of the format that a lesson uses in course/README.md."""
    guide = text_of(GUIDE)
    calls = [exercise.call for unit in UNITS for exercise in read_lesson(REPOSITORY / "course" / f"{unit}.md").exercises.values()]
    words = TAGS | set().union(*FIELDS.values(), *(call.options for call in calls))

    assert sorted(word for word in words if not re.search(rf"`{word}\b|{word}[:=]", guide)) == []


def test_the_examples_of_the_guide_build(litu, new_course, tmp_path):
    """The lessons printed in the guide, copied as they stand, become notebooks and pass their bank; they show every tag and form."""
    examples = re.findall(r"^````markdown\n(.*?)^````$", text_of(GUIDE), re.MULTILINE | re.DOTALL)
    assert [tag for tag in TAGS if f"tags: [{tag}]" not in examples[0]] == []
    assert set(re.findall(r'form="(\w+)"', examples[1])) == set(forms())
    root = new_course(tmp_path / "course")
    (root / "data").unlink()
    (root / "data").symlink_to(DATA)
    for example in examples:
        name = re.search(r'title: "(\d\d) · ', example)[1]
        (root / "course" / f"{name}-example.md").write_text(example, encoding="utf-8")

    built, verified = litu(root, "build"), litu(root, "verify", "--no-public")

    assert (built.code, built.err) == (0, "")
    assert all((root / "release" / f"{name}-example" / f"{name}-example.ipynb").is_file() for name in ("98", "99"))
    assert verified.code == 0, verified.out

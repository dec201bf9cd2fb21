"""A course on another subject, with its own data, title and folders and no table of claims, is built, tried, handed out and graded."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from grading_tools import needs_box
from places import REPOSITORY
from ran import Ran

from litu.authoring.build import is_current
from litu.authoring.starter import FILES
from litu.course import Course
from litu.dataset.tables import describe
from litu.grading.demo.folder import make_folder

UNIT = "01-bicycles"
TITLE = 'Two "wheels"'
RENAMED = {
    '"source"': '"teachers"',
    '"release"': '"handouts"',
    '"grading/submitted"': '"grading/handed-in"',
    '"grading/feedback"': '"grading/returned"',
}
RIGHT = {
    "growth": "bridge = counts[counts['place'] == 'bridge'].set_index('year')['riders']\ngrowth = (bridge[2024] / bridge[2023] - 1) * 100",
    "steps": "steps = ['C', 'B', 'D', 'A', 'E', 'F']",
}
SLIP = {"growth": RIGHT["growth"].replace("/ bridge[2023] - 1) * 100", "- bridge[2023]) / bridge[2024] * 100")}


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, litu: Callable[..., Ran]) -> Path:
    """Return a new course whose folders have other names, built."""
    root = tmp_path_factory.mktemp("another") / "bicycles"
    assert litu(root.parent, "new", "bicycles", "--title", TITLE).code == 0
    settings = root / "nbgrader_config.py"
    text = settings.read_text(encoding="utf-8")
    for old, new in RENAMED.items():
        assert old in text
        text = text.replace(old, new)
    settings.write_text(text, encoding="utf-8")
    ran = litu(root, "build")
    assert ran.code == 0, ran.err
    return root


def test_the_starter_grades_as_the_course_does() -> None:
    """The settings that a new course starts with are the course's own, but for what tells the two courses apart."""
    own = ("c.Litu.", "c.CourseDirectory.course_id")
    ours, theirs = (
        [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(own)]
        for path in (REPOSITORY / "nbgrader_config.py", FILES / "nbgrader_config.py")
    )
    assert ours == theirs


def test_a_new_course_needs_an_empty_folder(tmp_path: Path, litu: Callable[..., Ran]) -> None:
    """What lies in a folder is never written over."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    ran = litu(tmp_path, "new", ".")
    assert ran.code != 0 and "is not an empty folder" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_its_checks_hold(second: Path, litu: Callable[..., Ran]) -> None:
    """Its bank is told apart, its built files are fresh, its start page has its title and no other course's words."""
    verified, fresh = litu(second, "verify"), litu(second, "build", "--check")
    assert verified.code == 0 and "0 failures" in verified.out
    assert fresh.code == 0 and "1 unit is fresh" in fresh.out
    start = "".join(cell.source for cell in nbformat.read(second / "handouts/START.ipynb", as_version=4).cells)
    assert start.startswith(f"# {TITLE}") and "Soil" not in start
    assert not (second / "release").exists() and not (second / "source").exists()


@pytest.mark.slow
def test_its_bundle_runs_alone(second: Path, tmp_path: Path, litu: Callable[..., Ran]) -> None:
    """Students get notebooks, start page and data, no key, and a README under the course's own text."""
    (second / "welcome.md").write_text("Welcome, cyclists.\n", encoding="utf-8")
    settings = second / "nbgrader_config.py"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + 'c.Litu.bundle_readme = "welcome.md"\n', encoding="utf-8")
    ran = litu(second, "publish", str(tmp_path / "bundle"))
    settings.write_text(before, encoding="utf-8")

    assert ran.code == 0, ran.err
    readme = (tmp_path / "bundle/README.md").read_text(encoding="utf-8")
    assert readme.startswith("Welcome, cyclists.\n") and TITLE in readme and "litu==" in readme
    files = {str(path.relative_to(tmp_path / "bundle")) for path in (tmp_path / "bundle").rglob("*") if path.is_file()}
    assert files == {
        ".litu-bundle.json", "README.md", "data/bicycles.csv", "data/datapackage.json",
        "release/START.ipynb", f"release/{UNIT}/{UNIT}.ipynb", f"release/{UNIT}/checks.json",
    }  # fmt: skip


def hand_in(root: Path, student: str, answers: dict[str, str]) -> None:
    """Hand in a unit with some exercises answered."""
    notebook = nbformat.read(root / "handouts" / UNIT / f"{UNIT}.ipynb", as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
    folder = root / "grading/handed-in" / student / UNIT
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{UNIT}.ipynb")


@needs_box
@pytest.mark.slow
def test_its_class_is_graded(second: Path, tmp_path: Path, litu: Callable[..., Ran]) -> None:
    """Right, a known slip, blank: points, the slip's sentence on the page, and a page for everybody."""
    root = Path(shutil.copytree(second, tmp_path / "course"))
    for student, answers in {"ann": RIGHT, "bo": SLIP, "cy": {}}.items():
        hand_in(root, student, answers)

    ran = litu(root, "grade", "01")

    assert ran.code == 0, ran.err
    results = root / f"grading/reports/results/{UNIT}/final"
    points = {path.stem: sum(one["points"] for one in json.loads(path.read_text())["exercises"]) for path in results.iterdir()}
    assert points == {"ann": 4.0, "bo": 0.0, "cy": 0.0}
    pages = {student: (root / f"grading/returned/{student}/{UNIT}/{UNIT}.html").read_text(encoding="utf-8") for student in points}
    assert "You divided by the later count." in pages["bo"] and "You divided by the later count." not in pages["ann"]


def test_sentences_name_its_own_folders(second: Path, tmp_path: Path, litu: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told of submissions speaks of the folder as the course calls it; a table without sources is described all the same."""
    root = Path(shutil.copytree(second, tmp_path / "course"))

    assert "grading/handed-in/<student>/<unit>/" in litu(root, "grade", "--all").err
    assert "no grading/handed-in/<student>/01-bicycles/" in litu(root, "grade", "01").err
    hand_in(root, "ann", RIGHT)
    (root / "grading/handed-in/loose.ipynb").write_text("x")
    told = litu(root, "grade", "01", "--no-feedback")
    assert "grading/handed-in/ holds 'loose.ipynb'" in told.out + told.err
    monkeypatch.setenv("LITU_DATA", str(root / "data"))
    assert "[riders a day]" in str(describe("bicycles")) and describe("bicycles").sources == ()


def test_a_module_that_is_not_there_is_named(second: Path, tmp_path: Path, litu: Callable[..., Ran]) -> None:
    """A wrong name in c.Litu.preload ends grading with the setting's name, before anything is run."""
    root = Path(shutil.copytree(second, tmp_path / "course"))
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write('c.Litu.preload = ["no_such_module"]\n')
    hand_in(root, "ann", RIGHT)

    ran = litu(root, "grade", "01")

    assert ran.code != 0 and "c.Litu.preload" in ran.err and "no_such_module" in ran.err


def test_its_make_lines_are_commands_of_litu(second: Path) -> None:
    """The two commands of its README do what `litu` knows."""
    make = ["make", "--no-print-directory", "--dry-run", "demo", "test"]
    said = subprocess.run(make, cwd=second, capture_output=True, text=True, check=True).stdout
    assert said.split("\n")[:-1] == ["litu demo", "litu build", "litu verify", "litu build --check"]


def test_its_demonstration_keeps_to_itself(second: Path, tmp_path: Path) -> None:
    """The folder of its demonstration has the course's own names, its gradebook inside, and git leaves it alone."""
    shown = make_folder(Course.find(second), tmp_path / "shown", frozenset())

    assert is_current(shown, UNIT) and shown.settings.title == TITLE
    assert shown.place("submitted") == tmp_path / "shown/grading/handed-in"
    assert str(shown.nbgrader_config().CourseDirectory.db_url) == f"sqlite:///{tmp_path}/shown/grading/gradebook.db"
    assert {"build/", "own_settings.py"} <= set((second / ".gitignore").read_text(encoding="utf-8").splitlines())

"""`litu build` as an author meets it: the command line on a small real course."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

NOBODY = 65534
BUILT = ("source", "release", "grading")
SOLUTION = 'urban_share = people.loc[1978, "urban_million"] / people.loc[1978, "total_million"] * 100\n'
SHARE = "exercise urban-share: "


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first ``old`` in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def built_files(course: Path) -> dict[str, bytes]:
    """Return every built file with its content, and whatever else lies at the top of the course."""
    files = [file for folder in BUILT for file in sorted((course / folder).rglob("*")) if file.is_file()]
    names = {str(path.name): b"" for path in course.iterdir()}
    return names | {str(file.relative_to(course)): file.read_bytes() for file in files}


def line_of(course: Path, where: str) -> int:
    """Return the line of the lesson on which ``where`` begins."""
    text = (course / "course" / "01-tiny.md").read_text(encoding="utf-8")
    return text.count("\n", 0, text.index(where)) + 1


# What a build makes


def test_building_twice_gives_the_same_bytes(litu, built, new_course, tmp_path):
    """A second build of the same text in another place makes the same notebooks, checks and keys."""
    again = new_course(tmp_path / "again", "01-tiny", "02-kinds")

    assert litu(again, "build").code == 0

    one, two = built_files(built), built_files(again)
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_only_what_changed_is_built(litu, course):
    """After a change to one lesson the other is left alone, and a third build has nothing to do."""
    edit(course / "course" / "01-tiny.md", "A share has a part", "Every share has a part")
    before = built_files(course)

    first, second = litu(course, "build"), litu(course, "build")

    assert (first.code, second.code) == (0, 0)
    assert "01-tiny: built" in first.out and "02-kinds: unchanged" in first.out
    assert "01-tiny: unchanged" in second.out
    after = built_files(course)
    assert "Every share" in after["release/01-tiny/01-tiny.ipynb"].decode()
    assert {name for name in after if after[name] != before.get(name)} == {
        "source/01-tiny/01-tiny.ipynb",
        "source/01-tiny/checks.json",
        "release/01-tiny/01-tiny.ipynb",
        "release/01-tiny/checks.json",
        "grading/keys/01-tiny.json",
    }


def test_a_built_file_that_was_edited_is_built_again(litu, course):
    """A built folder is never edited by hand for long."""
    edit(course / "release" / "01-tiny" / "01-tiny.ipynb", "A tiny unit", "My unit")

    ran = litu(course, "build")

    assert "01-tiny: built" in ran.out
    assert "My unit" not in (course / "release" / "01-tiny" / "01-tiny.ipynb").read_text(encoding="utf-8")


def test_source_and_release_are_nbgrader_notebooks(built):
    """Points, locks and grade ids are nbgrader's; solutions stand in source/ only; no cell has an output."""
    source, release = (nbformat.read(built / kind / "01-tiny" / "01-tiny.ipynb", as_version=4) for kind in ("source", "release"))

    for notebook in (source, release):
        nbformat.validate(notebook)
        assert not any(cell.get("outputs") for cell in notebook.cells)
        graded = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata}
        assert {name: cell.points for name, cell in graded.items() if cell.grade} == {
            "check-urban-share": 2,
            "check-sort": 1,
            "critique": 3,
        }
        assert graded["check-urban-share"].locked and not graded["urban-share"].locked and graded["urban-share"].solution
    assert SOLUTION in "\n".join(cell.source for cell in source.cells)
    assert SOLUTION not in "\n".join(cell.source for cell in release.cells)
    starter = next(cell for cell in release.cells if cell.id == "urban-share")
    assert "urban_share = ..." in starter.source


def test_a_fresh_student_copy_runs_to_its_end(built, tmp_path):
    """Run All on an untouched notebook raises nothing, in a folder that holds only what students get."""
    shutil.copytree(built / "release" / "01-tiny", tmp_path / "unit")
    notebook = nbformat.read(tmp_path / "unit" / "01-tiny.ipynb", as_version=4)
    script = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")

    environment = {**os.environ, "LITU_DATA": str(built / "data"), "XDG_STATE_HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path / "unit", env=environment, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("○") == 2 and "0 of 2 exercises right" in ran.stdout


# What is wrong is said in one line, and nothing is half-written

REFUSED = [
    # What is written instead of what, where the sentence points to, and what it says.
    ("unknown tag", "tags: [accept]", "tags: [accepted]", "---\ntags: [accepted]", "unknown tag 'accepted'; a cell has one of accept, check, exercise, mistake, written"),
    ("a syntax error", SOLUTION, "urban_share = people.loc[1978\n", "urban_share = people.loc[1978\n", SHARE + "the code is not valid Python: '[' was never closed"),
    ("bad YAML", "says: You", "says: You: you", "says: You: you", "the header is not valid YAML: mapping values are not allowed here"),
    ("a cell that raises", "people.loc[1978]\n", "people.loc[7]\n", "people.loc[7]", "the cell raises KeyError: 7"),
    ("a solution that raises", SOLUTION, SOLUTION.replace("total_million", "total"), SOLUTION.replace("total_million", "total"), SHARE + "the solution raises KeyError: 'total'"),
    ("a solution that ends the program", SOLUTION, "exit()\n", "exit()", SHARE + "the solution raises SystemExit: None"),
    ("a starter that raises", "urban_share = ...\n", "urban_share = later\n", "urban_share = later", SHARE + "the solution raises NameError: name 'later' is not defined"),
    ("a starter that needs its solution", "\n### BEGIN SOLUTION\n", "\nurban_share = (\n### BEGIN SOLUTION\n...)\n", "---\ntags: [exercise]", SHARE + "the starter raises SyntaxError: '(' was never closed"),
    ("a starter that answers", "urban_share = ...\n", "urban_share = 0\n", "---\ntags: [exercise]", SHARE + "the starter must leave the answer at `...`, so that it reads as not started"),
    ("a starter without its variable", "urban_share = ...\n", "share = ...\n", "---\ntags: [exercise]", SHARE + "it does not set urban_share"),
    ("a solution no check can compare", SOLUTION, "urban_share = object()\n", "---\ntags: [exercise]", SHARE + "the solution is object, which no check can compare"),
    ("a solution that is no number", SOLUTION, "urban_share = float('nan')\n", "---\ntags: [exercise]", SHARE + "the solution is nan, which no check can compare"),
    ("a function without inputs", SOLUTION, "urban_share = people.sum\n", ":tags: [check]", SHARE + "a function is checked by its results; give inputs=[(...), ...]"),
    ("a mistake that the check accepts", '"rural_million"] * 100', '"total_million"] * 100', "---\ntags: [mistake]", SHARE + "the check accepts this mistake"),
    ("a mistake of another kind", SOLUTION[:-1].replace("total", "rural"), "urban_share = 'many'", "---\ntags: [mistake]", SHARE + "this mistake is not told apart; the check says: `urban_share` should be a number (percent); found the text \"many\". Take the quotation marks away, or convert it with `float(...)`."),
    ("a mistake that raises", SOLUTION[:-1].replace("total", "rural"), "urban_share = 1 / 0", "urban_share = 1 / 0", SHARE + "this mistake cell raises ZeroDivisionError: division by zero"),
    ("a mistake without its variable", SOLUTION[:-1].replace("total", "rural"), "share = 1", "---\ntags: [mistake]", SHARE + "it does not set urban_share"),
    ("an accepted answer of another kind", 'float((people["urban_million"] / people["total_million"])[1978]) * 100', "'about 18'", "---\ntags: [accept]", SHARE + "the check rejects this right answer: `urban_share` should be a number (percent); found the text \"about 18\". Take the quotation marks away, or convert it with `float(...)`."),
    ("an unknown figure in a solution", SOLUTION, "urban_share = 17.9153 + 0\n", "---\ntags: [exercise]", SHARE + "the figure 17.9153 is not in data/; read it with load(), or add it to a table with its source"),
    ("an unknown figure in a mistake", '"rural_million"] * 100', '"rural_million"] * 99.5', "---\ntags: [mistake]", SHARE + "the figure 99.5 is not in data/; read it with load(), or add it to a table with its source"),
    ("an unknown claim in a header", "claims: [000-01]", "claims: [000-99]", "---\ntags: [exercise]", SHARE + "claim 000-99 is not a row of data/claims.csv"),
    ("an unknown claim in prose", "A share has a part", "As 000-98 says, a share has a part", "As 000-98 says", "claim 000-98 is not a row of data/claims.csv"),
    ("an unknown table", 'load("people")', 'load("peoples")', 'people = load("peoples")', "the cell raises There is no table 'peoples': did you mean 'people'?"),
    ("an option that cannot be read", "places=4", "places=four", ":tags: [check]", SHARE + "the option places=four cannot be used: name 'four' is not defined"),
    ("an option of another kind", "places=4", "places='four'", ":tags: [check]", SHARE + "the option places must be a whole number, or such numbers by name"),
    ("inputs that are no tuples", "places=4", "inputs=[1, 2]", ":tags: [check]", SHARE + "the option inputs is a list of argument tuples, such as inputs=[(1, 2), (3, 4)]"),
    ("a rubric that does not add up", "{points: 2, text", "{points: 1, text", "---\ntags: [written]", "exercise critique: the points of the rubric do not add up to the points of the cell"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "says"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_mistake_ends_the_build_in_one_line(litu, course, old, new, where, says):
    """One sentence on stderr names file, line and exercise; the built folders stay as they were."""
    edit(course / "course" / "01-tiny.md", old, new)
    before = built_files(course)

    ran = litu(course, "build")

    assert ran.err == f"litu: course/01-tiny.md:{line_of(course, where)}: {says}\n"
    assert ran.code == 1
    assert built_files(course) == before


@pytest.mark.slow
def test_the_installed_command_prints_no_traceback(course):
    """The `litu` on the path, run as anybody runs it, ends in the sentence and exit code 1."""
    edit(course / "course" / "01-tiny.md", "tags: [accept]", "tags: [accepted]")

    litu = Path(sys.executable).parent / "litu"
    ran = subprocess.run([litu, "build", "01"], cwd=course, capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    assert ran.stderr.startswith("litu: course/01-tiny.md:") and ran.stderr.count("\n") == 1
    assert "Traceback" not in ran.stdout + ran.stderr


def test_a_first_build_that_fails_leaves_nothing(litu, new_course, tmp_path):
    """Where no folder was before, a refused lesson makes none."""
    root = new_course(tmp_path / "new", "01-tiny")
    edit(root / "course" / "01-tiny.md", "points: 2", "points: -2")

    ran = litu(root, "build")

    assert ran.code == 1
    assert {path.name for path in root.iterdir()} == {"course", "data", "nbgrader_config.py"}


# Stale files


def test_check_passes_when_all_is_fresh(litu, built):
    """`--check` builds elsewhere, compares and changes nothing."""
    before = built_files(built)

    ran = litu(built, "build", "--check")

    assert (ran.code, ran.err) == (0, "")
    assert "2 units are fresh" in ran.out
    assert built_files(built) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("source/01-tiny/01-tiny.ipynb", "A tiny unit", "My unit"),
        ("release/01-tiny/01-tiny.ipynb", "A tiny unit", "My unit"),
        ("release/01-tiny/checks.json", '"points": 2', '"points": 9'),
        ("grading/keys/01-tiny.json", '"points": 2', '"points": 9'),
        ("grading/keys/01-tiny.json", "{", ""),
    ],
    ids=["source", "release", "checks", "key", "garbled key"],
)
def test_check_names_a_built_file_that_was_edited(litu, course, file, old, new):
    """A change by hand in source/, release/ or a key is found and named."""
    edit(course / file, old, new)

    ran = litu(course, "build", "01", "--check")

    assert ran.code == 1
    assert ran.err == f"litu: Stale: {file}; run `litu build` and commit what it changes.\n"


def test_check_names_what_a_changed_text_would_change(litu, course):
    """A lesson edited after its build is found; so is a file that was deleted."""
    edit(course / "course" / "01-tiny.md", "A share has a part", "Every share has a part")
    (course / "release" / "01-tiny" / "checks.json").unlink()

    ran = litu(course, "build", "01", "--check")

    assert ran.code == 1
    assert ran.err == (
        "litu: Stale: source/01-tiny/01-tiny.ipynb, source/01-tiny/checks.json, release/01-tiny/01-tiny.ipynb, release/01-tiny/checks.json; "
        "run `litu build` and commit what it changes.\n"
    )


def test_check_names_a_file_that_no_build_makes(litu, course):
    """A file left in a student's folder would be handed out; it is named."""
    (course / "release" / "01-tiny" / "answers.txt").write_text("17.9")

    ran = litu(course, "build", "01", "--check")

    assert ran.err == "litu: Stale: release/01-tiny/answers.txt; run `litu build` and commit what it changes.\n"


# Folders and data that are not as they should be


@pytest.fixture
def open_course(course):
    """Return a course outside pytest's private folders, where another user can read it."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "course"
        os.chmod(place, 0o755)
        shutil.copytree(course, root, symlinks=True)
        (root / "data").unlink()
        shutil.copytree(course / "data", root / "data")
        yield root


@pytest.mark.parametrize("folder", [".", "source", "release", "grading/keys"])
def test_a_folder_that_cannot_be_written_is_told(litu, open_course, folder):
    """One sentence names the folder, and the build undoes what it had moved."""
    user = NOBODY if os.geteuid() == 0 else None
    for path in [open_course, *open_course.rglob("*")]:
        if user and "data" not in path.parts:
            os.chown(path, user, user)
    (open_course / folder).chmod(0o555)
    edit(open_course / "course" / "01-tiny.md", "A share has a part", "Every share has a part")
    before = built_files(open_course)

    ran = litu(open_course, "build", "01", user=user)

    (open_course / folder).chmod(0o755)
    target = {".": open_course, "source": open_course / "source" / "01-tiny", "release": open_course / "release" / "01-tiny"}.get(
        folder, open_course / "grading" / "keys" / "01-tiny.json"
    )
    done = "nothing was built" if folder == "." else "the folders are as they were"
    assert ran.err == f"litu: {target} cannot be written (Permission denied); {done}.\n"
    assert ran.code == 1
    assert built_files(open_course) == before


DAMAGES = {
    "a table is gone": (lambda data: (data / "people.csv").unlink(), "The file {data}/people.csv of the table 'people' is missing"),
    "a figure is edited": (lambda data: edit(data / "people.csv", "1965", "1966"), "The file {data}/people.csv is not the published table any more"),
    "a column is renamed": (lambda data: edit(data / "claims.csv", "claim,document", "id,document"), "The file {data}/claims.csv lacks the column 'claim' (it has 'id' instead)"),
    "a table is no text": (lambda data: (data / "claims.csv").write_bytes(b"\xff\x00\n\"")  , "The file {data}/claims.csv lacks the column 'claim'"),
    "the register is gone": (lambda data: (data / "datapackage.json").unlink(), "The dataset was not found: there is no datapackage.json in {data}"),
    "the register is cut": (lambda data: (data / "datapackage.json").write_text("{"), "The file {data}/datapackage.json is not a readable data package"),
    "all is gone": (lambda data: shutil.rmtree(data), "The dataset was not found: there is no datapackage.json in {data}"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_data_is_told(litu, course, own_data, damage):
    """A table that is missing or not the published one ends the build in one sentence, whoever uses it."""
    spoil, says = DAMAGES[damage]
    spoil(own_data)
    before = built_files(course)

    ran = litu(course, "build")

    assert ran.err.startswith("litu: " + says.format(data=own_data)) and ran.err.count("\n") == 1
    assert ran.code == 1
    assert built_files(course).keys() - {"data"} == before.keys() - {"data"}


@pytest.mark.parametrize(
    ("unit", "says"),
    [
        ("7", "There is no unit '7' in course/. The units are 01-tiny, 02-kinds."),
        ("01-tinny", "There is no unit '01-tinny' in course/. Did you mean 01-tiny? The units are 01-tiny, 02-kinds."),
    ],
)
@pytest.mark.parametrize("command", ["build", "verify"])
def test_an_unknown_unit_is_told(litu, built, command, unit, says):
    """The units there are follow, and the nearest one."""
    ran = litu(built, command, unit)

    assert (ran.code, ran.err) == (1, f"litu: {says}\n")


def test_a_folder_outside_a_course_is_told(litu, tmp_path):
    """Whoever runs `litu` elsewhere reads where to go."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()

    ran = litu(folder, "build")

    assert ran.err == f"litu: {folder} is not inside a course; run litu in a folder that holds nbgrader_config.py and course/.\n"
    assert ran.code == 1


def test_a_unit_that_is_not_built_is_told(litu, new_course, tmp_path):
    """`litu verify` before `litu build` says what to do."""
    ran = litu(new_course(tmp_path / "new", "01-tiny"), "verify", "01")

    assert (ran.code, ran.err) == (1, "litu: 01-tiny is not built; run `litu build 01-tiny` first.\n")


def test_a_unit_that_has_changed_since_its_build_is_told(litu, course):
    """`litu verify` knows that an exercise was renamed after the key was written."""
    lesson = course / "course" / "01-tiny.md"
    text = lesson.read_text(encoding="utf-8").replace("name: sort", "name: kind").replace("exercise: sort", "exercise: kind")
    lesson.write_text(text.replace('check("sort"', 'check("kind"'), encoding="utf-8")

    ran = litu(course, "verify", "01", "--no-public")

    assert (ran.code, ran.err) == (1, "litu: 01-tiny has changed since it was built; run `litu build 01-tiny` first.\n")


def test_a_right_answer_that_the_check_rejects_ends_the_build(litu, course):
    """An accept cell that lacks an entry, and a solution that fails its own check, are told with what the check says."""
    lesson = course / "course" / "02-kinds.md"
    edit(
        lesson,
        "```{code-cell}\n---\ntags: [exercise]\nname: share-series",
        "```{code-cell}\n---\ntags: [accept]\nname: shares\n---\nshares = {'1952': 12}\n```\n\n```{code-cell}\n---\ntags: [exercise]\nname: share-series",
    )
    first = litu(course, "build", "02")
    edit(lesson, "shares = {'1952': 12}", "shares = {'1952': 12, '1978': 12}")
    edit(lesson, 'description="A line of the urban people of China, 1952 to 2019, which rises ever more steeply."', 'description="Rising."')
    second = litu(course, "build", "02")

    assert 'exercise shares: the check rejects this right answer: No entry for "1978".' in first.err
    assert "exercise chart: the check rejects the solution: " in second.err
    assert (first.code, second.code) == (1, 1)


def test_a_build_does_not_depend_on_where_it_is_called(litu, course):
    """`litu` finds the course from any folder inside it."""
    ran = litu(course / "release" / "01-tiny", "build")

    assert ran.code == 0
    assert "01-tiny: unchanged" in ran.out and "02-kinds: unchanged" in ran.out

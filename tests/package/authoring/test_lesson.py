"""A mistake in a lesson's text ends in one sentence that names file, line and exercise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import LESSONS

from litu.authoring.notebooks import source_notebook
from litu.authoring.parser import read_lesson
from litu.errors import LituError

TINY = (LESSONS / "01-tiny.md").read_text(encoding="utf-8")
EXERCISE, CHECK = "---\ntags: [exercise]\nname: urban-share", ':tags: [check]\ncheck("urban-share"'
MISTAKE, ACCEPT, WRITTEN = "---\ntags: [mistake]", "---\ntags: [accept]", "---\ntags: [written]"
SOLUTION = 'urban_share = people.loc[1978, "urban_million"] / people.loc[1978, "total_million"] * 100\n'
STARTER = 'urban_share = ...\n# urban_share = people.loc[____, "urban_million"] / ____ * 100\n'

SPOILED = [
    # What is written instead of what, where the sentence points to, and what it says.
    ("unknown tag", "tags: [accept]", "tags: [accepted]", "---\ntags: [accepted]", "unknown tag 'accepted'; a cell has one of accept, check, exercise, mistake, written"),
    ("two tags", "tags: [accept]", "tags: [accept, mistake]", "---\ntags: [accept, mistake]", "a cell has one tag at most"),
    ("unknown field", "points: 2\nclaims", "worth: 2\npoints: 2\nclaims", EXERCISE, "exercise urban-share: a cell tagged 'exercise' has no field 'worth'"),
    ("a field without a tag", "---\ntags: [accept]\n", "---\n", "---\nname: urban-share\n---\nurban_share = float", "exercise urban-share: a cell without a tag has no field 'name'"),
    ("points missing", "points: 2\nclaims", "claims", EXERCISE, "exercise urban-share: points missing; write `points:` in the cell's header"),
    ("says missing", re.search(r"says: .*\n", TINY)[0], "", MISTAKE, "exercise urban-share: says missing; write `says:` in the cell's header"),
    ("points that are none", "points: 2\nclaims", "points: two\nclaims", EXERCISE, "exercise urban-share: points must be a number, 0 or more"),
    ("a name that is none", "name: sort", "name: Sort_it", "---\ntags: [exercise]\nname: Sort_it", "exercise Sort_it: name must be lower case words joined by hyphens, 50 letters at most"),
    ("a hint that is no list", "hints:\n  - A share is a part of a whole.\n  - The part", "hints: The part", EXERCISE, "exercise urban-share: hints must be a list of sentences; one that holds a colon needs quotation marks"),
    ("a misspelled feedback", "feedback: graded", "feedback: later", "---\ntags: [exercise]\nname: sort", "exercise sort: feedback must be instant or graded"),
    ("a check without exercise", 'check("urban-share"', 'check("urban-shares"', ':tags: [check]\ncheck("urban-shares"', "exercise urban-shares: this check has no exercise of its name before it"),
    ("an exercise without check", '```{code-cell}\n:tags: [check]\ncheck("urban-share", urban_share, unit="percent", places=4)\n```\n', "", MISTAKE, "exercise urban-share: this mistake cell has no exercise and check of its name before it"),
    ("a last exercise without check", '```{code-cell}\n:tags: [check]\ncheck("sort", sort, choices=["fact", "cause", "value", "policy"])\n```\n', "", "---\ntags: [exercise]\nname: sort", "exercise sort: it has no check cell"),
    ("two exercises of one name", "name: critique", "name: sort", "---\ntags: [written]", "exercise sort: two exercises have this name"),
    ("a mistake of no exercise", "tags: [mistake]\nname: urban-share", "tags: [mistake]\nname: urban", MISTAKE, "exercise urban: this mistake cell has no exercise and check of its name before it"),
    ("no solution region", "### END SOLUTION\n", "", EXERCISE, "exercise urban-share: one region from '### BEGIN SOLUTION' to '### END SOLUTION' is needed"),
    ("a check that is more than a call", 'check("urban-share"', 'x = check("urban-share"', ':tags: [check]\nx = ', 'a check cell is one call: check("name", variable, option=...)'),
    ("an unknown option", "places=4", "digits=4", CHECK, "exercise urban-share: a check has no option 'digits'"),
    ("a rubric that does not add up", "{points: 2, text", "{points: 1, text", WRITTEN, "exercise critique: the points of the rubric do not add up to the points of the cell"),
    ("a rubric that is none", '{points: 2, text: "', '{worth: 2, text: "', WRITTEN, "exercise critique: rubric must be a list of {points: ..., text: ...}"),
    ("a syntax error in a solution", SOLUTION, SOLUTION.replace("people.loc[", "people.loc(", 1), SOLUTION.replace("people.loc[", "people.loc(", 1)[:40], "exercise urban-share: the code is not valid Python: closing parenthesis ']' does not match opening parenthesis '('"),
    ("a syntax error in a plain cell", "people.loc[1978]\n", "people.loc 1978\n", "people.loc 1978", "the code is not valid Python: invalid syntax"),
    ("a syntax error below a check's tag", "places=4)", "places=4))", 'check("urban-share"', "the code is not valid Python: unmatched ')'"),
    ("bad YAML in a cell", "says: You divided by", "says: You divided: by", "says: You divided: by", "the header is not valid YAML: mapping values are not allowed here"),
    ("bad YAML below a tag", ":tags: [check]\ncheck(\"sort\"", ":tags: [check\ncheck(\"sort\"", ":tags: [check\n", "the header is not valid YAML: expected ',' or ']', but got '<stream end>'"),
    ("bad YAML in the front matter", "  minutes: 5", "  minutes: 5: 6", "  minutes: 5: 6", "the header is not valid YAML: mapping values are not allowed here"),
    ("a name that is a number", "name: sort", "name: 2016", "---\ntags: [exercise]\nname: 2016", "the header must be `name: value` lines, with a text as name"),
    ("a header that is a list", "---\ntags: [accept]\nname: urban-share\n---", "---\n- accept\n---", "---\n- accept", "the header must be `name: value` lines, with a text as name"),
    ("a header that cannot be built", "points: 1\n", "points: !some 1\n", "points: !some 1", "the header is not valid YAML: could not determine a constructor for the tag '!some'"),
    ("a front matter without title", "  title: A tiny unit\n", "", "---\njupytext", 'the front matter needs "litu:" with "title:"'),
    ("a front matter without course", re.search(r"litu:\n(  .*\n)+", TINY)[0], "litu:\n", "---\njupytext", 'the front matter needs "litu:" with "title:"'),
    ("a front matter with another field", "  minutes: 5\n", "  minutes: 5\n  length: 3\n", "---\njupytext", "the front matter has no field 'length'"),
    ("a part without minutes", "  minutes: 5\n", "  minutes: 5\n  parts: [{title: A}]\n", "---\njupytext", "a part in the front matter has a title and minutes"),
    ("a section walked by no exercise", "  minutes: 5\n", "  minutes: 5\n  walks: {000-1.1: nowhere}\n", "---\njupytext", "walks in the front matter names the exercise 'nowhere', which is not in the lesson"),
    ("an unknown verdict", "verdict: defended", "verdict: true", "---\njupytext", "the verdict on claim 001-02 must be one of reconciles, fails, cannot be tested, defended"),
    ("a skeleton above its placeholder", STARTER, "\n".join(reversed(STARTER.strip().split("\n"))) + "\n", "# urban_share = people.loc[____", "exercise urban-share: the placeholder `...` must stand above its commented skeleton"),
    ("a misspelled fence", "```{code-cell}\n---\ntags: [mistake]", "```{code_cell}\n---\ntags: [mistake]", "```{code_cell}", "'```{code_cell}' begins no cell; a code cell begins with ```{code-cell}, unindented"),
]  # fmt: skip


def spoiled(text: str, old: str, new: str) -> str:
    """Return a lesson's text with the first ``old`` replaced."""
    assert old in text
    return text.replace(old, new, 1)


def line_of(text: str, where: str) -> int:
    """Return the number of the line on which ``where`` begins."""
    return text.count("\n", 0, text.index(where)) + 1


@pytest.fixture
def lesson_file(tmp_path: Path) -> Path:
    """Return the path of a lesson to be written."""
    (tmp_path / "course").mkdir()
    return tmp_path / "course" / "01-tiny.md"


@pytest.mark.parametrize(("old", "new", "where", "says"), [case[1:] for case in SPOILED], ids=[case[0] for case in SPOILED])
def test_a_mistake_is_told_with_its_place(lesson_file: Path, old: str, new: str, where: str, says: str):
    """File, line and exercise are named, and what is expected instead."""
    text = spoiled(TINY, old, new)
    lesson_file.write_text(text, encoding="utf-8")

    with pytest.raises(LituError) as raised:
        read_lesson(lesson_file)

    assert str(raised.value) == f"course/01-tiny.md:{line_of(text, where)}: {says}"


def test_a_lesson_is_read_into_cells_and_exercises(lesson_file: Path):
    """Every tag finds its exercise; the starter is the cell without the solution."""
    lesson_file.write_text(TINY, encoding="utf-8")

    lesson = read_lesson(lesson_file)

    assert (lesson.unit, lesson.title, lesson.header.minutes) == ("01-tiny", "A tiny unit", 5)
    share = lesson.exercises["urban-share"]
    assert (len(share.mistakes), len(share.accepts)) == (1, 1)
    assert share.call.options == {"unit": "'percent'", "places": "4"}
    assert share.cell.starter().endswith(STARTER.strip())
    assert share.cell.solution() == SOLUTION.strip()


def test_the_front_matter_tells_what_a_unit_walks(lesson_file: Path):
    """Parts, sections, inconsistencies and scorecard are read; a section may have no exercise for a reason."""
    fields = "  parts: [{title: A, minutes: 5}]\n  walks: {000-1: 'no exercise: a heading only', 000-1.1: sort}\n  inconsistencies: {K9: urban-share}\n"
    lesson_file.write_text(TINY.replace("  minutes: 5\n", "  minutes: 5\n" + fields), encoding="utf-8")

    header = read_lesson(lesson_file).header

    assert (header.parts[0].minutes, header.walks["000-1.1"], header.inconsistencies["K9"], header.scorecard[0].verdict) == (
        5,
        "sort",
        "urban-share",
        "reconciles",
    )


def test_a_student_sees_a_short_check_and_lines_for_help(lesson_file: Path):
    """Options stay in the author's text; hint and solution stand ready below the check, in a cell of the student's own."""
    lesson_file.write_text(TINY, encoding="utf-8")

    cells = {cell.id: cell for cell in source_notebook(read_lesson(lesson_file)).cells}

    assert cells["check-urban-share"].source == 'check("urban-share", urban_share)'
    assert '# hint("urban-share")' in cells["help-urban-share"].source and "nbgrader" not in cells["help-urban-share"].metadata


def test_a_cell_knows_the_line_of_its_source(lesson_file: Path):
    """The line is right below a YAML header, below colon options, and without any."""
    lesson_file.write_text(TINY, encoding="utf-8")

    for cell in read_lesson(lesson_file).cells:
        assert TINY.split("\n")[cell.first - 1] == cell.source.split("\n")[0]


def test_a_file_that_is_not_text_is_told(lesson_file: Path):
    """Bytes that are no UTF-8 end in a sentence too."""
    lesson_file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(LituError, match=r"course/01-tiny\.md:1: the file is not UTF-8 text"):
        read_lesson(lesson_file)


@st.composite
def damaged_lessons(draw: st.DrawFn) -> list[str]:
    """Draw the lines of a lesson of which one to three are lost, doubled, cut, indented or swapped."""
    lines = TINY.split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        change = draw(st.sampled_from(["lose", "double", "cut", "indent", "swap"]))
        if change == "lose":
            del lines[at]
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        elif change == "indent":
            lines[at] = "  " + lines[at]
        else:
            lines[at], lines[other] = lines[other], lines[at]
    return lines


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=damaged_lessons())
def test_no_damage_to_a_lesson_ends_in_another_error(lesson_file: Path, lines: list[str]):
    """Whatever line is lost, doubled or cut, the lesson is read or its fault is told in one line."""
    lesson_file.write_text("\n".join(lines), encoding="utf-8")
    try:
        read_lesson(lesson_file)
    except LituError as error:
        assert re.match(r"course/01-tiny\.md:\d+: [^\n]+\Z", str(error))
        assert int(str(error).split(":")[1]) <= len(lines) + 1

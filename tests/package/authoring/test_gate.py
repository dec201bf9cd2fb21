"""Nothing that gives an answer away gets into a student's copy: each leak is planted and must be refused."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_output

from litu.answers.contract import read_key
from litu.authoring.figures import known_figures
from litu.authoring.leaks import leaks, right_numbers
from litu.authoring.parser import read_lesson
from litu.kinds.wire import to_plain

SOLUTION = 'people.loc[1978, "urban_million"] / people.loc[1978, "total_million"] * 100'
ROUNDABOUT = 'float((people["urban_million"] / people["total_million"])[1978]) * 100'
WRONG = 'people.loc[1978, "urban_million"] / people.loc[1978, "rural_million"] * 100'
PROSE, HINT, SAYS = "A share has a part and a whole.", "A share is a part of a whole.", "A share is taken of all people."
SCHEME = "Names the people who live in towns without being registered there."

PLANTED = [
    # What is written instead of what, and what the gate says.
    ("the solution in prose", PROSE, f"It is `urban_share = {SOLUTION}`.", "the solution line 'urban_share=people.loc[1978,\"urban_million\"]/people.loc[1978,\"total_million\"]*100' is in the student notebook"),
    ("the solution, spaced otherwise", PROSE, f"It is `urban_share   =\n{SOLUTION}`.", "the solution line"),
    ("the solution in a later cell", "```{code-cell}\n---\ntags: [written]", f"```{{code-cell}}\nprint(\n    'urban_share = {SOLUTION}'\n)\n```\n\n```{{code-cell}}\n---\ntags: [written]", "the solution line"),
    ("the solution in a hint", HINT, f"Write urban_share = {SOLUTION}", "a hint holds the solution line"),
    ("a mistake's code in prose", PROSE, f"It is not `urban_share = {WRONG}`.", "the mistake at line 56 is in the student notebook"),
    ("a mistake's message in prose", PROSE, f"You divided by the people of the countryside. {SAYS}", "the message of the mistake at line 56 is in the student notebook"),
    ("the right number in prose", PROSE, "The share was 17.9152 percent.", "the prose '## What we learned\\n\\nThe share was 17.9152 percent.' quotes the right answer 17.9152"),
    ("the right number in a hint", HINT, "It is near 17.91.", "the message 'It is near 17.91.' quotes the right answer 17.91"),
    ("the right number in a message", SAYS, "It is 17.9152.", "quotes the right answer 17.9152"),
    ("the right word in a hint", "feedback: graded", "feedback: graded\nhints: ['Could it be a fact or not?']", "exercise sort: the message 'Could it be a fact or not?' quotes the right answer"),
    ("a mark scheme in prose", PROSE, f"A good answer: {SCHEME.lower().capitalize()} {SCHEME}", "the mark scheme of critique is in the student notebook"),
    ("a model answer in prose", PROSE, "It leaves out the unregistered, so the printed share is too low.", "the mark scheme of critique is in the student notebook"),
    ("a mark scheme in another task", "What does the share leave out?", f"What does the share leave out? {SCHEME}", "the mark scheme of critique is in the student notebook"),
    ("a message that is too long", SAYS, "Look again. " * 30, "is longer than 45 words"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), [case[1:] for case in PLANTED], ids=[case[0] for case in PLANTED])
def test_a_planted_leak_is_not_released(litu, course, old, new, says):
    """The build stops in one line, and the released copy stays the one without the leak."""
    lesson, released = course / "course" / "01-tiny.md", course / "release" / "01-tiny" / "01-tiny.ipynb"
    text, before = lesson.read_text(encoding="utf-8"), released.read_bytes()
    assert old in text
    lesson.write_text(text.replace(old, new, 1), encoding="utf-8")

    ran = litu(course, "build", "01")

    assert ran.code == 1
    assert ran.err.startswith("litu: course/01-tiny.md is not released: ") and ran.err.count("\n") == 1
    assert says in ran.err
    assert released.read_bytes() == before


@pytest.fixture
def gate(built: Path):
    """Return a released notebook and a function that asks the gate about it."""
    released = nbformat.read(built / "release" / "01-tiny" / "01-tiny.ipynb", as_version=4)
    lesson = read_lesson(built / "course" / "01-tiny.md")
    key = read_key((built / "grading" / "keys" / "01-tiny.json").read_text(encoding="utf-8"), "the key", "01-tiny")
    return released, lambda: leaks(released, lesson, key, built / "data")


def test_the_released_notebook_passes(gate):
    """What the build released gives nothing away."""
    _, ask = gate

    assert ask() == []


def test_an_output_is_refused(gate):
    """A printed answer in a cell's output is a leak like any other."""
    released, ask = gate
    released.cells[1].outputs = [new_output("stream", text="17.9152")]

    assert ask() == [f"cell {released.cells[1].id} has an output"]


@pytest.mark.parametrize("mark", ["### BEGIN SOLUTION", "=== BEGIN MARK SCHEME ===", "# END  SOLUTION"])
def test_a_mark_that_was_left_is_refused(gate, mark):
    """A solution or mark scheme that nbgrader did not clear is seen by its marks."""
    released, ask = gate
    released.cells.append(new_markdown_cell(mark))

    assert [found for found in ask() if "is in the student notebook" in found]


@pytest.mark.parametrize("code", [f"urban_share = {ROUNDABOUT}", f"urban_share={SOLUTION}  # so"])
def test_another_right_answer_is_refused(gate, code):
    """The code of the accept cells is as good as the solution."""
    released, ask = gate
    released.cells.append(new_markdown_cell(code))

    assert [found for found in ask() if "is in the student notebook" in found]


@pytest.mark.parametrize(
    ("answer", "inputs", "options", "numbers"),
    [
        (12.25, None, {}, [12.25]),
        ([1.5, "two", 3], None, {}, [1.5, 3]),
        ({"a": 1.5, "b": "x"}, None, {}, [1.5]),
        (lambda x: x / 8, [[12], [20]], {}, [1.5, 2.5]),
        (True, None, {}, []),
    ],
    ids=["number", "list", "dict", "function", "boolean"],
)
def test_the_numbers_of_every_kind_of_answer_are_watched(answer, inputs, options, numbers):
    """A message may quote none of the numbers that a right answer is made of."""
    assert [value for value, _ in right_numbers(to_plain(answer, inputs), options)] == numbers


def test_no_released_file_holds_an_answer_in_plain(built: Path):
    """Neither notebook nor public checks of any kind of exercise hold a right number, a solution or a message."""
    known = known_figures(built / "data")
    for unit in ("01-tiny", "02-kinds"):
        key = read_key((built / "grading" / "keys" / f"{unit}.json").read_text(encoding="utf-8"), "the key", unit)
        released = "".join(file.read_text(encoding="utf-8") for file in sorted((built / "release" / unit).iterdir()))
        for name, entry in key.exercises.items():
            if entry.answer["kind"] != "chart":
                numbers = [value for value, _ in right_numbers(entry.answer, entry.options) if value not in known]
                assert not [value for value in numbers if str(value)[:8] in released], name
            assert not [mistake for mistake in entry.mistakes if mistake.says in released], name
            assert json.dumps(entry.solution)[1:-1] not in released, name

"""The report on a class: figures that are known, questions that are asked only where there is reason, and names that do nothing."""

from __future__ import annotations

import csv
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import numpy as np
import pytest
from grading_tools import ESSAY, FACT, FULL, SHARE, SLIP, UNIT, as_text, filled_in, open_book
from typer.testing import CliRunner

from litu.answers.contract import AnswerKey, ExerciseKey
from litu.cli.app import app
from litu.course import Course
from litu.grading.assignment import Assignment
from litu.grading.results.class_report.alike import Reader, alike
from litu.grading.results.class_report.findings import Findings, gather
from litu.grading.results.class_report.items import Item, analyse, item_rest_correlations
from litu.grading.results.class_report.people import Person
from litu.grading.results.class_report.write import page, write_report
from litu.grading.results.models import ExerciseResult, Result, WrittenResult
from litu.grading.results.store import store_of

pytest_plugins = ["grading_fixtures"]

LSAT_6 = (3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15, 10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298)
"""People by pattern of five right or wrong answers, 00000 to 11111 (Bock and Lieberman 1970)."""
NASTY = "<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "=cmd()", "\u202eevil", "{{ 7*7 }}", "王芳"


def test_discrimination_is_the_one_of_the_textbook() -> None:
    """The five items of LSAT-6 have the corrected correlations that R's package ltm prints; an item that all have alike has none."""
    patterns = [[int(bit) for bit in f"{number:05b}"] for number, people in enumerate(LSAT_6) for _ in range(people)]

    found = item_rest_correlations(np.array(patterns, dtype=float))

    assert np.round(np.array(found, dtype=float), 4) == pytest.approx([0.1128, 0.1532, 0.1728, 0.1444, 0.1216])
    assert item_rest_correlations(np.array([[1.0, 0.0], [1.0, 1.0]])) == [None, None]


def exercise(name: str, share: float, slip: str | None = None, outcome: str | None = None, message: str = "") -> ExerciseResult:
    """Return an exercise worth two points."""
    outcome = outcome or ("right" if share == 1 else "partly right" if share else "wrong")
    return ExerciseResult(name, 2.0, 2 * share, outcome, message, slip)


def asked(column: list[ExerciseResult], others: list[float] | None = None) -> str:
    """Return what is asked about an exercise, and how it stands, when the class did three others so well."""
    others = others or [1.0] * len(column)
    results = [
        Result(f"s{place}", UNIT, "graded", exercises=[one, *(exercise(f"other-{n}", share) for n in range(3))])
        for place, (one, share) in enumerate(zip(column, others, strict=True))
    ]
    names = ["e", "other-0", "other-1", "other-2"]
    key = AnswerKey(2, UNIT, "", {name: ExerciseKey("x", {"kind": "number", "value": 1}, 2.0) for name in names})
    return " ".join(analyse(results, key)[0].questions)


@pytest.mark.parametrize(
    ("column", "others", "question"),
    [
        ([exercise("e", 0)] * 6, None, "Nobody of the 6 who tried"),
        ([exercise("e", 1)] * 2 + [exercise("e", 0, outcome="not started")] * 6, None, "Only 2 of 8 started"),
        ([exercise("e", 0)] * 5 + [exercise("e", 1)] * 10, [1.0] * 5 + [0.0] * 10, "Of the 5 who are best in the other exercises only 0"),
        ([exercise("e", 0)] * 5 + [exercise("e", 1)] * 10, [1.0] * 5 + [0.0] * 10, "does worse here (correlation -1.00)"),
        ([exercise("e", 1)] * 6 + [exercise("e", 0, "no value")] * 3, None, "In 3 of 9 notebooks its cell did not come to an answer"),
        ([exercise("e", 1)] * 6 + [exercise("e", 0, "type")] * 3, None, "3 of 9 gave another kind of answer"),
        ([exercise("e", 1)] * 2 + [exercise("e", 0)] * 5, None, "5 of 7 are wrong in a way that the check has no name for"),
    ],
    ids=["nobody", "not-started", "strong", "negative", "stopped", "kind", "unnamed"],
)  # fmt: skip
def test_an_exercise_that_may_not_work_is_called_into_question(
    column: list[ExerciseResult], others: list[float] | None, question: str
) -> None:
    """Each sign that an exercise does not work draws its question."""
    assert question in asked(column, others)


def test_a_class_without_trouble_draws_no_question() -> None:
    """An exercise that the stronger have right and the weaker have not, with named slips, is not called into question."""
    column = [exercise("e", 1)] * 8 + [exercise("e", 0, "a slip")] * 4
    assert asked(column, [1.0] * 8 + [0.5] * 4) == ""
    assert asked([exercise("e", 0)] * 4) == "", "four tries are too few"


def result(student: str, notebook: nbformat.NotebookNode, shares: tuple[float, float] = (1, 1), status: str = "graded") -> Result:
    """Return the result of a notebook of the tiny unit, as it would be stored."""
    share, sort = shares
    says = "You divided by the people of the countryside. A share is taken of all people. `urban_share` is now 21.8."
    first = exercise("urban-share", share, None if share == 1 else "You divided by the people of the countryside.", message=says)
    second = ExerciseResult("sort", 1.0, sort, "right" if sort else "not started", "")
    return Result(
        student, UNIT, status, exercises=[first, second], written=[WrittenResult("critique", 3.0, False)], notebook=as_text(notebook)
    )


def store(root: Path, *results: Result) -> Course:
    """Put results where grading keeps them and return the course."""
    course = Course.find(root)
    for one in results:
        store_of(course, UNIT).save_draft(one)
        store_of(course, UNIT).finish(one.student)
    return course


def found_in(root: Path, *, anonymous: bool = False) -> Findings:
    """Return what a report on the tiny unit says."""
    with open_book(root) as book:
        return gather(Course.find(root), UNIT, book, anonymous=anonymous)


def test_the_same_work_is_told_whatever_it_looks_like(built: Path) -> None:
    """Layout, quotes and comments make no difference; the starter alone is nobody's work; the same text is told apart."""
    reader = Reader(Assignment.load(Course.find(built), UNIT))
    retyped = {"urban-share": SHARE.replace('"', "'") + "  # mine", "sort": FACT.replace(" = ", "="), "critique": ESSAY}
    answers = {"ann": FULL, "bo": retyped, "cy": {**FULL, "sort": 'sort = "value"', "critique": "Short."}, "di": {}, "ed": {}}
    writings = {
        student: reader.read(result(student, filled_in(built, found), (1, 1) if found else (0, 0))) for student, found in answers.items()
    }

    same = alike(writings, 2)

    assert [(one.students, one.exercises, one.theirs, one.text) for one in same] == [
        (("ann", "bo"), 2, 1, ""),
        (("ann", "bo"), 0, 0, "critique"),
    ]


def test_the_report_knows_the_whole_class(classroom: Path) -> None:
    """Who handed in nothing, who needs help and why, which slip with which sentence, what waits: all from disk and gradebook."""
    wrong = filled_in(classroom, {"urban-share": SLIP})
    course = store(
        classroom, result("ann", filled_in(classroom, FULL)), result("bo", wrong, (0, 0)),
        Result("cy", UNIT, "refused", reason="It is no notebook."),
    )  # fmt: skip
    with open_book(classroom) as book:
        book._book.add_student("zoe", first_name="Zoe", last_name="Lee")

    found = found_in(classroom)
    path = write_report(course, found, anonymous=False, today=date(2026, 3, 1))

    assert [one.student for one in found.missing] == ["zoe"] and found.missing[0].name == "Lee Zoe"
    assert [(one.student, one.help) for one in found.need_help] == [
        ("bo", "0 of 3 points, 1 exercises not started"),
        ("cy", "The notebook could not be graded. It is no notebook."),
    ]
    (slip,) = found.items[0].slips
    assert slip.sentence == "You divided by the people of the countryside. A share is taken of all people." and slip.students == 1
    assert found.items[0].difficulty == 0.5 and found.items[0].discrimination is None
    assert "You divided by the people of the countryside. A share is taken of all people." in path.read_text(encoding="utf-8")
    with (path.parent / "students.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["bo"]["lost_points_in"] == "urban-share; sort" and rows["zoe"]["status"] == "nothing handed in"


class Tags(HTMLParser):
    """Takes down the tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.acts: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        self.acts += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_names_and_answers_do_nothing_on_the_page() -> None:
    """Whatever students are called and write, the page holds no script, loads nothing and shows the words as they are."""
    people = [
        Person(name, name, "graded", 0.0, 2.0, help=name, lost=(name,), suspicions=(name,), doubts=(name,), waits=True) for name in NASTY
    ]
    item = Item("e", 2.0, 1, 1, 1, 1, 0.5, None, (), 1, NASTY)

    read = Tags(page(Findings(UNIT, NASTY[0], [item], [], people, []), NASTY[1], date(2026, 3, 1), anonymous=False))

    assert not {"script", "img", "iframe", "object", "link"} & set(read.tags) and read.acts == []
    assert all(address.startswith("#") for address in read.addresses)
    for name in NASTY:
        assert name.replace("\u202e", "\\u202e") in read.text
    assert "49" not in read.text


def test_an_anonymous_report_names_nobody(classroom: Path) -> None:
    """No name of the class stands on the page or in a table, not even inside a doubt; the numbers stay."""
    bo = result("bo-li", filled_in(classroom, {"urban-share": SLIP}), (0, 0))
    bo.doubts = ["There are several folders of one name: 'Bo-Li' was read."]
    bo.suspicions = ["imports ctypes"]
    course = store(classroom, bo, result("ann-wu", filled_in(classroom, FULL)))
    with open_book(classroom) as book:
        book._book.add_student("zoe-qi", first_name="Zoe", last_name="Qi")

    path = write_report(course, found_in(classroom, anonymous=True), anonymous=True)

    written = [one.read_text(encoding="utf-8").casefold() for one in path.parent.iterdir()]
    assert len(written) == 4
    assert not [name for name in ("bo-li", "ann-wu", "zoe") for text in written if name in text]
    assert "imports ctypes" in "".join(written) and "left out: this text names somebody" in "".join(written)


def test_the_command_says_what_to_open(classroom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`litu report` names its files; before anything is graded it says in one sentence what to run first."""
    monkeypatch.chdir(classroom)
    run = CliRunner().invoke  # in this process: what draws the pictures does not survive a fork
    early = run(app, ["report", "01"])
    assert str(early.exception) == "Nothing of 01-tiny has been graded yet; run `litu grade 01` first."

    store(classroom, result("ann", filled_in(classroom, FULL)))
    ran = run(app, ["report", "01"])

    assert ran.exit_code == 0 and "1 graded, 0 handed in nothing" in ran.output and f"grading/reports/{UNIT}/report.html" in ran.output
    assert (classroom / "grading" / "reports" / UNIT / "report.html").is_file()

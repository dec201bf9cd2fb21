"""What a learner calls: check, hint, solution and progress never raise and always say what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import litu
from litu.answers.notes import Note, verdict_note
from litu.answers.verdict import Outcome, Verdict
from litu.learner import unit as units
from litu.learner.api import NotRightYet, check, progress
from litu.learner.help import hint, reset, skip, solution
from litu.learner.progress import Progress

SHARE, COUNTRYSIDE = 172.45 / 962.59 * 100, 172.45 / 790.14 * 100


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the learner's progress_file in a folder of the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return tmp_path / "state" / "litu" / "leaving-the-soil"


@pytest.fixture
def self_study(built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Submission in a unit of a whole course, as on Binder: the key is at hand."""
    monkeypatch.chdir(built / "release" / "01-tiny")
    return built


@pytest.fixture
def bundle(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Submission in a unit handed out to a class: nothing but notebook and public checks."""
    folder = Path(shutil.copytree(built / "release" / "01-tiny", tmp_path / "bundle" / "01-tiny"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    """Return a function that returns what was said since it was last called."""
    return lambda: capsys.readouterr().out


# Outcomes


@pytest.mark.parametrize("place", ["self_study", "bundle"])
def test_a_check_says_how_an_answer_stands(request, said, place):
    """With the key and with the public checks alone the words are the same."""
    request.getfixturevalue(place)

    assert check("urban-share", ...) is None
    assert (
        said()
        == "○ urban-share: not started. `urban_share` is not there yet: a number (percent) is expected. If you have filled it in, look for a later line that sets it back to `...`, and for `print`, which only shows a value.\n"
    )
    check("urban-share", SHARE, unit="percent", places=4)
    assert said() == "✓ urban-share: right. `urban_share` is right.\n"
    check("urban-share", COUNTRYSIDE)
    assert said() == (
        "✗ urban-share: wrong. You divided by the people of the countryside. A share is taken of all people. "
        "`urban_share` is now 21.8252.\n"
    )
    check("urban-share", SHARE / 100)
    assert "a fraction where a percentage is asked for" in said()


def test_without_a_key_a_graded_answer_is_recorded(bundle, said):
    """A choice is not judged before grading, whichever it is."""
    check("sort", "fact")
    fact = said()
    check("sort", "value")

    assert fact == said() == "▤ sort: recorded. `sort` is noted. It is marked when your work is graded.\n"


def test_with_the_key_a_graded_answer_is_judged(self_study, said):
    """In self-study nobody else will mark it."""
    check("sort", "value")

    assert said().startswith("✗ sort: wrong.")


def test_partly_right_says_the_points(built, monkeypatch, said):
    """What is earned so far stands in the heading."""
    monkeypatch.chdir(built / "release" / "02-kinds")

    check("shares", {"1952": 71.63 / 574.82 * 100, "1978": 1.5})

    assert said().startswith(
        '◐ shares: partly right, 1 of 2 points. The entry "1978": work that one out again on its own, step by step. Right so far: "1952".'
    )


# Whatever the value


class Hostile:
    """An object whose every use raises."""

    def __getattribute__(self, name: str) -> object:
        raise RuntimeError("hands off")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("hands off")

    def __hash__(self) -> int:
        raise RuntimeError("hands off")

    def __repr__(self) -> str:
        raise RuntimeError("hands off")

    def __len__(self) -> int:
        raise RuntimeError("hands off")

    def __iter__(self):
        raise RuntimeError("hands off")

    def __bool__(self) -> bool:
        raise RuntimeError("hands off")

    def __call__(self, *given: object) -> object:
        raise SystemExit("hands off")


class Pretender:
    """An object that calls itself an int, a list or a chart and is none."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    @property
    def __class__(self) -> type:
        return self.kind


class BadList(list):
    """A list that says a wrong length and then raises."""

    def __len__(self) -> int:
        return -1

    def __iter__(self):
        raise SystemExit


class BadText(str):
    """A text that cannot be turned into one."""

    def __str__(self) -> str:
        raise KeyError("no text")


class Chartlike:
    """Something that claims to be Altair's."""

    def to_dict(self) -> object:
        return {"data": self, "mark": [self]}


Chartlike.__module__ = "altair.vegalite"


def recursive(*given: object) -> object:
    """Call itself for ever."""
    return recursive(*given)


def in_itself() -> list[object]:
    """Return a list that holds itself."""
    value: list[object] = [1]
    value.append(value)
    return value


HOSTILE = {
    "hostile": Hostile(),
    "class": Hostile,
    "pretended int": Pretender(int),
    "pretended list": Pretender(list),
    "pretended table": Pretender(pd.DataFrame),
    "bad list": BadList([1]),
    "bad text": BadText("x"),
    "chart-like": Chartlike(),
    "list of hostile": [Hostile()],
    "dict of hostile": {"1952": Hostile(), "1978": 1},
    "Series of odd things": pd.Series([json, {}, Chartlike(), BadText("x")]),
    "huge list": [0] * 10**6,
    "list in itself": in_itself(),
    "generator": (number for number in range(3)),
    "recursion": recursive,
    "leaving": lambda *given: sys.exit(3),
    "repeated columns": pd.DataFrame([[1, 2, 3]], columns=["year", "year", "urban_percent"]),
    "two-level columns": pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_product([["year"], [1, 2]])),
    "two-level rows": pd.DataFrame({"year": [1]}, index=pd.MultiIndex.from_tuples([("a", 1)], names=["year", "year"])),
    "no rows": pd.DataFrame({"year": [], "urban_million": [], "urban_percent": []}),
    "no columns": pd.DataFrame(index=[1, 2]),
    "no values": pd.Series(dtype=float),
    "many zeros": np.zeros((3, 3, 3, 3)),
    "nothing in it": [[], {}, (), None, ...],
    "infinite": float("inf"),
    "long integer": 10**5000,
    "long text": "x" * 10**6,
    "the module": litu,
}


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "exercise", ["growth", "larger", "first-shares", "big-years", "shares", "share-series", "share-table", "ratio", "chart"]
)
def test_no_value_makes_a_check_raise(built, monkeypatch, said, exercise, value):
    """The learner reads one short note that does not call it right."""
    monkeypatch.chdir(built / "release" / "02-kinds")

    assert check(exercise, HOSTILE[value]) is None

    note = said()
    assert note.startswith(tuple(f"{sign} {exercise}: " for sign in "✗◐○!"))
    assert note.count("\n") == 1 and len(note.split()) < 75


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_makes_a_public_check_raise(bundle, said, value):
    """The same holds where only the student copy's checks are at hand."""
    assert check("urban-share", HOSTILE[value]) is None

    assert said().startswith(("✗ urban-share: ", "! urban-share: "))


@pytest.mark.parametrize("name", [..., 7, None, ["urban-share"], 1.5, {}, ""])
def test_no_name_makes_anything_raise(self_study, said, name):
    """A name that is none, such as the answer itself, leads to the names there are."""
    for call in (lambda: check(name, 1), lambda: hint(name), lambda: solution(name)):
        assert call() is None
        assert re.search("This unit has no exercise|Say which exercise", said())


def test_an_unknown_name_leads_to_the_nearest(self_study, said):
    """A misspelled exercise is answered with what was probably meant."""
    check("urban_shares", 1)

    assert said() == "! urban_shares: not checked. This unit has no exercise 'urban_shares'; did you mean urban-share?\n"


# Under nbgrader


def test_under_nbgrader_a_check_returns_points(self_study, monkeypatch, state):
    """All, none, and nothing is written into anybody's progress_file."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    assert check("urban-share", SHARE) == 2.0
    assert check("urban-share", COUNTRYSIDE) == 0.0
    assert check("urban-share", ...) == 0.0
    assert check("sort", "fact") == 1.0
    assert not state.exists()


def test_under_nbgrader_part_of_the_points_may_be_earned(built, monkeypatch):
    """A dict is worth the share of its entries."""
    monkeypatch.chdir(built / "release" / "02-kinds")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    assert check("shares", {"1952": 71.63 / 574.82 * 100, "1978": 1.5}) == 1.0


def test_grading_without_a_key_is_refused(bundle, monkeypatch):
    """Points are never given by the public checks."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    with pytest.raises(NotRightYet, match="The answer key of 01-tiny is not at hand; run `litu build` before grading"):
        check("urban-share", SHARE)


def test_validation_raises_our_message(bundle, monkeypatch):
    """The Validate button lists what is not right yet, in the check's own words; a recorded answer passes."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")

    with pytest.raises(NotRightYet) as raised:
        check("urban-share", COUNTRYSIDE)

    assert "A share is taken of all people." in str(raised.value)
    lines = raised.value._render_traceback_()
    assert " ".join(lines) == str(raised.value) and max(map(len, lines)) <= 80
    assert check("urban-share", SHARE) == 2.0
    assert check("sort", "value") == 1.0
    with pytest.raises(NotRightYet, match="not started"):
        check("sort", ...)
    with pytest.raises(NotRightYet, match="not checked"):
        check("unknown", 1)


# Hints, solutions, progress


def test_hints_come_one_rung_at_a_time(bundle, said):
    """The last one is repeated; an exercise without hints says so."""
    for rung in (
        "Hint 1 of 2 for urban-share. A share is a part of a whole. Run hint",
        "Hint 2 of 2 for urban-share. The part is",
        "Hint 2 of 2",
    ):
        hint("urban-share")
        assert said().startswith(rung)
    hint("sort")
    assert "There is no hint for this one" in said()


def test_a_solution_is_shown_after_three_tries(self_study, said):
    """Not started does not count as a try; each refusal says how many are left."""
    check("urban-share", ...)
    for left in ("3 times", "2 times", "once"):
        said()
        solution("urban-share")
        assert f"check an answer {left} more" in said()
        check("urban-share", 1.5)
    said()
    solution("urban-share")

    assert said() == (
        "Worked solution of urban-share. One route among others. Compare it line by line with yours.\n"
        "Worked:\n"
        'urban_share = people.loc[1978, "urban_million"] / people.loc[1978, "total_million"] * 100\n'
    )


def test_a_solution_is_shown_once_it_is_right(self_study, said):
    """Whoever has solved it may compare, also after a later wrong try."""
    check("urban-share", SHARE)
    check("urban-share", 1.5)
    said()
    solution("urban-share")

    assert said().startswith("Worked solution of urban-share")


def test_a_class_gets_no_solution_before_grading(bundle, said):
    """Without a key there is none to show, however often it was tried."""
    check("urban-share", SHARE)
    said()
    solution("urban-share")

    assert said() == "urban-share. Worked solutions of a graded class come after grading. Until then, hint() helps.\n"


def test_a_solution_can_be_asked_for_at_once(self_study, said):
    """Then it is marked as seen, and a right answer later still counts."""
    solution("urban-share", now=True)
    assert said().startswith("Worked solution of urban-share")
    progress()
    assert "not started (seen)" in said()


def test_a_written_task_has_a_model_answer(self_study, said):
    """Self-study readers see what a good answer can look like; a class does not."""
    solution("critique")

    assert said().startswith("Written task critique. Write your own answer first")


def test_a_class_has_no_model_answer(bundle, said):
    """Without a key the written task is none that anybody could show."""
    solution("critique")

    assert "no exercise 'critique'" in said()


@pytest.mark.parametrize("call", [hint, solution, skip, reset])
def test_a_call_without_a_name_says_what_to_write(self_study, said, call):
    """The sentence holds a line that can be copied."""
    assert call() is None

    assert f'Say which exercise, for example {call.__name__}("urban-share").' in said()


class Shell:
    """A notebook's shell, as far as help needs one."""

    def __init__(self) -> None:
        self.user_ns: dict[str, object] = {
            "In": ["", "# Exercise urban-share (2 points)\nurban_share = 17 + 1\n"],
            "people": litu.load("people").set_index("year"),
        }
        self.next = ""

    def ex(self, code: str) -> None:
        """Run code in the notebook's namespace."""
        exec(code, self.user_ns)  # noqa: S102 - the course's own solution

    def set_next_input(self, text: str, replace: bool) -> None:
        """Keep the text of the cell that is put below."""
        self.next = text


@pytest.fixture
def shell(self_study, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return a notebook's shell in a unit of a whole course."""
    found = Shell()
    monkeypatch.setattr("litu.learner.help._shell", lambda: found)
    return found


def test_the_worked_solution_stands_beside_ones_own(shell, said):
    """Both are shown with a label, the learner's as it was last run."""
    check("urban-share", SHARE)
    said()
    solution("urban-share")

    assert "Yours:\nurban_share = 17 + 1\nWorked:\nurban_share = people.loc" in said()


def test_skipping_gives_later_cells_what_they_need(shell, said):
    """The variable holds the worked answer, the record says skipped, and the exercise is not right."""
    skip("urban-share")

    assert shell.user_ns["urban_share"] == pytest.approx(SHARE)
    assert "→ urban-share: skipped" in said()
    progress()
    assert "0 of 2 exercises right" in (told := said()) and "not started (skipped)" in told


def test_starting_again_keeps_ones_own_lines(shell, said):
    """The starting lines come in a new cell below."""
    reset("urban-share")

    assert shell.next.splitlines()[1] == "urban_share = ..."
    assert "Your own lines stay in their cell" in said()


@pytest.mark.parametrize("name", ["01-tiny", "01"])
def test_a_unit_is_put_back_and_the_old_one_kept(bundle, said, name):
    """The notebook is again what was handed out, and what was saved lies beside it under another name."""
    path = bundle / "01-tiny.ipynb"
    handed_out = path.read_bytes()
    path.write_text("my work")

    reset(name)
    reset(name)

    assert path.read_bytes() == handed_out
    kept = sorted(bundle.glob("01-tiny-kept-*.ipynb"))
    assert len(kept) == 2 and kept[0].read_text() == "my work"
    told = said()
    assert f"is kept beside it as {kept[0].name}" in told and "Close this tab without saving" in told


def test_a_unit_that_cannot_be_put_back_stays(bundle, said):
    """Without the notebook in the course's file, or where the folder cannot be written, the learner's own stays."""
    (bundle / "01-tiny.part").mkdir()
    reset("01-tiny")
    assert "cannot be written (Is a directory); it is as it was" in said()

    path = bundle / "checks.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "released": {}}), encoding="utf-8")
    units._unit_in.cache_clear()
    reset("01-tiny")

    assert "does not hold the notebook as it was" in said() and not list(bundle.glob("*-kept-*"))


def test_a_class_cannot_skip_before_grading(bundle, said):
    """Without a key there is no value to give, and the note says when."""
    skip("urban-share")

    assert "can be skipped after grading" in said()


def test_two_courses_keep_apart(state):
    """A unit of the same name in another course has a record of its own."""
    with Progress("01-tiny", "one").change("a") as entry:
        entry.outcome = "right"

    assert Progress("01-tiny", "other").of("a").outcome == "not started"


def test_progress_is_a_table_of_the_unit(self_study, said):
    """Outcome, attempts and hints of every exercise, right ones counted."""
    check("urban-share", 1.5)
    check("urban-share", SHARE)
    hint("urban-share")
    said()

    progress()

    assert said() == (
        "Progress. 1 of 2 exercises right.\n"
        "exercise     outcome      attempts  hints read  worth\n"
        "urban-share  right        2         1 of 2      2 points\n"
        "sort         not started  0         0 of 0      1 point\n"
    )


# Files that are not there


EVERYTHING = [lambda: check("urban-share", SHARE), lambda: hint("urban-share"), lambda: solution("urban-share"), progress]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"unit": "01-tiny", "exercises": {"urban-share": {}}}', '{"unit": "01-tiny", "exercises": [1]}']
)
def test_garbled_checks_are_told(bundle, said, content):
    """A checks.json that cannot be read says where to get another, in every call."""
    (bundle / "checks.json").write_text(content)

    for call in EVERYTHING:
        assert call() is None
        told = said()
        assert f"{bundle}/checks.json cannot be read (" in told and "); copy it again from the course's release folder." in told


def test_missing_checks_are_told(tmp_path, monkeypatch, said):
    """A notebook moved away from its folder says so, in every call."""
    monkeypatch.chdir(tmp_path)

    for call in EVERYTHING:
        assert call() is None
        assert f"There is no checks.json in {tmp_path}; open the notebook in its own folder of the course." in said()


def test_a_folder_that_is_gone_is_told(tmp_path, monkeypatch, said):
    """A notebook whose folder was deleted says so, in every call."""
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()

    for call in EVERYTHING:
        assert call() is None
        assert "The folder this notebook ran in is gone; open the notebook again." in said()


def test_a_garbled_key_is_told(course, monkeypatch, said):
    """A key cut off in the middle says how to make it anew, in every call."""
    path = course / "grading" / "keys" / "01-tiny.json"
    path.write_text(path.read_text(encoding="utf-8")[:500])
    monkeypatch.chdir(course / "release" / "01-tiny")

    for call in EVERYTHING:
        assert call() is None
        assert f"{path} cannot be read (it is no JSON); run `litu build 01-tiny`." in said()


# How it looks


def test_a_note_is_safe_and_readable_html():
    """What a learner typed is escaped; code is marked; the word says what the colour says."""
    html = verdict_note("x", Verdict(Outcome.WRONG, 0.0, "`<b>` should be 1 & found <script>"), 2)._repr_html_()

    assert "<script>" not in html and "<b>" not in html
    assert "<code>&lt;b&gt;</code>" in html
    assert 'role="status"' in html and "wrong" in html
    table = Note("Progress", "", rows=(("exercise", "outcome"), ("<i>", "right")))._repr_html_()
    assert re.search('<th scope="col"[^>]*>exercise</th>', table) and re.search('<th scope="row"[^>]*>&lt;i&gt;</th>', table)


def test_the_package_offers_exactly_what_a_notebook_needs():
    """Fourteen names, each with a sentence of help."""
    assert litu.__all__ == [
        "check",
        "describe",
        "explain_errors",
        "hint",
        "keepsake",
        "load",
        "progress",
        "reset",
        "restore_progress",
        "save_progress",
        "scorecard",
        "skip",
        "solution",
        "start",
    ]
    assert all(getattr(litu, name).__doc__ for name in litu.__all__)


def test_nothing_heavy_is_imported_with_it():
    """nbgrader, jupytext and scipy belong to the author's side and stay out of a learner's kernel."""
    script = "import sys, litu; print(sorted({'nbgrader', 'nbformat', 'jupytext', 'scipy', 'typer', 'rich'} & set(sys.modules)))"

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"


# Arguments of a check


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: check(), 'A check takes two things, the name and then your answer: check("urban-share", urban_share).'),
        (lambda: check("sort"), 'A check takes two things, the name and then your answer: check("sort", sort).'),
        (lambda: check(17.9), 'A check takes two things, the name and then your answer: check("urban-share", urban_share).'),
        (lambda: check(17.9, "urban-share"), 'The name comes first, then your answer: check("urban-share", urban_share).'),
        (lambda: check("fact", "sort"), 'The name comes first, then your answer: check("sort", sort).'),
        (lambda: hint(), 'Say which exercise, for example hint("urban-share").'),
        (lambda: check("x" * 10**6, 1), "This unit has no exercise"),
    ],
    ids=["nothing", "no value", "value alone", "swapped", "swapped texts", "no name", "long name"],
)
def test_missing_or_swapped_arguments_are_explained(bundle, said, call, says):
    """A sentence says what to write; nothing raises and no message is long."""
    assert call() is None

    told = said()
    assert says in told and len(told) < 400


def test_a_file_of_another_version_says_so(bundle, said):
    """A checks.json that an older release wrote is no riddle."""
    path = bundle / "checks.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "format": 1}), encoding="utf-8")

    check("urban-share", SHARE)

    assert f"{path} is of another version (format 1, wanted 2); copy it again from the course's release folder." in said()

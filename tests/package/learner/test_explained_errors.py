"""Beginners' errors in a real IPython shell, and the sentence that stands below each: the table is in explained_errors.md."""

from __future__ import annotations

import builtins
import json
import linecache
import re
import shutil
import subprocess
import sys
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litu.answers.notes import Note
from litu.learner.errors.case import Case
from litu.learner.errors.registry import LONGEST, explain

TABLE = Path(__file__).with_name("explained_errors.md")
_BLOCK = re.compile(r"```python\n(.*?)\n```(?:\n\n> ([^\n]+))?", re.DOTALL)
NOTHING = "(nothing)"
RUN = r"""
import contextlib, io, json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

settings = Config()
settings.HistoryManager.enabled = False
settings.HistoryManager.hist_file = ":memory:"
settings.InteractiveShell.xmode = "Plain"  # only how long the tracebacks are, and how quickly they are written
shell = InteractiveShell.instance(colors="nocolor", config=settings)
clean, history = dict(shell.user_ns), shell.history_manager
said = []
for cells in json.load(sys.stdin):
    shell.user_ns.clear()
    shell.user_ns.update(clean)
    history.input_hist_raw[:] = history.input_hist_parsed[:] = [""]
    shell.execution_count = 1
    for cell in cells:
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
            shell.run_cell(cell, store_history=True)
    said.append(out.getvalue())
print(json.dumps(said))
"""


def _read_table() -> tuple[list[str], list[tuple[list[str], str]]]:
    before, _, table = TABLE.read_text(encoding="utf-8").partition("\n## Names\n")
    first = [code for code, _ in _BLOCK.findall(before)]
    return first, [(code.split("\n# ---\n"), sentence) for code, sentence in _BLOCK.findall(table)]


FIRST, CASES = _read_table()


@pytest.fixture(scope="module")
def unit(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class's copy of a unit, its notebook ending with a cell that makes `later`."""
    folder = tmp_path_factory.mktemp("bundle") / "01-tiny"
    shutil.copytree(built / "release" / "01-tiny", folder)
    path = folder / "01-tiny.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    sources = ["people.loc[1978]", "urban_share * 2", "later + 1", "later = 3"]
    notebook["cells"] += [
        {"cell_type": "code", "id": f"own-{i}", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for i, source in enumerate(sources)
    ]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def run(folder: Path, *notebooks: list[str]) -> list[str]:
    """Run notebooks in a real shell, one after the other; return what the last cell of each printed."""
    done = subprocess.run([sys.executable, "-c", RUN], input=json.dumps(notebooks), cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def sentence(printed: str) -> str:
    """Return the explanation in what a cell printed."""
    found = re.search(r"^In plain words\. (.+)$", printed, re.MULTILINE)
    return found[1] if found else NOTHING


@pytest.fixture(scope="module")
def said(unit: Path) -> dict[str, str]:
    """The explanation of each case of the table."""
    printed = run(unit, *([*FIRST, *cells] for cells, _ in CASES))
    return {"\n# ---\n".join(cells): sentence(text) for (cells, _), text in zip(CASES, printed, strict=True)}


@pytest.mark.parametrize(("cells", "expected"), CASES, ids=[cells[-1].splitlines()[-1] for cells, _ in CASES])
def test_an_error_is_explained(said, cells, expected):
    """Below the traceback stands the sentence of the table, or nothing."""
    assert said["\n# ---\n".join(cells)] == expected


def test_the_table_covers_the_beginners_errors() -> None:
    """There are far more than forty errors, and hardly two share a sentence."""
    explained = [expected for _, expected in CASES if expected != NOTHING]
    assert len(explained) > 200
    assert len(set(explained)) > 200


@pytest.mark.parametrize("expected", sorted({expected for _, expected in CASES if expected != NOTHING}))
def test_a_sentence_is_short_and_whole(expected) -> None:
    """Nobody has to scroll: at most forty words, ended by a full stop, code marks closed."""
    assert len(expected.split()) <= 40
    assert expected.endswith(".")
    assert expected.count("`") % 2 == 0


# In the shell


CALL = "from litu import explain_errors; explain_errors({})"
HANDLER = """
def handler(shell, kind, error, trace, tb_offset=None):
    print("handled", kind.__name__)
get_ipython().set_custom_exc((ZeroDivisionError,), handler)
"""


@pytest.fixture(scope="module")
def printed(unit: Path) -> dict[str, str]:
    """What is printed in one shell with explanations on, off, on again, and with another handler besides."""
    calls = {"on": [], "off": [CALL.format("False")], "again": [CALL.format("True")] * 2, "handler": [HANDLER]}
    return dict(zip(calls, run(unit, *([*FIRST, *cells, "1 / 0"] for cells in calls.values())), strict=True))


def test_the_traceback_stays_as_it_is(printed) -> None:
    """With the explanation turned off the same is printed, without the one line."""
    assert sentence(printed["off"]) == NOTHING
    on, off = (re.sub(r"(In ?)\[\d+\]", r"\1", printed[way]) for way in ("on", "off"))
    assert on == f"{off}In plain words. {sentence(printed['on'])}\n"


def test_it_can_be_turned_on_again(printed) -> None:
    """Turned on twice it explains once."""
    assert printed["again"].count("In plain words.") == 1


def test_another_handler_of_errors_still_works(printed) -> None:
    """A handler that a learner or a library has set is called, and the sentence stands below what it shows."""
    assert printed["handler"].startswith("handled ZeroDivisionError\nIn plain words. Something is divided by 0.")


def test_nothing_is_explained_where_nbgrader_runs_the_notebook(unit, monkeypatch) -> None:
    """Validating and grading see the outputs of the answers alone."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert sentence(run(unit, [*FIRST, "1 / 0"])[0]) == NOTHING


@pytest.mark.slow
def test_nothing_is_explained_in_the_grading_sandbox() -> None:
    """The shell that every submission is a copy of has no callback of ours."""
    script = """
from litu.grading.execution.preload import warm_up
print([callback.__module__ for callbacks in warm_up().events.callbacks.values() for callback in callbacks])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "litu" not in done.stdout.splitlines()[-1]


@pytest.mark.slow
def test_in_a_kernel_the_note_follows_the_error(unit) -> None:
    """A front end gets the error first and then a note that screen readers announce; also for a chart that cannot be drawn."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in (*FIRST, 'villages["stroes"]', 'chart.mark_bar().encode(x="yeer")', "3")]
    )
    nbclient.NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": str(unit)}}).execute()
    *_, error, chart, fine = (cell.outputs for cell in notebook.cells)
    assert [output.output_type for output in error] == ["error", "display_data"]
    assert error[1].data["text/html"].startswith('<div role="status"')
    assert "<code>villages</code> has no column &quot;stroes&quot;" in error[1].data["text/html"]
    assert "The chart&#x27;s table has no column &quot;yeer&quot;" in chart[-1].data["text/html"]
    assert [output.output_type for output in fine] == ["execute_result"]


# What is raised by others, and what is hostile


def explained(source: str, **names: object) -> str | None:
    """Return what is said when ``source``, run as a cell with these variables, fails."""
    namespace: dict[str, object] = {"__name__": "__main__", **names}
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
    try:
        exec(compile(source, "<cell>", "exec"), namespace)
    except BaseException as error:
        Loud.heard.clear()
        return explain(Case(error, namespace, cell=source))
    raise AssertionError("nothing was raised")


class Loud:
    """A value that notes whenever it is asked anything."""

    heard: list[str] = []

    def __getattribute__(self, name: str) -> object:
        Loud.heard.append(name)
        return object.__getattribute__(self, name)

    def __repr__(self) -> str:
        Loud.heard.append("repr")
        return "loud"

    def __eq__(self, other: object) -> bool:
        Loud.heard.append("eq")
        return True

    def __hash__(self) -> int:
        Loud.heard.append("hash")
        return 1

    __str__ = __bool__ = __len__ = __dir__ = __iter__ = __repr__  # type: ignore[assignment]


class LoudError(Exception):
    """An error of a learner's own, which asks to be seen as one of pandas."""

    __module__ = "pandas.errors"
    __qualname__ = "MergeError"

    def __getattribute__(self, name: str) -> object:
        Loud.heard.append(name)
        return super().__getattribute__(name)

    def __str__(self) -> str:
        Loud.heard.append("str")
        return "No common columns to perform merge on."


OTHER = sorted(
    (
        kind
        for kind in vars(builtins).values()
        if isinstance(kind, type)
        and issubclass(kind, BaseException)
        and not issubclass(kind, BaseExceptionGroup | UnicodeError | KeyboardInterrupt)
    ),
    key=lambda kind: kind.__name__,
)
MESSAGES = [
    "division by zero", "list index out of range", "math domain error", "'ellipsis' object is not iterable", "'NoneType' object is not iterable",
    "name 'villages' is not defined", "No module named 'pandsa'", "invalid syntax", "expected ':'", "The truth value of a Series is ambiguous. Use a.any().",
    "Length of values (2) does not match length of index (4)", "module 'math' has no attribute 'squrt'", "area() missing 1 required positional argument: 'x'",
]  # fmt: skip


@given(
    kind=st.sampled_from(OTHER),
    said=st.one_of(st.text(max_size=200), st.sampled_from(MESSAGES), st.integers(), st.tuples(st.text(max_size=5))),
)
def test_an_error_raised_on_purpose_is_not_explained(kind, said) -> None:
    """Whatever a learner or a library raises with its own words, we add none: they could be untrue."""
    assert explained("raise error", error=kind(said)) is None
    assert explained("def inner():\n    raise error\ninner()", error=kind(said)) is None


@given(st.sampled_from(OTHER), st.text(max_size=60))
def test_an_error_from_another_library_is_not_explained(kind, said) -> None:
    """A message of a module that we do not know stays alone."""
    library: dict[str, object] = {"__name__": "otherwhere"}
    exec(compile("def fail(error):\n    raise error", "<otherwhere>", "exec"), library)
    assert explained("fail(error)", fail=library["fail"], error=kind(said)) is None


@pytest.mark.parametrize(
    "source",
    [
        "raise LoudError(loud)",
        "raise KeyError(loud)",
        "{}[loud]",
        "raise NameError(loud, name=loud)",
        "raise AttributeError(loud, name=loud, obj=loud)",
        "loud.nothing",
        "villages[loud]",
        "villages.loc[loud]",
        "villages.groupby(loud)",
        "loud + 1",
        "1 / 0 if loud is not None else loud",
        "years[loud]",
        "area(loud, loud)",
        "int(loud)",
        "alt.Chart(villages).mark_bar().encode(x=loud).to_dict()",
        "alt.Chart(loud).mark_bar().encode(x='year').to_dict()",
    ],
)
def test_no_code_of_the_learners_runs(source) -> None:
    """Explaining prints, compares and calls nothing of the learner's."""
    villages = pd.DataFrame({"year": [2013], "place": ["Wujin"]})
    explained(source, loud=Loud(), LoudError=LoudError, villages=villages, years=[1], area=lambda width: width, alt=alt)
    assert Loud.heard == []


def test_long_names_are_cut() -> None:
    """A name of a million letters does not fill the page."""
    assert len(explained(f'd["{"k" * 1_000_000}"]', d={"a": 1}) or "") < LONGEST
    assert len(explained("x" * 100_000) or "") < LONGEST


def test_marks_in_a_name_cannot_leave_the_note() -> None:
    """What a learner wrote stays text in the page."""
    said = explained('d["`<b>`"]', d={"a": 1})
    assert said is not None
    assert "<b>" not in Note("In plain words", said)._repr_html_()

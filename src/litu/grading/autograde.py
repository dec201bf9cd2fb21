"""Marks one submission: mended, run in a box, judged outside it.

``mark_notebook`` is the one engine behind ``litu grade``, ``nbgrader
autograde`` and Formgrader's button.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import nbformat
from nbformat.v4 import new_markdown_cell

from litu.answers.contract import ExerciseKey
from litu.answers.notes import verdict_note
from litu.answers.verdict import Outcome, Verdict
from litu.authoring.notebooks import write_notebook
from litu.compare.verdicts import judge
from litu.grading.assignment import Assignment
from litu.grading.execution.executor import Answer, Limits, Pool, RunCell, RunResult, TakeAnswer, run_notebook
from litu.grading.first_failure import FirstFailure, replaces
from litu.grading.provenance import digest_of, marks_digest
from litu.grading.results.models import ExerciseResult, Result, WrittenResult
from litu.grading.sanitize import harmless_text
from litu.grading.submissions.identify import as_it_was, refuse_other_unit
from litu.grading.submissions.parse import ParsedNotebook, Refusal, parse
from litu.grading.submissions.repair import repair
from litu.grading.submissions.suspicions import suspicions
from litu.kinds.wire import accept

STOPS = {
    "memory": "it used too much memory",
    "cpu": "it computed for too long; look for a loop that never ends",
    "wall": "it waited for too long",
    "exited": "it ended the whole process",
    "crashed": "it ended the whole process",
    "closed": "it closed its outputs",
    "output": "it printed without end",
    "files": "it made too many files",
    "processes": "it started too many processes",
    "channel": "it disturbed the grading",
}


def mark_submission(
    pool: Pool,
    assignment: Assignment,
    student: str,
    data: bytes | None,
    notes: list[str],
    limits: Limits,
    files: Mapping[str, bytes] = MappingProxyType({}),
    later: frozenset[str] = frozenset(),
) -> Result:
    """Return the result of one submission.

    ``data`` is the file handed in, or None when ``notes`` end in the reason
    why there is none; ``files`` are what lay beside it; ``later`` are the
    exercises that came into the unit after it was graded. Never raises for
    what a student did.
    """
    today, submission = assignment, None
    try:
        if data is None:
            raise Refusal(notes[-1])
        submission = parse(data, student, assignment.unit, list(notes))
        assignment = as_it_was(today, later, submission)
        notebook = mended(assignment, submission)
    except Refusal as refusal:
        result = _refused(as_it_was(today, later, submission), student, str(refusal))
    else:
        result = mark_notebook(pool, assignment, student, notebook, limits, files)
        result.notes = [*submission.notes, *result.notes]
        result.suspicions = [*submission.odd, *result.suspicions]
        result.doubts = [*notes, *submission.doubts, *result.doubts]
        result.notebook = write_notebook(notebook)
    result.submitted = digest_of(data, notes, files)
    result.digest = marks_digest(result.submitted, today)
    return result


def mended(assignment: Assignment, submission: ParsedNotebook) -> nbformat.NotebookNode:
    """Return the submission's notebook as it is to be run, with the notes to its student on top. Raises Refusal."""
    refuse_other_unit(submission, assignment)
    notebook = repair(submission, assignment)
    put_notes_first(notebook, submission.notes)
    return notebook


def mark_notebook(
    pool: Pool,
    assignment: Assignment,
    student: str,
    notebook: nbformat.NotebookNode,
    limits: Limits,
    files: Mapping[str, bytes] = MappingProxyType({}),
) -> Result:
    """Run a mended notebook in a box with ``files`` beside it, write outputs and verdicts into it and return its result."""
    steps = list(_steps(assignment, notebook))
    run = run_notebook(pool, steps, limits, {**files, "checks.json": assignment.checks_text.encode()})
    result = Result(student, assignment.unit, "graded", cpu_seconds=round(run.cpu_seconds, 3), wall_seconds=round(run.wall_seconds, 3))
    failure = FirstFailure(run)
    notebook.cells = [cell for cell in notebook.cells if cell.id in run.cells or not replaces(cell)]
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", cell.id)
        if name.startswith("check-"):
            _write_verdict(cell, assignment, name.removeprefix("check-"), run, result, failure.told)
        elif cell.cell_type == "code" and cell.id in run.cells:
            done = run.cells[cell.id]
            cell.outputs = [nbformat.from_dict(output) for output in done.outputs]
            cell.execution_count = done.execution_count
            result.notes += failure.look_at(cell)
        if name in assignment.key.written:
            untouched = cell.source.strip() == assignment.released[name].source.strip()
            result.written.append(WrittenResult(name, assignment.key.written[name].points, untouched))
    result.cells = [
        {"id": done.id, "status": done.status, "cpu": round(done.cpu_seconds, 4), "wall": round(done.wall_seconds, 4)}
        for done in run.cells.values()
    ]
    own = [cell.source for cell in notebook.cells if cell.cell_type == "code" and not cell.id.startswith("check-")]
    result.suspicions = suspicions(own, run.events, assignment.imports)
    result.doubts = list(result.notes)
    put_notes_first(notebook, result.notes)
    return result


def _steps(assignment: Assignment, notebook: nbformat.NotebookNode) -> list[RunCell | TakeAnswer]:
    steps: list[RunCell | TakeAnswer] = []
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name.startswith("check-"):
            exercise = name.removeprefix("check-")
            variable = assignment.key.exercises[exercise].variable
            steps.append(TakeAnswer(exercise, variable, assignment.inputs(exercise), needs=(exercise,)))
        elif cell.cell_type == "code":
            steps.append(RunCell(cell.id, cell.source, replaces(cell)))
    return steps


def _write_verdict(cell: nbformat.NotebookNode, assignment: Assignment, name: str, run: RunResult, result: Result, failure: str) -> None:
    entry = assignment.key.exercises[name]
    worth = entry.points
    verdict = _verdict(entry, run.answers[name], failure)
    points = float(verdict.points(worth))
    note = verdict_note(name, verdict, worth)
    cell.outputs = [
        _output("display_data", {"text/html": note._repr_html_(), "text/plain": repr(note)}),
        _output("execute_result", {"text/plain": f"{points:g}"}, execution_count=1),
    ]
    cell.execution_count = 1
    cpu = run.cells[name].cpu_seconds if name in run.cells else 0.0
    result.exercises.append(
        ExerciseResult(name, worth, points, verdict.outcome.value, verdict.message, verdict.slip, list(verdict.parts), round(cpu, 4))
    )


def _output(kind: str, data: dict[str, str], **count: int) -> nbformat.NotebookNode:
    """Return an output, unchecked: writing the notebook checks it as a whole."""
    return nbformat.from_dict({"output_type": kind, "metadata": {}, "data": data, **count})


def _verdict(entry: ExerciseKey, answer: Answer, failure: str) -> Verdict:
    variable = entry.variable
    if answer.plain is None:
        reason = answer.reason or ""
        if reason.startswith(("cell stopped", "answer stopped")):
            why = STOPS.get(reason.rpartition(": ")[2], "it was stopped")
            return Verdict(
                Outcome.WRONG, 0.0, f"The cell that should set `{variable}` was stopped: {why}. The rest was graded without it.", "stopped"
            )
        if reason.startswith("not run"):
            return Verdict(Outcome.WRONG, 0.0, f"`{variable}` was not reached: {reason.removeprefix('not run: ')}.", "not run")
        return Verdict(Outcome.WRONG, 0.0, f"`{variable}` does not exist when its check runs. {failure}", "no value")
    try:
        return judge(accept(answer.plain, entry.answer), entry)
    except Exception:  # what comes from a hostile process must not end the grading of a class
        return Verdict(Outcome.WRONG, 0.0, f"`{variable}` is nothing that can be read as an answer.", "unreadable")


def put_notes_first(notebook: nbformat.NotebookNode, notes: list[str]) -> None:
    """Write what had to be mended into a cell at the top, below what stands there already."""
    if not notes:
        return
    if not notebook.cells or notebook.cells[0].id != "notes":
        notebook.cells.insert(0, new_markdown_cell("**Notes on the notebook you handed in**\n", id="notes"))
    notebook.cells[0].source += "".join(f"\n- {harmless_text(note)}" for note in notes)


def _refused(assignment: Assignment, student: str, reason: str) -> Result:
    """Return the result of a submission that is no notebook: no points, and a page that says why."""
    exercises = [
        ExerciseResult(name, entry.points, 0.0, Outcome.NOT_STARTED.value, reason) for name, entry in assignment.key.exercises.items()
    ]
    written = [WrittenResult(name, entry.points, True) for name, entry in assignment.key.written.items()]
    notebook = write_notebook(refused_notebook(assignment, reason))
    return Result(
        student, assignment.unit, "refused", reason=reason, notes=[reason], exercises=exercises, written=written, notebook=notebook
    )


def refused_notebook(assignment: Assignment, reason: str) -> nbformat.NotebookNode:
    """Return the released notebook with no points in its checks and the reason at its top."""
    notebook = repair(ParsedNotebook("", assignment.unit, []), assignment)
    for cell in notebook.cells:
        if cell.id.startswith("check-"):
            cell.outputs = [_output("execute_result", {"text/plain": "0"}, execution_count=1)]
    put_notes_first(notebook, [reason])
    return notebook

"""The course as a whole: nothing of the documents is left out, and every unit has what its syllabus promises."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pandas as pd
import pytest
from places import REPOSITORY

from litu.authoring.figures import known_figures
from litu.authoring.front_matter import WITHOUT
from litu.authoring.lesson import Exercise, Lesson
from litu.authoring.parser import read_lesson

LESSONS = {path.stem: read_lesson(path) for path in sorted((REPOSITORY / "course").glob("[0-9]*.md"))}
FULL = [unit for unit in LESSONS if not unit.startswith("00")]
PICTURES = re.compile(
    r"draw\.(tile_map|places|lattice|chain|argument_map|timeline|guess_beside)\(|alt\.Chart\(|(pattern_map|slider\w*|\w+_chart)\("
)
TABLE = re.compile(r"DataFrame\(|\.(assign|reset_index|merge|pivot|groupby)\(")
ON_TEXT = ("order", "match", "edges")


def table(name: str) -> pd.DataFrame:
    """Return a table of the dataset as text."""
    return pd.read_csv(REPOSITORY / "data" / f"{name}.csv", dtype=str, keep_default_na=False)


def form(exercise: Exercise) -> str:
    """Return the form of an exercise, or an empty text."""
    return ast.literal_eval(exercise.call.options.get("form", "''"))


def prose(lesson: Lesson) -> str:
    """Return the prose of a lesson."""
    return "\n\n".join(cell.source for cell in lesson.cells if cell.kind == "prose")


def marked(lesson: Lesson) -> dict[str, Exercise]:
    """Return the exercises that earn points."""
    return {name: exercise for name, exercise in lesson.exercises.items() if exercise.cell.meta["points"]}


# Nothing left out


def test_every_section_of_every_document_is_walked() -> None:
    """Each heading has an exercise, or the reason why none."""
    walked = Counter(section for lesson in LESSONS.values() for section in lesson.header.walks)
    sections = set(table("sections")["section"])

    assert sorted(sections - set(walked)) == []
    assert sorted(set(walked) - sections) == []
    reasons = [why for lesson in LESSONS.values() for why in lesson.header.walks.values() if why.startswith(WITHOUT)]
    assert all(len(why) > len(WITHOUT) + 10 for why in reasons)


def test_all_fourteen_inconsistencies_are_found_by_the_student() -> None:
    """Each of the documents' inconsistencies has the exercise in which it comes to light."""
    audits = table("audits").set_index("audit")["inconsistency"]
    numbered = {audit for audit, number in audits.items() if number}
    assert len(numbered) == 14
    found = {audit for lesson in LESSONS.values() for audit in lesson.header.inconsistencies}
    assert sorted(numbered - found) == []
    assert sorted(found - set(audits.index)) == []


def test_every_claim_is_used_or_has_the_reason_why_not() -> None:
    """A claim is named by an exercise or a written task, or the table says why it cannot be tested."""
    use = table("claims_use").set_index("claim")["untestable_because"]
    named = {claim for lesson in LESSONS.values() for cell in lesson.cells for claim in cell.meta.get("claims", [])}
    assert sorted(claim for claim in table("claims")["claim"] if claim not in named and not use.get(claim)) == []


def test_the_scorecard_names_claims_that_exist() -> None:
    """A line of the scorecard is a row of data/claims.csv, and its exercise names the claim."""
    claims = set(table("claims")["claim"])
    for lesson in LESSONS.values():
        for score in lesson.header.scorecard:
            assert score.claim in claims, (lesson.unit, score)


# What every unit has


def test_the_course_has_its_size() -> None:
    """Seven units, 75 checked exercises or more of which 20 on the text, 7 written tasks, 30 given pictures."""
    exercises = [exercise for lesson in LESSONS.values() for exercise in lesson.exercises.values() if form(exercise) != "guess"]
    text = [exercise for exercise in exercises if form(exercise) in ON_TEXT]
    written = [cell for lesson in LESSONS.values() for cell in lesson.cells if cell.kind == "written"]
    pictures = sum(len(given_pictures(lesson)) for lesson in LESSONS.values())
    mistakes = sum(len(exercise.mistakes) for exercise in exercises)
    accepts = sum(len(exercise.accepts) for exercise in exercises)
    print(
        f"course: {len(LESSONS)} units, {len(exercises)} checked exercises ({len(text)} on the text), {len(written)} written tasks, "
        f"{pictures} given pictures, {mistakes} known mistakes, {accepts} equivalents written"
    )
    assert len(LESSONS) == 7 and len(exercises) >= 75 and len(text) >= 20 and len(written) >= 7 and pictures >= 30


def given_pictures(lesson: Lesson) -> list[str]:
    """Return the given cells that draw."""
    return [cell.source for cell in lesson.cells if cell.kind == "code" and PICTURES.search(cell.source)]


@pytest.mark.parametrize("unit", FULL)
def test_a_unit_has_every_form(unit: str) -> None:
    """Three exercises on the text, a function, a table and a chart; three parts; four given pictures; a written task."""
    lesson = LESSONS[unit]
    solutions = [exercise.cell.solution() for exercise in marked(lesson).values()]

    assert sum(form(exercise) in ON_TEXT for exercise in marked(lesson).values()) >= 3
    assert any(re.match(r"def ", solution.lstrip()) for solution in solutions)
    assert any("alt.Chart" in solution for solution in solutions)
    assert any(TABLE.search(solution) for solution in solutions)
    assert len(lesson.header.parts) == 3
    assert len(given_pictures(lesson)) >= 4
    assert any(cell.kind == "written" for cell in lesson.cells)
    assert 30 <= sum(exercise.cell.meta["points"] for exercise in marked(lesson).values()) <= 45


@pytest.mark.parametrize("unit", LESSONS)
def test_an_exercise_is_told_what_was_found_and_knows_its_slips(unit: str) -> None:
    """Whatever is marked says what was found; two known mistakes at least."""
    for name, exercise in LESSONS[unit].exercises.items():
        if form(exercise) != "guess":
            assert exercise.cell.meta.get("found"), name
            assert len(exercise.mistakes) >= 2, name


@pytest.mark.parametrize("unit", LESSONS)
def test_a_written_task_shows_what_earns_points(unit: str) -> None:
    """The prompt names the points; a sample and what to listen for wait for the marker."""
    for cell in LESSONS[unit].cells:
        if cell.kind == "written":
            assert "points" in cell.meta["prompt"] or not cell.meta["points"], cell.name
            assert cell.meta.get("sample") and cell.meta.get("comments"), cell.name


@pytest.mark.parametrize("unit", LESSONS)
def test_headings_run_in_order(unit: str) -> None:
    """One title, no jump from a level to the one after the next, no heading twice: a screen reader's way through the page."""
    headings = re.findall(r"^(#{1,6}) (.+)$", prose(LESSONS[unit]), re.MULTILINE)
    levels = [len(marks) for marks, _ in headings]

    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False))
    assert [text for text, number in Counter(text for _, text in headings).items() if number > 1] == []


@pytest.mark.parametrize("unit", LESSONS)
def test_given_charts_are_described(unit: str) -> None:
    """Every given cell that draws says in words what there is to see; no picture in the prose is without a text."""
    for source in given_pictures(LESSONS[unit]):
        assert "description" in source, source[:80]
    assert re.findall(r"!\[\s*\]\(", prose(LESSONS[unit])) == []


@pytest.mark.parametrize("unit", LESSONS)
def test_documents_are_called_by_name(unit: str) -> None:
    """The prose speaks of Tan or the Taobao paper, never of document 003; a claim's id stands only where it is looked up."""
    assert (
        re.findall(
            r"\b[Dd]ocument 00\d|(?<!claim )(?<!claims )(?<!such as )(?<!and )(?<!in )(?<!`)\(?00[0-3]-\d\d\b(?! *\))", prose(LESSONS[unit])
        )
        == []
    )


@pytest.mark.parametrize("unit", LESSONS)
def test_prose_comes_in_small_portions(unit: str) -> None:
    """No cell has more than 80 words of running prose: lists, boxes, tables and addresses are not counted."""
    cells = [cell.source for cell in LESSONS[unit].cells if cell.kind == "prose"]
    plain = [re.sub(r"^(\||>|- |\d+\. |#).*$|\]\(http[^)]*\)", " ", source, flags=re.MULTILINE) for source in cells]
    assert [source[:60] for source, text in zip(cells, plain, strict=True) if len(re.findall(r"\w[\w’'%.,-]*", text)) > 80] == []


# Figures

MEASURE = re.compile(r"(?<![\w.,/:-])(\d{1,3}(?:,\d{3})+|\d+\.\d+|\d{4,})(?![\w/:-])(?!\.\d)")
"""Figures that a reader could look up: with decimals, with thousands, or of four digits; dates and names of files are not."""


@pytest.mark.parametrize("unit", LESSONS)
def test_figures_in_prose_stand_in_the_data(unit: str) -> None:
    """A figure with decimals or thousands that the prose states is a number of data/, up to rounding, or is derived from it in the text beside it."""
    known = sorted(known_figures(REPOSITORY / "data"))
    strange = [text for text in MEASURE.findall(prose(LESSONS[unit])) if not _traceable(text, known)]
    assert len(strange) <= 3, strange


def _traceable(text: str, known: list[float]) -> bool:
    number = float(text.replace(",", ""))
    if number.is_integer() and 1000 <= number <= 2100:
        return True  # a year
    places = len(text.partition(".")[2])
    scales = (1, 1e-2, 1e2, 1e-3, 1e3, 1e-4, 1e4, 1e-6, 1e6)
    return any(abs(round(figure * scale, places) - number) < 10.0 ** -(places + 3) for figure in known for scale in scales)

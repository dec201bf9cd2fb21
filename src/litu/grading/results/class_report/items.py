"""Item analysis: how hard each exercise was, whether it tells strong from weak, which slips were made, what may be wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from litu.answers.contract import AnswerKey, ExerciseKey
from litu.answers.verdict import Outcome
from litu.grading.results.models import ExerciseResult, Result

Points = npt.NDArray[np.float64]
"""Points by student (rows) and exercise (columns); NaN where a student's version of the unit had no such exercise."""

FEWEST = 10
"""Of hand-ins, below which a correlation is mostly chance and nothing is concluded from it."""
FEWEST_STARTED = 5
"""Of students who tried an exercise, before it is called into question."""
_STOPPED = ("stopped", "not run", "no value")
"""Slips of a cell that did not come to an answer."""


@dataclass(frozen=True)
class Slip:
    """A recognised mistake in one exercise: the sentence that students read, and how many of them."""

    name: str
    sentence: str
    students: int


@dataclass(frozen=True)
class Item:
    """One exercise as the class did it; the four counts add up to the hand-ins."""

    name: str
    worth: float
    right: int
    partly: int
    wrong: int
    not_started: int
    difficulty: float
    """Mean share of the points, 0 to 1; who did not start has none. (The literature's "difficulty" is high for easy items.)"""
    discrimination: float | None
    slips: tuple[Slip, ...]
    unnamed: int
    """Wrong and partly right answers in which no slip was recognised."""
    questions: tuple[str, ...]
    """Why the exercise may not work, in sentences."""

    @property
    def hand_ins(self) -> int:
        """How many handed the exercise in."""
        return self.right + self.partly + self.wrong + self.not_started


def analyse(results: Sequence[Result], key: AnswerKey) -> list[Item]:
    """Return the exercises of a unit that give points, in its order, from the results of all that was graded."""
    names = [name for name, entry in key.exercises.items() if entry.points]
    found = [{exercise.name: exercise for exercise in result.exercises} for result in results]
    points = np.array([[one[name].points if name in one else np.nan for name in names] for one in found], dtype=float)
    points = points.reshape(len(found), len(names))
    discriminations = item_rest_correlations(points)
    items = []
    for column, name in enumerate(names):
        answers = [one[name] for one in found if name in one]
        if answers:
            items.append(_item(name, key.exercises[name], answers, discriminations[column], _strong(points, column)))
    return items


def item_rest_correlations(points: Points) -> list[float | None]:
    """Return for each exercise the correlation of its points with the sum of all others: the corrected item-total correlation.

    The exercise itself is left out of the sum, or it would correlate with itself (Henrysson, S., 1963, "Correction of item-total
    correlations in item analysis", Psychometrika 28(2), 211-218, doi:10.1007/BF02289618). None where all have the same points.
    """
    totals = np.nansum(points, axis=1)
    found: list[float | None] = []
    for item in points.T:
        there = ~np.isnan(item)
        own, rest = item[there], totals[there] - item[there]
        varies = len(own) > 1 and np.ptp(own) > 1e-9 and np.ptp(rest) > 1e-9
        found.append(float(np.corrcoef(own, rest)[0, 1]) if varies else None)
    return found


def _strong(points: Points, column: int) -> Points:
    """Return the points in one exercise of the third that is best in the others; empty where there are too few to say."""
    item = points[:, column]
    there = ~np.isnan(item)
    rest = np.nansum(points[there], axis=1) - item[there]
    third = len(rest) // 3
    return item[there][np.argsort(-rest, kind="stable")[:third]] if third >= FEWEST_STARTED else item[:0]


def _item(name: str, entry: ExerciseKey, answers: list[ExerciseResult], discrimination: float | None, strong: Points) -> Item:
    outcomes = Counter(answer.outcome for answer in answers)
    right, partly, not_started = (outcomes[kind.value] for kind in (Outcome.RIGHT, Outcome.PARTLY, Outcome.NOT_STARTED))
    lost = [answer for answer in answers if answer.points < answer.worth and answer.outcome != Outcome.NOT_STARTED.value]
    slips = _slips(entry, lost)
    unnamed = sum(answer.slip is None for answer in lost)
    wrong = len(answers) - right - partly - not_started
    questions = _questions(len(answers), len(answers) - not_started, right, discrimination, strong, entry.points, slips, unnamed)
    return Item(
        name,
        entry.points,
        right,
        partly,
        wrong,
        not_started,
        float(np.mean([answer.points / answer.worth if answer.worth else 0.0 for answer in answers])),
        discrimination if len(answers) >= FEWEST else None,
        slips,
        unnamed,
        tuple(questions),
    )


def _slips(entry: ExerciseKey, lost: list[ExerciseResult]) -> tuple[Slip, ...]:
    says = {mistake.slip: mistake.says for mistake in entry.mistakes}
    messages: dict[str, Counter[str]] = {}
    for answer in lost:
        if answer.slip:
            # What follows tells this student's own answer.
            advice = answer.message.partition(f" `{entry.variable}` is now ")[0]
            messages.setdefault(answer.slip, Counter())[advice] += 1
    found = [Slip(slip, says.get(slip) or said.most_common(1)[0][0], said.total()) for slip, said in messages.items()]
    return tuple(sorted(found, key=lambda slip: (-slip.students, slip.name)))


def _questions(
    hand_ins: int,
    started: int,
    right: int,
    discrimination: float | None,
    strong: Points,
    worth: float,
    slips: tuple[Slip, ...],
    unnamed: int,
) -> list[str]:
    """Return why an exercise may not work."""
    by_slip = {slip.name: slip.students for slip in slips}
    stopped = sum(by_slip.get(name, 0) for name in _STOPPED)
    found = []
    if hand_ins >= FEWEST_STARTED and started * 2 < hand_ins:
        found.append(f"Only {started} of {hand_ins} started it. Is it too far down, too long, or is it unclear where to write?")
    if started < FEWEST_STARTED:
        return found
    if right == 0:
        found.append(f"Nobody of the {started} who tried has it right. Is the task clear, and is the key what the task asks for?")
    best = int(np.sum(strong >= worth))
    if len(strong) and right and best * 3 < len(strong):
        found.append(f"Of the {len(strong)} who are best in the other exercises only {best} have it right. Does it ask for something else?")
    if discrimination is not None and hand_ins >= FEWEST and discrimination < 0:
        found.append(
            f"Who is strong elsewhere does worse here (correlation {discrimination:.2f}). "
            "Can a careful reader understand the task differently? In a small class this may be chance."
        )
    if stopped * 3 >= started:
        found.append(f"In {stopped} of {started} notebooks its cell did not come to an answer. Does it need something that is not there?")
    if by_slip.get("type", 0) * 3 >= started:
        found.append(f"{by_slip['type']} of {started} gave another kind of answer than was asked for. Does the task say which kind?")
    if unnamed >= FEWEST_STARTED and unnamed * 2 > started:
        found.append(f"{unnamed} of {started} are wrong in a way that the check has no name for. Read some: which mistake is missing?")
    return found

"""Late penalties, as nbgrader's own step gives them, for many submissions at once."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from types import SimpleNamespace

from nbgrader.api import Grade, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import func
from sqlalchemy.orm import Session
from traitlets.config import Config


def notebook_of(submission: SubmittedAssignment) -> SubmittedNotebook:
    """Return the one notebook of a submission that the course graded: its unit's."""
    return next(notebook for notebook in submission.notebooks if notebook.notebook.name == submission.assignment.name)


def seconds_late(submission: SubmittedAssignment) -> float:
    """Return how late a submission came, 0 when its unit is never due."""
    # nbgrader's own property fails for an extension of a unit that is never due.
    return 0.0 if submission.assignment.duedate is None else submission.total_seconds_late


class LateRule:
    """The plugin that nbgrader_config.py names for late penalties."""

    def __init__(self, config: Config) -> None:
        self._config = config

    @cached_property
    def _step(self) -> AssignLatePenalties:
        step = AssignLatePenalties(config=self._config)
        step.init_plugin()
        return step

    def set_penalties(self, session: Session, submissions: Collection[SubmittedAssignment]) -> None:
        """Set the penalty of each submission from its score; all scores come from one query."""
        late = [notebook_of(submission).id for submission in submissions if seconds_late(submission) > 0]
        query = session.query(Grade.notebook_id, func.sum(Grade.score)).filter(Grade.notebook_id.in_(late)).group_by(Grade.notebook_id)
        scores: dict[str, float] = {notebook: score for notebook, score in query} if late else {}
        for submission in submissions:
            notebook = notebook_of(submission)
            penalty = self._penalty(submission, scores[notebook.id]) if notebook.id in scores else None
            if notebook.late_submission_penalty != penalty:
                notebook.late_submission_penalty = penalty

    def _penalty(self, submission: SubmittedAssignment, score: float) -> float | None:
        penalty = self._step.plugin_inst.late_submission_penalty(submission.student_id, score, seconds_late(submission))
        return penalty if penalty is None else self._step._check_late_penalty(SimpleNamespace(score=score), penalty)

"""Answer keys made by hand, and an answer judged with the key and with a student's copy."""

from __future__ import annotations

import json
from typing import Any

from litu.answers.contract import Accept, ExerciseKey, Mistake, PublicEntry
from litu.answers.records import rebuild, to_json
from litu.answers.verdict import Verdict
from litu.compare.verdicts import judge
from litu.kinds.function import public_calls
from litu.kinds.wire import to_plain
from litu.public_checks.judge import judge_sealed
from litu.public_checks.seal import seal

FOUND = "That is what was found."


def exercise_key(
    right: object,
    *accepts: object,
    mistakes: dict[str, object] | None = None,
    inputs: list[list[Any]] | None = None,
    public: int | None = None,
    feedback: str = "instant",
    found: str = FOUND,
    **options: Any,
) -> ExerciseKey:
    """Return the key of an exercise as it is read back from what a build wrote."""
    key = ExerciseKey(
        variable="answer",
        answer=to_plain(right, inputs),
        points=2,
        options=options,
        found=found,
        accepts=tuple(Accept(to_plain(accept, inputs)) for accept in accepts),
        mistakes=tuple(Mistake(says, says, to_plain(wrong, inputs)) for says, wrong in (mistakes or {}).items()),
        feedback=feedback,
        public_calls=len(inputs or ()) if public is None else public,
    )
    return rebuild(ExerciseKey, json.loads(json.dumps(to_json(key), allow_nan=False)))


def sealed(key: ExerciseKey) -> PublicEntry:
    """Return a student's copy of an exercise as it is read back."""
    return rebuild(PublicEntry, json.loads(json.dumps(to_json(seal("00-test/answer", key, frozenset())), allow_nan=False)))


def plain(answer: object, inputs: list[list[Any]] | None = None) -> dict[str, Any]:
    """Return an answer that has travelled as JSON."""
    return json.loads(json.dumps(to_plain(answer, inputs), allow_nan=False))


def both(answer: object, key: ExerciseKey, inputs: list[list[Any]] | None = None) -> tuple[Verdict, Verdict]:
    """Return the verdicts of the key and of the student's copy on an answer."""
    given = plain(answer, inputs)
    return judge(given, key), judge_sealed(public_calls(given, key.public_calls), sealed(key))

"""Answer keys made by hand, and an answer judged with the key and with a student's copy."""

from __future__ import annotations

import json
from typing import Any

from litu.answers.verdict import Verdict
from litu.compare.verdicts import judge
from litu.kinds.wire import to_plain
from litu.public_checks.judge import judge_sealed
from litu.public_checks.seal import seal

FOUND = "That is what was found."


def exercise_key(right: object, *accepts: object, mistakes: dict[str, object] | None = None, feedback: str = "instant", **options: Any) -> dict[str, Any]:
    """Return the key of an exercise as a build would write it."""
    made = {
        "variable": "answer", "points": 2, "claims": [], "hints": [], "feedback": feedback, "public_calls": 0, "options": options,
        "starter": to_plain(...), "answer": to_plain(right), "found": FOUND, "settled": {},
        "accepts": [{"answer": to_plain(accept), "found": ""} for accept in accepts],
        "mistakes": [{"says": says, "slip": says, "answer": to_plain(wrong)} for says, wrong in (mistakes or {}).items()],
    }  # fmt: skip
    return json.loads(json.dumps(made, allow_nan=False))


def both(answer: object, key: dict[str, Any]) -> tuple[Verdict, Verdict]:
    """Return the verdicts of the key and of the student's copy on an answer that has travelled as JSON."""
    plain = json.loads(json.dumps(to_plain(answer), allow_nan=False))
    entry = json.loads(json.dumps(seal("00-test/answer", key, frozenset())))
    return judge(plain, key), judge_sealed(plain, entry)

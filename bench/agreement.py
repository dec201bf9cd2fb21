"""Whether a student's copy and grading give the same verdict on generated answers to every exercise.

Outcome, points, wrong parts and named slip are compared; calls of a function
that only grading makes are left out. A copy may say less where locks do not
let it tell: it then only notes an answer, or names no slip.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from answers import Made, keys_of, made

from litu.answers.contract import ExerciseKey
from litu.answers.verdict import Outcome
from litu.compare.book import students_key
from litu.compare.verdicts import judge
from litu.kinds.function import public_calls
from litu.public_checks.hashing import SCRYPT
from litu.public_checks.judge import judge_sealed
from litu.public_checks.seal import seal

ROOT = Path(__file__).resolve().parents[1]


def compared(keys: dict[str, ExerciseKey], answers: Iterable[Made]) -> tuple[Counter[str], list[str]]:
    """Return how many answers had which outcome, or were only noted, and a line for each on which the two modes differ."""
    shown_keys = {name: students_key(key) for name, key in keys.items()}
    entries = {name: seal(name, key, frozenset()) for name, key in keys.items()}
    counts: Counter[str] = Counter()
    differing = []
    for one in answers:
        key, entry = keys[one.exercise], entries[one.exercise]
        shown = public_calls(one.answer, key.public_calls)
        own, copy = judge(shown, shown_keys[one.exercise]), judge_sealed(shown, entry)
        if copy.outcome is Outcome.RECORDED and own.outcome is not Outcome.NOT_STARTED:
            counts["only noted by the copy"] += 1
            if own.outcome is Outcome.RIGHT and entry.feedback != "graded":
                differing.append(f"{one.exercise}: right, but only noted by the copy")
            continue
        counts[own.outcome.value] += 1
        same = (own.outcome, own.share, own.parts) == (copy.outcome, copy.share, copy.parts) and copy.slip in (own.slip, None)
        if not same:
            differing.append(f"{one.exercise}: {own} against {copy}")
    return counts, differing


def main() -> None:
    """Compare, print a line, and end with 1 where the modes differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=10_000, help="of answers")
    parser.add_argument("--quick", action="store_true", help="300 answers")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    SCRYPT["n"] = 16  # what a hash costs makes no difference here
    number = 300 if options.quick else options.number
    keys = keys_of(ROOT / "grading" / "keys")
    counts, differing = compared(keys, made(keys, number, options.seed))
    print(*differing[:20], sep="\n")
    told = ", ".join(f"{count:,} {what}" for what, count in counts.most_common())
    print(f"Two modes, one verdict: {number:,} answers to {len(keys)} exercises, {len(differing)} differ; {told}.")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()

"""How long a student waits: for a verdict without the key, for an explanation of a wrong answer, for `import litu`.

Every numeric or worded exercise is asked twice: with its right answer, and
with a wrong one that nothing is known of, so that all slips are tried. The
hashes are the slow ones of release/. All is CPU time, which is the wait on a
machine at rest and hardly grows on a busy one.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

from answers import keys_of, made
from classroom import load_now, own_seconds, show

from litu.answers.contract import PublicEntry, read_checks
from litu.answers.plain import Plain
from litu.answers.verdict import Outcome
from litu.kinds.function import public_calls
from litu.public_checks.judge import judge_sealed

ROOT = Path(__file__).resolve().parents[1]
GOALS = {"verdict on a right answer": 200, "explanation of a wrong answer": 600}
IMPORT_GOAL = 150
TRIES = 4
"""So many wrong answers are made of an exercise; the one that takes longest counts."""


def milliseconds(answer: Plain, entry: PublicEntry) -> tuple[float, Outcome]:
    """Return how long a student's copy takes to judge an answer, and the outcome."""
    began = time.process_time()
    verdict = judge_sealed(answer, entry)
    return (time.process_time() - began) * 1000, verdict.outcome


def importing(statement: str) -> float:
    """Return how many milliseconds of CPU a fresh interpreter takes for an import."""
    before = own_seconds()
    subprocess.run([sys.executable, "-c", statement], check=True, cwd=ROOT)
    return (own_seconds() - before) * 1000


def main() -> None:
    """Print medians and the longest wait of each kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few exercises, two imports")
    options = parser.parse_args()
    keys = keys_of(ROOT / "grading" / "keys")
    entries = {
        f"{path.parent.name}/{name}": entry
        for path in sorted(ROOT.glob("release/*/checks.json"))
        for name, entry in read_checks(path).exercises.items()
    }
    names = [name for name in keys if entries[name].feedback != "graded"][: 6 if options.quick else None]
    waits: dict[str, list[tuple[float, str]]] = {what: [] for what in GOALS}
    for name in names:
        key, entry = keys[name], entries[name]
        took, outcome = milliseconds(public_calls(key.answer, key.public_calls), entry)
        if outcome is not Outcome.RIGHT:
            raise SystemExit(f"{name}: the right answer of the key does not open the check; run `litu build`.")
        waits["verdict on a right answer"].append((took, name))
        tried = made({name: key}, 2 if options.quick else TRIES, 1)
        wrong = [milliseconds(public_calls(one.answer, key.public_calls), entry) for one in tried]
        waits["explanation of a wrong answer"].append(
            (max((took for took, outcome in wrong if outcome is not Outcome.RIGHT), default=0.0), name)
        )
    rows = []
    for what, found in waits.items():
        longest, name = max(found)
        rows.append((what, f"{statistics.median(took for took, _ in found):.0f}", f"{longest:.0f} ({name})", f"< {GOALS[what]}"))
    own, others = zip(
        *(
            (importing("from litu import check, draw, hint, load, solution"), importing("import pandas, altair"))
            for _ in range(2 if options.quick else 9)
        ),
        strict=True,
    )
    more = statistics.median(own) - statistics.median(others)
    rows.append(
        ("`import litu`, beyond pandas and Altair", f"{more:.0f}", f"{max(own) - statistics.median(others):.0f}", f"< {IMPORT_GOAL}")
    )
    rows.append(("… as a share of that of pandas and Altair", f"{more / statistics.median(others):.0%}", "", ""))
    show(f"Waiting, milliseconds of CPU, {len(names)} exercises; {load_now()}", ("what", "median", "longest", "goal for the median"), rows)


if __name__ == "__main__":
    main()

"""Peak memory of grading: the whole process tree while a class is graded, two submissions at a time.

Memory is PSS, the proportional set size: a page that several processes share
counts once in all. Copies of the warm parent share most of their pages.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from classroom import BIN, load_now, seat, show, trial_course

UNIT = "04-taobao-villages"
GOAL_MB = 1500
PAUSE = 0.05
KIND = {"zygote": "warm parent and its copies", "bwrap": "bubblewrap"}


def tree(root: int) -> list[int]:
    """Return ``root`` and all processes below it."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                stat = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # it has just ended
            children[int(stat.rpartition(")")[2].split()[1])].append(int(entry.name))
    found = [root]
    for process in found:
        found += children[process]
    return found


def pss_mb(process: int) -> float:
    """Return the proportional set size of a process in MB, 0 when it has ended or is not ours to see."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    return 0.0


def kind(process: int) -> str:
    """Name the part that a process plays."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return "starting or ending"
    return next((what for word, what in KIND.items() if word in words), "the grader itself" if "litu" in words else "starting or ending")


@dataclass
class Peak:
    """The most that was seen at any moment."""

    whole: float = 0.0
    processes: int = 0
    largest: float = 0.0
    largest_is: str = ""
    by_kind: dict[str, float] = field(default_factory=dict)
    """What the kinds of process held when the whole was largest."""
    samples: int = 0

    def look(self, root: int) -> None:
        """Take one sample."""
        kinds = {process: kind(process) for process in tree(root)}
        sizes = {process: pss_mb(process) for process in kinds}
        self.samples += 1
        biggest = max(sizes, key=sizes.__getitem__)
        if sizes[biggest] > self.largest:
            self.largest, self.largest_is = sizes[biggest], kinds[biggest]
        if sum(sizes.values()) > self.whole:
            self.whole, self.processes = sum(sizes.values()), len(sizes)
            self.by_kind = defaultdict(float)
            for process, size in sizes.items():
                self.by_kind[kinds[process]] += size


def measure(number: int) -> Peak:
    """Grade so many submissions and return the peak."""
    with trial_course() as course:
        seat(course, UNIT, number)
        command = [str(BIN / "litu"), "grade", UNIT, "--jobs", "2", "--no-feedback"]
        grader = subprocess.Popen(command, cwd=course.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        peak = Peak()
        while grader.poll() is None:
            peak.look(grader.pid)
            time.sleep(PAUSE)
        if grader.returncode and grader.stderr:
            sys.exit(f"litu grade failed:\n{grader.stderr.read()}")
    return peak


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--quick", action="store_true", help="4 submissions")
    options = parser.parse_args()
    number = 4 if options.quick else options.submissions
    peak = measure(number)
    rows = [
        ("whole process tree", f"{peak.whole:.0f}", f"goal: under {GOAL_MB}; {peak.processes} processes"),
        *((f"… {what}", f"{size:.0f}", "at that moment") for what, size in sorted(peak.by_kind.items(), key=lambda item: -item[1])),
        ("largest process", f"{peak.largest:.0f}", peak.largest_is),
    ]
    show(f"Peak memory: {number} submissions of {UNIT}, 2 jobs", ("what", "MB (PSS)", ""), rows)
    print(f"\n{peak.samples} samples, one every {PAUSE:g} s and the time it takes; {load_now()}.")


if __name__ == "__main__":
    main()

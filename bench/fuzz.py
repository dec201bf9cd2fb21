"""Whether any reader of hostile bytes ends in a traceback, or takes more than a second or 200 MB for one input.

The inputs are real files with spoiled bytes or values, shapes that no file
has, and floods of one small thing (see ``hostile.py``). Each chunk of them is
read in a child process with limits of its own; an input on which something
goes wrong is kept below ``--keep``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pickle
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from parsers import Parser, parsers

SECONDS, MEGABYTES = 1.0, 200
"""What one input may take: CPU time, and memory beyond what the process had."""
CHUNK = 500
HARD_SECONDS, HARD_MEGABYTES = 60, 3000
"""At which the child itself is ended by the system."""


def attempt(parser: Parser, data: Any) -> tuple[str | None, float, float]:
    """Read one input; return what went wrong, CPU seconds and megabytes taken."""
    before, began = _memory(), time.process_time()
    wrong = None
    try:
        parser.read(data)
    except parser.documented:
        pass
    except (Exception, RecursionError) as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        wrong = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    seconds, megabytes = time.process_time() - began, max(0.0, _peak() - before)
    if seconds > SECONDS:
        wrong = wrong or "too long"
    if megabytes > MEGABYTES:
        wrong = wrong or "too much memory"
    return wrong, seconds, megabytes


def _memory() -> float:
    """Return the megabytes that this process has now, and forget its peak."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak() -> float:
    return _status("VmHWM")


def _status(name: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def read_chunk(name: str, parser: Parser, number: int, start: int, keep: Path) -> list[tuple[str, float, float]]:
    """Read so many inputs; return for each what went wrong, seconds and megabytes."""
    found: list[tuple[str, float, float]] = []

    @seed(start)
    @settings(max_examples=number, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(parser.inputs)
    def one(data: Any) -> None:
        if len(found) == number:
            return
        found.append(_read_one(name, parser, data, keep))

    one()
    return found


def read_floods(name: str, parser: Parser, part: float, keep: Path) -> list[tuple[str, float, float]]:
    """Read the floods of a reader, each of ``part`` of the largest size that it takes."""
    return [_read_one(name, parser, data, keep) for data in parser.floods(part)]


def _read_one(name: str, parser: Parser, data: Any, keep: Path) -> tuple[str, float, float]:
    (keep / "now").write_bytes(pickle.dumps(data))
    wrong, seconds, megabytes = attempt(parser, data)
    if wrong:
        (keep / f"{name.replace(' ', '-')}-{hashlib.sha256(wrong.encode()).hexdigest()[:6]}").write_bytes(pickle.dumps(data))
    return wrong or "", seconds, megabytes


def in_child(read: Callable[[], list[tuple[str, float, float]]], name: str, keep: Path) -> list[tuple[str, float, float]]:
    """Do some reading in a child process; one that the system ended counts as one input that went wrong."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (HARD_SECONDS * 10, HARD_SECONDS * 10))
        resource.setrlimit(resource.RLIMIT_AS, (HARD_MEGABYTES << 20,) * 2)
        try:
            _send(writer, pickle.dumps(read()))
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as file:
        data = file.read()
    _, status = os.waitpid(child, 0)
    if not data:
        lost = keep / f"{name.replace(' ', '-')}-ended"
        (keep / "now").replace(lost)
        return [(f"the process was ended ({status})", 0.0, 0.0)]
    return pickle.loads(data)


def _send(writer: int, data: bytes) -> None:
    with open(writer, "wb") as file:
        file.write(data)


def main() -> None:
    """Read all inputs, print a line for each reader and one for all, and end with 1 where something went wrong."""
    options = _options()
    warnings.simplefilter("ignore")
    options.keep.mkdir(parents=True, exist_ok=True)
    total, seconds, megabytes, wrong = 0, 0.0, 0.0, Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        several = parsers(Path(folder))
        weights = sum(parser.weight for parser in several.values())
        for name, parser in several.items():
            if options.only and options.only not in name:
                continue
            wanted = max(1, round(options.inputs * parser.weight / weights))
            found = in_child(partial(read_floods, name, parser, options.floods, options.keep), name, options.keep)
            for place in range(0, wanted, CHUNK):
                number, start = min(CHUNK, wanted - place), options.seed * 1_000_000 + place
                found += in_child(partial(read_chunk, name, parser, number, start, options.keep), name, options.keep)
            worst, most = (max((one[place] for one in found), default=0.0) for place in (1, 2))
            faults = Counter(what for what, _, _ in found if what)
            print(
                f"  {name}: {len(found):,} inputs, at most {worst:.2f} s and {most:.0f} MB"
                + "".join(f"; {n} × {what}" for what, n in faults.items())
            )
            total, seconds, megabytes = total + len(found), max(seconds, worst), max(megabytes, most)
            wrong.update(faults)
    print(
        f"Hostile bytes: {total:,} inputs to {len(several)} readers; {sum(wrong.values())} went wrong; "
        f"at most {seconds:.2f} s of CPU time and {megabytes:.0f} MB for one."
    )
    sys.exit(bool(wrong))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=100_000, help="of all readers together")
    parser.add_argument("--quick", action="store_true", help="2,000 inputs and small floods")
    parser.add_argument("--floods", type=float, default=1.0, help="size of floods, as a part of the largest that is read")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="readers whose name holds this")
    parser.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()) / "litu-fuzz", help="where inputs go on which something goes wrong"
    )
    options = parser.parse_args()
    if options.quick:
        options.inputs, options.floods = 2_000, 0.02
    return options


if __name__ == "__main__":
    main()

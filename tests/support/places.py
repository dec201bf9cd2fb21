"""Where the repository and what tests read of it lie."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = REPOSITORY / "data"
LESSONS = Path(__file__).parent / "lessons"

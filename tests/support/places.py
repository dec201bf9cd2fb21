"""Where the repository and what tests read of it lie."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = REPOSITORY / "data"
"""The dataset of the course."""
TINY = Path(__file__).parent / "data"
"""The small dataset that the lessons below compute with."""
LESSONS = Path(__file__).parent / "lessons"

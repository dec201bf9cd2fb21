"""The whole examination."""

from __future__ import annotations

from collections.abc import Iterator

from litu.course import Course
from litu.grading.upkeep.doctor.finding import Finding
from litu.grading.upkeep.doctor.installation import examine_installation
from litu.grading.upkeep.doctor.readers import examine_readers
from litu.grading.upkeep.doctor.setup import examine_exchange, examine_gradebook, examine_settings


def examine(course: Course) -> Iterator[Finding]:
    """Yield all findings, in an order in which mending makes sense."""
    yield from examine_installation(course)
    yield from examine_settings(course)
    yield from examine_readers(course)
    yield from examine_gradebook(course)
    yield from examine_exchange(course)

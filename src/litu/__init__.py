"""Leaving the Soil: a course on China's rural urbanisation that grades itself.

What a notebook needs: ``load`` and ``describe`` read the reference dataset;
``check``, ``hint``, ``solution`` and ``progress`` go with the exercises.
"""

from litu.dataset.tables import describe, load
from litu.learner.api import check, hint, progress, solution

__all__ = ["check", "describe", "hint", "load", "progress", "solution"]

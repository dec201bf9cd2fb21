"""Leaving the Soil: a course on China's rural urbanisation that grades itself.

What a notebook needs: ``load`` and ``describe`` read the reference dataset;
``check``, ``hint``, ``solution``, ``skip``, ``reset`` and ``progress`` go with the exercises; ``scorecard``
gathers the claims that they have settled; ``save_progress`` and ``restore_progress`` carry what was tried to another computer;
``keepsake`` writes one's work as a notebook and a page. Importing
the package in a notebook sets the look of charts and tables (`litu.display`) and has errors
explained in plain words, which ``explain_errors(False)`` turns off.
"""

from litu.dataset.tables import load
from litu.display import in_notebook
from litu.display.describe import describe
from litu.learner.api import check, progress
from litu.learner.errors.hook import explain_errors, install
from litu.learner.help import hint, reset, skip, solution
from litu.learner.keepsake import keepsake
from litu.learner.saved_progress import restore_progress, save_progress
from litu.learner.scorecard import scorecard
from litu.learner.start import start

__all__ = [
    "check",
    "describe",
    "explain_errors",
    "hint",
    "keepsake",
    "load",
    "progress",
    "reset",
    "restore_progress",
    "save_progress",
    "scorecard",
    "skip",
    "solution",
    "start",
]

in_notebook()
install()

"""nbgrader's `release_feedback`, and Formgrader's button, for a class of which some did not hand in through the exchange.

nbgrader finds a student's way back by the secret that came with the
submission. Work that came by mail or from a learning platform has none, and
nbgrader's own step ends at the first of it.
"""

from __future__ import annotations

import glob
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from litu.grading.submissions.files_beside import SECRET
from litu.grading.submissions.timestamps import TIMESTAMP


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Releases the feedback of all who handed in through the exchange, and says who did not."""

    src_path: str

    def copy_files(self) -> None:
        """Do as nbgrader does, one student after the other."""
        whole = self.src_path
        without = []
        for found in sorted(glob.glob(whole)):
            folder = Path(found)
            if not (folder / SECRET).is_file():
                without.append(folder.parent.name)
                continue
            if not (folder / TIMESTAMP).exists():  # nbgrader reads it to print it
                (folder / TIMESTAMP).write_text("unknown time", encoding="ascii")
            self.src_path = glob.escape(found)
            try:
                super().copy_files()
            except (OSError, ValueError) as error:  # a secret is what its student wrote
                self.log.error("No feedback was released for %s: %s", folder.parent.name, error)
        self.src_path = whole
        if without:
            self.log.warning(
                "No feedback was released for %s: their work did not come through the exchange. Give them their pages in %s another way.",
                ", ".join(without), self.coursedir.feedback_directory,
            )  # fmt: skip

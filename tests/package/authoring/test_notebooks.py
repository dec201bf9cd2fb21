"""Lessons as notebooks: which cells only lead through them."""

from __future__ import annotations

import nbformat
from places import LESSONS

from litu.authoring.notebooks import leads_through, source_notebook
from litu.authoring.parser import read_lesson


def test_cells_that_lead_through_a_notebook_are_known_by_what_they_do() -> None:
    """All help cells and the end of a unit are known; with a word or a line of somebody's own they are not."""
    cells = source_notebook(read_lesson(LESSONS / "01-tiny.md"), read_lesson(LESSONS / "02-kinds.md")).cells
    leading = [cell for cell in cells if cell.id in ("onward", "progress") or cell.id.startswith("help-")]

    assert [cell.id for cell in cells if leads_through(cell)] == [cell.id for cell in leading] and len(leading) > 2
    for cell in leading:
        tried = cell.source.replace("# hint", "hint")
        for more in ("\nMy own words.", "\nx = 3"):
            assert leads_through(nbformat.from_dict({**cell, "source": tried})) and not leads_through(
                nbformat.from_dict({**cell, "source": cell.source + more})
            )

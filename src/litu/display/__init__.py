"""How charts and tables look and are shown in a notebook.

`in_notebook` is called when a notebook imports `litu`. It uses the ways that Altair, IPython and pandas have for
it: a theme, a renderer, formatters, display options.
"""

from __future__ import annotations

import functools
import sys
from typing import Any, cast

CHART = ("altair.vegalite.v6.api", "TopLevelMixin")
"""Where Altair keeps what all its charts are: IPython knows them by this name before Altair is loaded."""


def in_notebook() -> None:
    """Set the course's look where a notebook is running; elsewhere do nothing, and load nothing.

    Altair takes longer to load than all else together, and START has no chart: its look is set once it is there.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return
    import pandas

    from litu.display import tables

    shell.display_formatter.mimebundle_formatter.for_type_by_name(*CHART, _shown)
    if "altair" in sys.modules:
        set_chart_look()
    tables.set_options()
    shell.display_formatter.formatters["text/html"].for_type(pandas.DataFrame, tables.shown)


@functools.cache
def set_chart_look() -> None:
    """Make the course's theme and renderer Altair's own, once, where a learner has not chosen others."""
    import altair

    from litu.display import renderer, theme

    unchosen = altair.theme.active == "default"
    altair.theme.register(theme.NAME, enable=unchosen)(lambda: cast(altair.theme.ThemeConfig, theme.theme()))
    altair.renderers.register(renderer.NAME, renderer.render)
    if altair.renderers.active == "default":
        altair.renderers.enable(renderer.NAME)


def _shown(chart: Any, include: Any = None, exclude: Any = None) -> dict[str, Any]:
    """Show a chart in the course's look: a formatter for IPython."""
    set_chart_look()
    import altair

    from litu.display import renderer

    return renderer.shown(chart, altair.renderers.get())

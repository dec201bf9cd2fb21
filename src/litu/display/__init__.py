"""How charts and tables look and are shown in a notebook.

`in_notebook` is called when a notebook imports `litu`. It uses the ways that Altair, IPython and pandas have for
it: a theme, a renderer, formatters, display options.
"""

from __future__ import annotations

import sys
from typing import cast


def in_notebook() -> None:
    """Set the course's look where a notebook is running; elsewhere do nothing, and load nothing."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return
    import altair
    import pandas

    from litu.display import renderer, tables, theme

    altair.theme.register(theme.NAME, enable=True)(lambda: cast(altair.theme.ThemeConfig, theme.theme()))
    altair.renderers.register(renderer.NAME, renderer.render)
    altair.renderers.enable(renderer.NAME)
    shell.display_formatter.mimebundle_formatter.for_type(altair.TopLevelMixin, renderer.chart_formatter(altair.renderers.get))
    tables.set_options()
    shell.display_formatter.formatters["text/html"].for_type(pandas.DataFrame, tables.shown)

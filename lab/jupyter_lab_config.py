"""JupyterLab as a learner sees it: opens START, without a teacher's tools and news. Used with `jupyter lab --config`."""

from pathlib import Path

here = Path(__file__).resolve().parent
c = get_config()  # noqa: F821  # traitlets gives it
c.ServerApp.root_dir = str(here.parent / "release")
c.LabApp.default_url = "/lab/tree/START.ipynb"
c.LabApp.app_settings_dir = str(here)  # page_config.json and overrides.json stand beside this file

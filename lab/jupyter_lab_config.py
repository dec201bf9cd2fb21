"""JupyterLab as a learner sees it: opens START beside its contents, without a teacher's tools and news. Used with `jupyter lab --config`."""

import shutil
from pathlib import Path

from platformdirs import user_state_path

here = Path(__file__).resolve().parent
layout = user_state_path("litu") / "lab" / "default-37a8.jupyterlab-workspace"  # JupyterLab's name for the first workspace
if not layout.exists():  # once: afterwards it is the learner's own
    try:
        layout.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(here / "workspace.json", layout)
    except OSError:
        pass  # JupyterLab opens with its own layout
c = get_config()  # noqa: F821  # traitlets gives it
c.ServerApp.root_dir = str(here.parent / "release")
c.ServerApp.contents_manager_class = "litu.display.contents.Contents"
c.LabApp.default_url = "/lab/tree/START.ipynb"
c.LabApp.app_settings_dir = str(here)  # page_config.json and overrides.json stand beside this file
c.LabApp.workspaces_dir = str(layout.parent)

"""Where the notebook that is open lies on disk, as far as its kernel can tell."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from litu.errors import LituError

MOST_BYTES = 80_000_000


def notebook_places(names: Mapping[str, object]) -> list[Path]:
    """Return where the notebook may be: as JupyterLab or VS Code tell it, else the unit's own in this folder.

    ``names`` are those of the notebook's own namespace.
    """
    told = [os.environ.get("JPY_SESSION_NAME"), names.get("__vsc_ipynb_file__")]
    here = Path.cwd()
    return [here / Path(name).name for name in told if type(name) is str and name.endswith(".ipynb")] or [here / f"{here.name}.ipynb"]


def find_notebook(named: str | Path | None, unit: str, names: Mapping[str, object]) -> Path:
    """Return the notebook that a learner means: the one named, the open one, or the unit's own. Raises LituError."""
    places = [Path(named)] if named is not None else [*notebook_places(names), Path.cwd() / f"{unit}.ipynb"]
    for path in places:
        if path.is_file():
            return path
    raise LituError(f'The notebook {places[0].name} is not here. Name the file, for example keepsake("{unit}.ipynb").')


def read_notebook(path: Path) -> Any:
    """Return a notebook as nbformat reads it. Raises LituError for a file that is none."""
    import nbformat

    try:
        if path.stat().st_size > MOST_BYTES:
            raise LituError(f"{path} has more than {MOST_BYTES // 1_000_000} MB; clear its outputs and save it.")
        return nbformat.read(path, as_version=4)
    except LituError:
        raise
    except Exception as error:  # whatever stands in the file: nbformat raises many kinds
        raise LituError(f"{path} cannot be read as a notebook ({type(error).__name__}).") from None


def own_names() -> Mapping[str, object]:
    """Return the namespace of the notebook that is open, empty where there is none."""
    from IPython import get_ipython

    shell = get_ipython()
    return shell.user_ns if shell is not None else {}

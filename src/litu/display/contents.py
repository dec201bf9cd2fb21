"""The notebooks of a folder as JupyterLab would have written them, so that one just opened does not count as changed.

JupyterLab writes into each notebook which language its kernel speaks, down to the version, and marks a notebook as
changed where that was missing or another. Notebooks that are handed out cannot know it. Here it is told when they
are read; no file changes.
"""

from __future__ import annotations

from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

KERNEL = "python3"


class Contents(AsyncLargeFileManager):
    """Jupyter's own manager of files, with the language of the kernel beside it told of notebooks for that kernel."""

    async def get(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the model of a file or folder."""
        model: dict[str, Any] = await super().get(*args, **kwargs)
        if model["type"] == "notebook" and model["content"]:
            metadata = model["content"]["metadata"]
            if metadata.get("kernelspec", {}).get("name") == KERNEL:
                metadata["language_info"] = dict(IPythonKernel.language_info)
        return model

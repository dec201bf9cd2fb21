"""Changes to the notebook file itself, one for each trick that needs one."""

from __future__ import annotations

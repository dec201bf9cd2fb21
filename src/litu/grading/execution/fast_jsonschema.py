"""Loads jsonschema, which Altair and nbformat stand on, in a tenth of its time.

jsonschema compiles 38 grammars of addresses (RFC 3987) when it is loaded and
the package rfc3987_syntax is there, as it is with JupyterLab. No schema used
here has such an address.
"""

from __future__ import annotations

import sys

_GRAMMARS = "rfc3987_syntax"


def load() -> None:
    """Load jsonschema without those grammars, unless it is loaded already."""
    if _GRAMMARS in sys.modules:
        return
    sys.modules[_GRAMMARS] = None  # type: ignore[assignment]  # importing it fails, as if it were not installed
    try:
        import jsonschema  # noqa: F401
    finally:
        del sys.modules[_GRAMMARS]

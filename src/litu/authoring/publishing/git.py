"""Commits an updated bundle, where it is a git repository; only the files that publishing has written."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from litu.errors import LituError

NOBODY = ("-c", "user.name=litu publish", "-c", "user.email=litu@localhost")
"""Who commits where git knows nobody."""


def commit(folder: Path, names: Sequence[str], message: str) -> bool:
    """Commit ``names``, also those that are gone, in the repository of ``folder``, begun if there is none; return whether anything was new.

    Raises LituError with git's own words.
    """
    if not (folder / ".git").exists():
        _git(folder, "init", "--quiet")
    known = [name for name in names if (folder / name).exists() or _git(folder, "ls-files", "--", name)]
    if not known:
        return False
    _git(folder, "add", "--all", "--force", "--", *known)
    if not _git(folder, "diff", "--cached", "--name-only", "--", *known):
        return False
    who = () if _git(folder, "config", "--get", "user.email", fails=True) else NOBODY
    _git(folder, *who, "commit", "--quiet", "--message", message, "--", *known)
    return True


def _git(folder: Path, *words: str, fails: bool = False) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise LituError("git is not installed; publish without --git.") from None
    if done.returncode and not fails:
        raise LituError(
            f"git {words[0]} failed in {folder}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}"
        )
    return done.stdout.strip()

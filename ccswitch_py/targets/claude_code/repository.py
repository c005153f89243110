"""The git repository around a folder, as Claude Code finds it: it takes settings from there too."""

from __future__ import annotations

import os

from ccswitch_py.core.files import UnreadableFile, read_data
from ccswitch_py.core.paths import upwards

_BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript takes away around a text; Python would take others."""


def project_folders(start: str) -> list[str]:
    """The folder, those above it up to the root of its git repository, and for a worktree that of the main one.

    Whatever may be the main one is named, so that none is missed. Raises ``UnreadableFile`` if its ``.git`` is.
    """
    folders, git = _up_to_repository(start)
    if git is None:
        return [start]
    main = _main_git(git) if os.path.isfile(git) else None
    if main is None:
        return folders
    return [*folders, os.path.dirname(main), *([] if os.path.basename(main) == ".git" else [main])]


def local_settings_folder(start: str, home: str) -> str:
    """The folder whose ``settings.local.json`` goes before that of ``start``, which may be ``start`` itself.

    Seen with 2.1.330: it is the root of the repository, unless that is the user's home; for a worktree it is the root
    of the main one, if each of the two names the other.
    """
    folders, git = _up_to_repository(start)
    if git is None:
        return start
    root = folders[-1]
    if os.path.isfile(git):
        root = _main_root(git) or root
    return start if os.path.realpath(root) == os.path.realpath(home) else root


def _up_to_repository(start: str) -> tuple[list[str], str | None]:
    """The folders up to the root, and the root's ``.git``; without a repository only the folder."""
    folders = list(upwards(start))
    for count, folder in enumerate(folders, 1):
        git = os.path.join(folder, ".git")
        if os.path.isdir(git) or os.path.isfile(git):
            return folders[:count], git
    return [start], None


def _main_git(git_file: str) -> str | None:
    """What would be the ``.git`` of the main repository; Claude Code takes all that follows ``gitdir:`` as the path."""
    text = _text(git_file)
    if not text.startswith("gitdir:"):
        return None
    worktrees, name = os.path.split(_resolved(git_file, text.removeprefix("gitdir:")))
    return os.path.dirname(worktrees) if name and os.path.basename(worktrees) == "worktrees" else None


def _main_root(git_file: str) -> str | None:
    try:
        main = _main_git(git_file)
        if main is None or os.path.basename(main) != ".git":
            return None
        worktree = _resolved(git_file, _text(git_file).removeprefix("gitdir:"))
        to_main, back = (os.path.join(worktree, name) for name in ("commondir", "gitdir"))
        named = os.path.normpath(os.path.join(worktree, _text(to_main)))
        named_back = os.path.normpath(os.path.join(worktree, _text(back)))
    except UnreadableFile:
        return None
    agreed = named == main and os.path.realpath(named_back) == os.path.realpath(git_file)
    return os.path.dirname(main) if agreed else None


def _resolved(file: str, named: str) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(file), named.strip(_BLANKS)))


def _text(path: str) -> str:
    return (read_data(path) or b"").decode("utf-8", "replace").strip(_BLANKS)

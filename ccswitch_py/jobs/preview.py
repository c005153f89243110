"""The exact change to a live file, as lines to read before it is made: the user's own values are not shown."""

from __future__ import annotations

import difflib

from ccswitch_py.jobs.change import Change
from ccswitch_py.jobs.seal import shown
from ccswitch_py.patch.json_text import foreign_spans

_CONTEXT_LINES = 1


def diff_lines(change: Change) -> list[str]:
    """A unified diff of the file; empty where nothing changes.

    Secrets are bullets, and so is what stands next to our entries: it may hold secrets of other programs.
    """
    before = _readable(change, change.before or "", "")
    after = _readable(change, change.after or "", change.before or "{}")
    if before == after:
        return []
    lines = difflib.unified_diff(before, after, change.path, change.path, n=_CONTEXT_LINES, lineterm="")
    return [line for line in lines if not line.startswith("@@")]


def _readable(change: Change, text: str, before: str) -> list[str]:
    if text:
        for start, end in reversed(foreign_spans(text, change.target.owned)):
            text = f"{text[:start]}…{text[end:]}"
    return shown(text, before).splitlines()

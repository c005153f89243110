"""The exact change to a live file, as lines to read before it is made: the user's own values are not shown."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ccswitch_py.live_files.live_state import Change
from ccswitch_py.live_files.obstacles import find_obstacle
from ccswitch_py.live_files.secret_placeholders import mask_placeholders

_CONTEXT_LINES = 1


def diff_lines(change: Change) -> list[str]:
    """``changed_lines`` under the names of the file, as a unified diff has them; empty where nothing changes."""
    lines = changed_lines(change)
    return [f"--- {change.path}", f"+++ {change.path}", *lines] if lines else []


def changed_lines(change: Change) -> list[str]:
    """The lines that are removed, added, or stand around those, each with its sign; empty where nothing changes.

    Secrets are bullets, and so is what stands next to our entries: it may hold secrets of other programs.
    """
    before = _readable(change, change.before or "", "")
    after = _readable(change, change.after or "", change.before or change.file.format.empty or " ")
    lines = [*difflib.unified_diff(before, after, n=_CONTEXT_LINES, lineterm="")][2:]
    return [line for line in lines if not line.startswith("@@")]


def check_replaceable(changes: Iterable[Change]) -> None:
    """Raise ``FileNotChanged`` if something seems to keep a file that would change from being replaced."""
    for change in changes:
        if change.changed and (obstacle := find_obstacle(change.path)):
            raise obstacle.error(change.path)


def _readable(change: Change, text: str, before: str) -> list[str]:
    fmt = change.file.format
    if text:
        shown, at = list[str](), 0
        for start, end in fmt.foreign_spans(text, change.file.owned):
            shown.append(text[at:start])
            at = end
        text = "…".join((*shown, text[at:]))
    return mask_placeholders(fmt, text, before).splitlines()

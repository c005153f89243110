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

    A "…" stands for lines that are left out. Secrets are bullets, and so is what stands next to our entries: it may
    hold secrets of other programs.
    """
    before = _readable(change, change.before or "", "")
    after = _readable(change, change.after or "", change.before or change.file.format.empty or " ")
    lines: list[str] = []
    at = 0
    for group in difflib.SequenceMatcher(None, before, after).get_grouped_opcodes(_CONTEXT_LINES):
        lines += _left_out(before[at : group[0][1]])
        for kind, start, at, new_start, new_end in group:
            if kind == "equal":
                lines += [f" {line}" for line in before[start:at]]
            else:
                lines += [f"-{line}" for line in before[start:at]]
                lines += [f"+{line}" for line in after[new_start:new_end]]
    return [*lines, *_left_out(before[at:])] if lines else []


def _left_out(lines: list[str]) -> list[str]:
    """Shorten unchanged lines; a single one takes no more room than the sign for it."""
    return [f" {lines[0]}"] if len(lines) == 1 else ["…"] if lines else []


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

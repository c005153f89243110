"""The exact change to a live file, as lines to read before it is made; secrets are bullets."""

from __future__ import annotations

import difflib
import re

from ccswitch_py.jobs.apply import Change
from ccswitch_py.jobs.seal import shown

_CONTEXT_LINES = 1
_SECRET_NAMED = re.compile(r'("[^"]*(?:key|token|secret|password|credential|auth)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)+"', re.I)
_TOKEN_LIKE = re.compile(r"\b(?:sk|pk|ghp|gho|xox[abp]|AKIA)[-_A-Za-z0-9]{8,}")


def diff_lines(change: Change) -> list[str]:
    """A unified diff of the file; empty where nothing changes.

    Lines of the user's own that stand next to ours may hold secrets of other programs: those are bullets too.
    """
    before = _readable(change.before or "", "")
    after = _readable(change.after or "", change.before or "{}")
    if before == after:
        return []
    lines = difflib.unified_diff(before, after, change.path, change.path, n=_CONTEXT_LINES, lineterm="")
    return [line for line in lines if not line.startswith("@@")]


def _readable(text: str, before: str) -> list[str]:
    masked = _SECRET_NAMED.sub(_mask_value, text)
    return _TOKEN_LIKE.sub("••••••••", shown(masked, before)).splitlines()


def _mask_value(match: re.Match[str]) -> str:
    # The helper is a command that the reader wants to see (one with a token in it is sealed), MAX_…_TOKENS a number.
    if any(harmless in match.group(0) for harmless in ("apiKeyHelper", "MAX_", "ccswitch-sealed:")):
        return match.group(0)
    return f'{match.group(1)}"••••••••"'

"""Read launch agents of macOS for ``launchctl setenv NAME value``."""

from __future__ import annotations

import plistlib
import shlex
from itertools import pairwise
from typing import Any, cast

from ccswitch_py.targets.claude_code.sources.layer import entry_of
from ccswitch_py.targets.claude_code.variables import VARIABLES
from ccswitch_py.targets.explanation import Entry


def agent_entries(text: str) -> list[Entry]:
    """What a property list's program sets; nothing for one that is no XML, or does something else."""
    try:
        found: object = plistlib.loads(text.encode())
    except Exception:  # plistlib raises what its parsers raise, and a list that nobody can read sets nothing
        return []
    words = _words(found)
    if not any(word.endswith("launchctl") for word in words):
        return []
    return [
        entry_of(name, None if "$" in value else value, _line(text, name))
        for (verb, name), (_, value) in zip(pairwise(words), pairwise(words[1:]), strict=False)
        if verb == "setenv" and name in VARIABLES
    ]


def _words(found: object) -> list[str]:
    arguments = cast("dict[str, Any]", found).get("ProgramArguments") if isinstance(found, dict) else None
    if not isinstance(arguments, list):
        return []
    words: list[str] = []
    for argument in map(str, cast("list[object]", arguments)):
        try:
            words += shlex.split(argument) if "setenv" in argument else [argument]
        except ValueError:
            continue
    return words


def _line(text: str, name: str) -> int:
    return text.count("\n", 0, max(text.find(name), 0)) + 1

"""What decides for Claude Code beside address, key, headers and models themselves: each name and its measured effect.

``facts/deciding.tsv`` has a row for each name, ``facts/variables.tsv`` and ``facts/settings.tsv`` all names that the
measured version reads: what else is set may have any effect.
"""

from __future__ import annotations

import os

from ccswitch_py.core.record import Record
from ccswitch_py.targets.claude_code.variables import VARIABLES, is_off

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FACTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "facts")
MOST_UNKNOWN = 20
"""Names of one file that are reported without being known: more would hide what else there is."""
_OURS = ("ANTHROPIC_", "CLAUDE_CODE_", "_CLAUDE_CODE_")
"""How the variables begin that are Claude Code's alone."""


class Deciding(Record):
    """A row: what ``name`` decides, in which layers, and when.

    ``decides`` is ``provider`` (address, key and models), ``credential``, ``model``, ``headers``, ``settings`` (which
    files are read) or ``start`` (whether Claude Code starts). ``layers`` is ``process``, ``files``, ``own`` (all but
    those of a project), ``managed``, ``foreign`` (neither the user's settings nor ``--settings``, in which a profile
    may have it) or ``all``. ``when`` is ``on`` (a switch), ``set`` (to anything), or ``may``: then
    the value, or what else is set, makes the difference.
    """

    name: str
    decides: str
    layers: str
    when: str

    def is_on(self, value: str) -> bool:
        """Whether this value has the effect, or can have it."""
        return not is_off(value) if self.when == "on" else bool(value.strip())


def deciding() -> Mapping[str, Deciding]:
    """All rows, by name."""
    global _rows
    if not _rows:
        _rows = {row[0]: Deciding(*row[:4]) for row in _table("deciding.tsv")}
    return _rows


def known_variables() -> frozenset[str]:
    """Every variable that the measured version reads."""
    global _known
    _known = _known or frozenset(row[0] for row in _table("variables.tsv"))
    return _known


def known_settings() -> frozenset[str]:
    """Every top-level setting of the measured version."""
    return frozenset(row[0] for row in _table("settings.tsv") if "." not in row[0])


def is_looked_for(name: str) -> bool:
    """Whether a variable decides something, or is Claude Code's without being known."""
    decides = name in deciding() and not is_setting(name)
    return decides or name in VARIABLES or is_unknown_variable(name, known_variables())


def looked_for(names: Iterable[str]) -> list[str]:
    """The variables among them that are looked for; of those that nothing is known about only the first."""
    known, decides = known_variables(), deciding()
    unknown = 0
    found: list[str] = []
    for name in names:
        if name.startswith(_OURS) and name not in known:
            unknown += 1
            if unknown <= MOST_UNKNOWN:
                found.append(name)
        elif name in VARIABLES or (name in decides and not is_setting(name)):
            found.append(name)
    return found


def is_setting(name: str) -> bool:
    """Whether a name in ``deciding`` is one of a settings file's own entries, and not of a variable."""
    return name[:1].islower() and "_" not in name


def is_unknown_variable(name: str, known: frozenset[str]) -> bool:
    """Whether it is a variable of Claude Code, to go by its name, and not one that was measured."""
    return name.startswith(_OURS) and name not in known


def named_model(extra_body: str) -> str | None:
    """The model that ``CLAUDE_CODE_EXTRA_BODY`` puts in the place of every other."""
    import json

    try:
        model: object = json.loads(extra_body)["model"]
    except (ValueError, RecursionError, TypeError, LookupError):
        return None
    return model if isinstance(model, str) else None


_rows: dict[str, Deciding] = {}
_known: frozenset[str] = frozenset()


def _table(name: str) -> Iterator[list[str]]:
    with open(os.path.join(_FACTS, name), encoding="utf-8") as file:
        yield from (row.rstrip("\n").split("\t") for row in file if not row.startswith("#"))

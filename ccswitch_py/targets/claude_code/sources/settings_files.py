"""Read the settings files and Claude Code's state as layers, with line numbers."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from ccswitch_py.core.files import UnreadableFile, read_text
from ccswitch_py.core.language import N_, _
from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import BeyondLimits, UnreadableText
from ccswitch_py.targets.claude_code import settings
from ccswitch_py.targets.claude_code.deciding import (
    MOST_UNKNOWN,
    deciding,
    is_setting,
    known_settings,
    looked_for,
)
from ccswitch_py.targets.claude_code.repository import local_settings_folder
from ccswitch_py.targets.claude_code.settings_schema import check_types
from ccswitch_py.targets.claude_code.sources.layer import LayerKind, entry_of, layer_of
from ccswitch_py.targets.claude_code.variables import PRIMARY_KEY, TOP_LEVEL, VARIABLES
from ccswitch_py.targets.explanation import Entry, Layer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.formats.base import EntryPath

_SKIPPED = N_("Claude Code skips all of it because of line {line}: {reason}.")
_NO_START = N_("Claude Code does not start because of line {line}: {reason}.")
_BEYOND_LIMITS = N_("Line {line}: {reason}, so ccswitch does not read the file; Claude Code may.")
_JSON = find_format("json")


class StrayKeys(NamedTuple):
    """Keys, each with its line: variables outside ``env``, and others that are not known."""

    variables: list[tuple[str, int]]
    unknown: list[tuple[str, int]]


_OF_VARIABLES = ("ANTHROPIC_", "CLAUDE_CODE_")
_OF_ENV: list[EntryPath] = [("env", name) for name in VARIABLES]


def settings_layers(folder: str, environ: Mapping[str, str], settings_file: str | None) -> list[Layer]:
    """The existing settings files, the strongest first, then Claude Code's own state."""
    users = settings.user_settings_file(environ)
    named: list[tuple[LayerKind, str]] = []
    if settings_file is not None:
        named.append((LayerKind.SETTINGS_OPTION, os.path.join(folder, settings_file)))
    # Seen with 2.1.330: the local settings of a repository's root count too, before those of the folder itself.
    for project in dict.fromkeys((local_settings_folder(folder, settings.home_folder(environ)), folder)):
        named.append((LayerKind.LOCAL, os.path.join(project, settings.PROJECT_FOLDER, settings.LOCAL_SETTINGS)))
    named.append((LayerKind.PROJECT, os.path.join(folder, settings.PROJECT_FOLDER, settings.SETTINGS)))
    named = [(kind, path) for kind, path in named if os.path.realpath(path) != os.path.realpath(users)]
    named += [(LayerKind.USER, users), (LayerKind.STATE, settings.state_file(environ))]
    layers = (settings_layer(kind, path) for kind, path in named)
    return [*managed_layers(), *(layer for layer in layers if layer is not None)]


def managed_layers() -> list[Layer]:
    """What an administrator has set, the strongest first."""
    layers = (settings_layer(LayerKind.MANAGED, path) for path in reversed(settings.managed_files()))
    return [layer for layer in layers if layer is not None]


def settings_layer(kind: LayerKind, path: str) -> Layer | None:
    """Read one file; None where there is none."""
    layer = layer_of(kind, path)
    try:
        text = read_text(path)
        if text is None:
            return None
        layer.entries = _entries_of_state(text) if kind is LayerKind.STATE else entries_of(text, kind)
    except UnreadableFile as problem:
        layer.problem = str(problem)
        layer.unread = os.access(path, os.R_OK)
    except BeyondLimits as problem:
        layer.problem = _(_BEYOND_LIMITS, line=problem.line, reason=problem.reason)
        layer.unread = True
    except UnreadableText as problem:
        text = _NO_START if kind in (LayerKind.MANAGED, LayerKind.STATE) else _SKIPPED
        layer.problem = _(text, line=problem.line, reason=problem.reason)
    return layer


def entries_of(text: str, kind: LayerKind = LayerKind.USER) -> list[Entry]:
    """What a settings file sets; raises ``UnreadableText`` where Claude Code skips the file."""
    _check(text)
    # Seen with 2.1.330: of a managed file only the entry itself is left out.
    found = (settings.parse_settings(text) or {}) if kind is LayerKind.MANAGED else check_types(text)
    paths: list[EntryPath] = [("env", name) for name in looked_for(settings.variables_of(found))]
    paths += [(name,) for name in found if name in TOP_LEVEL or (name in deciding() and is_setting(name))]
    return list(_entries(text, paths))


def stray_keys(path: str) -> StrayKeys:
    """The top-level keys of a settings file that the measured version does not read; of each kind the first."""
    try:
        text = read_text(path) or ""
        names = dict.fromkeys(_JSON.names(text))
        variables = [name for name in names if name.startswith(_OF_VARIABLES)]
        known = known_settings().union(variables)
        unknown = islice((name for name in names if name not in known), MOST_UNKNOWN)
        return StrayKeys(_lines(text, variables[:MOST_UNKNOWN]), _lines(text, unknown))
    except (UnreadableFile, UnreadableText):
        return StrayKeys([], [])


def _lines(text: str, names: Iterable[str]) -> list[tuple[str, int]]:
    spans = _JSON.spans(text, [(name,) for name in names])
    return [(str(entry[0]), text.count("\n", 0, places[-1][0]) + 1) for entry, places in spans.items()]


def _entries_of_state(text: str) -> list[Entry]:
    """What Claude Code's own state sets; wrong types are skipped one by one."""
    if not text.lstrip().startswith("{") and _is_empty_or_json(text):  # seen with 2.1.330: counts as an empty object
        return []
    _check(text)
    spans = _JSON.spans(text, [("env",), (PRIMARY_KEY,)])
    env, key = (text[slice(*spans[path][-1])] if path in spans else "" for path in (("env",), (PRIMARY_KEY,)))
    paths = [*(_OF_ENV if env.startswith("{") else []), *([(PRIMARY_KEY,)] if key.startswith('"') else [])]
    return list(_entries(text, paths))


def _check(text: str) -> None:
    if not text.strip():  # an empty object for us, but not for Claude Code
        raise UnreadableText(1, _("it is empty"))
    _JSON.check(text)


def _is_empty_or_json(text: str) -> bool:
    try:
        return not text.strip() or bool(json.loads(f"[{text}]", parse_int=len))
    except (ValueError, RecursionError):
        return False


def _entries(text: str, paths: Sequence[EntryPath]) -> Iterator[Entry]:
    """What stands at these paths, in the order of the text."""
    line, before = 1, 0
    for (start, end), path in sorted((spans[-1], path) for path, spans in _JSON.spans(text, paths).items()):
        line, before = line + text.count("\n", before, start), start
        raw = text[start:end]
        if raw.startswith('"'):
            yield entry_of(str(path[-1]), str(json.loads(raw)), line)
        elif len(path) == 1:
            if path[0] not in TOP_LEVEL:
                yield entry_of(str(path[0]), raw, line)
        else:
            # Claude Code converts these too: seen with null, numbers, lists and objects.
            yield entry_of(str(path[-1]), _as_text(raw), line)


def _as_text(raw: str) -> str:
    if raw.startswith("{"):
        return "[object Object]"
    if raw.startswith("["):
        return ",".join("" if part is None else str(part) for part in json.loads(raw, parse_int=str))
    return raw

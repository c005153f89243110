"""Claude Code's own settings files, from the machine's to the user's: what each sets, and in which line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping

from ccswitch_py.language import later, tr
from ccswitch_py.layers.layer import Entry, Kind, Layer
from ccswitch_py.layers.variables import CONFIG_DIR, TOP_LEVEL, VARIABLES
from ccswitch_py.patch.json_text import UnreadableJson, check_object, entry_spans
from ccswitch_py.reading import Unreadable, read_text
from ccswitch_py.repository import local_settings_folder
from ccswitch_py.vault.secret import Secret

_MANAGED = {
    "darwin": "/Library/Application Support/ClaudeCode",
    "win32": r"C:\Program Files\ClaudeCode",
}
_MANAGED_ELSEWHERE = "/etc/claude-code"
_SKIPPED = later("Claude Code skips all of it because of line {line}: {reason}.")
_NO_START = later("Claude Code does not start because of line {line}: {reason}.")
_PATHS = [*(("env", name) for name in VARIABLES), *((name,) for name in TOP_LEVEL)]


def settings_layers(folder: str, home: str, environ: Mapping[str, str], settings_file: str | None) -> list[Layer]:
    """The settings files that exist, the strongest first."""
    users = os.path.join(config_folder(home, environ), "settings.json")
    named = [(Kind.MANAGED, path) for path in reversed(_managed_files())]
    if settings_file is not None:
        named.append((Kind.SETTINGS_OPTION, os.path.join(folder, settings_file)))
    # Seen with 2.1.330: of a repository's root the local settings count too, and before those of the folder itself.
    for project in dict.fromkeys((local_settings_folder(folder, home), folder)):
        named.append((Kind.LOCAL, os.path.join(project, ".claude", "settings.local.json")))
    named.append((Kind.PROJECT, os.path.join(folder, ".claude", "settings.json")))
    named = [(kind, path) for kind, path in named if os.path.realpath(path) != os.path.realpath(users)]
    layers = (_layer(kind, path) for kind, path in [*named, (Kind.USER, users)])
    return [layer for layer in layers if layer is not None]


def config_folder(home: str, environ: Mapping[str, str]) -> str:
    """The folder of the user's own settings."""
    return os.path.abspath(environ.get(CONFIG_DIR) or os.path.join(home, ".claude"))


def _managed_files() -> list[str]:
    """The files that an administrator has put there, the strongest last."""
    folder = _MANAGED.get(sys.platform, _MANAGED_ELSEWHERE)
    more = os.path.join(folder, "managed-settings.d")
    try:
        names = sorted(name for name in os.listdir(more) if name.endswith(".json") and not name.startswith("."))
    except OSError:
        names = []
    return [os.path.join(folder, "managed-settings.json"), *(os.path.join(more, name) for name in names)]


def _layer(kind: Kind, path: str) -> Layer | None:
    layer = Layer(kind, path)
    try:
        text = read_text(path)
        if text is None:
            return None
        layer.entries = entries_of(text)
    except Unreadable as problem:
        layer.problem = str(problem)
    except UnreadableJson as problem:
        text = _NO_START if kind is Kind.MANAGED else _SKIPPED
        layer.problem = tr(text, line=problem.line, reason=problem.reason)
    return layer


def entries_of(text: str) -> list[Entry]:
    """What a settings file sets of what we look for; raises ``UnreadableJson`` where Claude Code skips the file."""
    check_object(text)
    return sorted(_entries(text), key=lambda entry: entry.line or 0)


def _entries(text: str) -> Iterator[Entry]:
    for path, spans in entry_spans(text, _PATHS).items():
        start, end = spans[-1]
        line = text.count("\n", 0, start) + 1
        raw = text[start:end]
        if raw.startswith('"'):
            yield Entry(path[-1], Secret(str(json.loads(raw))), line)
        elif len(path) == 1:
            raise UnreadableJson(line, tr("{entry} is not a text", entry=".".join(path)))
        else:
            # Claude Code makes a text even of these: seen with null, numbers, lists and objects.
            yield Entry(path[-1], Secret(_as_text(raw)), line)


def _as_text(raw: str) -> str:
    if raw.startswith("{"):
        return "[object Object]"
    if raw.startswith("["):
        return ",".join("" if part is None else str(part) for part in json.loads(raw, parse_int=str))
    return raw

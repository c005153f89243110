"""Looks for keys in clear text: in settings, in the start files of shells, and in what other switchers keep."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator

from ccswitch_py.jobs.doctor.finding import Finding, Kind, Level, Told, file, named, open_to_all
from ccswitch_py.jobs.doctor.key_search import keys_in
from ccswitch_py.jobs.doctor.loopback import PLACEHOLDERS
from ccswitch_py.jobs.doctor.project import is_kept_out_of_git
from ccswitch_py.jobs.doctor.scene import Scene
from ccswitch_py.language import later
from ccswitch_py.layers.layer import Entry, Layer
from ccswitch_py.layers.layer import Kind as LayerKind
from ccswitch_py.layers.state_file import config_folder
from ccswitch_py.layers.variables import BASE_URL, CUSTOM_HEADERS, HELPER, PRIMARY_KEY, SECRETS
from ccswitch_py.layers.winners import Place
from ccswitch_py.targets.base import Target

ASKED_FOR = Kind(
    "plaintext_asked_for",
    Level.LOOK,
    later("The key stands in {file} in clear text, as the profile '{profile}' asks for."),
    later("If the keyring can do it, use `ccswitch edit {profile} --delivery helper`."),
)
IN_SETTINGS = Kind(
    "plaintext_in_settings",
    Level.LOOK,
    later("A key stands in {file} in clear text, in {entry}."),
    later("Give it to the keyring with `ccswitch add` or `ccswitch keys set`, and remove it from {file}."),
)
OF_LOGIN = Kind(
    "plaintext_of_claude_login",
    Level.LOOK,
    later("A key stands in {file} in clear text, in {entry}, where /login of Claude Code keeps it."),
    later("If you do not need it, take it away with /logout in Claude Code."),
)
IN_START_FILE = Kind(
    "plaintext_in_start_file",
    Level.LOOK,
    later("A key stands in {file} in clear text, in {entry}, and every program that you start gets it."),
    later("Give it to the keyring with `ccswitch keys set`, and remove it from {file}."),
)
FOR_OTHERS = Kind(
    "plaintext_readable_by_others",
    Level.BROKEN,
    later("Others on this machine can read {file}, in which a key stands in clear text."),
    later("Run `chmod 600 {file}`; if others may have read it, have the gateway replace the key."),
)
IN_PROJECT = Kind(
    "plaintext_in_project",
    Level.BROKEN,
    later("A key stands in {file} in clear text, in {entry}: whoever gets the project gets the key."),
    later("Remove it, and if the project was ever shared, have the gateway replace the key."),
)
ELSEWHERE = Kind(
    "plaintext_of_other_switcher",
    Level.LOOK,
    later("{file} has keys in clear text; it belongs to another switcher. Found: {count}."),
    later("If you do not use that switcher any more, delete the file."),
)
BACKUP = Kind(
    "plaintext_in_backup",
    Level.LOOK,
    later("{file} is a copy with keys in clear text. Found: {count}."),
    later("Delete it if you do not need it."),
)

OTHER_SWITCHERS = (
    ".cc-switch/config.json",
    ".cc-switch/config.json.*",
    ".cc-switch/settings.json",
    ".cc-switch/cc-switch.db",
    ".cc-switch/*.sql",
    ".claude-code-router/config.json",
    ".claude-code-router/.env",
)
"""Where other switchers keep keys, seen from the user's folder."""
BACKUPS = (
    ".cc-switch/backups/*",
    ".cc-switch/backups/*/*",
    ".claude-code-router/config.*.bak",
)
BACKUPS_OF_CLAUDE_CODE = ("settings.json?*", "settings-*.json", "settings_*.json", "claude.json", "config.json")
"""In Claude Code's own folder: copies that people and switchers make of its settings."""
_MOST = 50


def examine(scene: Scene) -> Iterator[Finding]:
    """Each entry of a layer that may hold a key, then the files of others."""
    for layer in scene.layers:
        if layer.path is None:
            continue
        found = [entry for entry in layer.entries if _is_key(scene.target, layer, entry)]
        for entry in found:
            yield _of_entry(scene, layer, layer.path, entry)
        if found and layer not in scene.projects:
            yield from _for_others(layer.path)
    folder = config_folder(scene.home, scene.environ)
    yield from _files(scene.home, OTHER_SWITCHERS, ELSEWHERE)
    yield from _files(scene.home, BACKUPS, BACKUP)
    yield from _files(folder, BACKUPS_OF_CLAUDE_CODE, BACKUP)


def _is_key(target: Target, layer: Layer, entry: Entry) -> bool:
    value = Place(layer, entry).text
    if not value or value in PLACEHOLDERS or entry.removes:
        return False
    if entry.name in SECRETS:
        return True
    path = (HELPER,) if entry.name == HELPER else ("env", entry.name)
    return entry.name in (HELPER, BASE_URL, CUSTOM_HEADERS) and target.is_secret(path, _json(value))


def _of_entry(scene: Scene, layer: Layer, path: str, entry: Entry) -> Finding:
    told: dict[str, Told] = {"file": file(path), "entry": open_to_all(entry.name)}
    profile = scene.profiles.get(scene.in_use or "")
    match layer.kind:
        case LayerKind.USER if scene.in_use and profile and profile.delivery.value == "plaintext":
            kind = ASKED_FOR
            told["profile"] = named(scene.in_use)
        case LayerKind.STATE if entry.name == PRIMARY_KEY:
            kind = OF_LOGIN
        case LayerKind.USER | LayerKind.STATE | LayerKind.MANAGED | LayerKind.SETTINGS_OPTION:
            kind = IN_SETTINGS
        case LayerKind.LOCAL if is_kept_out_of_git(path):
            kind = IN_SETTINGS
        case LayerKind.PROJECT | LayerKind.LOCAL | LayerKind.DIRENV:
            kind = IN_PROJECT
        case _:
            kind = IN_START_FILE
    return Finding(kind, told, path, entry.line)


def _files(root: str, patterns: tuple[str, ...], kind: Kind) -> Iterator[Finding]:
    found = dict.fromkeys(
        path for pattern in patterns for path in sorted(glob.glob(os.path.join(glob.escape(root), pattern)))
    )
    for path in list(found)[:_MOST]:
        count, line = keys_in(path)
        if count:
            yield Finding(kind, {"file": file(path), "count": open_to_all(count)}, path, line)
            yield from _for_others(path)


def _for_others(path: str) -> Iterator[Finding]:
    if os.name == "posix" and _others_can_read(os.path.realpath(path)):
        yield Finding(FOR_OTHERS, {"file": file(path)}, path)


def _others_can_read(path: str) -> bool:
    """Whether the file and each folder around it lets anybody through, or a group that is not the user's own."""
    try:
        found = os.stat(path)
        around = [os.stat(folder).st_mode for folder in _folders_around(path)]
    except OSError:
        return False
    if found.st_mode & 0o004 and all(mode & 0o001 for mode in around):
        return True
    return bool(found.st_mode & 0o040 and found.st_gid != os.getgid() and all(mode & 0o011 for mode in around))


def _folders_around(path: str) -> Iterator[str]:
    while (above := os.path.dirname(path)) != path:
        yield above
        path = above


def _json(value: str) -> str:
    import json

    return json.dumps(value)

"""Find keys in plaintext: in settings, start files of shells, and files of other switchers."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

from ccswitch_py.core.files import UnreadableFile, read_text
from ccswitch_py.core.language import N_, _, join_list
from ccswitch_py.core.paths import home_folder
from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import UnreadableText
from ccswitch_py.model.doctor_finding import Finding, FindingKind, broken, free_text, public, warning
from ccswitch_py.redact.plaintext_keys import Certainty, PlaintextKey, keys_in_json, keys_in_shell
from ccswitch_py.targets.claude_code.findings.key_search import keys_in
from ccswitch_py.targets.claude_code.findings.project import is_kept_out_of_git
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.targets.claude_code.repository import local_settings_folder, upwards
from ccswitch_py.targets.claude_code.settings import config_folder
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.sources.start_files import LIMIT_CHARACTERS, find_start_files
from ccswitch_py.targets.claude_code.variables import (
    API_KEY,
    AUTH_TOKEN,
    BASE_URL,
    CUSTOM_HEADERS,
    HELPER,
    PRIMARY_KEY,
    SECRETS,
)
from ccswitch_py.targets.file_findings import ASKED_FOR, FOR_OTHERS, POSSIBLE, asks_for_plaintext, is_open, values_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.formats.base import EntryPath

_TO_THE_KEYRING = N_("Store it with `ccswitch add`, remove it from {file}, then run `ccswitch use` in a new shell.")

IN_SETTINGS = warning("plaintext_in_settings", N_("{entry} in {file} has a key in plaintext."), _TO_THE_KEYRING)
IN_ADDRESS = warning(
    "plaintext_in_address",
    N_("The address of {entry} in {file} has a password in plaintext."),
    N_("Remove it from the address, and use a key instead: ccswitch accepts no such address."),
)
IN_OWN_PROJECT = warning(
    "plaintext_in_own_project",
    N_("{entry} in {file}, which git does not track, has a key in plaintext."),
    _TO_THE_KEYRING,
)
OF_LOGIN = warning(
    "plaintext_of_claude_login",
    N_("{entry} in {file} has a key in plaintext, stored there by /login of Claude Code."),
    N_("If you do not need it, run /logout in Claude Code."),
)
IN_START_FILE = warning(
    "plaintext_in_start_file",
    N_("{entry} in {file} has a key in plaintext, which programs that you start may get."),
    _TO_THE_KEYRING,
)
OF_ANOTHER_PROGRAM = warning(
    "plaintext_of_another_program",
    N_("{entry} in {file} has a key in plaintext."),
    N_("If the program that needs it can read it from a keyring or a password manager, move it there."),
)
IN_PROJECT = broken(
    "plaintext_in_project",
    N_("{entry} in {file} has a key in plaintext: whoever gets the project gets the key."),
    N_("Remove it, and if the project was ever shared, replace the key where it was issued."),
)
ELSEWHERE = warning(
    "plaintext_of_other_switcher",
    N_("{file}, a file of another switcher, has keys in plaintext: {count}."),
    N_("If you no longer use that switcher, delete the file."),
)
BACKUP = warning(
    "plaintext_in_backup",
    N_("{file}, a backup, has keys in plaintext: {count}."),
    N_("Delete it if you do not need it."),
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
"""Files of other switchers with keys, relative to the user's home."""
BACKUPS = (".cc-switch/backups/*", ".cc-switch/backups/*/*", ".claude-code-router/config.*.bak")
BACKUPS_OF_CLAUDE_CODE = ("settings.json?*", "settings-*.json", "settings_*.json", "claude.json", "config.json")
"""Copies of the settings in Claude Code's own folder."""
_MOST = 50
_MCP_SERVERS = "mcpServers"
_OF_CLAUDE_CODE = frozenset((*SECRETS, HELPER, CUSTOM_HEADERS, BASE_URL))
"""What a profile replaces, so that its key can go to the keyring."""


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Each layer's file, then the files of other programs; a file that others can read is reported as that."""
    home, folder = home_folder(inspection.environ), os.path.abspath(config_folder(inspection.environ))
    for layer in inspection.layers:
        if layer.path and layer.in_force:
            search = partial(_keys_in_state, inspection) if layer.kind is LayerKind.STATE else _keys_in_settings
            yield from _of_file(inspection, layer.kind, layer.path, search)
    for path in _project_files(inspection.folder, home):
        search = _keys_in_settings if path.endswith(".json") else _keys_in_start_file
        yield from _of_file(inspection, "", path, search)
    for kind, path, _parse in find_start_files(inspection.folder, home, inspection.environ):
        yield from _of_file(inspection, kind, path, _keys_in_start_file)
    yield from _files(home, OTHER_SWITCHERS, ELSEWHERE)
    yield from _files(home, BACKUPS, BACKUP)
    yield from _files(folder, BACKUPS_OF_CLAUDE_CODE, BACKUP)


def _project_files(folder: str, home: str) -> list[str]:
    """The MCP servers and variables of the project, in the folder and in its repository's root."""
    folders = dict.fromkeys((folder, local_settings_folder(folder, home)))
    return [os.path.join(one, name) for one in folders for name in (".mcp.json", ".env")]


def _of_file(
    inspection: ClaudeCodeInspection, layer: str, path: str, search: Callable[[str], Iterator[PlaintextKey]]
) -> Iterator[Finding]:
    try:
        keys = list(search(read_text(path) or ""))
    except UnreadableFile:
        return
    found: dict[FindingKind, list[PlaintextKey]] = {}
    for key in keys:
        found.setdefault(_kind(inspection, layer, path, key), []).append(key)
    if found and found.keys() != {POSSIBLE} and IN_PROJECT not in found and is_open(path):
        yield Finding(FOR_OTHERS, path=path, line=next(key.line for key in keys if key.certainty is Certainty.CERTAIN))
        return
    values = values_for(inspection.target, inspection.in_use or "")
    for kind, of_kind in found.items():
        names = list(dict.fromkeys(key.name or _("line {line}", line=key.line) for key in of_kind))
        is_known = _OF_CLAUDE_CODE.issuperset(names)
        entry = public(join_list(names)) if is_known else free_text(join_list(names))
        yield Finding(kind, values | {"entry": entry}, path, of_kind[0].line)


def _kind(inspection: ClaudeCodeInspection, layer: str, path: str, key: PlaintextKey) -> FindingKind:
    is_of_project = layer in (LayerKind.PROJECT, LayerKind.LOCAL, LayerKind.DIRENV) or (not layer and _repository(path))
    if key.certainty is Certainty.POSSIBLE:
        return POSSIBLE
    if is_of_project and not is_kept_out_of_git(path):
        return IN_PROJECT
    match layer:
        case LayerKind.USER if key.name in (AUTH_TOKEN, API_KEY) and asks_for_plaintext(
            inspection.general, inspection.target, inspection.in_use
        ):
            return ASKED_FOR
        case LayerKind.STATE if key.name == PRIMARY_KEY:
            return OF_LOGIN
        case _ if key.name == BASE_URL:
            return IN_ADDRESS
        case _ if key.name not in _OF_CLAUDE_CODE:
            return OF_ANOTHER_PROGRAM
        case LayerKind.PROJECT | LayerKind.LOCAL | LayerKind.DIRENV:
            return IN_OWN_PROJECT
        case LayerKind.USER | LayerKind.STATE | LayerKind.MANAGED | LayerKind.SETTINGS_OPTION:
            return IN_SETTINGS
        case _:
            return IN_START_FILE


def _repository(path: str) -> bool:
    return any(os.path.exists(os.path.join(folder, ".git")) for folder in upwards(os.path.dirname(path)))


def _keys_in_settings(text: str) -> Iterator[PlaintextKey]:
    return keys_in_json(text, SECRETS)


def _keys_in_start_file(text: str) -> Iterator[PlaintextKey]:
    return keys_in_shell(text, SECRETS) if len(text) <= LIMIT_CHARACTERS else iter(())


def _keys_in_state(inspection: ClaudeCodeInspection, text: str) -> Iterator[PlaintextKey]:
    """Those of /login, variables and MCP servers; the rest of Claude Code's own state has other random texts."""
    paths: list[EntryPath] = [(PRIMARY_KEY,), ("env",), (_MCP_SERVERS,)]
    projects: object = (inspection.state or {}).get("projects")
    for name, project in cast("dict[str, Any]", projects).items() if isinstance(projects, dict) else ():
        servers: object = cast("dict[str, Any]", project).get(_MCP_SERVERS) if isinstance(project, dict) else None
        if servers and any(keys_in_json(json.dumps(servers))):
            paths.append(("projects", name, _MCP_SERVERS))
    try:
        spans = find_format("json").spans(text, paths)
    except UnreadableText:
        return
    for path, of_path in spans.items():
        start, end = of_path[-1]
        for key in keys_in_json(f'"{path[-1]}":{text[start:end]}', SECRETS):
            yield key._replace(line=key.line + text.count("\n", 0, start))


def _files(root: str, patterns: tuple[str, ...], kind: FindingKind) -> Iterator[Finding]:
    found = [path for pattern in patterns for path in sorted(glob.glob(os.path.join(glob.escape(root), pattern)))]
    for path in list(dict.fromkeys(found))[:_MOST]:
        count, line = keys_in(path)
        if count:
            yield Finding(FOR_OTHERS if is_open(path) else kind, {"count": public(count)}, path, line)

"""Find keys in plaintext: in settings, start files of shells, and files of other switchers."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from ccswitch_py.core.language import N_, join_list
from ccswitch_py.model.doctor_finding import Finding, FindingKind, broken, named, public, warning
from ccswitch_py.targets.base import Target
from ccswitch_py.targets.claude_code.findings.key_search import keys_in
from ccswitch_py.targets.claude_code.findings.loopback import PLACEHOLDERS
from ccswitch_py.targets.claude_code.findings.project import is_kept_out_of_git
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.targets.claude_code.owned_entries import is_secret
from ccswitch_py.targets.claude_code.settings import config_folder, home_folder
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.variables import BASE_URL, CUSTOM_HEADERS, HELPER, PRIMARY_KEY, SECRETS
from ccswitch_py.targets.explanation import Entry, Layer, Setting

_TO_THE_KEYRING = N_("Store it with `ccswitch add`, remove it from {file}, then run `ccswitch use` in a new shell.")

ASKED_FOR = warning(
    "plaintext_asked_for",
    N_("The key is in plaintext in {file}, as the profile '{profile}' requests."),
    N_("To keep it in the keyring, run `ccswitch edit {profile} --delivery command`."),
)
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
    N_("{entry} in {file} has a key in plaintext, and every program that you start gets it."),
    _TO_THE_KEYRING,
)
FOR_OTHERS = broken(
    "plaintext_readable_by_others",
    N_("Other users of this machine can read {file}, which contains a key in plaintext."),
    N_("Run `chmod 600 {file}`, then `ccswitch doctor`; if others may have read the key, replace it at the gateway."),
)
IN_PROJECT = broken(
    "plaintext_in_project",
    N_("{entry} in {file} has a key in plaintext: whoever gets the project gets the key."),
    N_("Remove it, and if the project was ever shared, replace the key at the gateway."),
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


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Each layer's file, then the files of other programs; a file that others can read is reported as that."""
    for layer in inspection.layers:
        if layer.path:
            yield from _of_layer(inspection, layer, layer.path)
    home, folder = home_folder(inspection.environ), os.path.abspath(config_folder(inspection.environ))
    yield from _files(home, OTHER_SWITCHERS, ELSEWHERE)
    yield from _files(home, BACKUPS, BACKUP)
    yield from _files(folder, BACKUPS_OF_CLAUDE_CODE, BACKUP)


def _of_layer(inspection: ClaudeCodeInspection, layer: Layer, path: str) -> Iterator[Finding]:
    found: dict[FindingKind, list[Entry]] = {}
    for entry in layer.entries:
        if _is_key(inspection.target, layer, entry):
            found.setdefault(_kind(inspection, layer, path, entry), []).append(entry)
    if found and IN_PROJECT not in found and _is_open(path):
        first = next(iter(found.values()))[0]
        yield Finding(FOR_OTHERS, path=path, line=first.line)
        return
    for kind, entries in found.items():
        names = join_list(dict.fromkeys(entry.name for entry in entries))
        values = {"entry": public(names), "profile": named(inspection.in_use or "")}
        yield Finding(kind, values, path, entries[0].line)


def _is_key(target: Target, layer: Layer, entry: Entry) -> bool:
    value = Setting(layer, entry).text
    if not value or value in PLACEHOLDERS or entry.removes:
        return False
    if entry.name in SECRETS:
        return True
    path = (HELPER,) if entry.name == HELPER else ("env", entry.name)
    return entry.name in (HELPER, BASE_URL, CUSTOM_HEADERS) and is_secret(path, value)


def _kind(inspection: ClaudeCodeInspection, layer: Layer, path: str, entry: Entry) -> FindingKind:
    profile = inspection.general.profiles.get(inspection.in_use or "")
    match layer.kind:
        case LayerKind.USER if profile and profile.delivery == "plaintext":
            return ASKED_FOR
        case LayerKind.STATE if entry.name == PRIMARY_KEY:
            return OF_LOGIN
        case LayerKind.PROJECT | LayerKind.LOCAL | LayerKind.DIRENV if not is_kept_out_of_git(path):
            return IN_PROJECT
        case _ if entry.name == BASE_URL:
            return IN_ADDRESS
        case LayerKind.PROJECT | LayerKind.LOCAL | LayerKind.DIRENV:
            return IN_OWN_PROJECT
        case LayerKind.USER | LayerKind.STATE | LayerKind.MANAGED | LayerKind.SETTINGS_OPTION:
            return IN_SETTINGS
        case _:
            return IN_START_FILE


def _files(root: str, patterns: tuple[str, ...], kind: FindingKind) -> Iterator[Finding]:
    found = [path for pattern in patterns for path in sorted(glob.glob(os.path.join(glob.escape(root), pattern)))]
    for path in list(dict.fromkeys(found))[:_MOST]:
        count, line = keys_in(path)
        if count:
            yield Finding(FOR_OTHERS if _is_open(path) else kind, {"count": public(count)}, path, line)


def _is_open(path: str) -> bool:
    """Whether file and folders let anybody read it, or a group other than the user's own."""
    if os.name != "posix":
        return False
    try:
        real = Path(os.path.realpath(path))
        found, around = real.stat(), [folder.stat().st_mode for folder in real.parents]
    except OSError:
        return False
    if found.st_mode & 0o004 and all(mode & 0o001 for mode in around):
        return True
    return bool(found.st_mode & 0o040 and found.st_gid != os.getgid() and all(mode & 0o011 for mode in around))

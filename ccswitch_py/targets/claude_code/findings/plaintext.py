"""Find keys in clear text: in settings, in start files of shells, and in what other switchers keep."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from ccswitch_py.core.language import N_, join_list
from ccswitch_py.model.doctor_finding import Finding, FindingKind, broken, named, public, warning
from ccswitch_py.model.profile import Delivery
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

_TO_THE_KEYRING = N_(
    "Make a profile with it (`ccswitch add`, or the form of `ccswitch`), remove it from {file}, "
    "then run `ccswitch use NAME` in a new shell."
)

ASKED_FOR = warning(
    "plaintext_asked_for",
    N_("The key stands in {file} in clear text, as the profile '{profile}' asks for."),
    N_("If the keyring can do it, use `ccswitch edit {profile} --delivery command`."),
)
IN_SETTINGS = warning("plaintext_in_settings", N_("A key stands in {file} in clear text, in {entry}."), _TO_THE_KEYRING)
IN_ADDRESS = warning(
    "plaintext_in_address",
    N_("A password stands in {file} in clear text, in the address of {entry}."),
    N_("Remove it from the address, and use a key of the gateway in its place: ccswitch takes no such address."),
)
IN_OWN_PROJECT = warning(
    "plaintext_in_own_project",
    N_("A key stands in {file} in clear text, in {entry}; git does not keep that file."),
    _TO_THE_KEYRING,
)
OF_LOGIN = warning(
    "plaintext_of_claude_login",
    N_("A key stands in {file} in clear text, in {entry}, where /login of Claude Code keeps it."),
    N_("If you do not need it, take it away with /logout in Claude Code."),
)
IN_START_FILE = warning(
    "plaintext_in_start_file",
    N_("A key stands in {file} in clear text, in {entry}, and every program that you start gets it."),
    _TO_THE_KEYRING,
)
FOR_OTHERS = broken(
    "plaintext_readable_by_others",
    N_("Others on this machine can read {file}, in which a key stands in clear text."),
    N_("Run `chmod 600 {file}`, then `ccswitch doctor`; if others may have read it, have the gateway replace the key."),
)
IN_PROJECT = broken(
    "plaintext_in_project",
    N_("A key stands in {file} in clear text, in {entry}: whoever gets the project gets the key."),
    N_("Remove it, and if the project was ever shared, have the gateway replace the key."),
)
ELSEWHERE = warning(
    "plaintext_of_other_switcher",
    N_("{file} has keys in clear text; it belongs to another switcher. Found: {count}."),
    N_("If you do not use that switcher any more, delete the file."),
)
BACKUP = warning(
    "plaintext_in_backup",
    N_("{file} is a copy with keys in clear text. Found: {count}."),
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
"""Where other switchers keep keys, seen from the user's folder."""
BACKUPS = (".cc-switch/backups/*", ".cc-switch/backups/*/*", ".claude-code-router/config.*.bak")
BACKUPS_OF_CLAUDE_CODE = ("settings.json?*", "settings-*.json", "settings_*.json", "claude.json", "config.json")
"""In Claude Code's own folder: copies that people and switchers make of its settings."""
_MOST = 50


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Each file of a layer that may hold keys, then the files of others; one that others can read is told as that."""
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
        told = {"entry": public(names), "profile": named(inspection.in_use or "")}
        yield Finding(kind, told, path, entries[0].line)


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
        case LayerKind.USER if profile and profile.delivery is Delivery.PLAINTEXT:
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
    found = dict.fromkeys(
        path for pattern in patterns for path in sorted(glob.glob(os.path.join(glob.escape(root), pattern)))
    )
    for path in list(found)[:_MOST]:
        count, line = keys_in(path)
        if count:
            kind_of_it = FOR_OTHERS if _is_open(path) else kind
            yield Finding(kind_of_it, {"count": public(count)}, path, line)


def _is_open(path: str) -> bool:
    """Whether the file and each folder around it lets anybody through, or a group that is not the user's own."""
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

"""Check ccswitch's own files: readable, whole, owned by this user, and private."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from ccswitch_py.core.errors import BadInput, CcswitchError, KeyUnavailable, NotFound
from ccswitch_py.core.files import is_leftover, read_bytes
from ccswitch_py.core.language import N_
from ccswitch_py.live_files.journal import check_journal, is_damaged_pending
from ccswitch_py.model.doctor_finding import (
    ChangeMode,
    Finding,
    FindingKind,
    RebuildLaunch,
    RemoveLeftover,
    broken,
    named,
    ok,
    open_to_all,
    warning,
    words,
)
from ccswitch_py.services.launch_builder import record_of
from ccswitch_py.services.launches import checksum
from ccswitch_py.services.profiles.editing import open_profile
from ccswitch_py.store.profile_files import profile_names, stored_record
from ccswitch_py.store.providers import load_provider, load_providers
from ccswitch_py.store.toml import parse_toml
from ccswitch_py.targets.inspection import Inspection, cannot_be_read
from ccswitch_py.targets.registry import TARGETS

WHOLE = ok("own_files_ready", N_("Profiles that can be read: {count}."))
OPEN_TO_READ = warning(
    "own_file_readable_by_others", N_("{file} can be read by others on this machine."), N_("Run `chmod {mode} {file}`.")
)
OPEN_TO_WRITE = broken(
    "own_file_writable_by_others",
    N_("{file} can be changed by others on this machine, who could send your keys elsewhere."),
    N_("Look whether it is as you left it, then run `chmod {mode} {file}`."),
)
SOMEBODYS = broken(
    "own_file_of_another_user",
    N_("{file} belongs to another user; ccswitch was perhaps once run with sudo."),
    N_("Give it back with `sudo chown -R $(id -u) {file}`."),
)
UNREADABLE = broken("own_file_unreadable", N_("A file of ccswitch's own cannot be used: {detail}"), "{hint}")
KEYS = broken(
    "keys_unreadable",
    N_("The list of the keys, with the hosts that each may go to, cannot be used: {detail}"),
    N_(
        "Mend that place in {file}. Do not remove the file: nobody would know any more which key may go where, "
        "and each would have to be entered again with `ccswitch keys set`."
    ),
)
JOURNAL = broken(
    "journal_unreadable",
    N_("`ccswitch undo` and `ccswitch off` do not know the way back, for the journal cannot be used: {detail}"),
    "{hint}",
)
RECORD = broken(
    "launch_file_damaged",
    N_("What is derived from the profile '{profile}' is damaged or of another version."),
    N_("Run `ccswitch use {profile}`, which makes it anew."),
)
NO_PROVIDER = broken("profile_unusable", N_("The profile '{profile}' cannot be used: {detail}"), "{hint}")
LEFTOVER = warning(
    "leftover_file",
    N_("{file} was left by a ccswitch that was ended in the middle of writing."),
    N_("Remove it; nothing needs it."),
)


def examine(inspection: Inspection) -> Iterator[Finding]:
    """The folders and all in them, then what each file says."""
    yield from _modes(inspection)
    yield from _leftovers_of_live_files()
    yield from _contents(inspection)
    yield from _profiles(inspection)
    yield from _derived(inspection)


def _modes(inspection: Inspection) -> Iterator[Finding]:
    if os.name != "posix":
        return
    for path in _own(inspection):
        try:
            found = os.lstat(path)
        except OSError:
            continue  # it was removed meanwhile
        if stat.S_ISLNK(found.st_mode):
            continue  # where it leads is the user's choice
        if found.st_uid != os.geteuid():
            yield Finding(SOMEBODYS, path=path)
        elif found.st_mode & 0o077:
            mode = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
            kind = OPEN_TO_WRITE if found.st_mode & 0o022 else OPEN_TO_READ
            yield Finding(kind, {"mode": open_to_all(f"{mode:o}")}, path, repair=ChangeMode(path, mode))
        if is_leftover(path):
            yield Finding(LEFTOVER, path=path, repair=RemoveLeftover(path))


def _leftovers_of_live_files() -> Iterator[Finding]:
    files = (one for target in TARGETS.values() for one in target.live_files(os.environ))
    for folder in dict.fromkeys(os.path.dirname(os.path.realpath(one.path)) for one in files):
        for path in (os.path.join(folder, name) for name in _names(folder)):
            if is_leftover(path):
                yield Finding(LEFTOVER, path=path, repair=RemoveLeftover(path))


def _own(inspection: Inspection) -> Iterator[str]:
    """Every folder and file of ours, the outer ones first."""
    for root in (inspection.paths.config, inspection.paths.state):
        if os.path.isdir(root):
            yield root
        for folder, folders, files in os.walk(root):
            yield from (os.path.join(folder, name) for name in sorted([*folders, *files]))


def _contents(inspection: Inspection) -> Iterator[Finding]:
    path = inspection.paths.settings
    try:
        if data := read_bytes(path):
            parse_toml(path, data)
    except BadInput as problem:
        yield _unreadable(path, problem)
    except OSError as error:
        yield _unreadable(path, cannot_be_read(path, error))
    if isinstance(inspection.keys, CcswitchError):
        yield _unreadable(inspection.paths.keys, inspection.keys, KEYS)
    for problem in load_providers(inspection.paths)[1]:
        yield _unreadable(inspection.paths.providers, problem)
    for name in (name for name in _names(inspection.paths.journal) if not name.startswith(".")):
        path = os.path.join(inspection.paths.journal, name)
        if is_damaged_pending(path):
            yield Finding(LEFTOVER, path=path, repair=RemoveLeftover(path))
            continue
        try:
            check_journal(path)
        except CcswitchError as problem:
            yield _unreadable(path, problem, JOURNAL)


def _profiles(inspection: Inspection) -> Iterator[Finding]:
    readable = 0
    for name in profile_names(inspection.paths):
        path = inspection.paths.profile(name)
        try:
            profile = open_profile(inspection.paths, name).profile
            readable += 1
            provider = load_provider(inspection.paths, profile.provider) if profile.provider else None
            if not isinstance(inspection.keys, CcswitchError):
                record_of(inspection.paths, name, profile, provider)
        except NotFound as problem:
            told = {"profile": named(name), "detail": words(problem.message), "hint": words(problem.hint)}
            yield Finding(NO_PROVIDER, told, path)
        except BadInput as problem:
            yield _unreadable(path, problem)
        except KeyUnavailable:
            continue  # keyring tells that
    yield Finding(WHOLE, {"count": open_to_all(readable)})


def _derived(inspection: Inspection) -> Iterator[Finding]:
    for name in inspection.profiles:
        if path := _damaged_of(inspection, name):
            yield Finding(RECORD, {"profile": named(name)}, path, repair=RebuildLaunch(name))


def _damaged_of(inspection: Inspection, name: str) -> str | None:
    """The first file derived from a profile that is not as it was written."""
    path = inspection.paths.launch_record(name)
    record = stored_record(inspection.paths, name)
    if record is None:
        return path if os.path.exists(path) else None
    launches = ((inspection.paths.launch_file(target, name), mark) for target, mark in record.launches.items())
    return next((path for path, mark in launches if os.path.exists(path) and not _is_whole(path, mark)), None)


def _is_whole(path: str, mark: str) -> bool:
    try:
        return checksum(read_bytes(path) or b"") == mark
    except OSError:
        return False


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _unreadable(path: str, problem: CcswitchError, kind: FindingKind = UNREADABLE) -> Finding:
    told = {"detail": words(problem.message, "unreadable"), "hint": words(problem.hint)}
    return Finding(kind, told, path)

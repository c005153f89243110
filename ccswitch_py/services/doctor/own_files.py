"""Check ccswitch's own files: readable, intact, owned by this user, and private."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator

from ccswitch_py.core.checksum import digest
from ccswitch_py.core.errors import BadInput, CcswitchError, KeyUnavailable, NotFound
from ccswitch_py.core.files import read_bytes
from ccswitch_py.core.language import N_
from ccswitch_py.live_files.journal import check_journal, is_damaged_pending
from ccswitch_py.model.doctor_finding import (
    ChangeMode,
    Finding,
    FindingKind,
    RebuildLaunch,
    broken,
    file,
    named,
    ok,
    problem_values,
    public,
    warning,
)
from ccswitch_py.services.doctor.leftovers import files_beside_live_files, find_leftovers
from ccswitch_py.services.launch_builder import record_of
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
    N_("Check that nobody has changed it, then run `chmod {mode} {file}`."),
)
SOMEBODYS = broken(
    "own_file_of_another_user",
    N_("{file} belongs to another user; perhaps ccswitch was once run with sudo."),
    N_("Run `sudo chown -R $(id -u) {file}`."),
)
UNREADABLE = broken("own_file_unreadable", N_("One of ccswitch's own files cannot be used: {detail}"), "{hint}")
KEYS = broken(
    "keys_unreadable",
    N_("The list of keys and their allowed hosts cannot be used: {detail}"),
    N_(
        "Fix {file} there. Do not remove it: the allowed hosts would be lost, and each key would have to be "
        "entered again with `ccswitch keys set`."
    ),
)
JOURNAL = broken(
    "journal_unreadable",
    N_("`ccswitch undo` and `ccswitch off` cannot work, because the journal cannot be used: {detail}"),
    "{hint}",
)
RECORD = broken(
    "launch_file_damaged",
    N_("A launch file of the profile '{profile}' is damaged or from another version."),
    N_("Run `ccswitch use {profile}`, which rebuilds it."),
)
UNRECORDED = broken(
    "profile_unrecorded",
    N_("{file} uses the profile '{profile}', but its record is missing: the state folder was lost or moved."),
    N_("Run `ccswitch use {profile}`, or `ccswitch off`; what {file} had before is unknown."),
)
OF_OTHER_HOME = warning(
    "profile_of_other_home",
    N_("{file} uses the profile '{profile}' of another ccswitch home, whose state folder is {folder}."),
    N_("If you no longer use that home, run `ccswitch off`."),
)
NO_PROVIDER = broken("profile_unusable", N_("The profile '{profile}' cannot be used: {detail}"), "{hint}")
SHARED_ID = warning(
    "duplicate_profile_id",
    N_("The profiles '{profile}' and '{other}' have the same id, probably because one file is a copy of the other."),
    N_("Remove the id from the copy's file; it gets a new one when it is next saved."),
)


def examine(inspection: Inspection) -> Iterator[Finding]:
    """Permissions and leftovers first, then the content of each file."""
    yield from _permissions(inspection)
    yield from find_leftovers(inspection.paths, (*_own(inspection), *files_beside_live_files(inspection)))
    yield from _contents(inspection)
    yield from _profiles(inspection)
    yield from _launch_files(inspection)
    for state in filter(None, map(inspection.live_state, TARGETS.values())):
        if state.unrecorded:
            values = {"profile": named(state.unrecorded.profile), "folder": file(state.other_home or "")}
            yield Finding(OF_OTHER_HOME if state.other_home else UNRECORDED, values, state.file.path)


def _permissions(inspection: Inspection) -> Iterator[Finding]:
    if os.name != "posix":
        return
    for path in _own(inspection):
        try:
            found = os.lstat(path)
        except OSError:
            continue  # removed meanwhile
        if stat.S_ISLNK(found.st_mode):
            continue  # where it leads is the user's choice
        if found.st_uid != os.geteuid():
            yield Finding(SOMEBODYS, path=path)
        elif found.st_mode & 0o077:
            mode = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
            kind = OPEN_TO_WRITE if found.st_mode & 0o022 else OPEN_TO_READ
            yield Finding(kind, {"mode": public(f"{mode:o}")}, path, auto_fix=ChangeMode(path, mode))


def _own(inspection: Inspection) -> Iterator[str]:
    """Every folder and file of ours, outermost first."""
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
    for path in glob.glob(os.path.join(glob.escape(inspection.paths.journal), "*")):
        if is_damaged_pending(path):
            continue  # a leftover
        try:
            check_journal(path)
        except CcswitchError as problem:
            yield _unreadable(path, problem, JOURNAL)


def _profiles(inspection: Inspection) -> Iterator[Finding]:
    readable = 0
    known: dict[str, str] = {}
    for name in profile_names(inspection.paths):
        path = inspection.paths.profile(name)
        try:
            profile = open_profile(inspection.paths, name).profile
            readable += 1
            if profile.id in known:
                yield Finding(SHARED_ID, {"profile": named(name), "other": named(known[profile.id])}, path)
            elif profile.id:
                known[profile.id] = name
            provider = load_provider(inspection.paths, profile.provider) if profile.provider else None
            if not isinstance(inspection.keys, CcswitchError):
                record_of(inspection.paths, name, profile, provider)
        except NotFound as problem:
            values = {"profile": named(name), **problem_values(problem.message, problem.hint)}
            yield Finding(NO_PROVIDER, values, path)
        except BadInput as problem:
            yield _unreadable(path, problem)
        except KeyUnavailable:
            continue  # keyring reports it
    yield Finding(WHOLE, {"count": public(readable)})


def _launch_files(inspection: Inspection) -> Iterator[Finding]:
    for name in inspection.profiles:
        if path := _damaged_launch_file(inspection, name):
            yield Finding(RECORD, {"profile": named(name)}, path, auto_fix=RebuildLaunch(name))


def _damaged_launch_file(inspection: Inspection, name: str) -> str | None:
    """The first of a profile's launch record and files that is damaged."""
    path = inspection.paths.launch_record(name)
    record = stored_record(inspection.paths, name)
    if record is None:
        return path if os.path.exists(path) else None
    launches = ((inspection.paths.launch_file(target, name), mark) for target, mark in record.launches.items())
    return next((path for path, mark in launches if os.path.exists(path) and not _is_intact(path, mark)), None)


def _is_intact(path: str, mark: str) -> bool:
    try:
        return digest(read_bytes(path) or b"") == mark
    except OSError:
        return False


def _unreadable(path: str, problem: CcswitchError, kind: FindingKind = UNREADABLE) -> Finding:
    return Finding(kind, problem_values(problem.message, problem.hint, "unreadable"), path)

"""Looks at ccswitch's own files: readable, whole, nobody else's, and for this user alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator

from ccswitch_py.core.errors import BadInput, CcswitchError, KeyUnavailable, NotFound
from ccswitch_py.core.files import is_leftover, read_bytes, remove_file
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.lock import folder_lock, state_lock
from ccswitch_py.core.paths import from_home
from ccswitch_py.live_files.journal import check_journal, is_damaged_pending
from ccswitch_py.model.doctor_finding import Finding, FindingKind, Level, Repair, file, named, open_to_all, words
from ccswitch_py.services.launch_builder import build_record, record_of
from ccswitch_py.services.launches import checksum, stored_record
from ccswitch_py.services.profiles.editing import open_profile
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.store.providers import load_provider, load_providers
from ccswitch_py.store.toml import parse_toml
from ccswitch_py.targets.claude_code.inspection import Inspection, cannot_be_read

WHOLE = FindingKind("own_files_ready", Level.OK, N_("Profiles that can be read: {count}."))
OPEN_TO_READ = FindingKind(
    "own_file_readable_by_others",
    Level.LOOK,
    N_("{file} can be read by others on this machine."),
    N_("Run `chmod {mode} {file}`."),
)
OPEN_TO_WRITE = FindingKind(
    "own_file_writable_by_others",
    Level.BROKEN,
    N_("{file} can be changed by others on this machine, who could send your keys elsewhere."),
    N_("Look whether it is as you left it, then run `chmod {mode} {file}`."),
)
SOMEBODYS = FindingKind(
    "own_file_of_another_user",
    Level.BROKEN,
    N_("{file} belongs to another user; ccswitch was perhaps once run with sudo."),
    N_("Give it back with `sudo chown -R $(id -u) {file}`."),
)
UNREADABLE = FindingKind(
    "own_file_unreadable", Level.BROKEN, N_("A file of ccswitch's own cannot be used: {detail}"), "{hint}"
)
KEYS = FindingKind(
    "keys_unreadable",
    Level.BROKEN,
    N_("The list of the keys, with the hosts that each may go to, cannot be used: {detail}"),
    N_(
        "Mend that place in {file}. Do not remove the file: nobody would know any more which key may go where, "
        "and each would have to be entered again with `ccswitch keys set`."
    ),
)
JOURNAL = FindingKind(
    "journal_unreadable",
    Level.BROKEN,
    N_("`ccswitch undo` and `ccswitch off` do not know the way back, for the journal cannot be used: {detail}"),
    "{hint}",
)
RECORD = FindingKind(
    "launch_file_damaged",
    Level.BROKEN,
    N_("What is derived from the profile '{profile}' is damaged or of another version."),
    N_("Run `ccswitch use {profile}`, which makes it anew."),
)
NO_PROVIDER = FindingKind(
    "profile_unusable", Level.BROKEN, N_("The profile '{profile}' cannot be used: {detail}"), "{hint}"
)
LEFTOVER = FindingKind(
    "leftover_file",
    Level.LOOK,
    N_("{file} was left by a ccswitch that was ended in the middle of writing."),
    N_("Remove it; nothing needs it."),
)


def examine(scene: Inspection) -> Iterator[Finding]:
    """The folders and all in them, then what each file says."""
    yield from _modes(scene)
    yield from _half_a_live_file(scene)
    yield from _contents(scene)
    yield from _profiles(scene)
    yield from _derived(scene)


def _modes(scene: Inspection) -> Iterator[Finding]:
    if os.name != "posix":
        return
    for path in _own(scene):
        try:
            found = os.lstat(path)
        except OSError:
            continue  # it was removed meanwhile
        if stat.S_ISLNK(found.st_mode):
            continue  # where it leads is the user's choice
        if found.st_uid != os.geteuid():
            yield Finding(SOMEBODYS, {"file": file(path)}, path)
        elif found.st_mode & 0o077:
            mode = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
            kind = OPEN_TO_WRITE if found.st_mode & 0o022 else OPEN_TO_READ
            told = {"file": file(path), "mode": open_to_all(f"{mode:o}")}
            yield Finding(kind, told, path, repair=_for_this_user(path, mode))
        if is_leftover(path):
            yield Finding(LEFTOVER, {"file": file(path)}, path, repair=_removal(scene, path))


def _half_a_live_file(scene: Inspection) -> Iterator[Finding]:
    """Beside Claude Code's settings."""
    folder = os.path.dirname(os.path.realpath(scene.live_file.path))
    for path in (os.path.join(folder, name) for name in _names(folder)):
        if is_leftover(path):
            yield Finding(LEFTOVER, {"file": file(path)}, path, repair=_removal(scene, path))


def _own(scene: Inspection) -> Iterator[str]:
    """Every folder and file of ours, the outer ones first."""
    for root in (scene.paths.config, scene.paths.state):
        if os.path.isdir(root):
            yield root
        for folder, folders, files in os.walk(root):
            yield from (os.path.join(folder, name) for name in sorted([*folders, *files]))


def _for_this_user(path: str, mode: int) -> Repair:
    def run() -> None:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)

    return Repair(f"chmod {path}", lambda: [f"chmod {mode:o} {from_home(path)}"], run)


def _removal(scene: Inspection, path: str, still: Callable[[str], bool] = os.path.isfile) -> Repair:
    def run() -> None:
        with state_lock(scene.paths), folder_lock(os.path.dirname(path)):
            if still(path):
                remove_file(path)

    return Repair(f"remove {path}", lambda: [_("remove {file}", file=from_home(path))], run)


def _contents(scene: Inspection) -> Iterator[Finding]:
    path = scene.paths.settings
    try:
        if data := read_bytes(path):
            parse_toml(path, data)
    except BadInput as problem:
        yield _unreadable(path, problem)
    except OSError as error:
        yield _unreadable(path, cannot_be_read(path, error))
    if isinstance(scene.keys, CcswitchError):
        yield _unreadable(scene.paths.keys, scene.keys, KEYS)
    for problem in load_providers(scene.paths)[1]:
        yield _unreadable(scene.paths.providers, problem)
    for name in (name for name in _names(scene.paths.journal) if not name.startswith(".")):
        path = os.path.join(scene.paths.journal, name)
        if is_damaged_pending(path):
            yield Finding(LEFTOVER, {"file": file(path)}, path, repair=_removal(scene, path, is_damaged_pending))
            continue
        try:
            check_journal(path)
        except CcswitchError as problem:
            yield _unreadable(path, problem, JOURNAL)


def _profiles(scene: Inspection) -> Iterator[Finding]:
    readable = 0
    for name in profile_names(scene.paths):
        path = scene.paths.profile(name)
        try:
            profile = open_profile(scene.paths, name).profile
            readable += 1
            provider = load_provider(scene.paths, profile.provider) if profile.provider else None
            if not isinstance(scene.keys, CcswitchError):
                record_of(scene.paths, name, profile, provider)
        except NotFound as problem:
            told = {"profile": named(name), "detail": words(problem.message), "hint": words(problem.hint)}
            yield Finding(NO_PROVIDER, told, path)
        except BadInput as problem:
            yield _unreadable(path, problem)
        except KeyUnavailable:
            continue  # keyring tells that
    yield Finding(WHOLE, {"count": open_to_all(readable)})


def _derived(scene: Inspection) -> Iterator[Finding]:
    for name in scene.profiles:
        if path := _damaged_of(scene, name):
            repair = Repair(
                f"rebuild {name}",
                lambda name=name: [_("make what is derived from the profile '{profile}' anew", profile=name)],
                lambda name=name: _rebuild(scene, name),
            )
            yield Finding(RECORD, {"profile": named(name)}, path, repair=repair)


def _damaged_of(scene: Inspection, name: str) -> str | None:
    """The first file derived from a profile that is not as it was written."""
    path = scene.paths.launch_record(name)
    record = stored_record(scene.paths, name)
    if record is None:
        return path if os.path.exists(path) else None
    launches = ((scene.paths.launch_file(target, name), mark) for target, mark in record.launches.items())
    return next((path for path, mark in launches if os.path.exists(path) and not _is_whole(path, mark)), None)


def _is_whole(path: str, mark: str) -> bool:
    try:
        return checksum(read_bytes(path) or b"") == mark
    except OSError:
        return False


def _rebuild(scene: Inspection, name: str) -> None:
    with state_lock(scene.paths):
        build_record(scene.paths, name)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _unreadable(path: str, problem: CcswitchError, kind: FindingKind = UNREADABLE) -> Finding:
    told = {"detail": words(problem.message, "unreadable"), "hint": words(problem.hint), "file": file(path)}
    return Finding(kind, told, path)

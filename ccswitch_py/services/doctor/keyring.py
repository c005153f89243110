"""Check the keyring and the keys that the profiles need; no password is asked for.

A key is read only to compare it with the one that a live file holds in clear text.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ccswitch_py.core.errors import CcswitchError, KeyUnavailable, NotFound
from ccswitch_py.core.language import N_, join_list
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.doctor_finding import (
    Finding,
    FindingValue,
    broken,
    host,
    named,
    ok,
    problem_values,
    public,
    warning,
)
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.listed_key import Presence
from ccswitch_py.model.profile import Profile
from ccswitch_py.services.keys.listing import check_keys
from ccswitch_py.services.keys.live_copies import has_current_key
from ccswitch_py.services.launch_builder import record_of
from ccswitch_py.services.profiles.setup import first_url
from ccswitch_py.store.keys import KeyEntry
from ccswitch_py.store.providers import load_provider
from ccswitch_py.targets.inspection import Inspection
from ccswitch_py.targets.registry import DEFAULT_TARGET, TARGETS
from ccswitch_py.vault.program import find_program
from ccswitch_py.vault.store import open_store

TIMEOUT_S = 5.0
Stored = dict[str, KeyEntry] | None
"""None where the list of keys cannot be read, which own_files reports."""

READY = ok("keyring_ready", N_("{store} is ready ({backend})."))
UNUSABLE = broken("keyring_unusable", N_("{store} cannot be used. {detail}"), "{hint}")
NOT_NEEDED = warning(
    "keyring_not_needed", N_("{store} cannot be used, but no profile needs it now. {detail}"), "{hint}"
)
REFUSED = broken("keyring_not_allowed", N_("The chosen keyring cannot be used. {detail}"), "{hint}")
PLAIN = warning(
    "keyring_is_a_file", N_("Keys are stored in the plaintext file of a demo."), N_("Use it for fake keys only.")
)
KEYS_THERE = ok("keys_there", N_("Keys in the keyring: {count}."))
KEY_GONE = broken(
    "key_gone",
    N_("The key '{key}' is listed as stored, but it is not in the keyring."),
    N_("Store it again with `ccswitch keys set {key}`."),
)
NOT_STORED = broken(
    "key_not_stored",
    N_("The profile '{profile}' uses the key '{key}', which was never stored."),
    N_("Store it with `ccswitch keys set {key}`."),
)
OTHER_HOST = broken(
    "key_for_other_host",
    N_("The profile '{profile}' calls {host}, which is not an allowed host of its key '{key}'."),
    N_("To allow it, run `ccswitch keys set {key} --host {host}`."),
)
OLD_KEY = broken(
    "key_outdated_in_live_file",
    N_("{file} still has the old key of the profile '{profile}'."),
    N_("Run `ccswitch use {profile}`."),
)
VARIABLE_EMPTY = warning(
    "key_variable_not_set",
    N_("The profile '{profile}' takes its key from the variable {variable}, which is not set here."),
    N_("Set {variable} in the shell that starts {tools}, or store the key in the keyring."),
)
NOT_CHECKED = ok(
    "key_program_not_checked",
    N_("The key of the profile '{profile}' was not checked: `ccswitch test {profile}` runs `{program}`."),
)
PROGRAM_GONE = broken(
    "key_program_missing",
    N_("The profile '{profile}' takes its key from the program `{program}`, which was not found."),
    N_("Install {program} on the PATH, or name another program in {file}."),
)


def examine(inspection: Inspection) -> Iterator[Finding]:
    """The keyring first, then the key of each profile."""
    stored = None if isinstance(inspection.keys, CcswitchError) else inspection.keys
    is_ready = False
    for finding in _store(inspection, stored):
        is_ready = is_ready or finding.kind in (READY, PLAIN)
        yield finding
    if is_ready:
        yield from _live_copies(inspection)
    for name, profile in inspection.profiles.items():
        yield from _key_of(inspection, name, profile, stored)


def _store(inspection: Inspection, stored: Stored) -> Iterator[Finding]:
    try:
        status = open_store(inspection.paths, TIMEOUT_S).status()
    except CcswitchError as problem:
        yield Finding(REFUSED, problem_values(problem.message, problem.hint, type(problem).__name__))
        return
    store, backend = public(status.name), public(status.backend)
    if status.ready and status.backend == "demo":
        yield Finding(PLAIN)
    elif status.ready:
        yield Finding(READY, {"store": store, "backend": backend})
    else:
        values = {"store": store, **problem_values(status.detail, status.hint, status.error)}
        yield Finding(NOT_NEEDED if stored == {} else UNUSABLE, values)
        return
    states = check_keys(inspection.paths, timeout_s=TIMEOUT_S) if stored else []
    for state in states:
        if state.presence is Presence.ABSENT:
            yield Finding(KEY_GONE, {"key": named(state.name)})
        elif state.presence is Presence.UNKNOWN:
            yield Finding(UNUSABLE, {"store": store, **problem_values(state.problem, state.hint)})
            return
    if there := sum(state.presence is Presence.THERE for state in states):
        yield Finding(KEYS_THERE, {"count": public(there)})


def _live_copies(inspection: Inspection) -> Iterator[Finding]:
    """Keys in live files, compared with those in the keyring, which is open."""
    for target in TARGETS.values():
        name = inspection.in_use(target) or ""
        profile = inspection.profiles.get(name)
        if profile is None:
            continue
        try:
            provider = load_provider(inspection.paths, profile.provider) if profile.provider else None
            record = record_of(inspection.paths, name, profile, provider)
            is_outdated = has_current_key(inspection.paths, target, record) is False
        except CcswitchError:
            continue  # others tell that
        if is_outdated:
            path = target.live_files(inspection.environ)[0].path
            yield Finding(OLD_KEY, {"profile": named(name)}, path, auto_fix=inspection.apply_again(target))


def _key_of(inspection: Inspection, name: str, profile: Profile, stored: Stored) -> Iterator[Finding]:
    path, who = inspection.paths.profile(name), named(name)
    match profile.key:
        case KeyRef(env=variable) if variable:
            if not inspection.environ.get(variable, "").strip():
                values = {"profile": who, "variable": named(variable), "tools": _tools_of(inspection, name)}
                yield Finding(VARIABLE_EMPTY, values, path)
        case KeyRef(command=[program, *_arguments]):
            kind = NOT_CHECKED
            try:
                if not os.access(find_program(program), os.X_OK):
                    kind = PROGRAM_GONE
            except (KeyUnavailable, NotFound):
                kind = PROGRAM_GONE
            yield Finding(kind, {"profile": who, "program": named(program)}, path)
        case KeyRef(name=key) if stored is not None and key not in stored:
            yield Finding(NOT_STORED, {"profile": who, "key": named(key)}, path)
        case KeyRef(name=key) if stored is not None:
            url = _first_url(inspection, profile)
            if url and url.key_host not in stored[key].hosts:
                yield Finding(OTHER_HOST, {"profile": who, "key": named(key), "host": host(str(url))}, path)
        case _:
            pass


def _tools_of(inspection: Inspection, name: str) -> FindingValue:
    """The tools that use a profile; the default one where none does."""
    users = [target.name for target in TARGETS.values() if inspection.in_use(target) == name]
    return public(join_list(users or [TARGETS[DEFAULT_TARGET].name]))


def _first_url(inspection: Inspection, profile: Profile) -> BaseUrl | None:
    try:
        return first_url(inspection.paths, profile)
    except CcswitchError:
        return None  # own_files reports it

"""Lists every key that is stored or that a profile names, and checks whether the keyring has it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from ccswitch_py.core.errors import BadInput, KeyUnavailable, NotFound
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.listed_key import KeyLocation, KeyState, ListedKey, Presence
from ccswitch_py.model.profile import Profile
from ccswitch_py.services.profiles.setup import first_url
from ccswitch_py.store.keys import load_keys
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.vault.store import open_store


def all_keys(paths: Paths) -> list[ListedKey]:
    """List the stored keys, then the others that profiles name; asks no keyring and runs no command."""
    return keys_and_problems(paths)[0]


def keys_and_problems(paths: Paths) -> tuple[list[ListedKey], list[BadInput]]:
    """Return ``all_keys``, and why some profiles cannot be read, which may use any of them."""
    profiles, problems = _readable(paths)
    unreadable = list(problems)
    stored = load_keys(paths)
    wanted: dict[KeyRef, dict[str, Profile]] = {}
    for name, profile in profiles.items():
        wanted.setdefault(profile.key, {})[name] = profile
    rows = [
        ListedKey(
            KeyRef(name=name),
            KeyLocation.KEYRING,
            [*one.hosts],
            [*wanted.pop(KeyRef(name=name), ())],
            unreadable,
            one.stored,
        )
        for name, one in stored.items()
    ]
    for ref, users in wanted.items():
        kept_in = KeyLocation.NOWHERE if ref.name else KeyLocation(ref.kind)
        hosts = sorted(_hosts(paths, users.values()))
        is_set = bool(os.environ.get(ref.env, "").strip()) if ref.env else None
        rows.append(ListedKey(ref, kept_in, hosts, [*users], [], is_set=is_set))
    order = list(KeyLocation)
    rows[len(stored) :] = sorted(
        rows[len(stored) :], key=lambda row: (order.index(row.kept_in), row.name.casefold(), row.ref.command)
    )
    return rows, list(problems.values())


def _hosts(paths: Paths, users: Iterable[Profile]) -> set[str]:
    def known() -> Iterator[str]:
        for profile in users:
            with suppress(BadInput, NotFound):  # its provider is not there
                yield first_url(paths, profile).key_host

    return set(known())


def _readable(paths: Paths) -> tuple[dict[str, Profile], dict[str, BadInput]]:
    profiles: dict[str, Profile] = {}
    unreadable: dict[str, BadInput] = {}
    for name in profile_names(paths):
        try:
            profiles[name] = load_profile(paths, name)
        except BadInput as problem:
            unreadable[name] = problem
        except NotFound:
            continue  # it was removed meanwhile
    return profiles, unreadable


def check_keys(
    paths: Paths, on_state: Callable[[KeyState], None] = lambda _state: None, *, timeout_s: float | None = None
) -> list[KeyState]:
    """Return the state of each key, and call ``on_state`` with each; a keyring that fails once is not asked again."""
    states: list[KeyState] = []
    failure: KeyUnavailable | None = None
    for name, entry in load_keys(paths).items():
        try:
            if failure:
                raise failure
            is_there = open_store(paths, timeout_s).holds(entry.item)
            state = KeyState(name, Presence.THERE if is_there else Presence.ABSENT)
        except KeyUnavailable as problem:
            failure = problem
            state = KeyState(name, Presence.UNKNOWN, problem.message, problem.hint)
        states.append(state)
        on_state(state)
    return states

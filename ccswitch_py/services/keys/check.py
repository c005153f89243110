"""Checks whether each stored key is really in the keyring, without reading it."""

from __future__ import annotations

from collections.abc import Callable

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.listed_key import KeyState, Presence
from ccswitch_py.store.keys import load_keys
from ccswitch_py.vault.store import open_store


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

"""Whether each stored key is really in the keyring: the keyring is asked, and no key is read for it."""

from __future__ import annotations

from collections.abc import Callable

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.listed_key import KeyState, Presence
from ccswitch_py.store.keys import load_keys
from ccswitch_py.vault.store import open_store


def check_keys(
    paths: Paths, heard: Callable[[KeyState], None] = lambda _state: None, *, timeout_s: float | None = None
) -> list[KeyState]:
    """The state of each key, told to ``heard`` as it becomes known; a keyring that fails once is not asked again."""
    states: list[KeyState] = []
    trouble: KeyUnavailable | None = None
    for name, entry in load_keys(paths).items():
        try:
            if trouble:
                raise trouble
            is_there = open_store(paths, timeout_s).holds(entry.item)
            state = KeyState(name, Presence.THERE if is_there else Presence.ABSENT)
        except KeyUnavailable as problem:
            trouble = problem
            state = KeyState(name, Presence.UNKNOWN, problem.message, problem.hint)
        states.append(state)
        heard(state)
    return states

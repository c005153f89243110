"""The keys by name: what there is, storing one for a host, removing one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ccswitch_py.errors import BadInput
from ccswitch_py.jobs.setup import all_or_nothing, delete_key, key_users, store_key
from ccswitch_py.lock import changing_files
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.names import check_name
from ccswitch_py.paths import Paths
from ccswitch_py.store.keys import find_key, load_keys
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.vault.secret import Secret
from ccswitch_py.vault.store import open_store
from ccswitch_py.vault.troubles import KeyAbsent


@dataclass(frozen=True)
class StoredKey:
    """A key without its secret."""

    name: str
    hosts: list[str]
    stored: datetime
    profiles: list[str]


def list_keys(paths: Paths) -> list[StoredKey]:
    """All keys; the keyring is not asked."""
    return [
        StoredKey(name, list(entry.hosts), entry.stored, key_users(paths, name))
        for name, entry in load_keys(paths).items()
    ]


def set_key(paths: Paths, name: str, secret: Secret, host: str | None) -> tuple[list[str], list[str]]:
    """Store or replace a key; returns the hosts that it may go to now, and the profiles that call others.

    Without ``host`` these are the hosts of the profiles that use the key; entering the same key for another ``host``
    adds that one. Raises ``BadInput`` if that is unclear, and
    ``KeyUnavailable``.
    """
    check_name(name, "key")
    with changing_files(paths), all_or_nothing() as steps:
        hosts = [BaseUrl(host if "://" in host else f"https://{host}").key_host] if host else _used_hosts(paths, name)
        old = load_keys(paths).get(name)
        if old and host and _stored_secret(paths, old.item) == secret:
            hosts = sorted({*old.hosts, *hosts})
        return hosts, store_key(paths, name, secret, hosts, steps)


def remove_key(paths: Paths, name: str) -> None:
    """Remove a key from the keyring; raises ``NotFound``, and ``BadInput`` while profiles use it."""
    with changing_files(paths), all_or_nothing() as steps:
        find_key(paths, name)
        if users := key_users(paths, name):
            raise BadInput(f"The key {name!r} is used by {', '.join(users)}.", "Remove or edit these profiles first.")
        delete_key(paths, name, steps)


def _stored_secret(paths: Paths, item: str) -> Secret | None:
    try:
        return open_store(paths).get(item)
    except KeyAbsent:
        return None


def _used_hosts(paths: Paths, name: str) -> list[str]:
    hosts = {BaseUrl(load_profile(paths, user).base_url).key_host for user in key_users(paths, name)}
    if not hosts and name in load_keys(paths):
        hosts = set(load_keys(paths)[name].hosts)
    if not hosts:
        raise BadInput("It is not clear which host this key is for.", "Say it with --host, such as --host api.example.")
    return sorted(hosts)

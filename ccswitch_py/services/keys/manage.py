"""Stores, replaces and removes keys."""

from __future__ import annotations

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, join_list, quoted
from ccswitch_py.core.lock import state_lock
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.listed_key import KeyDependents, KeyLocation, ListedKey
from ccswitch_py.model.names import check_name
from ccswitch_py.redact.key_patterns import looks_like_key
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.keys.listing import all_keys
from ccswitch_py.services.profiles.setup import (
    all_or_nothing,
    delete_key,
    first_url,
    key_users,
    store_key,
    stored_secret,
)
from ccswitch_py.services.status import status
from ccswitch_py.store.keys import find_key, load_keys
from ccswitch_py.store.profiles import load_profile


def list_keys(paths: Paths) -> list[ListedKey]:
    """List the stored keys; asks no keyring."""
    return [key for key in all_keys(paths) if key.kept_in is KeyLocation.KEYRING]


def what_would_break(paths: Paths, name: str) -> KeyDependents:
    """Return what depends on a key; raises ``NotFound``."""
    find_key(paths, name)
    key = next(key for key in list_keys(paths) if key.name == name)
    in_use: dict[str, list[str]] = {}
    for one in status(paths):
        if one.profile in key.profiles:
            in_use.setdefault(one.profile, []).append(one.name)
    return KeyDependents(key.profiles, key.may_be_used_by, in_use)


def add_key(paths: Paths, name: str, secret: Secret, host: str | None) -> list[str]:
    """Store a key under a new name; return its allowed hosts. Raises as ``set_key`` does."""
    if looks_like_key(name):
        raise BadInput(
            _("This name looks like a key, and names are shown and stored in clear text."),
            _("Choose a short name, and paste the key when asked for it."),
        )
    check_name(name, "key")
    if name in load_keys(paths):
        raise BadInput(_("The key {name} already exists.", name=repr(name)), _("Choose another name, or replace it."))
    return set_key(paths, name, secret, host)[0]


def replace_key(paths: Paths, name: str, secret: Secret) -> list[str]:
    """Store another secret for the same hosts; return the profiles that call others, as ``set_key`` does."""
    with state_lock(paths), all_or_nothing() as steps:
        return store_key(paths, name, secret, find_key(paths, name).hosts, steps)


def set_key(paths: Paths, name: str, secret: Secret, host: str | None) -> tuple[list[str], list[str]]:
    """Store or replace a key; return its allowed hosts, and the profiles that call others.

    Without ``host``, allow the hosts of the profiles that use the key; entering the same key for another ``host`` adds
    that one. Raises ``KeyUnavailable``, and ``BadInput`` if the host is unclear.
    """
    with state_lock(paths), all_or_nothing() as steps:
        hosts = hosts_for(paths, name, host)
        old = load_keys(paths).get(name)
        if old and host and stored_secret(paths, old.item) == secret:
            hosts = sorted({*old.hosts, *hosts})
        return hosts, store_key(paths, name, secret, hosts, steps)


def hosts_for(paths: Paths, name: str, host: str | None) -> list[str]:
    """Return the hosts that ``set_key`` would allow; raises ``BadInput`` if they are unclear."""
    check_name(name, "key")
    return [BaseUrl(host if "://" in host else f"https://{host}").key_host] if host else _used_hosts(paths, name)


def remove_key(paths: Paths, name: str, *, even_if_used: bool = False) -> list[str]:
    """Remove a key from the keyring; return the profiles that are without it now.

    Raises ``NotFound``, ``KeyUnavailable``, and ``BadInput`` while profiles use it, unless ``even_if_used``.
    """
    with state_lock(paths), all_or_nothing() as steps:
        find_key(paths, name)
        users = [*key_users(paths, name)]
        if users and not even_if_used:
            raise BadInput(
                _("The key '{name}' is used by {profiles}.", name=quoted(name), profiles=join_list(users)),
                _("Remove or edit these profiles first, or pass --force."),
            )
        delete_key(paths, name, steps)
    return users


def _used_hosts(paths: Paths, name: str) -> list[str]:
    users = [user for user, is_certain in key_users(paths, name).items() if is_certain]
    hosts = {first_url(paths, load_profile(paths, user)).key_host for user in users}
    if not hosts and name in load_keys(paths):
        hosts = set(load_keys(paths)[name].hosts)
    if not hosts:
        raise BadInput(
            _("It is not clear which host this key is for."), _("Pass its host, as in --host api.example.com.")
        )
    return sorted(hosts)

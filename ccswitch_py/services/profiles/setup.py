"""Check what the user chose for a profile, and save it so that a failure leaves nothing half done."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from ccswitch_py.core.cancellation import shielded
from ccswitch_py.core.errors import BadInput, CcswitchError, Interrupted, KeyUnavailable, NotFound
from ccswitch_py.core.files import read_bytes, remove_file, write_own_file
from ccswitch_py.core.language import _, as_sentence, join_list
from ccswitch_py.core.lock import state_lock
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.model.names import check_name
from ccswitch_py.model.profile import Profile
from ccswitch_py.model.protocol import ROLES, Delivery, Role
from ccswitch_py.model.provider import Provider, endpoints_of
from ccswitch_py.model.validation_messages import error_reason
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.launch_builder import build_record
from ccswitch_py.services.profiles.editing import (
    Opened,
    check_untouched,
    checked_target_options,
    parse_profile,
    roles_without_model,
)
from ccswitch_py.store.keys import KeyEntry, find_key, load_keys, new_item, save_key_entry
from ccswitch_py.store.profile_files import forget_launches, profile_names
from ccswitch_py.store.profiles import check_name_is_free, load_profile, save_profile
from ccswitch_py.store.providers import load_provider
from ccswitch_py.targets.registry import TARGETS
from ccswitch_py.vault.errors import KeyNotFound
from ccswitch_py.vault.store import open_store


class RollbackSteps:
    """What to run if a job of several steps fails (last first) or succeeds."""

    def __init__(self) -> None:
        self.on_failure: list[Callable[[], None]] = []
        self.on_success: list[Callable[[], None]] = []

    def keep_file(self, path: str) -> None:
        """Restore this file of ours, or symlink, if the job fails."""
        data = read_bytes(path)
        link = os.readlink(path) if os.path.islink(path) else None
        self.on_failure.append(lambda: _restore_file(path, data, link))


@contextmanager
def all_or_nothing() -> Generator[RollbackSteps]:
    """Run a job of several steps; if anything stops it, roll back the completed ones."""
    steps = RollbackSteps()
    try:
        yield steps
    except BaseException as problem:
        rolled_back = [_attempt(step) for step in reversed(steps.on_failure)]
        if isinstance(problem, Interrupted):
            left = _("Not everything could be rolled back: the keyring may keep an unused entry.")
            problem.hint = _("Nothing was changed.") if all(rolled_back) else left
        raise
    with shielded():
        for step in steps.on_success:
            _attempt(step)


def _restore_file(path: str, data: bytes | None, link: str | None) -> None:
    if link is not None and not os.path.lexists(path):
        os.symlink(link, path)
    if data is None:
        remove_file(os.path.realpath(path))
    else:
        write_own_file(path, data)


def _attempt(step: Callable[[], None]) -> bool:
    """Run a clean-up step and return whether it succeeded; raising would hide the first error."""
    try:
        step()
    except (CcswitchError, OSError):
        return False
    return True


@dataclass(frozen=True)
class Draft:
    """What the user chose for a profile; a ``Secret`` as key is new and not stored yet.

    ``base_url`` is that of ``messages``, empty if the provider has none; ``options`` maps targets to theirs.
    """

    name: str
    provider: str | None
    base_url: str
    models: dict[Role, str]
    key: Secret | KeyRef | None = None
    allow_http: bool = False
    delivery: Delivery = "command"
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, "Mapping[str, Any]"])

    def options_for(self, target_id: str) -> dict[str, Any]:
        """The options for one target."""
        return dict(self.options.get(target_id, {}))

    def with_options_for(self, target_id: str, options: BaseModel) -> Draft:
        """The draft with other options for one target."""
        table = options.model_dump(exclude_defaults=True)
        others = {other: table for other, table in self.options.items() if other != target_id}
        return replace(self, options={**others, target_id: table} if table else others)


def draft_from_provider(paths: Paths, name: str, provider_id: str) -> Draft:
    """A draft with the defaults of the provider's catalogue; raises ``NotFound`` and ``BadInput``."""
    provider = load_provider(paths, provider_id)
    return Draft(name, provider.id, provider.base_url, provider.main_models)


def draft_of(name: str, profile: Profile) -> Draft:
    """The draft of an existing profile."""
    return Draft(
        name,
        profile.provider,
        profile.base_url or "",
        dict(profile.models),
        profile.key,
        profile.allow_http,
        profile.delivery,
        profile.targets,
    )


def checked_profile(paths: Paths, draft: Draft) -> Profile:
    """Check a draft and return its profile; raises ``BadInput``, and ``KeyUnavailable`` without a key."""
    check_name(draft.name)
    provider = load_provider(paths, draft.provider) if draft.provider else None
    own_url = BaseUrl(draft.base_url) if draft.base_url or not provider else None
    if own_url and own_url.without_tail is not None:
        raise BadInput(
            _("The base URL ends with /v1, which tools add themselves."),
            _("Use {address}.", address=own_url.without_tail),
        )
    base_url = str(own_url) if own_url else None
    endpoints = endpoints_of(base_url, provider)
    plain = [endpoint.base_url for endpoint in endpoints.values() if endpoint.url.is_plain_http]
    if plain and not draft.allow_http:
        raise BadInput(
            _("{address} is plain http: the key would travel in clear text.", address=plain[0]),
            _("Use its https address if there is one, or pass --allow-http."),
        )
    models: dict[Role, str] = {role: draft.models[role] for role in ROLES if draft.models.get(role)}
    if missing := roles_without_model(models, endpoints):
        raise BadInput(
            _("There is no model for {roles} yet.", roles=join_list(missing)), _("Choose one for each of these roles.")
        )
    if draft.key is None:
        raise KeyUnavailable(_("There is no key yet."), _("Pass it with --key-stdin, --key-env or --key."))
    checked_target_options(draft.options)
    try:
        return Profile(
            provider=draft.provider,
            base_url=base_url,
            key=KeyRef(name=draft.name) if isinstance(draft.key, Secret) else draft.key,
            allow_http=draft.allow_http and bool(plain),
            delivery=draft.delivery,
            models=models,
            targets={target: dict(options) for target, options in draft.options.items()},
        )
    except ValidationError as error:
        raise BadInput(as_sentence(error_reason(error)), _("Correct it, then try again.")) from error


def check_key_is_for(
    old: Profile | Draft, draft: Draft, providers: Mapping[str, Provider], *, said_again: bool
) -> None:
    """Raise ``KeyUnavailable`` if a key from a variable or command would go to a host not agreed to."""
    if said_again or not isinstance(old.key, KeyRef) or old.key.name or draft.key != old.key:
        return
    before, now = (
        [endpoint.url.key_host for endpoint in endpoints_of(one.base_url, providers.get(one.provider or "")).values()]
        for one in (old, draft)
    )
    if added := [host for host in dict.fromkeys(now) if host not in before]:
        name, variable = draft.name, old.key.env
        hint = _("To allow it, make the change in the profile's file: `ccswitch edit {name}`.", name=name)
        if variable:
            hint = _(
                "To allow it, make the change with `ccswitch edit {name} … --key-env {variable}`.",
                name=name,
                variable=variable,
            )
        raise KeyUnavailable(
            _(
                "The profile's key was given for {before}, not for {now}.",
                before=join_list(dict.fromkeys(before)),
                now=join_list(added),
            ),
            hint,
        )


def first_url(paths: Paths, profile: Profile) -> BaseUrl:
    """The first endpoint of a profile: its key is bound to that host; raises ``NotFound`` and ``BadInput``."""
    if profile.base_url:
        return BaseUrl(profile.base_url)
    return next(iter(endpoints_of(None, load_provider(paths, profile.provider or "")).values())).url


def save_draft(
    paths: Paths, draft: Draft, *, replace_existing: bool = False, opened: Opened | None = None
) -> LaunchRecord:
    """Store the key (and read it back), write the profile, and build its launch files.

    A failed step rolls back the earlier ones. Raises ``EditedMeanwhile`` if the file is no longer ``opened``,
    ``BadInput`` for a taken name, ``KeyUnavailable`` if the key cannot be stored or may not go to the host, and
    ``FileNotChanged``.
    """
    profile = checked_profile(paths, draft)
    with state_lock(paths), all_or_nothing() as steps:
        if not replace_existing:
            check_name_is_free(paths, draft.name)
        if opened is not None:
            check_untouched(paths, draft.name, opened.data)
        if isinstance(draft.key, Secret):
            hosts = [first_url(paths, profile).key_host]
            key_name = _own_key_name(paths, draft.name, draft.key, hosts)
            store_key(paths, key_name, draft.key, hosts, steps)
            profile = profile.model_copy(update={"key": KeyRef(name=key_name)})
        steps.keep_file(paths.profile(draft.name))
        for derived in (paths.launch_record(draft.name), *(paths.launch_file(one, draft.name) for one in TARGETS)):
            steps.keep_file(derived)
        save_profile(paths, draft.name, profile)
        return build_record(paths, draft.name)


def save_text(paths: Paths, name: str, data: bytes, before: bytes) -> LaunchRecord:
    """Replace a profile's file by a text that the user edited, and build its launch files.

    Raises ``EditedMeanwhile`` if the file is no longer ``before``, ``BadInput`` and ``NotFound`` for a text that cannot
    be used, which is not saved, and ``KeyUnavailable`` once it is saved.
    """
    parse_profile(paths, name, data)
    with state_lock(paths), all_or_nothing() as steps:
        check_untouched(paths, name, before)
        steps.keep_file(paths.profile(name))
        write_own_file(paths.profile(name), data)
        try:
            return build_record(paths, name)
        except KeyUnavailable as problem:
            unusable = problem
    raise unusable


def store_key(paths: Paths, key_name: str, secret: Secret, hosts: list[str], steps: RollbackSteps) -> list[str]:
    """Store a key in the keyring and bind it to hosts (``host:port``); callers hold the lock.

    Return the profiles with this key that can no longer use it. Raises ``KeyUnavailable``.
    """
    store = open_store(paths)
    old = load_keys(paths).get(key_name)
    item = new_item(key_name)
    steps.on_failure.append(lambda: store.delete(item))
    store.set(item, secret)
    steps.on_failure.append(lambda: forget_users(paths, key_name))
    steps.keep_file(paths.keys)
    save_key_entry(paths, key_name, KeyEntry(item=item, hosts=hosts, stored=datetime.now(UTC)))
    unusable = rebuild_users(paths, key_name)
    if old:
        old_item = old.item
        steps.on_success.append(lambda: store.delete(old_item))
    return unusable


def delete_key(paths: Paths, key_name: str, steps: RollbackSteps) -> None:
    """Remove a key from the keyring and the list, until a rollback; callers hold the lock."""
    store, item = open_store(paths), find_key(paths, key_name).item
    try:
        secret = store.get(item)
    except KeyNotFound:
        pass
    else:
        steps.on_failure.append(lambda: store.set(item, secret))
        store.delete(item)
    steps.keep_file(paths.keys)
    save_key_entry(paths, key_name, None)


def forget_users(paths: Paths, key_name: str) -> None:
    """Have the launch files of all profiles with this key rebuilt when needed."""
    for name in key_users(paths, key_name):
        remove_file(paths.launch_record(name))


def rebuild_users(paths: Paths, key_name: str) -> list[str]:
    """Rebuild the launch files of all profiles with this key; return those that can no longer use it."""
    unusable: list[str] = []
    for name in key_users(paths, key_name):
        try:
            build_record(paths, name)
        except KeyUnavailable:
            forget_launches(paths, name)
            unusable.append(name)
        except (BadInput, NotFound):  # not because of the key
            forget_launches(paths, name)
    return unusable


def key_users(paths: Paths, key_name: str) -> dict[str, bool]:
    """The profiles that name this key (True); an unreadable one might (False)."""
    users: dict[str, bool] = {}
    for name in profile_names(paths):
        try:
            if load_profile(paths, name).key.name == key_name:
                users[name] = True
        except BadInput:
            users[name] = False
    return users


def stored_secret(paths: Paths, item: str) -> Secret | None:
    """The secret of a keyring item, None if there is none; raises ``KeyUnavailable``."""
    try:
        return open_store(paths).get(item)
    except KeyNotFound:
        return None


def _own_key_name(paths: Paths, profile_name: str, secret: Secret, hosts: list[str]) -> str:
    """Choose a name for the profile's own key, never that of a key that other profiles use.

    An unused key with the same secret and hosts is reused: a killed ccswitch may have left it.
    """
    keys = load_keys(paths)
    name, number = profile_name, 2
    while name in keys and (users := [*key_users(paths, name)]) != [profile_name]:
        if not users and keys[name].hosts == hosts and stored_secret(paths, keys[name].item) == secret:
            break
        name, number = f"{profile_name}-{number}", number + 1
    return name

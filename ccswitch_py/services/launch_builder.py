"""Deriving launch files and records from a profile: done when it is saved, or was edited by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache

from ccswitch_py.core.checksum import checksum
from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.language import _, join_list, quoted
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.hosts import display_host, display_hosts
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.model.profile import Profile
from ccswitch_py.model.protocol import AuthScheme, Protocol
from ccswitch_py.model.provider import Provider
from ccswitch_py.services.launches import digest_of
from ccswitch_py.store.keys import load_keys
from ccswitch_py.store.profile_files import read_profile_bytes
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.store.providers import load_provider
from ccswitch_py.targets.registry import TARGETS


def build_record(paths: Paths, name: str) -> LaunchRecord:
    """Write the launch files and the record of a profile, and return the record.

    Raises ``NotFound``, ``BadInput``, and ``KeyUnavailable`` when the key was not entered for the profile's host.
    """
    profile = load_profile(paths, name)
    provider = load_provider(paths, profile.provider) if profile.provider else None
    _check_importable()
    record = record_of(paths, name, profile, provider)
    record.digest = digest_of(paths, read_profile_bytes(paths, name), profile.provider)
    for target in TARGETS.values():
        if target.protocol not in record.endpoints:
            continue
        launch = record.launch(target.id, target.protocol)
        content = target.launch_file(launch)
        if content is not None:
            write_own_file(paths.launch_file(target.id, name), content.encode())
        record.launches[target.id] = checksum((content or repr(launch)).encode())
    write_own_file(paths.launch_record(name), _dump(record.as_json()))
    return record


def record_of(
    paths: Paths, name: str, profile: Profile, provider: Provider | None, *, check_key: bool = True
) -> LaunchRecord:
    """The record of a profile that need not be saved; raises ``KeyUnavailable`` as ``build_record`` does.

    Without ``check_key`` a key that is not stored yet is let through.
    """
    url = BaseUrl(profile.base_url)
    catalogue = {model.id: model for model in provider.models} if provider else {}
    chosen = {model_id.removesuffix("[1m]") for model_id in profile.models.values()}
    windows = {id_: window for id_ in chosen if id_ in catalogue and (window := catalogue[id_].context_window)}
    return LaunchRecord(
        {
            "digest": "",
            "profile": name,
            "provider": provider.id if provider else None,
            "provider_name": provider.name if provider else url.host,
            "base_url": str(url),
            "key_host": url.key_host,
            "key": (resolved_key_ref(paths, profile, url) if check_key else profile.key).as_json(),
            "delivery": profile.delivery.value,
            "roles": {role.value: model_id for role, model_id in profile.models.items()},
            "launches": {},
            "endpoints": {
                Protocol.MESSAGES.value: {
                    "base_url": str(url),
                    "key_host": url.key_host,
                    "auth": AuthScheme.BOTH.value,
                }
            },
            "context_windows": windows,
            "output_limits": {},
            "options": {"claude-code": profile.claude_code.model_dump(exclude_defaults=True)},
            "python": sys.executable,
            "state": None if find_paths({}).state == paths.state else paths.state,
        }
    )


def resolved_key_ref(paths: Paths, profile: Profile, url: BaseUrl) -> KeyRef:
    """The profile's key reference with its keyring item; raises ``KeyUnavailable`` as ``build_record`` does."""
    name = profile.key.name
    if not name:
        return profile.key
    entry = load_keys(paths).get(name)
    if entry is None:
        raise KeyUnavailable(
            _("There is no key '{name}' in the keyring.", name=quoted(name)),
            _("Store it with `ccswitch keys set {name}`.", name=name),
        )
    if url.key_host not in entry.hosts:
        host = display_host(url.key_host)
        raise KeyUnavailable(
            _(
                "The key '{name}' was entered for {hosts}, not for {host}.",
                name=quoted(name),
                hosts=join_list(display_hosts(entry.hosts)),
                host=host,
            ),
            _("Enter the key for that host with `ccswitch keys set {name} --host {host}`.", name=name, host=host),
        )
    return KeyRef(name=name, item=entry.item)


@cache
def _check_importable() -> None:
    check = subprocess.run([sys.executable, "-I", "-c", "import ccswitch_py"], capture_output=True, check=False)
    if check.returncode:
        raise BadInput(
            _("Claude Code could not start ccswitch-key: this installation is visible to your own user's Python only."),
            _("Install it with `pipx install ccswitch`, or into a virtual environment."),
        )


def _dump(values: object) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=2) + os.linesep).encode()

"""Build launch files and records from a profile that was saved or edited by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

from ccswitch_py.core.checksum import digest
from ccswitch_py.core.errors import BadInput, CcswitchError, KeyUnavailable
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.language import _, join_list, quoted
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.model.profile import Profile
from ccswitch_py.model.provider import Endpoint, Provider, endpoints_of
from ccswitch_py.services.endpoints import check_key_host, launch_for
from ccswitch_py.services.profiles.editing import checked_target_options, open_profile, roles_without_model
from ccswitch_py.store.keys import load_keys
from ccswitch_py.store.profile_files import digest_of
from ccswitch_py.store.providers import load_provider
from ccswitch_py.targets.registry import TARGETS


def build_record(paths: Paths, name: str) -> LaunchRecord:
    """Write the launch files and the record of a profile, and return the record.

    A target gets no launch file that it must not use. Raises ``NotFound``, ``BadInput``, and ``KeyUnavailable`` when
    the key was not entered for the profile's first endpoint.
    """
    opened = open_profile(paths, name)
    profile = opened.profile
    provider = load_provider(paths, profile.provider) if profile.provider else None
    if missing := roles_without_model(profile.models, endpoints_of(profile.base_url, provider)):
        raise BadInput(
            _("{file}: models: no model for {roles}.", file=paths.profile(name), roles=join_list(missing)),
            _("Fix that entry."),
        )
    _check_importable()
    check_text(paths.state)
    record = record_of(paths, name, profile, provider)
    record.digest = digest_of(paths, opened.data, profile.provider)
    for target in TARGETS.values():
        try:
            launch = launch_for(record, target.id)
        except CcswitchError:
            continue  # using the profile there raises this error
        content = target.launch_file(launch)
        if content is not None:
            write_own_file(paths.launch_file(target.id, name), content.encode())
        record.launches[target.id] = digest((content or repr(launch)).encode())
    write_own_file(paths.launch_record(name), _dump(record.as_json()))
    return record


def check_text(folder: str) -> None:
    """Raise ``BadInput`` for a folder that is not valid UTF-8, so that no key command in a file could name it."""
    try:
        folder.encode()
    except UnicodeEncodeError:
        raise BadInput(
            _("{folder} is not valid UTF-8, so no tool's file can name it.", folder=folder),
            _("Set CCSWITCH_HOME to another folder."),
        ) from None


def record_of(
    paths: Paths, name: str, profile: Profile, provider: Provider | None, *, check_key: bool = True
) -> LaunchRecord:
    """The record of a profile that need not be saved; raises ``BadInput``, and ``KeyUnavailable`` as ``build_record``.

    Without ``check_key`` a key that is not stored yet is let through.
    """
    endpoints = endpoints_of(profile.base_url, provider)
    first = next(iter(endpoints.values())).url
    catalogue = {model.id: model for model in provider.models} if provider else {}
    chosen = {model_id.removesuffix("[1m]") for model_id in profile.models.values()} & catalogue.keys()
    key, key_hosts = resolved_key(paths, profile.key, first) if check_key else (profile.key, None)
    return LaunchRecord(
        {
            "digest": "",
            "profile": name,
            "profile_id": profile.id,
            "provider": provider.id if provider else None,
            "provider_name": provider.name if provider else first.host,
            "base_url": str(first),
            "key_host": first.key_host,
            "key": key.as_json(),
            "key_hosts": key_hosts,
            "allow_http": profile.allow_http,
            "delivery": profile.delivery,
            "roles": dict(profile.models),
            "launches": {},
            "endpoints": {protocol: _endpoint(endpoint) for protocol, endpoint in endpoints.items()},
            "context_windows": {id_: window for id_ in chosen if (window := catalogue[id_].context_window)},
            "output_limits": {id_: limit for id_ in chosen if (limit := catalogue[id_].max_output)},
            "use_in": [target for target in profile.use_in if target in TARGETS],
            "options": checked_target_options(profile.targets),
            "unknown_targets": [target for target in profile.targets if target not in TARGETS],
            "python": sys.executable,
            "state": None if find_paths({}).state == paths.state else paths.state,
        }
    )


def resolved_key(paths: Paths, key: KeyRef, url: BaseUrl) -> tuple[KeyRef, list[str] | None]:
    """The reference with its keyring item, and the hosts that the key may go to (None: not in the keyring).

    Raises ``KeyUnavailable`` when it was not entered for the host of ``url``.
    """
    if not key.name:
        return key, None
    entry = load_keys(paths).get(key.name)
    if entry is None:
        raise KeyUnavailable(
            _("There is no key '{name}' in the keyring.", name=quoted(key.name)),
            _("Store it with `ccswitch keys set {name}`.", name=key.name),
        )
    check_key_host(key.name, entry.hosts, url.key_host)
    return KeyRef(name=key.name, item=entry.item), entry.hosts


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    url = endpoint.url
    return {
        "base_url": str(url),
        "key_host": url.key_host,
        "auth": endpoint.auth,
        "bearer_only": endpoint.bearer_only,
        "is_plain_http": url.is_plain_http,
    }


@cache
def _check_importable() -> None:
    check = subprocess.run([sys.executable, "-I", "-c", "import ccswitch_py"], capture_output=True, check=False)
    if check.returncode:
        raise BadInput(
            _("Tools cannot start ccswitch-key: this installation is visible only to Python with user site-packages."),
            _("Install it with `pipx install ccswitch`, or into a virtual environment."),
        )


def _dump(values: object) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=2) + os.linesep).encode()

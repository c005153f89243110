"""Launch records and launch files: what the quick commands read instead of the TOML, rebuilt when that was edited."""

from __future__ import annotations

import os
import sys

from ccswitch_py import __version__
from ccswitch_py.core.checksum import checksum
from ccswitch_py.core.errors import BadInput, KeyUnavailable, NotFound
from ccswitch_py.core.files import read_bytes, read_own_file, remove_file
from ccswitch_py.core.language import _, join_list, quoted
from ccswitch_py.model.hosts import display_host, display_hosts
from ccswitch_py.store.launch_records import stored_record
from ccswitch_py.store.profile_files import provider_path, read_profile_bytes
from ccswitch_py.targets.registry import find_target
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import Launch, LaunchRecord


def load_record(paths: Paths, name: str) -> LaunchRecord:
    """The record of a profile, rebuilt first if the profile, its provider or this program changed since.

    Raises ``NotFound``, ``BadInput`` for a broken file, ``KeyUnavailable`` when the key may not go to the host.
    """
    profile = read_profile_bytes(paths, name)
    record = stored_record(paths, name)
    if record is not None:
        try:
            fresh = record.digest == digest_of(paths, profile, record.provider)
        except (NotFound, OSError):
            fresh = False
        if fresh:
            return record
    from ccswitch_py.services.launch_builder import build_record

    return build_record(paths, name)


def launch_for(record: LaunchRecord, target_id: str) -> Launch:
    """What a target gets of a profile.

    Raises ``NotFound`` for an unknown target, ``KeyUnavailable`` where the key was not entered for that endpoint, and
    ``BadInput`` where the provider has no endpoint of its protocol or wants the key in a header that the tool cannot
    send.
    """
    target = find_target(target_id)
    if target.protocol not in record.endpoints:
        raise BadInput(
            _(
                "{target} needs a {protocol} endpoint, and {provider} has none.",
                target=target.name,
                protocol=target.protocol.value,
                provider=record.provider_name,
            ),
            _("Choose another target, or add the endpoint to the profile's provider."),
        )
    launch = record.launch(target_id, target.protocol)
    if launch.auth not in target.auth:
        raise BadInput(
            _(
                "{provider} wants the key as {scheme}, which {target} cannot send.",
                provider=record.provider_name,
                scheme=launch.auth,
                target=target.name,
            ),
            _("Choose another target or another provider."),
        )
    if launch.delivery not in target.deliveries:
        raise BadInput(
            _("{target} cannot get its key by {delivery}.", target=target.name, delivery=launch.delivery),
            _("Choose one of: {names}.", names=join_list(target.deliveries)),
        )
    if not record.allow_http and record.endpoints[target.protocol]["is_plain_http"]:
        raise BadInput(
            _("{address} is plain http: the key would travel in clear text.", address=launch.base_url),
            _("Say yes to that with `ccswitch edit {name} --allow-http`.", name=record.profile),
        )
    if record.key_hosts is not None:
        check_key_host(record.key.name, record.key_hosts, launch.key_host)
    return launch


def check_key_host(key_name: str, hosts: list[str], host: str) -> None:
    """Raise ``KeyUnavailable`` unless a key of the keyring was entered for this host (``host:port``)."""
    if host in hosts:
        return
    shown = display_host(host)
    raise KeyUnavailable(
        _(
            "The key '{name}' was entered for {hosts}, not for {host}.",
            name=quoted(key_name),
            hosts=join_list(display_hosts(hosts)),
            host=shown,
        ),
        _("Enter the key for that host with `ccswitch keys set {name} --host {host}`.", name=key_name, host=shown),
    )


def unknown_target_notes(record: LaunchRecord) -> list[str]:
    """What to say of options for a target that this version does not know."""
    if not record.unknown_targets:
        return []
    names = join_list(record.unknown_targets)
    return [_("Nothing here knows these targets, so their options stay as they are: {names}.", names=names)]


def key_command_of(record: LaunchRecord) -> KeyCommand:
    """The command that prints the profile's key to a shell or another program."""
    return KeyCommand(record.python, record.profile, record.state)


def stored_launch_file(paths: Paths, record: LaunchRecord, target_id: str) -> str:
    """The path of a profile's launch file for one target; one that is missing or damaged is written anew."""
    path = paths.launch_file(target_id, record.profile)
    data = read_bytes(path)
    if data is None or checksum(data) != record.launches.get(target_id):
        from ccswitch_py.services.launch_builder import build_record

        build_record(paths, record.profile)
    return path


def forget_launches(paths: Paths, name: str) -> None:
    """Remove what was derived from a profile."""
    record = stored_record(paths, name)
    for target_id in record.launches if record else ():
        remove_file(paths.launch_file(target_id, name))
        folder = os.path.dirname(paths.launch_file(target_id, name))
        for variant in os.listdir(folder) if os.path.isdir(folder) else ():
            if variant.startswith(f"{name}@"):
                remove_file(os.path.join(folder, variant))
    remove_file(paths.launch_record(name))


def digest_of(paths: Paths, profile: bytes, provider_id: str | None) -> str:
    """Changes with everything that a record is built from."""
    provider = provider_path(paths, provider_id) if provider_id else ""
    program = f"{__version__}\n{sys.executable}\n{paths.state}\n{provider}".encode()
    catalogue = read_own_file(provider) if provider else None
    return "-".join(checksum(part) for part in (program, profile, catalogue or b"", read_bytes(paths.keys) or b""))

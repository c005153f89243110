"""Which endpoint of a profile a target gets, and whether the key may go there in the way that the tool sends it."""

from __future__ import annotations

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.language import _, join_list, quoted
from ccswitch_py.model.key_ref import display_host, display_hosts
from ccswitch_py.targets.registry import find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.model.launch import Launch, LaunchRecord


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
                protocol=target.protocol,
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
            _("Allow it with `ccswitch edit {name} --allow-http`.", name=record.profile),
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

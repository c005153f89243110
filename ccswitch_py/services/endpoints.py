"""Which endpoint of a profile a target gets, and whether the key may go there in the way that the tool sends it."""

from __future__ import annotations

from ccswitch_py.core.errors import BadInput, CcswitchError, KeyUnavailable
from ccswitch_py.core.language import _, join_list, join_with_or, quoted
from ccswitch_py.model.key_ref import display_host, display_hosts
from ccswitch_py.targets.registry import TARGETS, find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.model.launch import Launch, LaunchRecord
    from ccswitch_py.model.protocol import Protocol
    from ccswitch_py.targets.base import Target


def default_target(record: LaunchRecord) -> str:
    """The first target whose protocol the profile's provider serves; the first of all if there is none."""
    served = (one.id for one in TARGETS.values() if any(record.endpoints.get(name) for name in one.protocols))
    return next(served, next(iter(TARGETS)))


def launch_for(record: LaunchRecord, target_id: str) -> Launch:
    """What a target gets of a profile.

    Raises ``NotFound`` for an unknown target, ``KeyUnavailable`` where the key was not entered for that endpoint, and
    ``BadInput`` where the provider has no endpoint of its protocol or wants the key in a header that the tool cannot
    send.
    """
    target = find_target(target_id)
    check_available(target)
    main = record.roles["main"]
    spoken: list[Protocol] = [protocol for protocol in target.protocols if target.speaks(protocol, main)]
    served: list[Protocol] = [protocol for protocol in spoken if record.endpoints.get(protocol)]
    if not served:
        raise BadInput(
            _(
                "{target} needs a {protocol} endpoint, and {provider} has none.",
                target=target.name,
                protocol=join_with_or(spoken),
                provider=record.provider_name if record.provider else record.profile,
            ),
            _("Choose another target, or add the endpoint to the profile's provider."),
        )
    launches = [record.launch(target_id, protocol) for protocol in served]
    launch = next((one for one in launches if one.auth in target.protocols[one.protocol]), launches[0])
    if launch.auth not in target.protocols[launch.protocol]:
        raise BadInput(
            _(
                "{provider} wants the key as {scheme}, which {target} cannot send.",
                provider=record.provider_name,
                scheme=launch.auth,
                target=target.name,
            ),
            _("Choose another target or another provider."),
        )
    launch = launch.replace(delivery=_delivery(launch, target))
    if not record.allow_http and record.endpoints[launch.protocol]["is_plain_http"]:
        raise BadInput(
            _("{address} is plain http: the key would travel in clear text.", address=launch.base_url),
            _("Allow it with `ccswitch edit {name} --allow-http`.", name=record.profile),
        )
    if record.key_hosts is not None:
        check_key_host(record.key.name, record.key_hosts, launch.key_host)
    return launch


def needs_run(record: LaunchRecord, target_id: str) -> bool:
    """Whether a target gets the profile's key only from ``ccswitch run``; False if it cannot use the profile."""
    try:
        return launch_for(record, target_id).delivery == "environment"
    except CcswitchError:
        return False


def check_available(target: Target) -> None:
    """Raise ``BadInput`` for a tool that does not exist for this system."""
    if not target.available:
        raise BadInput(
            _("{tool} is not available on this system.", tool=target.name),
            _("See `ccswitch targets` for the ones you can use."),
        )


def _delivery(launch: Launch, target: Target) -> str:
    """The delivery that the profile asks for, or the target's best; never plaintext without being asked for."""
    asked = launch.options.get("delivery") or launch.delivery
    if asked in target.deliveries:
        return asked
    best = next((one for one in target.deliveries if one != "plaintext"), None)
    if best is None:
        raise BadInput(
            _("{target} can only keep its key in its file, in plaintext.", target=target.name),
            _(
                "To allow that, run `ccswitch edit {name} --delivery plaintext --target {target}`.",
                name=launch.profile,
                target=target.id,
            ),
        )
    return best


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

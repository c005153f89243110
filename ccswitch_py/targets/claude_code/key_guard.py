"""Refuse a key where settings would send it to another host than the profile's."""

from __future__ import annotations

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.language import N_, _, quoted
from ccswitch_py.model.hosts import display_host
from ccswitch_py.targets.claude_code.project_settings import find_redirections
from ccswitch_py.targets.claude_code.variables import BASE_URL, clouds_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.model.launch import Launch, LaunchRecord
    from ccswitch_py.targets.claude_code.project_settings import Redirections

_SWITCH_OFF = N_("Remove {variable} where it is set, or take the profile out of use with `ccswitch off`.")


def check_key_destination(
    record: LaunchRecord, environ: Mapping[str, str], *, of_settings: bool, folder: str = ""
) -> None:
    """Raise ``KeyUnavailable`` unless a Claude Code with this environment sends the key to the record's gateway only.

    ``of_settings`` says that it has the address from its settings files, and not from a launch file, which beats them.
    It is started in ``folder``, or without one in the folder that we are in.
    """
    check_base_url(record, environ.get(BASE_URL))
    if clouds := clouds_on(environ):
        raise _for_a_cloud(record, clouds[0])
    found = find_redirections(folder, environ)
    _require_own_project(record, found)
    # A launch file switches the user's off, which the environment shows.
    clouds = [cloud for cloud in found.users_clouds if of_settings or environ.get(cloud[0]) is None]
    if clouds:
        raise _for_a_cloud(record, *clouds[0])
    if not of_settings:
        return
    base_urls = [*found.base_urls, *found.users_base_urls]
    for base_url in base_urls:
        check_base_url(record, base_url)
    if not base_urls and environ.get(BASE_URL) is None:
        raise KeyUnavailable(
            _(
                "The key of '{profile}' is for {host}, but the settings name no ANTHROPIC_BASE_URL.",
                profile=quoted(record.profile),
                host=display_host(record.key_host),
            ),
            _("Run `ccswitch use {profile}`.", profile=record.profile),
        )


def check_project(record: LaunchRecord | Launch) -> None:
    """Raise ``KeyUnavailable`` if a Claude Code started here with the key in its environment would send it elsewhere.

    The user's own address is for the caller to judge.
    """
    found = find_redirections()
    _require_own_project(record, found)
    if found.users_clouds:
        raise _for_a_cloud(record, *found.users_clouds[0])
    for base_url in found.base_urls:
        check_base_url(record, base_url)


def _require_own_project(record: LaunchRecord | Launch, found: Redirections) -> None:
    """Refuse where the project switches on a cloud, lets others listen, or misleads ccswitch."""
    if found.clouds:
        raise _for_a_cloud(record, *found.clouds[0])
    if found.on_the_way:
        text = N_("{variable} in the project's settings would show the key of '{profile}' to somebody else.")
    elif found.misleading:
        text = N_(
            "{variable} in the project's settings would have ccswitch look for your settings, or for its own, "
            "elsewhere."
        )
    else:
        return
    variable = [*found.on_the_way, *found.misleading][0]
    raise KeyUnavailable(
        _(text, variable=variable, profile=quoted(record.profile)),
        _("Set it in the shell if it is yours, or remove it from the project's settings."),
    )


def check_base_url(record: LaunchRecord | Launch, base_url: str | None) -> None:
    """Raise ``KeyUnavailable`` if this address is of another host; None is no address."""
    if base_url is None:
        return
    from ccswitch_py.model.base_url import BaseUrl

    try:
        url = BaseUrl(base_url)
        if url.key_host == record.key_host and url.scheme == BaseUrl(record.base_url).scheme:
            return
        elsewhere = str(url) if url.key_host == record.key_host else display_host(url.key_host)
    except BadInput:
        elsewhere = _("an address that ccswitch cannot read")
    raise KeyUnavailable(
        _(
            "The key of '{profile}' is for {host}, but Claude Code would send it to {elsewhere}.",
            profile=quoted(record.profile),
            host=display_host(record.key_host),
            elsewhere=elsewhere,
        ),
        _(
            "Remove ANTHROPIC_BASE_URL from the project's or the shell's settings, or start a new "
            "session after a switch."
        ),
    )


def _for_a_cloud(record: LaunchRecord | Launch, variable: str, file: str | None = None) -> KeyUnavailable:
    message = _(
        "{place} would have Claude Code send the key of '{profile}' to a cloud and not to {host}.",
        place=variable if file is None else _("{name} in {place}", name=variable, place=file),
        profile=quoted(record.profile),
        host=display_host(record.key_host),
    )
    return KeyUnavailable(message, _(_SWITCH_OFF, variable=variable))

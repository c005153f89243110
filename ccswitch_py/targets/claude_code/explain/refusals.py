"""Explain why our key command refuses the key in a folder, by the rules of the command itself."""

from __future__ import annotations

from collections.abc import Iterator

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.language import _, join_sentences, quoted
from ccswitch_py.model.address import address_of
from ccswitch_py.model.key_ref import display_host
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.targets.claude_code.key_guard import check_base_url, check_key_destination
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import active_cloud, settings_of
from ccswitch_py.targets.claude_code.variables import BASE_URL, CLOUDS, DEFAULT_BASE_URL
from ccswitch_py.targets.explanation import Setting
from ccswitch_py.vault.key_command_line import KeyCommand

_OF_BOTH_FILES = (LayerKind.LOCAL, LayerKind.PROJECT, LayerKind.USER)


def key_refusal(inspection: ClaudeCodeInspection, address: Setting | None, place: Setting) -> Iterator[str]:
    """Why ccswitch's own key command, if ``place`` has it, will give no key here, where ``address`` counts."""
    command = KeyCommand.parse(place.text)
    record = inspection.record_of(command) if command else None
    if command is None or record is None or not (command.claude_code or command.project):
        return
    of_settings = command.project
    try:
        check_key_destination(record, _for_helper(inspection), of_settings=of_settings, folder=inspection.folder)
    except KeyUnavailable as refusal:
        yield _where_refused(inspection, address, record, of_settings=of_settings) or str(refusal)


def _for_helper(inspection: ClaudeCodeInspection) -> dict[str, str]:
    """The environment that Claude Code gives its key command, as far as that decides about the key.

    Before a project's settings are taken in, the command is started once: the clouds of those are not in it.
    """
    own = [layer for layer in inspection.layers if layer not in inspection.projects]
    set_there = [
        *settings_of(inspection.layers, BASE_URL)[:1],
        *(one for name in CLOUDS for one in settings_of(own, name)[:1]),
    ]
    values = {place.entry.name: place.entry.value.reveal() for place in set_there if place.entry.value is not None}
    return {**inspection.environ, BASE_URL: DEFAULT_BASE_URL, **values}


def _where_refused(
    inspection: ClaudeCodeInspection, address: Setting | None, record: LaunchRecord, *, of_settings: bool
) -> str | None:
    """The cloud or the address for which there is no key, with its place; None if it is none of those seen here."""
    profile, host = quoted(record.profile), display_host(record.key_host)
    if cloud := active_cloud(inspection.layers):
        refusal = _(
            "ccswitch gives the key of '{profile}' for {host} only, and {name} ({place}) makes Claude Code call a "
            "cloud: it gets no key.",
            name=cloud.entry.name,
            place=cloud.location,
            profile=profile,
            host=host,
        )
        step = _(
            "Remove {variable} where it is set, or take the profile out of use with `ccswitch off`.",
            variable=cloud.entry.name,
        )
        return join_sentences(refusal, step)
    looks = [place for place in settings_of(inspection.layers, BASE_URL) if place.layer.kind in _OF_BOTH_FILES]
    for one in [address, *(looks if of_settings else [])]:
        text = one.entry.value.reveal() if one and one.entry.value else DEFAULT_BASE_URL
        try:
            check_base_url(record, text)
        except KeyUnavailable:
            leads = str(address_of(text) or _("an invalid address"))
            refusal = _(
                "ccswitch gives the key of '{profile}' for {host} only, and the address is {elsewhere}: Claude Code "
                "gets no key.",
                elsewhere=one.shown if one and leads == record.key_host else display_host(leads),
                profile=profile,
                host=host,
            )
            return join_sentences(refusal, _step_back(record.profile, one))
    return None


def _step_back(profile: str, address: Setting | None) -> str:
    if address is None or address.layer.kind is LayerKind.USER:
        return _("Run `ccswitch use {profile}`.", profile=profile)
    return _(
        "Remove {name} from {place}, or put a profile for that address in use.",
        name=address.entry.name,
        place=address.location,
    )

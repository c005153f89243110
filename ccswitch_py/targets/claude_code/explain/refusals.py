"""Explain why our key command gives no key in a folder, by the rules of the command itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.files import UnreadableFile
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.targets.claude_code.key_guard import check_base_url, check_key_destination
from ccswitch_py.targets.claude_code.settings import read_settings, variables_of
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import active_cloud, settings_of
from ccswitch_py.targets.claude_code.variables import BASE_URL, CLOUDS, DEFAULT_BASE_URL
from ccswitch_py.targets.explanation import Setting
from ccswitch_py.targets.key_command_findings import missing_key
from ccswitch_py.vault.key_command_line import KeyCommand

_OF_BOTH_FILES = (LayerKind.LOCAL, LayerKind.PROJECT, LayerKind.USER)


def key_refusal(inspection: ClaudeCodeInspection, address: Setting | None, place: Setting) -> Iterator[str]:
    """Report why a key command of ours at ``place`` gives no key here, where ``address`` takes effect.

    No program is run and no keyring is asked.
    """
    command = KeyCommand.parse(place.text)
    record = inspection.general.record_of(command) if command else None
    if command is None or record is None or not (command.claude_code or command.project):
        return
    addresses = [address]
    if command.project:
        places = settings_of(inspection.layers, BASE_URL)
        addresses += [place for place in places if place.layer.kind in _OF_BOTH_FILES]
    environ = _environment_of_helper(inspection)
    try:
        check_key_destination(record, environ, of_settings=command.project, folder=inspection.folder)
    except KeyUnavailable as refusal:
        yield join_sentences(refusal.message, _step(inspection, record, addresses) or refusal.hint)
        return
    if missing := missing_key(record, inspection.paths, _variables(inspection)):
        yield missing


def _variables(inspection: ClaudeCodeInspection) -> dict[str, str]:
    """The environment, with what settings files add to it."""
    found = dict(inspection.environ)
    for layer in reversed(inspection.layers):
        if layer.in_force and layer.path and layer.kind is not LayerKind.STATE:
            with contextlib.suppress(UnreadableFile):
                found |= {name: str(value) for name, value in variables_of(read_settings(layer.path)).items()}
    return found


def _environment_of_helper(inspection: ClaudeCodeInspection) -> dict[str, str]:
    """The environment that Claude Code gives its key command, as far as that decides about the key.

    Before a project's settings are applied, the command is started once: the clouds of those are not in it.
    """
    own = [layer for layer in inspection.layers if layer not in inspection.projects]
    set_there = [
        *settings_of(inspection.layers, BASE_URL)[:1],
        *(place for name in CLOUDS for place in settings_of(own, name)[:1]),
    ]
    values = {place.entry.name: place.entry.value.reveal() for place in set_there if place.entry.value is not None}
    return {**inspection.environ, BASE_URL: DEFAULT_BASE_URL, **values}


def _step(inspection: ClaudeCodeInspection, record: LaunchRecord, addresses: list[Setting | None]) -> str:
    """What to change, and where: the cloud, else the first refused address; empty if it is none of these."""
    if cloud := active_cloud(inspection.layers):
        return _("Remove {entry} from {place}, or run `ccswitch off`.", entry=cloud.entry.name, place=cloud.location)
    for address in addresses:
        try:
            value = address.entry.value if address else None
            check_base_url(record, value.reveal() if value else DEFAULT_BASE_URL)
        except KeyUnavailable:
            if address is None or address.layer.kind is LayerKind.USER:
                return _("Run `ccswitch use {profile}`.", profile=record.profile)
            return _(
                "Remove {name} from {place}, or use a profile for that address.",
                name=address.entry.name,
                place=address.location,
            )
    return ""

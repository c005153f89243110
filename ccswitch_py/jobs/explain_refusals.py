"""Why ccswitch's own key command gives no key in a folder, by the rules of the command itself."""

from __future__ import annotations

from collections.abc import Iterator

from ccswitch_py.clouds import CLOUDS
from ccswitch_py.errors import KeyUnavailable
from ccswitch_py.jobs.doctor import helper
from ccswitch_py.jobs.doctor.address import address_of
from ccswitch_py.jobs.doctor.scene import Scene
from ccswitch_py.jobs.explain_words import ITS_OWN, shown, where
from ccswitch_py.language import plain, together, tr
from ccswitch_py.layers.layer import Kind
from ccswitch_py.layers.variables import BASE_URL
from ccswitch_py.layers.winners import Place, chosen_cloud, places
from ccswitch_py.model.hosts import shown_host
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.own_gateway import require_for_claude_code, require_own_gateway
from ccswitch_py.store.launches import stored_record

_OF_BOTH_FILES = (Kind.LOCAL, Kind.PROJECT, Kind.USER)


def refused(scene: Scene, address: Place | None, place: Place) -> Iterator[str]:
    """Why ccswitch's own key command, if ``place`` has it, will give no key here, where ``address`` counts."""
    command = helper.words_of(place.text)
    record = stored_record(scene.paths_of(command), command[-1]) if helper.is_ours(command) else None
    if record is None or not {"--claude-code", "--project"} & set(command):
        return
    of_settings = "--project" in command
    try:
        require_for_claude_code(record, _for_helper(scene), of_settings=of_settings, folder=scene.folder)
    except KeyUnavailable as refusal:
        yield _where_refused(scene, address, record, of_settings=of_settings) or str(refusal)


def _for_helper(scene: Scene) -> dict[str, str]:
    """The environment that Claude Code gives its key command, as far as that decides about the key.

    Before a project's settings are taken in, the command is started once: the clouds of those are not in it.
    """
    own = [layer for layer in scene.layers if layer not in scene.projects]
    set_there = [*places(scene.layers, BASE_URL)[:1], *(one for name in CLOUDS for one in places(own, name)[:1])]
    values = {place.entry.name: place.entry.value.reveal() for place in set_there if place.entry.value is not None}
    return {**scene.environ, BASE_URL: ITS_OWN, **values}


def _where_refused(scene: Scene, address: Place | None, record: LaunchRecord, *, of_settings: bool) -> str | None:
    """The cloud or the address for which there is no key, with its place; None if it is none of those seen here."""
    profile, host = plain(record.profile), shown_host(record.key_host)
    if cloud := chosen_cloud(scene.layers):
        refusal = tr(
            "ccswitch gives the key of '{profile}' for {host} only, and {name} ({place}) makes Claude Code call a "
            "cloud: it gets no key.",
            name=cloud.entry.name,
            place=where(cloud),
            profile=profile,
            host=host,
        )
        step = tr(
            "Remove {variable} where it is set, or take the profile out of use with `ccswitch off`.",
            variable=cloud.entry.name,
        )
        return together(refusal, step)
    looks = [place for place in places(scene.layers, BASE_URL) if place.layer.kind in _OF_BOTH_FILES]
    for one in [address, *(looks if of_settings else [])]:
        text = one.entry.value.reveal() if one and one.entry.value else ITS_OWN
        try:
            require_own_gateway(record, text)
        except KeyUnavailable:
            leads = str(address_of(text) or tr("an invalid address"))
            refusal = tr(
                "ccswitch gives the key of '{profile}' for {host} only, and the address is {elsewhere}: Claude Code "
                "gets no key.",
                elsewhere=shown(one) if one and leads == record.key_host else shown_host(leads),
                profile=profile,
                host=host,
            )
            return together(refusal, _step_back(record.profile, one))
    return None


def _step_back(profile: str, address: Place | None) -> str:
    if address is None or address.layer.kind is Kind.USER:
        return tr("Run `ccswitch use {profile}`.", profile=profile)
    return tr(
        "Remove {name} from {place}, or put a profile for that address in use.",
        name=address.entry.name,
        place=where(address),
    )

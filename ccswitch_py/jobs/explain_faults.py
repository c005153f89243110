"""What is wrong with what Claude Code will use in a folder, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ccswitch_py.jobs.doctor import claude_settings, helper, loopback, project
from ccswitch_py.jobs.doctor.address import address_of, can_be_called
from ccswitch_py.jobs.doctor.finding import Finding, Level, file, host, open_to_all
from ccswitch_py.jobs.doctor.scene import Scene
from ccswitch_py.jobs.doctor.whole_file import whole_file_fix
from ccswitch_py.jobs.explain_refusals import refused
from ccswitch_py.jobs.explain_words import file_name, shown, where
from ccswitch_py.language import about, together, tr
from ccswitch_py.layers.layer import Kind, Layer
from ccswitch_py.layers.variables import API_KEY, BASE_URL, HELPER, OAUTH_TOKEN, PRIMARY_KEY
from ccswitch_py.layers.winners import AUTHORIZATION, X_API_KEY, Place, chosen_cloud, is_claudes_own, places
from ccswitch_py.project_settings import ON_THE_WAY
from ccswitch_py.store.profile_files import profile_names

Winners = Mapping[str, Place | None]
"""The place that decides each part of an explanation."""
_ADDRESS = "_BASE_URL"
_OF_PROJECT = (Kind.LOCAL, Kind.PROJECT)


def faults(scene: Scene, winners: Winners, login: str | None, *, is_known: bool) -> list[str]:
    """What keeps Claude Code from working here, or sends a credential to somebody else.

    ``login`` is the file of Claude's own login, if that is used; ``is_known`` says that all layers could be read.
    """
    found = [
        *(with_step(layer) for layer in scene.layers if layer.problem and layer.in_force),
        *_address(scene, winners),
        *_helper(scene, winners),
        *_credentials(scene, winners, login),
        *_model(winners),
    ]
    if is_known and winners[AUTHORIZATION] is None and winners[X_API_KEY] is None and login is None:
        found += _no_key(scene)
    if not found:
        found += _of_project(scene, winners)
    return list(dict.fromkeys(found))


def with_step(layer: Layer) -> str:
    """What is wrong with a layer's file, and what to do about it."""
    path = layer.path or ""
    step = whole_file_fix(path)
    if not layer.in_force:
        step = tr("Look in it yourself for ANTHROPIC_ and CLAUDE_CODE_.")
    elif layer.unread and not step:
        step = tr("Look at {file} first, and move it away if it is not yours.", file=file_name(path))
    elif layer.kind is Kind.STATE and not step:
        step = tr("Start `claude` once: it offers the last of its own backups.")
    return about(file_name(path), together(layer.problem or "", step or tr("Mend that line.")))


def _address(scene: Scene, winners: Winners) -> Iterator[str]:
    address, proxy = winners["address"], winners.get("proxy")
    if address and address.entry.name.endswith(_ADDRESS):
        if not can_be_called(address.text):
            unusable = tr(
                "{name} in {place} is no address that Claude Code can call.",
                name=address.entry.name,
                place=where(address),
            )
            yield together(unusable, tr("Write one like https://host/prefix there, or remove it."))
        elif not proxy:
            yield from _told(scene, loopback.of_address(address))
    if proxy:
        yield from _told(scene, loopback.of_proxy(proxy))
    for layer in scene.projects:
        for entry in layer.entries:
            if entry.name.upper() in ON_THE_WAY and layer.path and not entry.is_empty:
                told = {"entry": open_to_all(entry.name), "file": file(layer.path)}
                yield from _told(scene, [Finding(project.ON_THE_WAY, told, layer.path, entry.line)])


def _helper(scene: Scene, winners: Winners) -> Iterator[str]:
    place = _helper_of(winners)
    if place is None:
        return
    wrong = [*_told(scene, helper.without_running(scene, place))]
    yield from wrong
    if not wrong:
        yield from refused(scene, winners["address"], place)


def _credentials(scene: Scene, winners: Winners, login: str | None) -> Iterator[str]:
    address, key = winners["address"], winners[X_API_KEY]
    for place in _credentials_of(winners):
        yield from _told(scene, loopback.of_key(place))
    is_alone = key is not None and key.entry.name == API_KEY and not winners[AUTHORIZATION]
    if key and is_alone and claude_settings.was_answered(scene.state, key.text, "rejected"):
        yield from _told(scene, [Finding(claude_settings.REJECTED, {"entry": open_to_all(API_KEY)})])
    if address is None:
        return
    yield from _sent_elsewhere(scene, winners, address, login)
    if address.layer.kind in _OF_PROJECT and not _is_own(address):
        yield from _taken_along(scene, winners, address)


def _sent_elsewhere(scene: Scene, winners: Winners, address: Place, login: str | None) -> Iterator[str]:
    bearer, key = winners[AUTHORIZATION], winners[X_API_KEY]
    if address.entry.name != BASE_URL or is_claudes_own(address.text):
        return
    if login is not None or (bearer and bearer.entry.name == OAUTH_TOKEN):
        yield together(
            tr(
                "Your login of Claude is sent to {address}, for nothing gives another key.",
                address=shown(address),
            ),
            _way_to_a_key(scene),
        )
    if key and key.entry.name == PRIMARY_KEY:
        sent = tr(
            "The API key of your login of Claude ({place}) is sent to {address}.",
            place=where(key),
            address=shown(address),
        )
        yield together(
            sent, tr("Take it away with /logout in Claude Code, or use a profile whose key does not stand in a file.")
        )


def _of_project(scene: Scene, winners: Winners) -> Iterator[str]:
    """An address or a command that came with the project, where nothing else is wrong with it."""
    for place, kind in ((winners["address"], project.REDIRECTS), (_helper_of(winners), project.RUNS)):
        if place is None or place.layer.kind not in _OF_PROJECT or _is_own(place):
            continue
        if kind is project.RUNS or _leads_elsewhere(scene, place):
            told = {
                "file": file(place.layer.path or ""),
                "entry": open_to_all(place.entry.name),
                "host": host(place.text),
            }
            yield from _told(scene, [Finding(kind, told, place.layer.path or "", place.entry.line)])


def _leads_elsewhere(scene: Scene, address: Place) -> bool:
    """Whether it can be called, and is not what the user has as well."""
    own = next((place for place in places(scene.layers, BASE_URL) if place.layer.kind not in _OF_PROJECT), None)
    leads_nowhere = address.entry.name.endswith(_ADDRESS) and not can_be_called(address.text)
    return not leads_nowhere and not (own and address_of(own.text) == address_of(address.text))


def _taken_along(scene: Scene, winners: Winners, address: Place) -> Iterator[str]:
    """A credential of the user's that a project's address takes to somebody else."""
    if not _leads_elsewhere(scene, address):
        return
    for place in _credentials_of(winners):
        is_guarded = place.entry.name == HELPER and helper.is_ours(helper.words_of(place.text))
        if place.layer.kind in _OF_PROJECT or is_guarded or place.entry.name in (OAUTH_TOKEN, PRIMARY_KEY):
            continue
        taken = tr(
            "{file}, which is part of the project, takes your {name} ({place}) to {address}.",
            file=file_name(address.layer.path or ""),
            name=place.entry.name,
            place=where(place),
            address=shown(address),
        )
        step = tr(
            "If you did not write that yourself, remove {entry} there before you start Claude Code in this folder.",
            entry=address.entry.name,
        )
        yield together(taken, step)


def _is_own(place: Place) -> bool:
    """Whether the user wrote it, since git does not keep the file."""
    return project.is_kept_out_of_git(place.layer.path or "")


def _model(winners: Winners) -> Iterator[str]:
    main = winners["main"]
    if main and main.text == "default":
        sent = tr(
            '{name} in {place} is "default", which Claude Code sends as it stands: a gateway knows no such model.',
            name=main.entry.name,
            place=where(main),
        )
        yield together(sent, tr("Remove that line, or choose a model with /model in Claude Code."))


def _no_key(scene: Scene) -> Iterator[str]:
    if chosen_cloud(scene.layers) is None:
        nothing = tr("Nothing gives a key: Claude Code will say that it is not logged in.")
        yield together(nothing, _way_to_a_key(scene))


def _way_to_a_key(scene: Scene) -> str:
    if profile_names(scene.paths):
        return tr("Put a profile in use with `ccswitch use NAME`.")
    return tr("Make a profile with `ccswitch add`, or with the form of `ccswitch`, and put it in use.")


def _helper_of(winners: Winners) -> Place | None:
    return next((place for place in _credentials_of(winners) if place.entry.name == HELPER), None)


def _credentials_of(winners: Winners) -> Sequence[Place]:
    return [place for place in (winners[AUTHORIZATION], winners[X_API_KEY]) if place]


def _told(scene: Scene, findings: Iterator[Finding] | Sequence[Finding]) -> Iterator[str]:
    """What the doctor says of it, with its advice."""
    for finding in findings:
        if finding.kind.level is Level.OK:
            continue
        kind = finding.kind
        if kind.first_fix and not profile_names(scene.paths):
            kind = kind._replace(fix=kind.first_fix)
        yield together(finding.sentence, Finding(kind, finding.values).fix)

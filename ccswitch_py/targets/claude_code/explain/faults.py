"""Find what is wrong with what Claude Code will use in a folder, with what to do about it, and what else to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ccswitch_py.core.language import _, join_sentences, labelled
from ccswitch_py.model.address import address_of, can_be_called
from ccswitch_py.model.doctor_finding import Finding, Level, host, public
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.targets.claude_code.explain.refusals import key_refusal
from ccswitch_py.targets.claude_code.findings import helper, loopback, project
from ccswitch_py.targets.claude_code.findings import settings as claude_settings
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at
from ccswitch_py.targets.claude_code.key_guard import ON_THE_WAY
from ccswitch_py.targets.claude_code.sources.layer import OF_PROJECT, LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import (
    AUTHORIZATION,
    X_API_KEY,
    active_cloud,
    is_first_party,
    settings_of,
)
from ccswitch_py.targets.claude_code.variables import (
    API_KEY,
    BASE_URL,
    HELPER,
    OAUTH_TOKEN,
    PRIMARY_KEY,
    SMALL_FAST,
    UNCHECKED,
)
from ccswitch_py.targets.explanation import Layer, Setting, file_name
from ccswitch_py.vault.key_command_line import KeyCommand

Winners = Mapping[str, Setting | None]
"""The place that decides each part of an explanation."""
_ADDRESS = "_BASE_URL"


def find_faults(inspection: ClaudeCodeInspection, winners: Winners, login: str | None, *, is_known: bool) -> list[str]:
    """What keeps Claude Code from working here, or sends a credential to somebody else.

    ``login`` is the file of Claude's own login, if that is used; ``is_known`` says that all layers could be read.
    """
    found = [
        *(_with_step(layer) for layer in inspection.layers if layer.problem and layer.in_force),
        *_address(inspection, winners),
        *_helper(inspection, winners),
        *_credentials(inspection, winners, login),
        *_model(winners),
    ]
    if is_known and not (_credentials_of(winners) or login or active_cloud(inspection.layers)):
        nothing = _("Nothing gives a key: Claude Code will say that it is not logged in.")
        found.append(join_sentences(nothing, _way_to_a_key(inspection)))
    if not found:
        found += _of_project(inspection, winners)
    return list(dict.fromkeys(found))


def _with_step(layer: Layer) -> str:
    """What is wrong with a layer's file, and what to do about it."""
    path = layer.path or ""
    step = claude_settings.whole_file_fix(path)
    if not layer.in_force:
        step = _("Look in it yourself for ANTHROPIC_ and CLAUDE_CODE_.")
    elif layer.unread and not step:
        step = _("Look at {file} first, and move it away if it is not yours.", file=file_name(path))
    elif layer.kind is LayerKind.STATE and not step:
        step = _("Start `claude` once: it offers the last of its own backups.")
    return labelled(file_name(path), join_sentences(layer.problem or "", step or _("Mend that line.")))


def _address(inspection: ClaudeCodeInspection, winners: Winners) -> Iterator[str]:
    address, proxy = winners["address"], winners.get("proxy")
    if address and address.entry.name.endswith(_ADDRESS):
        if not can_be_called(address.text):
            unusable = _(
                "{name} in {place} is no address that Claude Code can call.",
                name=address.entry.name,
                place=address.location,
            )
            yield join_sentences(unusable, _("Write one like https://host/prefix there, or remove it."))
        elif not proxy:
            yield from _told(inspection, loopback.of_address(address))
    if proxy:
        yield from _told(inspection, loopback.of_proxy(proxy))
    for layer in inspection.projects:
        for entry in layer.entries:
            if entry.name.upper() in ON_THE_WAY and layer.path and not entry.is_empty:
                told = {"entry": public(entry.name)}
                yield from _told(inspection, [Finding(project.ON_THE_WAY, told, layer.path, entry.line)])


def _helper(inspection: ClaudeCodeInspection, winners: Winners) -> Iterator[str]:
    place = _helper_of(winners)
    if place is None:
        return
    wrong = [*_told(inspection, helper.without_running(inspection, place))]
    yield from wrong or key_refusal(inspection, winners["address"], place)


def _credentials(inspection: ClaudeCodeInspection, winners: Winners, login: str | None) -> Iterator[str]:
    address, key = winners["address"], winners[X_API_KEY]
    for place in _credentials_of(winners):
        yield from _told(inspection, loopback.of_key(place))
    is_alone = key is not None and key.entry.name == API_KEY and not winners[AUTHORIZATION]
    if key and is_alone and claude_settings.was_answered(inspection.state, key.text, "rejected"):
        yield from _told(inspection, [Finding(claude_settings.REJECTED, {"entry": public(API_KEY)})])
    if address is None:
        return
    yield from _sent_elsewhere(inspection, winners, address, login)
    if address.layer.kind in OF_PROJECT and not _is_own(address):
        yield from _taken_along(inspection, winners, address)


def _sent_elsewhere(
    inspection: ClaudeCodeInspection, winners: Winners, address: Setting, login: str | None
) -> Iterator[str]:
    bearer, key = winners[AUTHORIZATION], winners[X_API_KEY]
    if address.entry.name != BASE_URL or is_first_party(address.text):
        return
    if login is not None or (bearer and bearer.entry.name == OAUTH_TOKEN):
        yield join_sentences(
            _("Your login of Claude is sent to {address}, for nothing gives another key.", address=address.shown),
            _way_to_a_key(inspection),
        )
    if key and key.entry.name == PRIMARY_KEY:
        sent = _(
            "The API key of your login of Claude ({place}) is sent to {address}.",
            place=key.location,
            address=address.shown,
        )
        yield join_sentences(
            sent, _("Take it away with /logout in Claude Code, or use a profile whose key does not stand in a file.")
        )


def _of_project(inspection: ClaudeCodeInspection, winners: Winners) -> Iterator[str]:
    """An address or a command that came with the project, where nothing else is wrong with it."""
    for place, kind in ((winners["address"], project.REDIRECTS), (_helper_of(winners), project.RUNS)):
        if place is None or place.layer.kind not in OF_PROJECT or _is_own(place):
            continue
        if kind is project.RUNS or _leads_elsewhere(inspection, place):
            told = {"entry": public(place.entry.name), "host": host(place.text)}
            yield from _told(inspection, [finding_at(kind, place, told)])


def _leads_elsewhere(inspection: ClaudeCodeInspection, address: Setting) -> bool:
    """Whether it can be called, and is not what the user has as well."""
    own = next(
        (place for place in settings_of(inspection.layers, BASE_URL) if place.layer.kind not in OF_PROJECT), None
    )
    leads_nowhere = address.entry.name.endswith(_ADDRESS) and not can_be_called(address.text)
    return not leads_nowhere and not (own and address_of(own.text) == address_of(address.text))


def _taken_along(inspection: ClaudeCodeInspection, winners: Winners, address: Setting) -> Iterator[str]:
    """A credential of the user's that a project's address takes to somebody else."""
    if not _leads_elsewhere(inspection, address):
        return
    for place in _credentials_of(winners):
        is_guarded = place.entry.name == HELPER and KeyCommand.parse(place.text) is not None
        if place.layer.kind in OF_PROJECT or is_guarded or place.entry.name in (OAUTH_TOKEN, PRIMARY_KEY):
            continue
        taken = _(
            "{file}, which is part of the project, takes your {name} ({place}) to {address}.",
            file=file_name(address.layer.path or ""),
            name=place.entry.name,
            place=place.location,
            address=address.shown,
        )
        step = _(
            "If you did not write that yourself, remove {entry} there before you start Claude Code in this folder.",
            entry=address.entry.name,
        )
        yield join_sentences(taken, step)


def _is_own(place: Setting) -> bool:
    """Whether the user wrote it, since git does not keep the file."""
    return project.is_kept_out_of_git(place.layer.path or "")


def _model(winners: Winners) -> Iterator[str]:
    main = winners["main"]
    if main and main.text == "default":
        sent = _(
            '{name} in {place} is "default", which Claude Code sends as it stands: a gateway knows no such model.',
            name=main.entry.name,
            place=main.location,
        )
        yield join_sentences(sent, _("Remove that line, or choose a model with /model in Claude Code."))


def _way_to_a_key(inspection: ClaudeCodeInspection) -> str:
    if profile_names(inspection.paths):
        return _("Put a profile in use with `ccswitch use NAME`.")
    return _("Make a profile with `ccswitch add`, or with the form of `ccswitch`, and put it in use.")


def _helper_of(winners: Winners) -> Setting | None:
    return next((place for place in _credentials_of(winners) if place.entry.name == HELPER), None)


def _credentials_of(winners: Winners) -> Sequence[Setting]:
    return [place for place in (winners[AUTHORIZATION], winners[X_API_KEY]) if place]


def _told(inspection: ClaudeCodeInspection, findings: Iterator[Finding] | Sequence[Finding]) -> Iterator[str]:
    """What the doctor says of it, with its advice."""
    for finding in findings:
        if finding.kind.level is Level.OK:
            continue
        kind = finding.kind if profile_names(inspection.paths) else finding.kind.for_first_use
        yield join_sentences(finding.sentence, replace(finding, kind=kind).fix)


def find_notes(inspection: ClaudeCodeInspection, winners: Winners) -> list[str]:
    """What to know about it though nothing is wrong."""
    unread = (_with_step(layer) for layer in inspection.layers if layer.problem and not layer.in_force and layer.path)
    return [
        *_notes_of_address(inspection),
        *_notes_of_credentials(inspection, winners),
        *_other_notes(inspection, winners),
        *unread,
    ]


def _notes_of_address(inspection: ClaudeCodeInspection) -> Iterator[str]:
    if cloud := active_cloud(inspection.layers):
        yield _(
            "{name} is set ({place}): Claude Code calls that cloud and not ANTHROPIC_BASE_URL, and may send it the "
            "same key. ccswitch's own key command gives it none.",
            name=cloud.entry.name,
            place=cloud.location,
        )
    unchecked = inspection.winner(UNCHECKED)
    if unchecked and unchecked.text == "0":
        yield _(
            "{name} is 0 ({place}): certificates are not checked, so that anybody on the way can read the key.",
            name=UNCHECKED,
            place=unchecked.location,
        )


def _notes_of_credentials(inspection: ClaudeCodeInspection, winners: Winners) -> Iterator[str]:
    bearer, key = winners[AUTHORIZATION], winners[X_API_KEY]
    is_rejected = key is not None and claude_settings.was_answered(inspection.state, key.text, "rejected")
    if bearer and key and bearer != key:
        yield _(
            "Two credentials are sent, {first} and {second}; which one counts is for the gateway to choose.",
            first=bearer.entry.name,
            second=key.entry.name,
        )
    if key is None or key.entry.name != API_KEY:
        return
    if is_rejected and bearer:
        yield _(
            "Claude Code was once told No about the key in {entry}: in its own screen it does not use it, while "
            "`claude -p` does.",
            entry=API_KEY,
        )
    elif not is_rejected and not claude_settings.was_answered(inspection.state, key.text, "approved"):
        yield _("Claude Code's screen asks before it uses ANTHROPIC_API_KEY for the first time; claude -p does not.")


def _other_notes(inspection: ClaudeCodeInspection, winners: Winners) -> Iterator[str]:
    small = inspection.winner(SMALL_FAST)
    if small:
        yield _(
            "{name} ({place}) has no effect any more; {variable} names the model of haiku.",
            name=SMALL_FAST,
            place=small.location,
            variable="ANTHROPIC_DEFAULT_HAIKU_MODEL",
        )
    if any(place and place.layer.kind in OF_PROJECT for place in winners.values()):
        yield _("Claude Code's screen takes the folder's settings once you trust the folder; claude -p at once.")

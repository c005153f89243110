"""Find what is wrong with what Claude Code will use in a folder, with what to do about it, and what else to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ccswitch_py.core.language import N_, _, join_sentences, labelled
from ccswitch_py.model.base_url import address_of, can_be_called
from ccswitch_py.model.doctor_finding import Finding, Level, broken, free_text, host, public
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.targets.claude_code import variables
from ccswitch_py.targets.claude_code.explain.refusals import key_refusal
from ccswitch_py.targets.claude_code.findings import decisions, helper, loopback, project, settings
from ccswitch_py.targets.claude_code.findings.variables import new_in_later_terminals, sets_certainly
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at
from ccswitch_py.targets.claude_code.owned_entries import routing_headers
from ccswitch_py.targets.claude_code.sources.layer import OF_PROJECT, LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import AUTHORIZATION, X_API_KEY, active_cloud, settings_of
from ccswitch_py.targets.claude_code.variables import API_KEY, BASE_URL, CUSTOM_HEADERS, HELPER
from ccswitch_py.targets.explanation import Layer, Setting, file_name
from ccswitch_py.vault.key_command_line import KeyCommand

INVALID_ADDRESS = broken(
    "address_invalid",
    N_("{entry} in {place} is not an address that Claude Code can call."),
    N_("Change it to one like https://host/prefix, or remove it."),
)
NO_CREDENTIAL = broken(
    "no_credential",
    N_("Nothing sets a key, so Claude Code will say that it is not logged in."),
    N_("Run `ccswitch use NAME`."),
)
KEY_TAKEN = broken(
    "project_takes_key",
    N_("{file}, which is part of the project, sends your {name} ({place}) to {address}."),
    N_("If you did not write that, remove {entry} there before you start Claude Code in this folder."),
)
_NEW_CLOUD = N_("New terminals: {place} sets {name}, so Claude Code will call that cloud, not ANTHROPIC_BASE_URL.")
_MAY_BE_CLOUD = N_("New terminals: {place} may set {name}, so Claude Code may call that cloud.")
_NEW = N_("New terminals: {place} sets {name}, which changes what Claude Code does.")
_MAY_BE_NEW = N_("New terminals: {place} may set {name}, which would change what Claude Code does.")
Winners = Mapping[str, Setting | None]
"""The setting that decides each part of an explanation."""
_ADDRESS = "_BASE_URL"


def find_faults(inspection: ClaudeCodeInspection, winners: Winners, *, has_login: bool, is_known: bool) -> list[str]:
    """Return what keeps Claude Code from working here, or sends a credential to somebody else.

    ``has_login``: Claude's own login is used; ``is_known``: all layers could be read.
    """
    credentials = _credentials(winners)
    found = [
        *(_problem_of(layer) for layer in inspection.layers if layer.problem and layer.in_force),
        *_address(inspection, winners),
        *_helper(inspection, winners),
        *(text for place in credentials for text in _sentences(inspection, loopback.of_key(place))),
        *_destination(inspection, winners, has_login=has_login),
        *_sentences(inspection, settings.default_model(inspection)),
        *_sentences(inspection, decisions.of_level(inspection, Level.BROKEN)),
    ]
    if is_known and not (credentials or has_login or active_cloud(inspection.layers)):
        found += _sentences(inspection, [Finding(NO_CREDENTIAL)])
    return list(dict.fromkeys(found or _project(inspection, winners)))


def _sentences(inspection: ClaudeCodeInspection, findings: Iterable[Finding]) -> Iterator[str]:
    """What the doctor reports, with its advice."""
    is_first = not profile_names(inspection.paths)
    for finding in findings:
        if finding.kind.level is not Level.OK:
            kind = finding.kind._replace(for_first_use=is_first)
            yield join_sentences(finding.sentence, replace(finding, kind=kind).fix)


def _problem_of(layer: Layer) -> str:
    """Why a layer cannot be used, and what to do about it."""
    path = layer.path or ""
    step = settings.whole_file_fix(path)
    if not layer.in_force:
        step = _("Check it yourself for ANTHROPIC_ and CLAUDE_CODE_.")
    elif layer.unread and not step:
        step = _("Check {file} first, and move it away if it is not yours.", file=file_name(path))
    elif layer.kind is LayerKind.STATE and not step:
        step = _("Run `claude` once: it offers to restore its last backup.")
    return labelled(file_name(path), join_sentences(layer.problem or "", step or _("Fix that line.")))


def _address(inspection: ClaudeCodeInspection, winners: Winners) -> Iterator[str]:
    address, proxy = winners["address"], winners.get("proxy")
    if address and _is_invalid(address):
        place = {"place": free_text(address.location)}
        yield from _sentences(inspection, [finding_at(INVALID_ADDRESS, address, place)])
    elif address and address.entry.name.endswith(_ADDRESS) and not proxy:
        yield from _sentences(inspection, loopback.of_address(address))
    if proxy:
        yield from _sentences(inspection, loopback.of_proxy(proxy))
    entries = [Setting(layer, entry) for layer in inspection.projects for entry in layer.entries]
    on_the_way = (place for place in entries if project.is_on_the_way(place.entry.name, place.text))
    yield from _sentences(inspection, (finding_at(project.ON_THE_WAY, place) for place in on_the_way))
    routing = ((place, routing_headers(place.text)) for place in entries if place.entry.name == CUSTOM_HEADERS)
    found = (finding_at(project.ROUTES, place, {"header": free_text(names[0])}) for place, names in routing if names)
    yield from _sentences(inspection, found)


def _is_invalid(address: Setting) -> bool:
    return address.entry.name.endswith(_ADDRESS) and not can_be_called(address.text)


def _helper(inspection: ClaudeCodeInspection, winners: Winners) -> Iterator[str]:
    if place := _helper_of(winners):
        wrong = [*_sentences(inspection, helper.without_running(inspection, place))]
        yield from wrong or key_refusal(inspection, winners["address"], place)


def _destination(inspection: ClaudeCodeInspection, winners: Winners, *, has_login: bool) -> Iterator[str]:
    """Report a credential that is not used, or goes to somebody whom it is not for."""
    address = winners["address"]
    if not winners[AUTHORIZATION]:
        yield from _sentences(inspection, settings.rejected_key(inspection))
    if address and address.entry.name == BASE_URL and (has_login or _credentials(winners)):
        yield from _sentences(inspection, settings.login_to_gateway(inspection))
    # Which credential a cloud gets is not known.
    if address and address.entry.name == BASE_URL and _is_foreign(inspection, address):
        for place in _credentials(winners):
            is_guarded = place.entry.name == HELPER and KeyCommand.parse(place.text) is not None
            is_of_login = place.entry.name in (variables.OAUTH_TOKEN, variables.PRIMARY_KEY)
            if place.layer.kind not in OF_PROJECT and not is_guarded and not is_of_login:
                values = {
                    "name": public(place.entry.name),
                    "place": free_text(place.location),
                    "address": free_text(address.shown),
                }
                yield from _sentences(inspection, [finding_at(KEY_TAKEN, address, values)])


def _project(inspection: ClaudeCodeInspection, winners: Winners) -> Iterator[str]:
    """Report an address or a command that came with the project, where nothing else is wrong with it."""
    address, command = winners["address"], _helper_of(winners)
    if address and _is_foreign(inspection, address):
        yield from _sentences(inspection, [finding_at(project.REDIRECTS, address, {"host": host(address.text)})])
    if command and _came_with_project(command):
        yield from _sentences(inspection, [finding_at(project.RUNS, command)])


def _is_foreign(inspection: ClaudeCodeInspection, address: Setting) -> bool:
    """Whether an address (no switch of a cloud) came with the project, is valid, and is not the user's own as well."""
    if not address.entry.name.endswith(_ADDRESS):
        return False
    places = settings_of(inspection.layers, BASE_URL)
    own = next((place for place in places if place.layer.kind not in OF_PROJECT), None)
    is_same = own is not None and address_of(own.text) == address_of(address.text)
    return _came_with_project(address) and not _is_invalid(address) and not is_same


def _came_with_project(place: Setting) -> bool:
    return place.layer.kind in OF_PROJECT and not project.is_kept_out_of_git(place.layer.path or "")


def _helper_of(winners: Winners) -> Setting | None:
    return next((place for place in _credentials(winners) if place.entry.name == HELPER), None)


def _credentials(winners: Winners) -> Sequence[Setting]:
    return [place for place in (winners[AUTHORIZATION], winners[X_API_KEY]) if place]


def find_notes(inspection: ClaudeCodeInspection, winners: Winners) -> list[str]:
    """Return what to know although nothing is wrong."""
    unread = (_problem_of(layer) for layer in inspection.layers if layer.problem and not layer.in_force and layer.path)
    decided = _sentences(inspection, decisions.of_level(inspection, Level.WARNING))
    return [*_notes(inspection, winners), *decided, *_in_new_terminals(inspection), *unread]


def _in_new_terminals(inspection: ClaudeCodeInspection) -> Iterator[str]:
    for place in new_in_later_terminals(inspection):
        certain, possible = (_NEW_CLOUD, _MAY_BE_CLOUD) if place.entry.name in variables.CLOUDS else (_NEW, _MAY_BE_NEW)
        text = certain if sets_certainly(place) else possible
        yield _(text, place=place.location, name=place.entry.name)


def _notes(inspection: ClaudeCodeInspection, winners: Winners) -> Iterator[str]:
    bearer, key = winners[AUTHORIZATION], winners[X_API_KEY]
    if cloud := active_cloud(inspection.layers):
        bearer = key = None
        yield _(
            "{name} is set ({place}): Claude Code calls that cloud instead of ANTHROPIC_BASE_URL, and may send it the "
            "same key. ccswitch's own key command gives it none.",
            name=cloud.entry.name,
            place=cloud.location,
        )
    unchecked = inspection.winner(variables.UNCHECKED)
    if unchecked and unchecked.text == "0":
        yield _(
            "{name} is 0 ({place}): certificates are not checked, so anybody on the network path can read the key.",
            name=variables.UNCHECKED,
            place=unchecked.location,
        )
    if bearer and key and bearer != key:
        yield _(
            "Two credentials are sent, {first} and {second}; which one counts is up to the gateway.",
            first=bearer.entry.name,
            second=key.entry.name,
        )
    if key and key.entry.name == API_KEY:
        if settings.was_answered(inspection.state, key.text, "rejected"):
            yield from [Finding(settings.REJECTED, {"entry": public(API_KEY)}).sentence] if bearer else []
        elif not settings.was_answered(inspection.state, key.text, "approved"):
            yield _("Interactive Claude Code asks before it first uses ANTHROPIC_API_KEY; claude -p does not.")
    if small := inspection.winner(variables.SMALL_FAST):
        yield _(
            "{name} ({place}) no longer has any effect; {variable} sets the haiku model.",
            name=variables.SMALL_FAST,
            place=small.location,
            variable=variables.ROLE_VARIABLES["haiku"],
        )
    if any(place and place.layer.kind in OF_PROJECT for place in winners.values()):
        yield _("Interactive Claude Code applies the folder's settings once you trust the folder; claude -p at once.")

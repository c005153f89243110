"""Explain which address, key, headers and models Claude Code will use in a folder, where each is set, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, as_sentence, join_list, join_sentences, quoted
from ccswitch_py.redact.gateway_text import sanitize as one_line
from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code import variables
from ccswitch_py.targets.claude_code.explain.faults import find_faults, find_notes
from ccswitch_py.targets.claude_code.findings import decisions
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.targets.claude_code.owned_entries import CREDENTIAL_HEADERS, parse_headers
from ccswitch_py.targets.claude_code.settings import find_login_file
from ccswitch_py.targets.claude_code.sources import precedence
from ccswitch_py.targets.claude_code.sources.masking import masked
from ccswitch_py.targets.claude_code.sources.precedence import (
    AUTHORIZATION,
    X_API_KEY,
    Resolved,
    possible_settings,
    settings_of,
)
from ccswitch_py.targets.claude_code.variables import BASE_URL, CLOUDS, CUSTOM_HEADERS, DEFAULT_BASE_URL, HELPER, MODEL
from ccswitch_py.targets.explanation import ExplainedPart, Explanation, Layer, Setting, file_name
from ccswitch_py.vault.key_command_line import KeyCommand

ADDRESS, PROXY, HEADERS = "address", "proxy", "headers"
_CREDENTIALS = {
    AUTHORIZATION: (variables.AUTH_TOKEN, HELPER, variables.OAUTH_TOKEN),
    X_API_KEY: (variables.API_KEY, HELPER, variables.PRIMARY_KEY),
}
_LABELS = {"address": N_("address"), "proxy": N_("goes through"), "headers": N_("headers")}
"""Parts that are not named by a header or role."""
_CLOUD_NAMES = {
    "CLAUDE_CODE_USE_BEDROCK": "Amazon Bedrock",
    "CLAUDE_CODE_USE_FOUNDRY": "Microsoft Foundry",
    "CLAUDE_CODE_USE_ANTHROPIC_AWS": "Anthropic on AWS",
    "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD": "Anthropic on Google Cloud",
    "CLAUDE_CODE_USE_MANTLE": "Amazon Bedrock (Mantle)",
    "CLAUDE_CODE_USE_VERTEX": "Google Vertex AI",
}
_TAKES_OVER = {
    **dict.fromkeys(("provider", "settings"), (ADDRESS, AUTHORIZATION, X_API_KEY, HEADERS, *variables.ROLE_VARIABLES)),
    "credential": (AUTHORIZATION, X_API_KEY),
    "model": ("main",),
}
"""The parts that a decision takes over, by what it decides."""
_OWN_CHOICE = N_("Claude Code's own choice")
_NOT_KNOWN = N_("not known")
_OVERRIDES = N_("{name} ({place}) overrides it; ccswitch cannot tell with what.")
_OF_CLOUD = N_("{name} ({place}) chooses a cloud, whose credentials ccswitch does not check.")
_OUTCOME = N_("No problems found: Claude Code calls {address}, and the main model is {model}.")
_OUTCOME_UNCHECKED = N_(
    "No problems found in what ccswitch can check: Claude Code calls {address}, and the main model is {model}."
)
_UNSET = {"subagent": N_("the main model")}


def explain(inspection: ClaudeCodeInspection) -> Explanation:
    """Explain what ``claude`` would use: address, proxy (where one is set), headers and roles.

    Raises ``BadInput`` if the file of ``--settings`` is missing.
    """
    if inspection.settings_file is not None:
        _require_file(inspection.folder, inspection.settings_file)
    layers = inspection.layers
    has_login = find_login_file(inspection.environ) is not None
    is_known = precedence.resolve_header(layers, AUTHORIZATION).unread is None
    uses_login = has_login and is_known and precedence.uses_login(layers)
    parts = [_taken_over(part, inspection) for part in _parts(layers, has_login=has_login, uses_login=uses_login)]
    winners = {part.part: part.winner for part in parts}
    values = {part.part: part.value for part in parts}
    outcome = _OUTCOME_UNCHECKED if decisions.has_unchecked(inspection) else _OUTCOME
    said = _(outcome, address=values[ADDRESS], model=values["main"])
    is_known = all(part.is_known for part in parts) and not any(layer.unread for layer in layers)
    faults = find_faults(inspection, winners, has_login=uses_login, is_known=is_known)
    if cloud := precedence.active_cloud(layers):
        parts = [_not_known(part, cloud, _OF_CLOUD) if part.part in _CREDENTIALS else part for part in parts]
    return Explanation(inspection.folder, parts, faults, find_notes(inspection, winners), layers, said)


def _require_file(folder: str, settings_file: str) -> None:
    path = os.path.join(folder, settings_file)
    if not os.path.exists(path):
        raise BadInput(
            _("There is no file {file}.", file=settings_file), _("Claude Code would not start; check the path.")
        )
    if not os.path.isfile(path):
        raise BadInput(
            _("{file} is not a regular file.", file=settings_file),
            _("Save its content to a file and pass that: ccswitch does not read pipes, devices or folders."),
        )


def _parts(layers: Sequence[Layer], *, has_login: bool, uses_login: bool) -> Iterator[ExplainedPart]:
    address = precedence.resolve_address(layers)
    yield _explained(ADDRESS, _address_text(layers, address), address, layers, BASE_URL)
    proxy = precedence.resolve_proxy(layers, address.winner.text if address.winner else DEFAULT_BASE_URL)
    if proxy.winner:
        name = proxy.winner.entry.name
        yield _explained(
            PROXY, _("no proxy") if name in variables.NO_PROXY else proxy.winner.shown, proxy, layers, name
        )
    for header, names in _CREDENTIALS.items():
        credential = precedence.resolve_header(layers, header, has_login=has_login)
        value = _credential_text(credential, header, uses_login=uses_login and header == AUTHORIZATION)
        yield _explained(header, value, credential, layers, *names)
    headers = precedence.resolve(layers, CUSTOM_HEADERS)
    yield _explained(HEADERS, _headers_text(headers), headers, layers, CUSTOM_HEADERS)
    for role, variable in variables.ROLE_VARIABLES.items():
        model = precedence.resolve_model(layers, role)
        names = (variable, MODEL, variables.DEFAULT_MODEL) if role == "main" else (variable,)
        yield _explained(role, _model_text(layers, role, model), model, layers, *names)


def _taken_over(part: ExplainedPart, inspection: ClaudeCodeInspection) -> ExplainedPart:
    """The part as not known, if something decides it in a way that is not followed here."""
    certain = (one for one in inspection.decisions if one.is_certain)
    setting = next((one.setting for one in certain if part.part in _TAKES_OVER.get(one.row.decides, ())), None)
    if setting is None:
        return part
    return _not_known(part, setting, _OVERRIDES)


def _not_known(part: ExplainedPart, setting: Setting, why: str) -> ExplainedPart:
    why = _(why, name=setting.entry.name, place=setting.location)
    others = [place for place in (part.winner, *part.others) if place]
    return replace(part, value=_(_NOT_KNOWN), winner=None, why=why, others=others, taken_over=setting)


def _explained(part: str, value: str, found: Resolved, layers: Sequence[Layer], *names: str) -> ExplainedPart:
    why = _why_text(found)
    later = [*settings_of(layers, *names, in_force=False), *possible_settings(layers, *names)]
    value = _(_NOT_KNOWN) if found.unread else value
    return ExplainedPart(part, _(_LABELS.get(part, part)), value, found.winner, why, found.others, later, found.unread)


def _address_text(layers: Sequence[Layer], found: Resolved) -> str:
    """The address, or the cloud."""
    if cloud := precedence.active_cloud(layers):
        name = _CLOUD_NAMES[cloud.entry.name]
        if found.winner and found.winner.entry.name not in CLOUDS:
            return _("{cloud}, {address}", cloud=name, address=found.winner.shown)
        return _("{cloud}, its own address", cloud=name)
    return found.winner.shown if found.winner else DEFAULT_BASE_URL


def _credential_text(found: Resolved, header: str, *, uses_login: bool) -> str:
    """The value of a credential's header."""
    scheme = "Bearer " if header == AUTHORIZATION else ""
    if found.winner is None:
        return _("Bearer, your Claude login") if uses_login else _("not sent")
    name = found.winner.entry.name
    if name == HELPER and (command := KeyCommand.parse(found.winner.text)):
        return _("{scheme}apiKeyHelper (ccswitch, profile '{profile}')", scheme=scheme, profile=quoted(command.profile))
    if name == HELPER:
        return _("{scheme}what apiKeyHelper prints", scheme=scheme)
    if name == CUSTOM_HEADERS:
        own = parse_headers(masked(name, found.winner.text))
        return next(one_line(value, Secret("")) for one, value in reversed(own) if one.lower() == header.lower())
    return scheme + found.winner.shown


def _headers_text(found: Resolved) -> str:
    """The custom headers without those of credentials, which have rows of their own."""
    text = masked(CUSTOM_HEADERS, found.winner.text) if found.winner else ""
    others = [pair for pair in parse_headers(text) if pair[0].lower() not in CREDENTIAL_HEADERS]
    return join_list(one_line(f"{name}: {value}", Secret("")) for name, value in others) or _("none")


def _model_text(layers: Sequence[Layer], role: str, found: Resolved) -> str:
    """The model of a role; an alias is resolved."""
    name = found.winner.text if found.winner else ""
    meant = precedence.alias_target(role, name)
    if meant is None:
        return found.winner.shown if found.winner else _(_UNSET.get(role, _OWN_CHOICE))
    mapped = precedence.resolve_model(layers, meant)
    own = _(_NOT_KNOWN) if mapped.unread else _(_OWN_CHOICE)
    model = mapped.winner.shown if mapped.winner else own
    if name.lower().removesuffix("[1m]") == "opusplan":
        planning = precedence.resolve_model(layers, "opus").winner
        plans = planning.shown if planning else _(_OWN_CHOICE)
        return _("{name}, which is {model}, and {opus} in plan mode", name=name, model=model, opus=plans)
    return _("{name}, which is {model}", name=name, model=model) if name else model


def _why_text(found: Resolved) -> str:
    """Why the winner takes precedence, or why nothing does."""
    winner = found.winner
    if found.unread:
        return _("{file} may set it, but ccswitch cannot read it.", file=file_name(found.unread.path or ""))
    if winner is None:
        empty = next((setting for setting in found.others if not setting.text), None)
        if empty is None and found.others:
            names = join_list(dict.fromkeys(setting.entry.name for setting in found.others))
            return _("Another credential is sent instead of {names}.", names=names)
        if empty is None:
            return _("Nothing sets it.")
        return as_sentence(_("{layer} sets it to nothing, which overrides all others", layer=empty.layer.title))
    if all(setting.entry.is_empty for setting in found.others):
        return as_sentence(_("only {layer} sets it", layer=winner.layer.title))
    weaker = [setting for setting in found.others if setting.entry.name == winner.entry.name]
    names = _set_names(found.others, winner.entry.name)
    by_layer = by_name = ""
    if weaker:
        others = join_list(dict.fromkeys(setting.layer.title for setting in weaker))
        by_layer = as_sentence(_("{layer} overrides {others}", layer=winner.layer.title, others=others))
    if names:
        by_name = _("{name} overrides {others}.", name=winner.entry.name, others=join_list(names))
    return join_sentences(by_layer, by_name)


def _set_names(others: Sequence[Setting], winner: str) -> list[str]:
    """The other names with a value in the strongest layer that sets them."""
    first = {setting.entry.name: setting for setting in reversed(others) if setting.entry.name != winner}
    return [
        name for name in dict.fromkeys(setting.entry.name for setting in others) if name in first and first[name].text
    ]

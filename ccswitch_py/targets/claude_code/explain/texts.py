"""What an explanation says of each part: its value without keys, and why the winner takes precedence."""

from __future__ import annotations

from collections.abc import Sequence

from ccswitch_py.core.language import N_, _, as_sentence, join_list, join_sentences, quoted
from ccswitch_py.redact.gateway_text import sanitize as one_line
from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code.custom_headers import parse_headers
from ccswitch_py.targets.claude_code.sources.masking import masked
from ccswitch_py.targets.claude_code.sources.precedence import (
    AUTHORIZATION,
    Resolved,
    active_cloud,
    alias_target,
    resolve_model,
)
from ccswitch_py.targets.claude_code.switches import CREDENTIAL_HEADERS
from ccswitch_py.targets.claude_code.variables import CLOUDS, CUSTOM_HEADERS, HELPER, NO_PROXY
from ccswitch_py.targets.explanation import Layer, Setting, file_name
from ccswitch_py.vault.key_command_line import KeyCommand

_LABELS = {"address": N_("address"), "proxy": N_("goes through"), "headers": N_("headers")}
"""What is no name of a header or role is said in the user's language."""
ITS_OWN = "https://api.anthropic.com"
_CLOUD_NAMES = {
    "CLAUDE_CODE_USE_BEDROCK": "Amazon Bedrock",
    "CLAUDE_CODE_USE_FOUNDRY": "Microsoft Foundry",
    "CLAUDE_CODE_USE_ANTHROPIC_AWS": "Anthropic on AWS",
    "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD": "Anthropic on Google Cloud",
    "CLAUDE_CODE_USE_MANTLE": "Amazon Bedrock (Mantle)",
    "CLAUDE_CODE_USE_VERTEX": "Google Vertex AI",
}
_OWN_CHOICE = N_("Claude Code's own choice")
_NOT_KNOWN = N_("not known")
_UNSET = {"subagent": N_("the main model")}


def label(part: str) -> str:
    """What the value of this part is."""
    return _(_LABELS.get(part, part))


def address(layers: Sequence[Layer], found: Resolved) -> str:
    """Where the requests go."""
    if found.unread:
        return _(_NOT_KNOWN)
    if cloud := active_cloud(layers):
        name = _CLOUD_NAMES[cloud.entry.name]
        is_named = found.winner is not None and found.winner.entry.name not in CLOUDS
        if found.winner and is_named:
            return _("{cloud}, {address}", cloud=name, address=found.winner.shown)
        return _("{cloud}, its own address", cloud=name)
    return found.winner.shown if found.winner else ITS_OWN


def proxy(found: Resolved) -> str:
    """What stands between Claude Code and the address."""
    if found.unread:
        return _(_NOT_KNOWN)
    if found.winner and found.winner.entry.name in NO_PROXY:
        return _("no proxy")
    return found.winner.shown if found.winner else _("no proxy")


def credential(found: Resolved, header: str, login: str | None) -> str:
    """What the header of a credential will hold."""
    if found.unread:
        return _(_NOT_KNOWN)
    scheme = "Bearer " if header == AUTHORIZATION else ""
    if found.winner is None:
        return _("Bearer, the login of Claude") if login else _("not sent")
    name = found.winner.entry.name
    if name == HELPER and (command := KeyCommand.parse(found.winner.text)):
        return _("{scheme}apiKeyHelper (ccswitch, profile '{profile}')", scheme=scheme, profile=quoted(command.profile))
    if name == HELPER:
        return _("{scheme}what apiKeyHelper prints", scheme=scheme)
    if name == CUSTOM_HEADERS:
        own = parse_headers(masked(name, found.winner.text))
        return next(one_line(value, Secret("")) for one, value in reversed(own) if one.lower() == header.lower())
    return scheme + found.winner.shown


def headers(found: Resolved) -> str:
    """The custom headers, but for those of credentials, which have rows of their own."""
    if found.unread:
        return _(_NOT_KNOWN)
    text = masked(CUSTOM_HEADERS, found.winner.text) if found.winner else ""
    others = [pair for pair in parse_headers(text) if pair[0].lower() not in CREDENTIAL_HEADERS]
    return join_list(one_line(f"{name}: {value}", Secret("")) for name, value in others) or _("none")


def model(layers: Sequence[Layer], role: str, found: Resolved) -> str:
    """The model of a role; what only stands for one is followed to it."""
    if found.unread:
        return _(_NOT_KNOWN)
    name = found.winner.text if found.winner else ""
    meant = alias_target(role, name)
    if meant is None:
        return found.winner.shown if found.winner else _(_UNSET.get(role, _OWN_CHOICE))
    mapped = resolve_model(layers, meant)
    own = _(_NOT_KNOWN) if mapped.unread else _(_OWN_CHOICE)
    model = mapped.winner.shown if mapped.winner else own
    return _("{name}, which is {model}", name=name, model=model) if name else model


def why(found: Resolved) -> str:
    """Why that place wins, or why nothing does."""
    winner = found.winner
    if found.unread:
        return _("{file} may set it, and ccswitch cannot read that.", file=file_name(found.unread.path or ""))
    if winner is None:
        empty = next((setting for setting in found.others if not setting.text), None)
        if empty is None and found.others:
            names = join_list(dict.fromkeys(setting.entry.name for setting in found.others))
            return _("Another credential is sent instead of {names}.", names=names)
        if empty is None:
            return _("Nothing sets it.")
        return as_sentence(_("it is set to nothing in {layer}, which hides weaker ones", layer=empty.layer.title))
    if all(setting.entry.is_empty for setting in found.others):
        return as_sentence(_("only {layer} sets it", layer=winner.layer.title))
    weaker = [setting for setting in found.others if setting.entry.name == winner.entry.name]
    names = _set_names(found.others, winner.entry.name)
    by_layer = by_name = ""
    if weaker:
        others = join_list(dict.fromkeys(setting.layer.title for setting in weaker))
        by_layer = as_sentence(_("{layer} goes before {others}", layer=winner.layer.title, others=others))
    if names:
        by_name = _("{name} goes before {others}.", name=winner.entry.name, others=join_list(names))
    return join_sentences(by_layer, by_name)


def _set_names(others: Sequence[Setting], winner: str) -> list[str]:
    """The other names that are set to something, the strongest place of each deciding."""
    first = {setting.entry.name: setting for setting in reversed(others) if setting.entry.name != winner}
    return [
        name for name in dict.fromkeys(setting.entry.name for setting in others) if name in first and first[name].text
    ]

"""The words of an explanation: values without keys, places, and reasons."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ccswitch_py.core.language import N_, _, as_sentence, join_list, join_sentences, quoted
from ccswitch_py.core.paths import from_home
from ccswitch_py.redact.gateway_text import sanitize as one_line
from ccswitch_py.redact.printable import printable
from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code.clouds import CLOUDS
from ccswitch_py.targets.claude_code.custom_headers import parse_headers
from ccswitch_py.targets.claude_code.sources.layer import Layer, LayerKind
from ccswitch_py.targets.claude_code.sources.masking import masked
from ccswitch_py.targets.claude_code.sources.precedence import (
    AUTHORIZATION,
    Place,
    Resolved,
    active_cloud,
    alias_target,
    resolve_model,
)
from ccswitch_py.targets.claude_code.switches import CREDENTIAL_HEADERS
from ccswitch_py.targets.claude_code.variables import CUSTOM_HEADERS, HELPER, NO_PROXY
from ccswitch_py.vault.key_command_line import KeyCommand

if TYPE_CHECKING:
    from ccswitch_py.targets.claude_code.explain.explanation import ExplainedPart

KINDS = {
    LayerKind.MANAGED: N_("the administrator's settings"),
    LayerKind.SETTINGS_OPTION: N_("the file of --settings"),
    LayerKind.LOCAL: N_("the folder's settings.local.json"),
    LayerKind.PROJECT: N_("the folder's settings.json"),
    LayerKind.USER: N_("your settings.json"),
    LayerKind.STATE: N_("Claude Code's own state"),
    LayerKind.PROCESS: N_("this terminal's environment"),
    LayerKind.DIRENV: N_("direnv"),
    LayerKind.SHELL: N_("a start file of the shell"),
    LayerKind.SYSTEMD: N_("the environment of systemd"),
    LayerKind.LAUNCHD: N_("the environment of launchd"),
}
_SHORT_KINDS = {
    LayerKind.MANAGED: N_("administrator"),
    LayerKind.SETTINGS_OPTION: "--settings",
    LayerKind.LOCAL: N_("project"),
    LayerKind.PROJECT: N_("project"),
    LayerKind.USER: N_("user"),
    LayerKind.STATE: N_("user"),
}
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
_BEATEN, _MAYBE = N_("beaten: {name} = {value} ({place})"), N_("{name} = {value} ({place})")
_NOT_SET = N_("{name} is empty, which counts as not set ({place})")
_UNSET = {"subagent": N_("the main model")}


def location(place: Place) -> str:
    """File and line as editors take them; for an environment, its name."""
    path, line = place.layer.path, place.entry.line
    if path is None:
        return _(KINDS[place.layer.kind])
    return file_name(path) if line is None else f"{file_name(path)}:{line}"


def short_location(place: Place) -> str:
    """The same in a few words, which still tell the user's files from the project's."""
    path, line, kind = place.layer.path, place.entry.line, place.layer.kind
    if path is None or kind not in _SHORT_KINDS:
        return location(place)
    file = printable(os.path.basename(path)) + ("" if line is None else f":{line}")
    return _("{layer}: {path}", layer=_(_SHORT_KINDS[kind]), path=file)


def file_name(path: str) -> str:
    """A path as it can be shown: a folder may be called anything."""
    return printable(from_home(path))


def shown(place: Place) -> str:
    """A place's value in one line."""
    entry = place.entry
    if entry.removes:
        return _("(removed)")
    if entry.shown is None:
        return _("(set here, value not known)")
    return join_list(one_line(line, Secret("")) for line in entry.shown.splitlines()) or _("(empty)")


def label(part: ExplainedPart) -> str:
    """What the value is."""
    return _(_LABELS.get(part.part, part.part))


def reasons(part: ExplainedPart) -> Iterator[str]:
    """Where the winner stands, why it wins, what it beats, and what new terminals will have."""
    if part.winner:
        yield _("{name} in {place}", name=part.winner.entry.name, place=location(part.winner))
    beaten = [place for place in part.others if not place.entry.is_empty]
    if beaten or part.unread or (part.others and not part.winner):
        yield part.why
    for place in part.others:
        text = _MAYBE if part.unread else _NOT_SET if place.entry.is_empty else _BEATEN
        yield _(text, name=place.entry.name, value=shown(place), place=location(place))
    now = [place for place in (part.winner, *part.others) if place]
    yield from (in_new_terminals(place, now) for place in part.later)


def layer_lines(layer: Layer) -> Iterator[str]:
    """A layer and all that it sets, with the numbers of the lines."""
    kind = _(KINDS[layer.kind])
    path = file_name(layer.path) if layer.path else ""
    yield _("{layer}: {path}", layer=kind, path=path) if path else kind
    if layer.problem:
        yield f"  {layer.problem}"
    elif not layer.entries:
        yield "  " + _("sets nothing of this")
    for entry in layer.entries:
        line = "" if entry.line is None else f"{entry.line:>4}  "
        yield f"  {line}{entry.name} = {shown(Place(layer, entry))}"


def address(layers: Sequence[Layer], found: Resolved) -> str:
    """Where the requests go."""
    if found.unread:
        return _(_NOT_KNOWN)
    if cloud := active_cloud(layers):
        name = _CLOUD_NAMES[cloud.entry.name]
        is_named = found.winner is not None and found.winner.entry.name not in CLOUDS
        if found.winner and is_named:
            return _("{cloud}, {address}", cloud=name, address=shown(found.winner))
        return _("{cloud}, its own address", cloud=name)
    return shown(found.winner) if found.winner else ITS_OWN


def proxy(found: Resolved) -> str:
    """What stands between Claude Code and the address."""
    if found.unread:
        return _(_NOT_KNOWN)
    if found.winner and found.winner.entry.name in NO_PROXY:
        return _("no proxy")
    return shown(found.winner) if found.winner else _("no proxy")


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
    return scheme + shown(found.winner)


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
        return shown(found.winner) if found.winner else _(_UNSET.get(role, _OWN_CHOICE))
    mapped = resolve_model(layers, meant)
    own = _(_NOT_KNOWN) if mapped.unread else _(_OWN_CHOICE)
    model = shown(mapped.winner) if mapped.winner else own
    return _("{name}, which is {model}", name=name, model=model) if name else model


def why(found: Resolved) -> str:
    """Why that place wins, or why nothing does."""
    winner = found.winner
    if found.unread:
        return _("{file} may set it, and ccswitch cannot read that.", file=file_name(found.unread.path or ""))
    if winner is None:
        empty = next((place for place in found.others if not place.text), None)
        if empty is None and found.others:
            names = join_list(dict.fromkeys(place.entry.name for place in found.others))
            return _("Another credential is sent instead of {names}.", names=names)
        if empty is None:
            return _("Nothing sets it.")
        return as_sentence(_("it is set to nothing in {layer}, which hides weaker ones", layer=_kind(empty)))
    if all(place.entry.is_empty for place in found.others):
        return as_sentence(_("only {layer} sets it", layer=_kind(winner)))
    weaker = [place for place in found.others if place.entry.name == winner.entry.name]
    names = _set_names(found.others, winner.entry.name)
    by_layer = by_name = ""
    if weaker:
        others = join_list(dict.fromkeys(map(_kind, weaker)))
        by_layer = as_sentence(_("{layer} goes before {others}", layer=_kind(winner), others=others))
    if names:
        by_name = _("{name} goes before {others}.", name=winner.entry.name, others=join_list(names))
    return join_sentences(by_layer, by_name)


def _set_names(others: Sequence[Place], winner: str) -> list[str]:
    """The other names that are set to something, the strongest place of each deciding."""
    first = {place.entry.name: place for place in reversed(others) if place.entry.name != winner}
    return [name for name in dict.fromkeys(place.entry.name for place in others) if name in first and first[name].text]


def in_new_terminals(place: Place, now: Sequence[Place]) -> str:
    """What a start file will do, or has done already, and which settings file makes that vain."""
    stronger = next((one for one in now if one.entry.name == place.entry.name and _is_file(one)), None)
    return join_sentences(_in_new_terminals(place, now), _goes_before(stronger) if stronger else "")


def _is_file(place: Place) -> bool:
    return place.layer.kind is not LayerKind.PROCESS


def _goes_before(place: Place) -> str:
    return _("{file} goes before that.", file=location(place))


def _in_new_terminals(place: Place, now: Sequence[Place]) -> str:
    if place.entry.removes:
        return _("New terminals: {place} removes {name}.", place=location(place), name=place.entry.name)
    same = [one for one in now if one.layer.kind is LayerKind.PROCESS and one.entry == _without_line(place)]
    if same:
        return _("{name} of this terminal seems to come from {place}.", name=place.entry.name, place=location(place))
    if place.entry.shown is None:
        return _(
            "New terminals: {place} sets {name}; to what, only running it would tell.",
            place=location(place),
            name=place.entry.name,
        )
    return _(
        "New terminals: {place} sets {name} to {value}.",
        place=location(place),
        name=place.entry.name,
        value=shown(place),
    )


def _kind(place: Place) -> str:
    return _(KINDS[place.layer.kind])


def _without_line(place: Place) -> object:
    return replace(place.entry, line=None)

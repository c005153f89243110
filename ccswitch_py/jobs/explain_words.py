"""The words of an explanation: values without keys, places, and reasons."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ccswitch_py.clouds import CLOUDS
from ccswitch_py.jobs.doctor.helper import profile_of
from ccswitch_py.language import later, listed, plain, sentence, together, tr
from ccswitch_py.layers.layer import Kind, Layer
from ccswitch_py.layers.masking import masked
from ccswitch_py.layers.variables import CUSTOM_HEADERS, HELPER, NO_PROXY
from ccswitch_py.layers.winners import (
    AUTHORIZATION,
    Decided,
    Place,
    chosen_cloud,
    decided_model,
    stands_for,
)
from ccswitch_py.paths import from_home
from ccswitch_py.printable import printable
from ccswitch_py.probe.shown import shown as one_line
from ccswitch_py.targets.claude_code import CREDENTIAL_HEADERS, parse_headers
from ccswitch_py.vault.secret import Secret

if TYPE_CHECKING:
    from ccswitch_py.jobs.explain import Explained

KINDS = {
    Kind.MANAGED: later("the administrator's settings"),
    Kind.SETTINGS_OPTION: later("the file of --settings"),
    Kind.LOCAL: later("the folder's settings.local.json"),
    Kind.PROJECT: later("the folder's settings.json"),
    Kind.USER: later("your settings.json"),
    Kind.STATE: later("Claude Code's own state"),
    Kind.PROCESS: later("this terminal's environment"),
    Kind.DIRENV: later("direnv"),
    Kind.SHELL: later("a start file of the shell"),
    Kind.SYSTEMD: later("the environment of systemd"),
    Kind.LAUNCHD: later("the environment of launchd"),
}
_SHORT_KINDS = {
    Kind.MANAGED: later("administrator"),
    Kind.SETTINGS_OPTION: "--settings",
    Kind.LOCAL: later("project"),
    Kind.PROJECT: later("project"),
    Kind.USER: later("user"),
    Kind.STATE: later("user"),
}
_LABELS = {"address": later("address"), "proxy": later("goes through"), "headers": later("headers")}
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
_OWN_CHOICE = later("Claude Code's own choice")
_NOT_KNOWN = later("not known")
_BEATEN, _MAYBE = later("beaten: {name} = {value} ({place})"), later("{name} = {value} ({place})")
_NOT_SET = later("{name} is empty, which counts as not set ({place})")
_UNSET = {"subagent": later("the main model")}


def where(place: Place) -> str:
    """File and line as editors take them; for an environment, its name."""
    path, line = place.layer.path, place.entry.line
    if path is None:
        return tr(KINDS[place.layer.kind])
    return file_name(path) if line is None else f"{file_name(path)}:{line}"


def where_in_short(place: Place) -> str:
    """The same in a few words, which still tell the user's files from the project's."""
    path, line, kind = place.layer.path, place.entry.line, place.layer.kind
    if path is None or kind not in _SHORT_KINDS:
        return where(place)
    file = printable(os.path.basename(path)) + ("" if line is None else f":{line}")
    return tr("{layer}: {path}", layer=tr(_SHORT_KINDS[kind]), path=file)


def file_name(path: str) -> str:
    """A path as it can be shown: a folder may be called anything."""
    return printable(from_home(path))


def shown(place: Place) -> str:
    """A place's value in one line."""
    entry = place.entry
    if entry.removes:
        return tr("(removed)")
    if entry.shown is None:
        return tr("(set here, value not known)")
    return listed(one_line(line, Secret("")) for line in entry.shown.splitlines()) or tr("(empty)")


def label(part: Explained) -> str:
    """What the value is."""
    return tr(_LABELS.get(part.part, part.part))


def reasons(part: Explained) -> Iterator[str]:
    """Where the winner stands, why it wins, what it beats, and what new terminals will have."""
    if part.winner:
        yield tr("{name} in {place}", name=part.winner.entry.name, place=where(part.winner))
    beaten = [place for place in part.others if not place.entry.is_empty]
    if beaten or part.unread or (part.others and not part.winner):
        yield part.why
    for place in part.others:
        text = _MAYBE if part.unread else _NOT_SET if place.entry.is_empty else _BEATEN
        yield tr(text, name=place.entry.name, value=shown(place), place=where(place))
    now = [place for place in (part.winner, *part.others) if place]
    yield from (in_new_terminals(place, now) for place in part.later)


def layer_lines(layer: Layer) -> Iterator[str]:
    """A layer and all that it sets, with the numbers of the lines."""
    kind = tr(KINDS[layer.kind])
    path = file_name(layer.path) if layer.path else ""
    yield tr("{layer}: {path}", layer=kind, path=path) if path else kind
    if layer.problem:
        yield f"  {layer.problem}"
    elif not layer.entries:
        yield "  " + tr("sets nothing of this")
    for entry in layer.entries:
        line = "" if entry.line is None else f"{entry.line:>4}  "
        yield f"  {line}{entry.name} = {shown(Place(layer, entry))}"


def address(layers: Sequence[Layer], found: Decided) -> str:
    """Where the requests go."""
    if found.unread:
        return tr(_NOT_KNOWN)
    if cloud := chosen_cloud(layers):
        name = _CLOUD_NAMES[cloud.entry.name]
        is_named = found.winner is not None and found.winner.entry.name not in CLOUDS
        if found.winner and is_named:
            return tr("{cloud}, {address}", cloud=name, address=shown(found.winner))
        return tr("{cloud}, its own address", cloud=name)
    return shown(found.winner) if found.winner else ITS_OWN


def proxy(found: Decided) -> str:
    """What stands between Claude Code and the address."""
    if found.unread:
        return tr(_NOT_KNOWN)
    if found.winner and found.winner.entry.name in NO_PROXY:
        return tr("no proxy")
    return shown(found.winner) if found.winner else tr("no proxy")


def credential(found: Decided, header: str, login: str | None) -> str:
    """What the header of a credential will hold."""
    if found.unread:
        return tr(_NOT_KNOWN)
    scheme = "Bearer " if header == AUTHORIZATION else ""
    if found.winner is None:
        return tr("Bearer, the login of Claude") if login else tr("not sent")
    name = found.winner.entry.name
    if name == HELPER and (profile := profile_of(found.winner.text)):
        return tr("{scheme}apiKeyHelper (ccswitch, profile '{profile}')", scheme=scheme, profile=plain(profile))
    if name == HELPER:
        return tr("{scheme}what apiKeyHelper prints", scheme=scheme)
    if name == CUSTOM_HEADERS:
        own = parse_headers(masked(name, found.winner.text))
        return next(one_line(value, Secret("")) for one, value in reversed(own) if one.lower() == header.lower())
    return scheme + shown(found.winner)


def headers(found: Decided) -> str:
    """The custom headers, but for those of credentials, which have rows of their own."""
    if found.unread:
        return tr(_NOT_KNOWN)
    text = masked(CUSTOM_HEADERS, found.winner.text) if found.winner else ""
    others = [pair for pair in parse_headers(text) if pair[0].lower() not in CREDENTIAL_HEADERS]
    return listed(one_line(f"{name}: {value}", Secret("")) for name, value in others) or tr("none")


def model(layers: Sequence[Layer], role: str, found: Decided) -> str:
    """The model of a role; what only stands for one is followed to it."""
    if found.unread:
        return tr(_NOT_KNOWN)
    name = found.winner.text if found.winner else ""
    meant = stands_for(role, name)
    if meant is None:
        return shown(found.winner) if found.winner else tr(_UNSET.get(role, _OWN_CHOICE))
    mapped = decided_model(layers, meant)
    own = tr(_NOT_KNOWN) if mapped.unread else tr(_OWN_CHOICE)
    model = shown(mapped.winner) if mapped.winner else own
    return tr("{name}, which is {model}", name=name, model=model) if name else model


def why(found: Decided) -> str:
    """Why that place wins, or why nothing does."""
    winner = found.winner
    if found.unread:
        return tr("{file} may set it, and ccswitch cannot read that.", file=file_name(found.unread.path or ""))
    if winner is None:
        empty = next((place for place in found.others if not place.text), None)
        if empty is None and found.others:
            names = listed(dict.fromkeys(place.entry.name for place in found.others))
            return tr("Another credential is sent instead of {names}.", names=names)
        if empty is None:
            return tr("Nothing sets it.")
        return sentence(tr("it is set to nothing in {layer}, which hides weaker ones", layer=_kind(empty)))
    if all(place.entry.is_empty for place in found.others):
        return sentence(tr("only {layer} sets it", layer=_kind(winner)))
    weaker = [place for place in found.others if place.entry.name == winner.entry.name]
    names = _set_names(found.others, winner.entry.name)
    by_layer = by_name = ""
    if weaker:
        others = listed(dict.fromkeys(map(_kind, weaker)))
        by_layer = sentence(tr("{layer} goes before {others}", layer=_kind(winner), others=others))
    if names:
        by_name = tr("{name} goes before {others}.", name=winner.entry.name, others=listed(names))
    return together(by_layer, by_name)


def _set_names(others: Sequence[Place], winner: str) -> list[str]:
    """The other names that are set to something, the strongest place of each deciding."""
    first = {place.entry.name: place for place in reversed(others) if place.entry.name != winner}
    return [name for name in dict.fromkeys(place.entry.name for place in others) if name in first and first[name].text]


def in_new_terminals(place: Place, now: Sequence[Place]) -> str:
    """What a start file will do, or has done already, and which settings file makes that vain."""
    stronger = next((one for one in now if one.entry.name == place.entry.name and _is_file(one)), None)
    return together(_in_new_terminals(place, now), _goes_before(stronger) if stronger else "")


def _is_file(place: Place) -> bool:
    return place.layer.kind is not Kind.PROCESS


def _goes_before(place: Place) -> str:
    return tr("{file} goes before that.", file=where(place))


def _in_new_terminals(place: Place, now: Sequence[Place]) -> str:
    if place.entry.removes:
        return tr("New terminals: {place} removes {name}.", place=where(place), name=place.entry.name)
    same = [one for one in now if one.layer.kind is Kind.PROCESS and one.entry == _without_line(place)]
    if same:
        return tr("{name} of this terminal seems to come from {place}.", name=place.entry.name, place=where(place))
    if place.entry.shown is None:
        return tr(
            "New terminals: {place} sets {name}; to what, only running it would tell.",
            place=where(place),
            name=place.entry.name,
        )
    return tr(
        "New terminals: {place} sets {name} to {value}.",
        place=where(place),
        name=place.entry.name,
        value=shown(place),
    )


def _kind(place: Place) -> str:
    return tr(KINDS[place.layer.kind])


def _without_line(place: Place) -> object:
    return replace(place.entry, line=None)

"""The words of an explanation: values without keys, places, reasons, and what to know about the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ccswitch_py.clouds import CLOUDS
from ccswitch_py.language import about, later, listed, sentence, together, tr
from ccswitch_py.layers.layer import Kind, Layer
from ccswitch_py.layers.masking import masked
from ccswitch_py.layers.variables import API_KEY, BASE_URL, CUSTOM_HEADERS, HELPER, OAUTH_TOKEN, PRIMARY_KEY
from ccswitch_py.layers.winners import (
    AUTHORIZATION,
    X_API_KEY,
    Decided,
    Place,
    chosen_cloud,
    decided_model,
    is_claudes_own,
    stands_for,
)
from ccswitch_py.paths import from_home
from ccswitch_py.printable import printable
from ccswitch_py.probe.shown import shown as one_line
from ccswitch_py.targets.claude_code import parse_headers
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
_LABELS = {"address": later("address"), "headers": later("headers")}
"""What is no name of a header or role is said in the user's language."""
ITS_OWN = "https://api.anthropic.com"
_OWN_CHOICE = later("Claude Code's own choice")
_NOT_KNOWN = later("not known")
_BEATEN, _MAYBE = later("beaten: {name} = {value} ({place})"), later("{name} = {value} ({place})")
_UNSET = {"subagent": later("the main model")}


def where(place: Place) -> str:
    """File and line as editors take them; for an environment, its name."""
    path, line = place.layer.path, place.entry.line
    if path is None:
        return tr(KINDS[place.layer.kind])
    return file_name(path) if line is None else f"{file_name(path)}:{line}"


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
    if part.winner or part.others or part.unread:
        yield part.why
    for place in part.others:
        text = _MAYBE if part.unread else _BEATEN
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


def address(found: Decided) -> str:
    """Where the requests go."""
    if found.unread:
        return tr(_NOT_KNOWN)
    if found.winner and found.winner.entry.name in CLOUDS:
        return tr("the cloud's own address")
    return shown(found.winner) if found.winner else ITS_OWN


def credential(found: Decided, header: str, login: str | None) -> str:
    """What the header of a credential will hold."""
    if found.unread:
        return tr(_NOT_KNOWN)
    scheme = "Bearer " if header == AUTHORIZATION else ""
    if found.winner is None:
        return tr("Bearer, the login of Claude") if login else tr("not sent")
    name = found.winner.entry.name
    if name == HELPER:
        return tr("{scheme}what apiKeyHelper prints", scheme=scheme)
    if name == CUSTOM_HEADERS:
        own = parse_headers(masked(name, found.winner.text))
        return next(one_line(value, Secret("")) for one, value in reversed(own) if one.lower() == header.lower())
    return scheme + shown(found.winner)


def headers(found: Decided) -> str:
    """The custom headers."""
    if found.unread:
        return tr(_NOT_KNOWN)
    return shown(found.winner) if found.winner else tr("none")


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
    if not found.others:
        return sentence(tr("only {layer} sets it", layer=_kind(winner)))
    weaker = [place for place in found.others if place.entry.name == winner.entry.name]
    names = dict.fromkeys(place.entry.name for place in found.others if place.entry.name != winner.entry.name)
    by_layer = by_name = ""
    if weaker:
        others = listed(dict.fromkeys(map(_kind, weaker)))
        by_layer = sentence(tr("{layer} goes before {others}", layer=_kind(winner), others=others))
    if names:
        by_name = tr("{name} goes before {others}.", name=winner.entry.name, others=listed(names))
    return together(by_layer, by_name)


def in_new_terminals(place: Place, now: Sequence[Place]) -> str:
    """What a start file will do, or has done already."""
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


def faults(winners: Mapping[str, Place | None], layers: Sequence[Layer], login: str | None) -> list[str]:
    """What is wrong: settings files that do not count, and what Claude's own login gives and others get."""
    return [*_with_problems(layers, in_force=True), *_sent_elsewhere(winners, login)]


def notes(winners: Mapping[str, Place | None], layers: Sequence[Layer], login: str | None) -> list[str]:
    """What to know about the whole."""
    return [*_to_know(winners, layers, login), *_with_problems(layers, in_force=False)]


def _with_problems(layers: Sequence[Layer], *, in_force: bool) -> Iterator[str]:
    for layer in layers:
        if layer.problem and layer.in_force is in_force and layer.path:
            yield about(file_name(layer.path), layer.problem)


def _sent_elsewhere(winners: Mapping[str, Place | None], login: str | None) -> Iterator[str]:
    address, bearer, key = winners["address"], winners[AUTHORIZATION], winners[X_API_KEY]
    if address is None or address.entry.name != BASE_URL or is_claudes_own(address.text):
        return
    if login is not None or (bearer and bearer.entry.name == OAUTH_TOKEN):
        yield tr(
            "Your login of Claude is sent to {address}, for nothing gives another key. Give that address a key of "
            "its own: ccswitch use NAME.",
            address=shown(address),
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


def _to_know(winners: Mapping[str, Place | None], layers: Sequence[Layer], login: str | None) -> Iterator[str]:
    if cloud := chosen_cloud(layers):
        yield tr(
            "{name} is set ({place}): Claude Code calls that cloud and not ANTHROPIC_BASE_URL, and may send it the "
            "same key. ccswitch's own key command gives it none.",
            name=cloud.entry.name,
            place=where(cloud),
        )
    bearer, key = winners[AUTHORIZATION], winners[X_API_KEY]
    known = not any(layer.unread for layer in layers)
    if known and bearer is None and key is None and login is None:
        yield tr("Nothing gives a key: Claude Code will say that it is not logged in.")
    if bearer and key and bearer != key:
        yield tr(
            "Two credentials are sent, {first} and {second}; which one counts is for the gateway to choose.",
            first=bearer.entry.name,
            second=key.entry.name,
        )
    if key and key.entry.name == API_KEY:
        yield tr("Claude Code's screen asks before it uses ANTHROPIC_API_KEY for the first time; claude -p does not.")
    if any(place and place.layer.kind in (Kind.LOCAL, Kind.PROJECT) for place in winners.values()):
        yield tr("Claude Code's screen takes the folder's settings once you trust the folder; claude -p at once.")


def _kind(place: Place) -> str:
    return tr(KINDS[place.layer.kind])


def _without_line(place: Place) -> object:
    return replace(place.entry, line=None)

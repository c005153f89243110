"""``ccswitch keys``: list, set, remove and check keys."""

from __future__ import annotations

import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.full_parser import help_options, nonempty
from ccswitch_py.cli.output.next_step import use_command
from ccswitch_py.cli.output.terminal import Terminal
from ccswitch_py.cli.profile_options import read_key_from_stdin
from ccswitch_py.core.language import N_, _, as_sentence, join_list, join_sentences
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.model.key_ref import display_hosts
from ccswitch_py.model.listed_key import KeyLocation, ListedKey, Presence
from ccswitch_py.services.keys.listing import check_keys, keys_and_problems
from ccswitch_py.services.keys.live_copies import outdated_copies
from ccswitch_py.services.keys.manage import hosts_for, remove_key, set_key
from ccswitch_py.vault.store import open_store

ACTIONS = {
    "list": (N_("list the keys, their hosts and the profiles that use them"), "ccswitch keys list --json"),
    "set": (
        N_("store or replace a key, read from standard input"),
        "ccswitch keys set work --host api.example.com < key.txt",
    ),
    "remove": (N_("remove a key from the keyring"), "ccswitch keys remove work"),
    "status": (N_("show where keys are kept, and whether each is there"), "ccswitch keys status"),
}
"""Each action's summary and an example."""
_KEPT = {KeyLocation.KEYRING: N_("keyring"), KeyLocation.NOWHERE: N_("missing"), KeyLocation.COMMAND: N_("a command")}
_STRANDED = N_("The key is no longer allowed for the hosts of {profiles}. Store a separate key for them.")
_PRESENCE = {
    Presence.THERE: N_("there"),
    Presence.ABSENT: N_("missing: store it with `ccswitch keys set`"),
    Presence.UNKNOWN: N_("not known"),
}


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for action, (summary, example) in ACTIONS.items():
        one = actions.add_parser(action, help=_(summary), **help_options(as_sentence(_(summary)), example))
        if action in ("set", "remove"):
            one.add_argument("name", help=_("the key"))
        if action == "set":
            hosts = _("the allowed host (default: those of its profiles)")
            one.add_argument("--host", type=nonempty, metavar="HOST", help=hosts)
        if action == "remove":
            one.add_argument("--force", action="store_true", help=_("even if profiles use it"))
        add_json(one)


def run(args: Namespace) -> Result:
    """Run one of the four actions."""
    paths = find_paths()
    match args.action:
        case "list":
            return _list(paths)
        case "set":
            return _set(paths, args.name, args.host)
        case "remove":
            return _remove(paths, args.name, force=args.force)
        case _:
            return _status(paths)


def _list(paths: Paths) -> Result:
    keys, problems = keys_and_problems(paths)
    notes = [f"ccswitch: {problem}" for problem in problems]
    if not keys:
        return Result(_("There is no key yet."), {"keys": []}, notes=notes)
    rows = [
        [
            key.name,
            _kept(key),
            join_list(display_hosts(key.hosts)),
            f"{key.stored:%Y-%m-%d}" if key.stored else "–",
            join_list([*key.profiles, *key.may_be_used_by]) or _("unused"),
        ]
        for key in keys
    ]
    heading = [_("NAME"), _("KEPT IN"), _("ALLOWED HOSTS"), _("STORED"), _("PROFILES")]
    return Result(Terminal(sys.stdout).table(rows, heading), {"keys": [key.as_json() for key in keys]}, notes=notes)


def _set(paths: Paths, name: str, host: str | None) -> Result:
    hosts_for(paths, name, host)  # before asking for a key
    secret, notes = read_key_from_stdin()
    hosts, stranded = set_key(paths, name, secret, host)
    if stranded:
        notes.append(_(_STRANDED, profiles=join_list(stranded)))
    outdated = outdated_copies(paths, name)
    for one in outdated:
        command = use_command(one.profile or "", [one.target])
        notes.append(_("{file} still has the old key. Update it with `{command}`.", file=one.path, command=command))
    facts = {
        "name": name,
        "hosts": hosts,
        "without_key": stranded,
        "outdated": [{"target": one.target, "file": one.path, "profile": one.profile} for one in outdated],
    }
    text = _("The key {name} is stored, for {hosts}.", name=name, hosts=join_list(display_hosts(hosts)))
    return Result(text, facts, notes=notes)


def _kept(key: ListedKey) -> str:
    if key.kept_in is KeyLocation.VARIABLE:
        return _("a variable, set here") if key.is_set else _("a variable, not set here")
    return _(_KEPT[key.kept_in])


def _remove(paths: Paths, name: str, *, force: bool) -> Result:
    without = remove_key(paths, name, even_if_used=force)
    notes: list[str] = []
    if without:
        profiles = join_list(without)
        notes.append(
            _("These profiles have no key now: {profiles}. Store one with `ccswitch keys set`.", profiles=profiles)
        )
    text = _("The key {name} was removed from the keyring.", name=name)
    return Result(text, {"name": name, "without_key": without}, notes=notes)


def _status(paths: Paths) -> Result:
    status = open_store(paths).status()
    ready = _("{store}: ready.", store=status.name) if status.ready else _("{store}: not ready.", store=status.name)
    text = join_sentences(ready, status.detail, status.hint)
    facts = {"store": status.name, "backend": status.backend, "ready": status.ready, "detail": status.detail}
    states = check_keys(paths) if status.ready else []
    if states:
        rows = [[state.name, _(_PRESENCE[state.presence])] for state in states]
        problem = next((f"\n{join_sentences(state.problem, state.hint)}" for state in states if state.problem), "")
        heading = [_("NAME"), _("IN THE KEYRING")]
        text += f"\n{Terminal(sys.stdout).table(rows, heading)}{problem}"
    facts |= {"hint": status.hint, "keys": [state.as_json() for state in states]}
    all_there = status.ready and all(state.presence is Presence.THERE for state in states)
    return Result(text, facts, 0 if all_there else 4)

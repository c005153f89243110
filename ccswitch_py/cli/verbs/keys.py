"""``ccswitch keys``: the keys by name, and the store that keeps them."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.profile_options import read_key_from_stdin
from ccswitch_py.cli.result import Result, table
from ccswitch_py.jobs.key_check import check_keys
from ccswitch_py.jobs.key_list import keys_and_problems
from ccswitch_py.jobs.keys import remove_key, set_key
from ccswitch_py.language import later, listed, together, tr
from ccswitch_py.model.hosts import shown_hosts
from ccswitch_py.model.key import KeptIn, ListedKey, Presence
from ccswitch_py.paths import Paths, find_paths
from ccswitch_py.vault.store import open_store

_KEPT = {
    KeptIn.KEYRING: later("keyring"),
    KeptIn.NOWHERE: later("missing"),
    KeptIn.COMMAND: later("a command"),
}
_STRANDED = later("The key is not for the hosts of {profiles} any more: store a key of their own for them.")
_PRESENCE = {
    Presence.THERE: later("there"),
    Presence.ABSENT: later("not there: store it with `ccswitch keys set`"),
    Presence.UNKNOWN: later("not known"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``keys``."""
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add_json(verbs.add_parser("list", help=tr("the keys, their hosts and the profiles that use them")))
    setting = verbs.add_parser("set", help=tr("store or replace a key; it is read from standard input, never shown"))
    setting.add_argument("name", help=tr("the key"))
    setting.add_argument("--host", metavar="HOST", help=tr("where it may be sent (default: where its profiles call)"))
    add_json(setting)
    removing = verbs.add_parser("remove", help=tr("remove a key from the keyring"))
    removing.add_argument("name", help=tr("the key"))
    removing.add_argument("--force", action="store_true", help=tr("also when profiles use it, which then lack it"))
    add_json(removing)
    add_json(
        verbs.add_parser("status", help=tr("where keys are kept, whether that is ready, and whether each is there"))
    )


def run(args: argparse.Namespace) -> Result:
    """One of the four actions."""
    paths = find_paths()
    match args.action:
        case "list":
            return _list(paths)
        case "set":
            secret, notes = read_key_from_stdin()
            hosts, stranded = set_key(paths, args.name, secret, args.host)
            text = tr("The key {name} is stored, for {hosts}.", name=args.name, hosts=listed(shown_hosts(hosts)))
            if stranded:
                notes.append(tr(_STRANDED, profiles=listed(stranded)))
            return Result(text, {"name": args.name, "hosts": hosts, "without_key": stranded}, notes=notes)
        case "remove":
            return _remove(paths, args.name, force=args.force)
        case _:
            return _status(paths)


def _list(paths: Paths) -> Result:
    keys, problems = keys_and_problems(paths)
    notes = [f"ccswitch: {problem}" for problem in problems]
    if not keys:
        return Result(tr("There is no key yet."), {"keys": []}, notes=notes)
    rows = [
        [
            key.name,
            _kept(key),
            listed(shown_hosts(key.hosts)),
            f"{key.stored:%Y-%m-%d}" if key.stored else "–",
            listed([*key.profiles, *key.may_be_used_by]) or tr("unused"),
        ]
        for key in keys
    ]
    heading = [tr("NAME"), tr("KEPT IN"), tr("MAY GO TO"), tr("STORED"), tr("PROFILES")]
    return Result(table(rows, heading), {"keys": [key.as_json() for key in keys]}, notes=notes)


def _kept(key: ListedKey) -> str:
    if key.kept_in is KeptIn.VARIABLE:
        return tr("a variable, set here") if key.is_set else tr("a variable, not set here")
    return tr(_KEPT[key.kept_in])


def _remove(paths: Paths, name: str, *, force: bool) -> Result:
    without = remove_key(paths, name, even_if_used=force)
    notes: list[str] = []
    if without:
        profiles = listed(without)
        notes.append(
            tr("The key is missing now in: {profiles}. `ccswitch keys set` stores another one.", profiles=profiles)
        )
    text = tr("The key {name} was removed from the keyring.", name=name)
    return Result(text, {"name": name, "without_key": without}, notes=notes)


def _status(paths: Paths) -> Result:
    status = open_store(paths).status()
    ready = tr("{store}: ready.", store=status.name) if status.ready else tr("{store}: not ready.", store=status.name)
    text = together(ready, status.detail, status.hint)
    facts = {"store": status.name, "backend": status.backend, "ready": status.ready, "detail": status.detail}
    states = check_keys(paths) if status.ready else []
    if states:
        rows = [[state.name, tr(_PRESENCE[state.presence])] for state in states]
        trouble = next((f"\n{together(state.trouble, state.hint)}" for state in states if state.trouble), "")
        heading = [tr("NAME"), tr("IN THE KEYRING")]
        text += f"\n{table(rows, heading)}{trouble}"
    facts |= {"hint": status.hint, "keys": [state.as_json() for state in states]}
    all_there = status.ready and all(state.presence is Presence.THERE for state in states)
    return Result(text, facts, 0 if all_there else 4)

"""``ccswitch keys``: the keys by name, and the store that keeps them."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.profile_options import read_key_from_stdin
from ccswitch_py.cli.result import Result, table
from ccswitch_py.jobs.keys import list_keys, remove_key, set_key
from ccswitch_py.paths import Paths, find_paths
from ccswitch_py.vault.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``keys``."""
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add_json(verbs.add_parser("list", help="the keys, their hosts and the profiles that use them"))
    setting = verbs.add_parser("set", help="store or replace a key; it is read from standard input, never shown")
    setting.add_argument("name", help="the key")
    setting.add_argument("--host", metavar="HOST", help="where it may be sent (default: where its profiles call)")
    add_json(setting)
    removing = verbs.add_parser("remove", help="remove a key from the keyring")
    removing.add_argument("name", help="the key")
    add_json(removing)
    add_json(verbs.add_parser("status", help="where keys are kept, and whether that is ready"))


def run(args: argparse.Namespace) -> Result:
    """One of the four actions."""
    paths = find_paths()
    match args.action:
        case "list":
            return _list(paths)
        case "set":
            secret, notes = read_key_from_stdin()
            hosts, stranded = set_key(paths, args.name, secret, args.host)
            text = f"The key {args.name} is stored, for {', '.join(hosts)}."
            if stranded:
                notes.append(f"It is not for the hosts of {', '.join(stranded)} any more: enter their key for those.")
            return Result(text, {"name": args.name, "hosts": hosts, "without_key": stranded}, notes=notes)
        case "remove":
            remove_key(paths, args.name)
            return Result(f"The key {args.name} was removed from the keyring.", {"name": args.name})
        case _:
            return _status(paths)


def _list(paths: Paths) -> Result:
    keys = list_keys(paths)
    if not keys:
        return Result("There is no key yet.", {"keys": []})
    rows = [[key.name, ", ".join(key.hosts), f"{key.stored:%Y-%m-%d}", ", ".join(key.profiles)] for key in keys]
    facts = [{**vars(key), "stored": key.stored.isoformat()} for key in keys]
    return Result(table(rows, ["NAME", "MAY GO TO", "STORED", "PROFILES"]), {"keys": facts})


def _status(paths: Paths) -> Result:
    status = open_store(paths).status()
    ready = "ready" if status.ready else "not ready"
    text = " ".join(part for part in (f"{status.name}: {ready}.", status.detail, status.hint) if part)
    facts = {"store": status.name, "backend": status.backend, "ready": status.ready, "detail": status.detail}
    return Result(text, {**facts, "hint": status.hint}, 0 if status.ready else 4)

"""``ccswitch list``: list the profiles."""

from __future__ import annotations

import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.output.terminal import Terminal
from ccswitch_py.core.language import _, join_list, join_sentences, labelled
from ccswitch_py.core.paths import find_paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.services.status import profile_rows, status
from ccswitch_py.store.profile_files import profile_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--names", action="store_true", help=_("print only the names, one per line"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """List all profiles in one table."""
    paths = find_paths()
    if args.names:
        names = profile_names(paths)
        return Result("\n".join(names), {"names": names})
    targets = status(paths)
    profiles = profile_rows(paths, profile_names(paths), targets)
    if not profiles:
        return Result(_("There are no profiles yet. Run `ccswitch` for the setup form."), {"profiles": []})
    heading = ["", _("NAME"), _("CALLS"), _("MAIN MODEL"), _("KEY"), _("LAST TEST")]
    terminal = Terminal(sys.stdout)
    text = terminal.table([_row(profile) for profile in profiles], heading)
    problems = [
        terminal.wrapped(labelled(row["name"], join_sentences(row["problem"], row["hint"])))
        for row in profiles
        if "problem" in row
    ]
    facts = [{**row, "last_test": test.as_json() if (test := row["last_test"]) else None} for row in profiles]
    unclear = [labelled(target.name, target.problem) for target in targets if target.problem]
    return Result("\n".join([text, *problems]), {"profiles": facts}, notes=[*unclear, *_shared_ids(profiles)])


def _shared_ids(profiles: list[dict[str, Any]]) -> list[str]:
    """Warn of profiles that were copied by hand."""
    names: dict[str, list[str]] = {}
    for row in profiles:
        names.setdefault(row["id"] or row["name"], []).append(row["name"])
    return [
        _("These profiles have the same id: {names}. Remove the id from the file of the copy.", names=join_list(shared))
        for shared in names.values()
        if len(shared) > 1
    ]


def _row(profile: dict[str, Any]) -> list[str]:
    if "problem" in profile:
        return ["!", profile["name"], _("cannot be used"), "", "", ""]
    sign = "●" if profile["active_in"] else ""
    tested = test.in_short if (test := profile["last_test"]) else ""
    key = KeyRef.from_json(profile["key"]).describe()
    return [sign, profile["name"], profile["base_url"], profile["roles"]["main"], key, tested]

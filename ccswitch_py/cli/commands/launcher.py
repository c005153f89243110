"""``ccswitch launcher TOOL [NAME]``: install a command that starts a tool with a profile."""

from __future__ import annotations

import os

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.launcher import install_launcher, remove_launcher
from ccswitch_py.services.status import status
from ccswitch_py.targets.registry import find_target


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("tool", help=_("the target, such as opencode; see `ccswitch targets`"))
    parser.add_argument("name", nargs="?", help=_("the profile (default: the one in use in the tool)"))
    parser.add_argument("--remove", action="store_true", help=_("remove the launcher"))


def run(args: Namespace) -> Result:
    """Install or remove the launcher."""
    if args.remove:
        return Result(_("Removed {file}.", file=remove_launcher(args.tool)))
    paths = find_paths()
    tool = find_target(args.tool)
    name = args.name or next((one.profile for one in status(paths) if one.target == tool.id), None)
    if name is None:
        raise BadInput(
            _("No profile is in use in {tool}.", tool=tool.name),
            _("Name one: `ccswitch launcher {tool} NAME`.", tool=tool.id),
        )
    path = install_launcher(paths, args.tool, name)
    folder, command = os.path.split(path)
    notes: list[str] = []
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        notes.append(_("{folder} is not on the PATH of this terminal.", folder=folder))
    tool = find_target(args.tool).name
    installed = _("Installed {file}.", file=path)
    start = _("Run `{command}` to start {tool} with {name}.", command=command, tool=tool, name=name)
    return Result(join_sentences(installed, start), notes=notes)

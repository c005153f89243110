"""``ccswitch status``: show what is in use, and whether it was changed since."""

from __future__ import annotations

from ccswitch_py.cli.command import Namespace, Result, add_json
from ccswitch_py.cli.output.next_step import use_command
from ccswitch_py.core.language import _, join_list, join_sentences, labelled
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.keys.live_copies import compare_keys
from ccswitch_py.services.status import TargetStatus, status
from ccswitch_py.services.tool_notes import key_from_run
from ccswitch_py.targets.registry import find_target

add_arguments = add_json


def run(args: Namespace) -> Result:
    """Report each target; exit code 1 if a file was changed since, cannot be read, or has an unrecorded profile."""
    paths = find_paths()
    targets = status(paths)
    notes = compare_keys(paths, targets)
    with_run = [one for one in targets if one.needs_run]
    for name in dict.fromkeys(one.profile for one in with_run if one.profile):
        notes += key_from_run(name, (find_target(one.target) for one in with_run if one.profile == name))
    wrong = any(
        one.problem or one.unrecorded or one.changed_by_others or one.edited_since or one.key_is_current is False
        for one in targets
    )
    facts = {"targets": [target.as_json() for target in targets]}
    lines = [line for target in targets for line in (_text(target), *(f"  {note}" for note in target.conflicts))]
    return Result("\n".join(lines), facts, 1 if wrong else 0, notes)


def _text(target: TargetStatus) -> str:
    if target.problem:
        return labelled(target.name, target.problem)
    if target.other_home:
        return _(
            "{target}: {name} of another ccswitch home is in use ({file}); the state folder of that home is {folder}.",
            target=target.name,
            name=target.unrecorded,
            file=target.path,
            folder=target.other_home,
        )
    if target.unrecorded:
        return _(
            "{target}: {name} is in use ({file}), but its record is missing; `{command}` makes a new one.",
            target=target.name,
            name=target.unrecorded,
            file=target.path,
            command=use_command(target.unrecorded, [target.target]),
        )
    if target.profile is None and target.base_url is None:
        return _("{target}: no profile of ccswitch is in use.", target=target.name)
    if target.profile is None:
        return _(
            "{target}: no profile of ccswitch is in use; {file} sends requests to {address}.",
            target=target.name,
            file=target.path,
            address=target.base_url,
        )
    again = _("Apply it again with `{command}`.", command=use_command(target.profile, [target.target]))
    if target.changed_by_others:
        changed = _(
            "{target}: {name} was applied, but {file} has changed since: {entries}.",
            target=target.name,
            name=target.profile,
            file=target.path,
            entries=join_list(target.changed_by_others),
        )
        return join_sentences(changed, again)
    if target.edited_since:
        old = _("{target}: {name} is in use, but you have edited it since.", target=target.name, name=target.profile)
        return join_sentences(old, again)
    if target.key_is_current is False:
        old_key = _(
            "{target}: {name} is in use, but {file} still has its old key.",
            target=target.name,
            name=target.profile,
            file=target.path,
        )
        return join_sentences(old_key, again)
    return _("{target}: {name} is in use ({file}).", target=target.name, name=target.profile, file=target.path)

"""``ccswitch status``: show what is in use, and whether it was changed since."""

from __future__ import annotations

from ccswitch_py.cli.command import Namespace, Result, add_json
from ccswitch_py.cli.output.next_step import use_command
from ccswitch_py.core.language import _, join_list, join_sentences, labelled
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.keys.live_copies import compare_keys
from ccswitch_py.services.status import TargetStatus, status

add_arguments = add_json


def run(args: Namespace) -> Result:
    """Report each target; exit code 1 if a file was changed since, or cannot be read."""
    paths = find_paths()
    targets = status(paths)
    notes = compare_keys(paths, targets)
    wrong = any(
        target.problem or target.changed_by_others or target.edited_since or target.key_is_current is False
        for target in targets
    )
    facts = {"targets": [target.as_json() for target in targets]}
    lines = [line for target in targets for line in (_text(target), *(f"  {note}" for note in target.conflicts))]
    return Result("\n".join(lines), facts, 1 if wrong else 0, notes)


def _text(target: TargetStatus) -> str:
    if target.problem:
        return labelled(target.name, target.problem)
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
        old = _("{target}: {name} is in use as it was before you edited it.", target=target.name, name=target.profile)
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

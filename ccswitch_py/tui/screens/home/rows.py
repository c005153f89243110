"""What the home screen reads from disk: the row of each profile, and the line on each tool."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ccswitch_py.core.language import _, join_list, labelled
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.role import Role
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.live_test.results import LastTest
from ccswitch_py.services.status import TargetStatus, profile_rows
from ccswitch_py.tui.screens.home.table import ProfileRow


def table_rows(paths: Paths, names: list[str], targets: Sequence[TargetStatus]) -> dict[str, ProfileRow]:
    """Read the rows of some profiles, by name; never asks the keyring."""
    in_use = {target.target: target.name for target in targets}
    return {row["name"]: _table_row(row, in_use) for row in profile_rows(paths, names, [*targets])}


def _table_row(row: dict[str, Any], target_names: Mapping[str, str]) -> ProfileRow:
    in_use = join_list(target_names[target] for target in row["active_in"])
    if "problem" in row:
        return ProfileRow(row["name"], tested=_("unusable"), in_use=in_use, is_broken=True)
    test: LastTest | None = row["last_test"]
    return ProfileRow(
        row["name"],
        row["provider"] or urlsplit(row["base_url"]).netloc,
        models_summary(row["roles"]),
        key_summary(row["key"]),
        f"{test.sign} {test.age}" if test else "",
        in_use,
    )


def models_summary(roles: Mapping[str, str]) -> str:
    """List the main model, and those of other roles that differ from it."""
    main = roles[Role.MAIN]
    others = [f"{role} {model}" for role, model in roles.items() if model != main]
    return " · ".join([main, *others])


def key_summary(key: str | dict[str, Any]) -> str:
    """Tell whether there is a key, as far as known without asking a keyring or running a command."""
    match key:
        case {"env": str(variable)}:
            return f"${variable}" if os.environ.get(variable) else _("unset ${variable}", variable=variable)
        case {"command": [str(program), *_]}:
            return os.path.basename(program)
        case _:
            return _("stored")


def state_sentence(targets: Sequence[TargetStatus]) -> tuple[str, bool]:
    """Return the line on all targets, and whether one of them needs attention."""
    states = [_target_state(target) for target in targets]
    return "  ".join(sentence for sentence, _unused in states), any(warns for _unused, warns in states)


def _target_state(target: TargetStatus) -> tuple[str, bool]:
    tool, profile, url = target.name, printable(target.profile or ""), printable(target.base_url or "")
    if target.problem:
        return f"! {labelled(tool, printable(target.problem))}", True
    if not profile:
        calls = _("○ {tool} uses no profile; its settings call {url}.", tool=tool, url=url)
        return calls if url else _("○ {tool} uses no profile.", tool=tool), False
    if target.changed_by_others:
        return _("! {tool} uses {profile}, but another program has changed it.", tool=tool, profile=profile), True
    if target.edited_since:
        return _("! {tool} uses an older version of {profile}.", tool=tool, profile=profile), True
    return _("● {tool} uses {profile}.", tool=tool, profile=profile), False

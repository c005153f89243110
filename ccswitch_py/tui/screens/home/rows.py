"""A profile as a row of the table: what ``ccswitch list`` knows, in as few characters as possible."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ccswitch_py.core.language import _, join_list
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.role import Role
from ccswitch_py.services.live_test.results import LastTest
from ccswitch_py.services.status import TargetStatus, profile_rows
from ccswitch_py.targets.registry import TARGETS
from ccswitch_py.tui.widgets.profile_table import ProfileRow


def table_rows(paths: Paths, names: list[str], targets: list[TargetStatus]) -> dict[str, ProfileRow]:
    """Some profiles, by their names; reads files, but never asks the keyring."""
    return {row["name"]: _table_row(row) for row in profile_rows(paths, names, targets)}


def _table_row(row: dict[str, Any]) -> ProfileRow:
    in_use = join_list(TARGETS[target].name for target in row["active_in"])
    if "problem" in row:
        return ProfileRow(row["name"], tested=_("cannot be used"), in_use=in_use, is_broken=True)
    test: LastTest | None = row["last_test"]
    return ProfileRow(
        row["name"],
        row["provider"] or _host(row["base_url"]),
        models_of(row["roles"]),
        key_state(row["key"]),
        f"{test.sign} {test.age}" if test else "",
        in_use,
    )


def _host(base_url: str) -> str:
    return urlsplit(base_url).netloc


def models_of(roles: Mapping[str, str]) -> str:
    """The main model, and of the others those that are not the same."""
    main = roles[Role.MAIN]
    others = [f"{role} {model}" for role, model in roles.items() if model != main]
    return " · ".join([main, *others])


def key_state(key: str | dict[str, Any]) -> str:
    """Whether there is a key, as far as that can be known without asking a keyring or starting a command."""
    match key:
        case {"env": str(variable)}:
            return f"${variable}" if os.environ.get(variable) else _("unset ${variable}", variable=variable)
        case {"command": [str(program), *_]}:
            return os.path.basename(program)
        case _:
            return _("stored")

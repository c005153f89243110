"""What the targets need of a profile: which roles have a model, and whether the options for each are valid."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from pydantic import ValidationError

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.model.protocol import Protocol
from ccswitch_py.model.role import Role
from ccswitch_py.model.validation_messages import validation_reason
from ccswitch_py.store.toml import bad_entry
from ccswitch_py.targets.registry import TARGETS

TABLE = "targets"


def roles_without_model(models: Mapping[Role, str], protocols: Container[Protocol]) -> list[str]:
    """The roles that have no model, and need one for ``main`` or for a target that these protocols reach."""
    needed = {Role.MAIN}.union(*(target.roles for target in TARGETS.values() if target.protocol in protocols))
    return [role.value for role in Role if role in needed and not models.get(role)]


def checked_target_options(
    tables: Mapping[str, Mapping[str, Any]], path: str = "", data: bytes = b""
) -> dict[str, dict[str, Any]]:
    """The options of each known target, without those at their default.

    Raises ``BadInput``; with ``path`` and ``data`` it names the file and the line.
    """
    checked: dict[str, dict[str, Any]] = {}
    for target_id, table in tables.items():
        model = TARGETS[target_id].options_model() if target_id in TARGETS else None
        if model is None:
            continue
        try:
            options = model.model_validate(table)
        except ValidationError as error:
            place = (TABLE, target_id)
            if path:
                raise bad_entry(path, data, error, place) from error
            reason = validation_reason(error, place)
            raise BadInput(_("{reason}.", reason=reason), _("Fix that entry.")) from error
        checked[target_id] = options.model_dump(exclude_defaults=True)
    return checked

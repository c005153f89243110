"""Open a profile and check what its targets need; detect changes by others until it is saved."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from ccswitch_py.core.errors import BadInput, CcswitchError, FileNotChanged
from ccswitch_py.core.files import read_bytes
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.profile import Profile
from ccswitch_py.model.protocol import ROLES, Protocol, Role
from ccswitch_py.model.validation_messages import validation_reason
from ccswitch_py.store.profile_files import read_profile_bytes
from ccswitch_py.store.toml import bad_entry, validate
from ccswitch_py.targets.registry import TARGETS


class Opened(NamedTuple):
    """A profile and its file's bytes."""

    profile: Profile
    data: bytes


class EditedMeanwhile(FileNotChanged):
    """The file was edited or removed meanwhile; ``now`` is its current content, None if unusable."""

    def __init__(self, name: str, now: Opened | None, *, is_gone: bool) -> None:
        message = (
            _("The profile {name} was removed by another program while you edited it.", name=name)
            if is_gone
            else _("The profile {name} was changed by another program while you edited it.", name=name)
        )
        super().__init__(message, _("Nothing was saved."))
        self.now = now
        self.is_gone = is_gone


def open_profile(paths: Paths, name: str) -> Opened:
    """Load a profile and check its options for each target; raises ``NotFound`` and ``BadInput``."""
    return parse_profile(paths, name, read_profile_bytes(paths, name))


def parse_profile(paths: Paths, name: str, data: bytes) -> Opened:
    """Check what is, or will be, the content of a profile's file; raises ``BadInput``."""
    profile = validate(paths.profile(name), data, Profile)
    checked_target_options(profile.targets, paths.profile(name), data)
    return Opened(profile, data)


def check_untouched(paths: Paths, name: str, before: bytes) -> None:
    """Raise ``EditedMeanwhile`` if the file has changed; callers hold the lock."""
    data = read_bytes(paths.profile(name))
    if data == before:
        return
    try:
        now = open_profile(paths, name)
    except CcswitchError:
        now = None
    raise EditedMeanwhile(name, now, is_gone=data is None)


def roles_without_model(models: Mapping[Role, str], protocols: Container[Protocol]) -> list[str]:
    """The roles without the model that a target of these protocols needs; ``main`` always needs one."""
    users = [target for target in TARGETS.values() if any(protocol in protocols for protocol in target.protocols)]
    needed = {"main"}.union(*(target.roles for target in users))
    return [role for role in ROLES if role in needed and not models.get(role)]


def checked_target_options(
    tables: Mapping[str, Mapping[str, Any]], path: str = "", data: bytes = b""
) -> dict[str, dict[str, Any]]:
    """Check the options of each known target, and return those that differ from the defaults.

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
            place = ("targets", target_id)
            if path:
                raise bad_entry(path, data, error, place) from error
            reason = validation_reason(error, place)
            raise BadInput(_("{reason}.", reason=reason), _("Fix that entry.")) from error
        checked[target_id] = options.model_dump(exclude_defaults=True)
    return checked

"""Load and save profiles; comments and order of a hand-edited file survive."""

from __future__ import annotations

from typing import Any, cast

import tomlkit
from tomlkit.items import InlineTable, Table

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import read_own_file, remove_file, write_own_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.names import check_name
from ccswitch_py.model.profile import OPTIONS_OF_SCHEMA_1, SCHEMA, Profile, new_id
from ccswitch_py.store.profile_files import profile_names, read_profile_bytes
from ccswitch_py.store.toml import parse_own_toml, validate


def load_profile(paths: Paths, name: str) -> Profile:
    """Load a profile; raises ``NotFound``, or ``BadInput`` naming file, line and reason."""
    return validate(paths.profile(name), read_profile_bytes(paths, name), Profile)


def save_profile(paths: Paths, name: str, profile: Profile) -> None:
    """Write a profile; in a file that exists only the entries that differ are changed.

    It gets an id if neither it nor that file has one. Raises ``BadInput`` for a file that a newer ccswitch has written.
    """
    check_name_is_free(paths, name)
    old = read_own_file(paths.profile(name)) or b""
    known_id = parse_own_toml(paths.profile(name), old, SCHEMA, Profile.max_entries).get("id")
    document = tomlkit.parse(old.decode("utf-8-sig"))
    _group_options(document)
    _merge(cast("Table", document), {"schema": SCHEMA, "id": known_id or new_id(), **profile_table(profile)})
    write_own_file(paths.profile(name), tomlkit.dumps(document).encode())  # pyright: ignore[reportUnknownMemberType]


def profile_table(profile: Profile) -> dict[str, Any]:
    """The profile as it is written: without what is at its default."""
    table = profile.model_dump(mode="json", exclude_defaults=True, exclude={"schema_"})
    return {"schema": SCHEMA, **table}


def remove_profile(paths: Paths, name: str) -> None:
    """Remove a profile's file."""
    remove_file(paths.profile(name))


def check_name_is_free(paths: Paths, name: str) -> None:
    """Raise ``BadInput`` if the name differs from an existing one only in case: some file systems ignore it."""
    check_name(name)
    for other in profile_names(paths):
        if other != name and other.casefold() == name.casefold():
            raise BadInput(
                _("There is a profile '{name}' already.", name=quoted(other)),
                _("Choose a name that differs in more than case."),
            )


def _group_options(document: tomlkit.TOMLDocument) -> None:
    """Move the options of schema 1 to where they stand now, comments included."""
    old, target = OPTIONS_OF_SCHEMA_1
    if old not in document:
        return
    options = cast("Any", document).pop(old)
    _forget_headings(options)
    if "targets" not in document:
        document["targets"] = tomlkit.table(is_super_table=True)
    cast("Table", document["targets"])[target] = options


def _forget_headings(item: Any) -> None:
    """Let the headings of a table that was moved be written anew."""
    if isinstance(item, Table):
        item.display_name = None
        for inner in cast("dict[str, Any]", item).values():
            _forget_headings(inner)


def _merge(into: Table | InlineTable, values: dict[str, Any]) -> None:
    for key in [key for key in into if key not in values]:
        del into[key]
    for key, value in values.items():
        old = cast("Any", into).get(key)
        if isinstance(value, dict) and isinstance(old, Table | InlineTable):
            _merge(old, cast("dict[str, Any]", value))
        elif old is None or _plain(old) != value:
            into[key] = value


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item

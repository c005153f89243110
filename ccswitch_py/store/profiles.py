"""Load and save profiles; comments and order of a hand-edited file survive."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import read_own_file, write_own_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.names import check_name
from ccswitch_py.model.profile import OPTIONS_OF_SCHEMA_1, SCHEMA, Profile, new_id
from ccswitch_py.store.profile_files import profile_names, read_profile_bytes
from ccswitch_py.store.toml import edited_toml, parse_own_toml, schema_comment, validate


def load_profile(paths: Paths, name: str) -> Profile:
    """Load a profile; raises ``NotFound``, or ``BadInput`` naming file, line and reason."""
    return validate(paths.profile(name), read_profile_bytes(paths, name), Profile)


def save_profile(paths: Paths, name: str, profile: Profile, *, copy_of: str | None = None) -> None:
    """Write a profile; in its file, or that of the one that it is a copy of, only the entries that differ change.

    It gets a new id if it has none, or shares one with another profile. Raises ``BadInput`` for a file written by a
    newer ccswitch.
    """
    path = paths.profile(name)
    old = read_own_file(paths.profile(copy_of or name)) or b""
    known_id = parse_own_toml(path, old, SCHEMA, Profile.max_entries).get("id")
    values = {"schema": SCHEMA, "id": _id_of(paths, name, known_id), **profile_table(profile)}
    text = _with_options_grouped(old.decode("utf-8-sig"))
    heading = b"" if old else schema_comment("profile")
    write_own_file(path, heading + edited_toml(path, text.encode(), values))


def profile_table(profile: Profile) -> dict[str, Any]:
    """The profile's TOML table, without schema, id and defaults."""
    return profile.model_dump(mode="json", exclude_defaults=True, exclude={"schema_", "id"})


def check_name_is_free(paths: Paths, name: str) -> None:
    """Raise ``BadInput`` for an invalid or taken name; case does not count, because some file systems ignore it."""
    check_name(name)
    if taken := next((other for other in profile_names(paths) if other.casefold() == name.casefold()), None):
        raise BadInput(
            _("The profile '{name}' already exists.", name=quoted(taken)),
            _("Choose another name, or edit that profile."),
        )


def _id_of(paths: Paths, name: str, known: str | None) -> str:
    """The profile's id; a new one if it has none, or if another file has the same (copied by hand)."""
    others = (other for other in profile_names(paths) if other != name) if known else ()
    copied = any(f'"{known}"'.encode() in (read_own_file(paths.profile(other)) or b"") for other in others)
    return new_id() if copied or not known else known


def _with_options_grouped(text: str) -> str:
    """Rename the headings of schema 1's options; what this can't do is left to the edit."""
    old, target = OPTIONS_OF_SCHEMA_1
    table = tomllib.loads(text)
    if old not in table:
        return text
    name = rf"""(?:{old}|"{old}"|'{old}')"""
    first_heading = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    top = first_heading.start() if first_heading else len(text)
    renamed = re.sub(rf"^([ \t]*){name}(?=[ \t]*[.=])", rf"\1targets.{target}", text[:top], flags=re.MULTILINE)
    renamed += re.sub(rf"^([ \t]*\[[ \t]*){name}(?=[ \t]*[].])", rf"\1targets.{target}", text[top:], flags=re.MULTILINE)
    table.setdefault("targets", {})[target] = table.pop(old)
    try:
        return renamed if tomllib.loads(renamed) == table else text
    except tomllib.TOMLDecodeError:
        return text

"""Taking a profile elsewhere: as Claude Code settings, as shell variables, or as TOML that ``add --from`` reads."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import tomlkit
from pydantic import ValidationError

from ccswitch_py.errors import BadInput, FileNotChanged, reason_of
from ccswitch_py.files import replace_file
from ccswitch_py.jobs.setup import Draft, draft_of
from ccswitch_py.language import plain, tr
from ccswitch_py.model.profile import Delivery, Profile
from ccswitch_py.model.refused import refusal
from ccswitch_py.paths import Paths
from ccswitch_py.store.launches import load_launch, load_record
from ccswitch_py.store.profile_files import provider_ids
from ccswitch_py.store.profiles import load_profile, profile_table
from ccswitch_py.store.toml import parse_toml
from ccswitch_py.vault.pasted_key import clean_key
from ccswitch_py.vault.reference import resolve_key
from ccswitch_py.vault.secret import Secret

KEY_PLACE = "PASTE-THE-KEY-HERE"
"""Stands for the key in an export without it: a base URL with no credential would get the user's login token."""

_LIMIT_BYTES = 1024 * 1024


class Format(StrEnum):
    """What ``export`` can write."""

    CLAUDE_SETTINGS = "claude-settings"
    ENV = "env"
    TOML = "toml"


def export(paths: Paths, name: str, form: Format, *, include_key: bool = False) -> str:
    """The profile as text; the key is in it only when asked for. Raises ``NotFound`` and ``KeyUnavailable``."""
    record = load_record(paths, name)
    key = resolve_key(record.key, paths) if include_key else None
    if form is Format.TOML:
        return _as_toml(load_profile(paths, name), name, key)
    launch = load_launch(paths, record, "claude-code")
    variables = {variable: value for variable, value in launch["env"].items() if value}
    variables = {**variables, "ANTHROPIC_AUTH_TOKEN": key.reveal() if key else KEY_PLACE}
    if form is Format.ENV:
        lines = [f"export {variable}={shlex.quote(value)}" for variable, value in variables.items()]
        return "\n".join([*lines, "unset ANTHROPIC_API_KEY", ""])
    return json.dumps({"env": variables}, ensure_ascii=False, indent=2) + "\n"


def write_export(path: str, text: str) -> None:
    """Write an export for this user alone (0600); raises ``FileNotChanged``, also for a file that is there already."""
    if os.path.lexists(path):
        raise FileNotChanged(
            tr("{file} is there already.", file=path), tr("Choose another name with -o, or remove it first.")
        )
    try:
        replace_file(os.path.abspath(path), text.encode())
    except OSError as error:
        raise FileNotChanged(
            tr("{file} was not written ({reason}).", file=path, reason=reason_of(error)),
            tr("Choose another place with -o."),
        ) from error


@dataclass(frozen=True)
class Imported:
    """A draft from a file, and what was left out of it."""

    draft: Draft
    notes: list[str]


def read_export(paths: Paths, path: str, name: str) -> Imported:
    """A draft from a profile that was exported as TOML.

    The file may be somebody else's: it does not say which variable or command of this machine holds a key, nor yes to
    plain http or to a key in clear text. Raises ``BadInput`` naming file, line and reason.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_LIMIT_BYTES + 1)
    except OSError as error:
        raise BadInput(
            tr("{file} cannot be read ({reason}).", file=path, reason=reason_of(error)), tr("Check its name.")
        ) from error
    if len(data) > _LIMIT_BYTES:
        raise BadInput(
            tr("{file} is larger than 1 MiB.", file=path), tr("Give a file that `ccswitch export --format toml` wrote.")
        )
    table = parse_toml(path, data)
    secret_text = table.pop("secret_key", None)
    notes: list[str] = []
    if table.get("provider") not in (None, *provider_ids(paths)):
        notes.append(
            tr("The provider '{id}' is not known here; the profile has its address.", id=plain(table.pop("provider")))
        )
    match table.pop("key", None):
        case {"env": str(variable)}:
            notes.append(
                tr(
                    "Its key came from a variable; if that is the same here, add --key-env {variable}.",
                    variable=plain(variable),
                )
            )
        case {"command": _}:
            notes.append(tr("Its key came from a command, which is not taken over from a file."))
        case _:
            pass
    secret, key_notes = clean_key(str(secret_text)) if secret_text else (None, [])
    draft = draft_of(name, _checked(path, {"allow_http": True, **table, "key": name}))
    return Imported(replace(draft, key=secret, allow_http=False, delivery=Delivery.HELPER), [*notes, *key_notes])


def _as_toml(profile: Profile, name: str, key: Secret | None) -> str:
    document = tomlkit.document()
    document.add(
        tomlkit.comment(tr("A profile of ccswitch; take it over with: ccswitch add {name} --from FILE", name=name))
    )
    table: dict[str, Any] = profile_table(profile)
    if isinstance(profile.key, str):
        del table["key"]
    if key is not None:
        table = {"schema": table["schema"], "secret_key": key.reveal(), **table}
    for entry, value in table.items():
        document[entry] = value
    return tomlkit.dumps(document)  # pyright: ignore[reportUnknownMemberType]


def _checked(path: str, table: dict[str, Any]) -> Profile:
    try:
        return Profile.model_validate(table)
    except ValidationError as error:
        raise BadInput(tr("{file}: {reason}.", file=path, reason=refusal(error)), tr("Mend that entry.")) from error

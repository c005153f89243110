"""Exports a profile as a tool's settings, as shell variables or as TOML, and imports the TOML."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import tomlkit
from pydantic import SecretStr, model_validator

from ccswitch_py.core.errors import BadInput, FileNotChanged, reason_of
from ccswitch_py.core.files import replace_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.paths import Paths
from ccswitch_py.core.quoting import posix
from ccswitch_py.model.profile import SCHEMA, Profile
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.profiles.setup import Draft, draft_of
from ccswitch_py.store.profile_files import provider_ids
from ccswitch_py.store.profiles import load_profile, profile_table
from ccswitch_py.store.toml import validate
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target
from ccswitch_py.vault.pasted_key import clean_key
from ccswitch_py.vault.reference import resolve_key

KEY_PLACE = "PASTE-THE-KEY-HERE"
"""Stands for the key in an export without it: a tool may send its own login to a base URL without a credential."""

_LIMIT_BYTES = 1024 * 1024


class ExportFormat(StrEnum):
    """What ``export`` can write."""

    TOOL_SETTINGS = "claude-settings"
    ENV = "env"
    TOML = "toml"


def export(paths: Paths, name: str, form: ExportFormat, *, include_key: bool = False) -> str:
    """Return the profile as text, with the key only if asked for; raises ``NotFound`` and ``KeyUnavailable``."""
    record = load_record(paths, name)
    key = resolve_key(record.key, paths) if include_key else None
    if form is ExportFormat.TOML:
        return _as_toml(load_profile(paths, name), name, key)
    target = find_target(DEFAULT_TARGET)
    spec = target.run_spec(launch_for(record, target.id), lambda _file, _path: None, lambda _file, _path: None, {})
    variables = {**spec.environment, spec.key_variable: key.reveal() if key else KEY_PLACE}
    if form is ExportFormat.ENV:
        lines = [f"export {variable}={posix(value)}" for variable, value in variables.items()]
        return "\n".join([*lines, f"unset {' '.join(name for name in spec.unset if name not in variables)}", ""])
    return json.dumps({"env": variables}, ensure_ascii=False, indent=2) + "\n"


def write_export(path: str, text: str) -> None:
    """Write an export with mode 0600; raises ``FileNotChanged``, also for an existing file."""
    if os.path.lexists(path):
        raise FileNotChanged(
            _("{file} already exists.", file=path), _("Choose another name with -o, or remove it first.")
        )
    try:
        replace_file(os.path.abspath(path), text.encode())
    except OSError as error:
        raise FileNotChanged(
            _("{file} was not written ({reason}).", file=path, reason=reason_of(error)),
            _("Choose another place with -o."),
        ) from error


class _ExportedProfile(Profile):
    """A profile in an exported file: the key is optional, and plain http is confirmed later."""

    secret_key: SecretStr | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_defaults(cls, table: dict[str, Any]) -> dict[str, Any]:
        return {"allow_http": True, "key": "none", **table}


@dataclass(frozen=True)
class Imported:
    """A draft from a file, notes about what was left out, and where the key was if it was not in a keyring."""

    draft: Draft
    notes: list[str]
    where_key_was: str


def read_export(paths: Paths, path: str, name: str) -> Imported:
    """Import a profile that was exported as TOML.

    The file may be somebody else's: it cannot choose a variable or command of this machine as the key, nor agree to
    plain http or to a key in clear text. Raises ``BadInput`` naming file, line and reason.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_LIMIT_BYTES + 1)
    except OSError as error:
        raise BadInput(
            _("{file} cannot be read ({reason}).", file=path, reason=reason_of(error)), _("Check its name.")
        ) from error
    if len(data) > _LIMIT_BYTES:
        raise BadInput(
            _("{file} is larger than 1 MiB.", file=path), _("Pass a file written by `ccswitch export --format toml`.")
        )
    if data.lstrip()[:1] == b"{":
        raise BadInput(
            _("{file} is a JSON file; --from imports a profile that was exported as TOML.", file=path),
            _("To set up its gateway, pass --base-url, --key-stdin and the models."),
        )
    exported = validate(path, data, _ExportedProfile)
    draft = replace(draft_of(name, exported), allow_http=False, delivery="command")
    notes: list[str] = []
    if exported.provider not in (None, *provider_ids(paths)):
        unknown = quoted(exported.provider)
        if not exported.base_url:
            raise BadInput(
                _(
                    "{file} has no base_url, and its provider '{id}' is not known here.",
                    file=path,
                    id=unknown,
                ),
                _("Add base_url to the file, or the provider to {folder}.", folder=paths.providers),
            )
        draft = replace(draft, provider=None)
        notes.append(_("The provider '{id}' is not known here; the profile has its address.", id=unknown))
    where_key_was = ""
    if variable := exported.key.env:
        where_key_was = _(
            "The file names the variable {variable}; to read it here too, pass --key-env {variable}.", variable=variable
        )
    elif exported.key.command:
        where_key_was = _("The file names a command, which is not imported; pass --key-stdin, --key-env or --key.")
    secret_text = exported.secret_key.get_secret_value() if exported.secret_key else ""
    secret, key_notes = clean_key(secret_text) if secret_text else (None, [])
    return Imported(replace(draft, key=secret), [*notes, *key_notes], where_key_was)


def _as_toml(profile: Profile, name: str, key: Secret | None) -> str:
    document = tomlkit.document()
    document.add(tomlkit.comment(_("A ccswitch profile; import it with: ccswitch add {name} --from FILE", name=name)))
    table = profile_table(profile)
    if profile.key.name:
        del table["key"]
    if key is not None:
        table = {"secret_key": key.reveal(), **table}
    for entry, value in {"schema": SCHEMA, **table}.items():
        document[entry] = value
    return tomlkit.dumps(document)  # pyright: ignore[reportUnknownMemberType]

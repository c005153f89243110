"""The keys by name, with their allowed hosts and keyring items; never a secret."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ccswitch_py.core.errors import NotFound
from ccswitch_py.core.files import read_own_file, write_own_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.names import Name
from ccswitch_py.store.profile_files import did_you_mean
from ccswitch_py.store.toml import edited_toml, parse_own_toml, validate


class KeyEntry(BaseModel):
    """One key: ``item`` is its user name in the keyring, ``hosts`` are of the form ``host:port``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str = Field(min_length=1)
    hosts: list[str]
    stored: datetime


class _KeysFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    schema_: int = Field(alias="schema", default=1)
    keys: dict[Name, KeyEntry] = {}


def load_keys(paths: Paths) -> dict[str, KeyEntry]:
    """Load all keys by name; raises ``BadInput`` for a broken file."""
    data = read_own_file(paths.keys)
    return dict(validate(paths.keys, data, _KeysFile).keys) if data else {}


def find_key(paths: Paths, name: str) -> KeyEntry:
    """Load one key; raises ``NotFound``."""
    keys = load_keys(paths)
    if name not in keys:
        raise NotFound(
            _("There is no key '{name}'.", name=quoted(name)),
            did_you_mean(name, keys) or _("See `ccswitch keys list`."),
        )
    return keys[name]


def new_item(name: str) -> str:
    """A keyring user name that is unique among all homes of this user."""
    return f"{name}/{secrets.token_hex(4)}"


def save_key_entry(paths: Paths, name: str, entry: KeyEntry | None) -> None:
    """Add, replace or (None) remove one key's entry; comments elsewhere in the file survive."""
    data = read_own_file(paths.keys) or b""
    table: dict[str, Any] = {"schema": 1, "keys": {}, **parse_own_toml(paths.keys, data, 1)}
    keys: dict[str, Any] = {**table["keys"]}
    keys.pop(name, None)
    if entry is not None:
        keys[name] = {**entry.model_dump(), "stored": entry.stored.replace(microsecond=0)}
    write_own_file(paths.keys, edited_toml(paths.keys, data, {**table, "keys": keys}, keep_headings=False))

"""Profile and provider files for the quick commands: names, bytes, launch records and catalogues."""

from __future__ import annotations

import os
import sys

from ccswitch_py import __version__
from ccswitch_py.core.checksum import digest
from ccswitch_py.core.errors import BadInput, CcswitchError, NotFound
from ccswitch_py.core.files import read_bytes, read_own_file, read_own_json, remove_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.model.launch import RECORD_SCHEMA, LaunchRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ccswitch_py.core.paths import Paths

_ENDING = ".toml"


def profile_names(paths: Paths) -> list[str]:
    """The names of all profiles, sorted case-insensitively."""
    return sorted(_stems(paths.profiles), key=str.casefold)


def read_profile_bytes(paths: Paths, name: str) -> bytes:
    """Read a profile's TOML file; raises ``NotFound`` with the nearest name, and ``BadInput``."""
    data = None if os.path.basename(name) != name else read_own_file(paths.profile(name))
    if data is None:
        raise NotFound(_("There is no profile '{name}'.", name=quoted(name)), _nearest(name, profile_names(paths)))
    return data


def provider_path(paths: Paths, provider_id: str) -> str:
    """The path of a provider's file: the user's own if there is one, else the shipped one."""
    from ccswitch_py.core.paths import SHIPPED_PROVIDERS

    if os.path.basename(provider_id) != provider_id:
        raise BadInput(_("'{id}' is not a valid provider id.", id=quoted(provider_id)), _("See `ccswitch providers`."))
    for folder in (paths.providers, *SHIPPED_PROVIDERS):
        path = os.path.join(folder, provider_id + _ENDING)
        if os.path.exists(path):
            return path
    raise NotFound(
        _("There is no provider '{id}'.", id=quoted(provider_id)),
        _nearest(provider_id, provider_ids(paths), "providers"),
    )


def provider_ids(paths: Paths) -> list[str]:
    """The ids of all providers, shipped ones first."""
    from ccswitch_py.core.paths import SHIPPED_PROVIDERS

    shipped = sorted({stem for folder in SHIPPED_PROVIDERS for stem in _stems(folder)})
    own = sorted(set(_stems(paths.providers)) - set(shipped))
    return [*shipped, *own]


def catalogue_ids(paths: Paths, provider_id: str | None) -> tuple[str, ...]:
    """The ids in a provider's catalogue; none for a missing or broken file. Doesn't import pydantic."""
    from ccswitch_py.store.toml import parse_toml

    if provider_id is None:
        return ()
    try:
        path = provider_path(paths, provider_id)
        return tuple(str(model["id"]) for model in parse_toml(path, read_own_file(path) or b"")["models"])
    except (CcswitchError, KeyError, TypeError):
        return ()


def _stems(folder: str) -> list[str]:
    try:
        files = os.listdir(folder)
    except FileNotFoundError:
        return []
    return [name[: -len(_ENDING)] for name in files if name.endswith(_ENDING) and name[0] != "." and _is_text(name)]


def _is_text(name: str) -> bool:
    """Whether a file name is valid UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _nearest(name: str, names: list[str], kind: str = "list") -> str:
    if not names:
        return _("Add one with `ccswitch add`, or run `ccswitch` for the setup form.")
    return did_you_mean(name, names) or _("See `ccswitch {command}`.", command=kind)


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Suggest the most similar name; empty if there is none."""
    import difflib

    near = difflib.get_close_matches(name, names, 1, 0.5)
    return _("Did you mean '{name}'?", name=quoted(near[0])) if near else ""


def stored_record(paths: Paths, name: str) -> LaunchRecord | None:
    """The stored record, which may be outdated; None if missing or unusable."""
    try:
        values: dict[str, Any] | None = read_own_json(paths.launch_record(name))
        return LaunchRecord(values) if values is not None and values["schema"] == RECORD_SCHEMA else None
    except (ValueError, KeyError, TypeError):
        return None


def forget_launches(paths: Paths, name: str) -> None:
    """Remove a profile's launch record and launch files."""
    record = stored_record(paths, name)
    for target_id in record.launches if record else ():
        remove_file(paths.launch_file(target_id, name))
        folder = os.path.dirname(paths.launch_file(target_id, name))
        for variant in os.listdir(folder) if os.path.isdir(folder) else ():
            path = os.path.join(folder, variant)
            if variant.startswith(f"{name}@"):
                if os.path.isdir(path):  # a launcher
                    import shutil

                    shutil.rmtree(path)
                else:
                    remove_file(path)
    remove_file(paths.launch_record(name))


def digest_of(paths: Paths, profile: bytes, provider_id: str | None) -> str:
    """A digest of everything that a record is built from."""
    provider = provider_path(paths, provider_id) if provider_id else ""
    program = f"{__version__}\n{sys.executable}\n{paths.state}\n{provider}".encode("utf-8", "surrogateescape")
    catalogue = read_own_file(provider) if provider else None
    return "-".join(digest(part) for part in (program, profile, catalogue or b"", read_bytes(paths.keys) or b""))

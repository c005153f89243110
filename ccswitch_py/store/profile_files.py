"""The files of profiles as the quick commands read them: names, bytes, launch records; no TOML is parsed here."""

from __future__ import annotations

import json
import os
import sys

from ccswitch_py import __version__
from ccswitch_py.core.checksum import checksum
from ccswitch_py.core.errors import BadInput, NotFound
from ccswitch_py.core.files import read_bytes, read_own_file, remove_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.model.launch import RECORD_SCHEMA, LaunchRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths

_ENDING = ".toml"


def profile_names(paths: Paths) -> list[str]:
    """The names of all profiles, sorted case-insensitively."""
    return sorted(_stems(paths.profiles), key=str.casefold)


def read_profile_bytes(paths: Paths, name: str) -> bytes:
    """The profile's TOML file; raises ``NotFound`` with the nearest name, and ``BadInput`` if it cannot be read."""
    data = None if os.path.basename(name) != name else read_own_file(paths.profile(name))
    if data is None:
        raise NotFound(_("There is no profile '{name}'.", name=quoted(name)), _nearest(name, profile_names(paths)))
    return data


def provider_path(paths: Paths, provider_id: str) -> str:
    """The file that describes a provider: the user's own if there is one, else the shipped one."""
    from ccswitch_py.core.paths import SHIPPED_PROVIDERS

    if os.path.basename(provider_id) != provider_id:
        raise BadInput(_("'{id}' cannot be a provider's id.", id=quoted(provider_id)), _("See `ccswitch providers`."))
    for folder in (paths.providers, *SHIPPED_PROVIDERS):
        path = os.path.join(folder, provider_id + _ENDING)
        if os.path.exists(path):
            return path
    raise NotFound(
        _("There is no provider '{id}'.", id=quoted(provider_id)),
        _nearest(provider_id, provider_ids(paths), "providers"),
    )


def provider_ids(paths: Paths) -> list[str]:
    """The ids of all providers, the user's own and the shipped ones; shipped ones first."""
    from ccswitch_py.core.paths import SHIPPED_PROVIDERS

    shipped = sorted({stem for folder in SHIPPED_PROVIDERS for stem in _stems(folder)})
    own = sorted(set(_stems(paths.providers)) - set(shipped))
    return [*shipped, *own]


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
        return _("Make one with `ccswitch add`, or start `ccswitch` for the setup form.")
    import difflib

    near = difflib.get_close_matches(name, names, 1, 0.5)
    if near:
        return _("Did you mean '{name}'?", name=quoted(near[0]))
    return _("See `ccswitch {command}`.", command=kind)


def stored_record(paths: Paths, name: str) -> LaunchRecord | None:
    """The record as it was last written, which may be out of date; None if there is none that can be used."""
    data = read_bytes(paths.launch_record(name))
    if data is None:
        return None
    try:
        values: dict[str, Any] = json.loads(data)
        return LaunchRecord(values) if values["schema"] == RECORD_SCHEMA else None
    except (ValueError, KeyError, TypeError):
        return None


def forget_launches(paths: Paths, name: str) -> None:
    """Remove what was derived from a profile."""
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
    """Changes with everything that a record is built from."""
    provider = provider_path(paths, provider_id) if provider_id else ""
    program = f"{__version__}\n{sys.executable}\n{paths.state}\n{provider}".encode()
    catalogue = read_own_file(provider) if provider else None
    return "-".join(checksum(part) for part in (program, profile, catalogue or b"", read_bytes(paths.keys) or b""))

"""Launch records as they were last written, and what tells whether they are out of date."""

from __future__ import annotations

import os
import sys

from ccswitch_py import __version__
from ccswitch_py.core.checksum import checksum
from ccswitch_py.core.files import read_bytes, read_own_file, read_own_json, remove_file
from ccswitch_py.model.launch import RECORD_SCHEMA, LaunchRecord
from ccswitch_py.store.profile_files import provider_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths


def stored_record(paths: Paths, name: str) -> LaunchRecord | None:
    """The record as it was last written, which may be out of date; None if there is none that can be used."""
    try:
        values: dict[str, Any] | None = read_own_json(paths.launch_record(name))
        return LaunchRecord(values) if values is not None and values["schema"] == RECORD_SCHEMA else None
    except (ValueError, KeyError, TypeError):
        return None


def forget_launches(paths: Paths, name: str) -> None:
    """Remove what was derived from a profile."""
    record = stored_record(paths, name)
    for target_id in record.launches if record else ():
        remove_file(paths.launch_file(target_id, name))
        folder = os.path.dirname(paths.launch_file(target_id, name))
        for variant in os.listdir(folder) if os.path.isdir(folder) else ():
            if variant.startswith(f"{name}@"):
                remove_file(os.path.join(folder, variant))
    remove_file(paths.launch_record(name))


def digest_of(paths: Paths, profile: bytes, provider_id: str | None) -> str:
    """Changes with everything that a record is built from."""
    provider = provider_path(paths, provider_id) if provider_id else ""
    program = f"{__version__}\n{sys.executable}\n{paths.state}\n{provider}".encode()
    catalogue = read_own_file(provider) if provider else None
    return "-".join(checksum(part) for part in (program, profile, catalogue or b"", read_bytes(paths.keys) or b""))

"""Launch files and launch records: what the quick verbs read instead of the TOML, rebuilt when that was edited."""

from __future__ import annotations

import json
import os
import sys
import zlib

from ccswitch_py import __version__
from ccswitch_py.core.errors import NotFound
from ccswitch_py.core.files import read_bytes, remove_file
from ccswitch_py.store.launch_records import stored_record
from ccswitch_py.store.profile_files import provider_path, read_profile_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import LaunchRecord


def load_record(paths: Paths, name: str) -> LaunchRecord:
    """The record of a profile, rebuilt first if the profile, its provider or this program changed since.

    Raises ``NotFound``, ``BadInput`` for a broken file, ``KeyUnavailable`` when the key may not go to the host.
    """
    profile = read_profile_bytes(paths, name)
    record = stored_record(paths, name)
    if record is not None:
        try:
            fresh = record.digest == digest_of(paths, profile, record.provider)
        except (NotFound, OSError):
            fresh = False
        if fresh:
            return record
    from ccswitch_py.services.launch_builder import build_record

    return build_record(paths, name)


def load_launch(paths: Paths, record: LaunchRecord, target_id: str) -> dict[str, Any]:
    """The launch file of a profile for one target; one that is missing or damaged is written anew."""
    data = read_bytes(paths.launch_file(target_id, record.profile))
    if data is None or checksum(data) != record.launches.get(target_id):
        from ccswitch_py.services.launch_builder import build_record

        build_record(paths, record.profile)
        data = read_bytes(paths.launch_file(target_id, record.profile)) or b"{}"
    return json.loads(data)


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
    catalogue = read_bytes(provider) if provider else None
    return "-".join(checksum(part) for part in (program, profile, catalogue or b"", read_bytes(paths.keys) or b""))


def checksum(data: bytes) -> str:
    """Tells one content from another; hashlib would cost a third of Python's own start."""
    return f"{len(data)}:{zlib.crc32(data):08x}"

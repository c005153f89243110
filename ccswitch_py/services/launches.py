"""Launch records and launch files: what the quick commands read instead of the TOML, rebuilt when that was edited."""

from __future__ import annotations

from ccswitch_py.core.checksum import digest
from ccswitch_py.core.errors import NotFound
from ccswitch_py.core.files import read_bytes
from ccswitch_py.core.language import _, join_list
from ccswitch_py.store.profile_files import digest_of, read_profile_bytes, stored_record
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
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


def unknown_target_notes(record: LaunchRecord) -> list[str]:
    """Return notes about options for targets that this version does not know."""
    if not record.unknown_targets:
        return []
    names = join_list(record.unknown_targets)
    return [_("Unknown targets; their options are left unchanged: {names}.", names=names)]


def key_command_of(record: LaunchRecord) -> KeyCommand:
    """The command that prints the profile's key to a shell or another program."""
    return KeyCommand(record.python, record.profile, record.state)


def stored_launch_file(paths: Paths, record: LaunchRecord, target_id: str) -> str:
    """The path of a profile's launch file for one target; one that is missing or damaged is written anew."""
    path = paths.launch_file(target_id, record.profile)
    data = read_bytes(path)
    if data is None or digest(data) != record.launches.get(target_id):
        from ccswitch_py.services.launch_builder import build_record

        build_record(paths, record.profile)
    return path

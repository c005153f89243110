"""What a profile wrote that was found in a live file without a record: exactly that has to be removed."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launch_builder import record_of
from ccswitch_py.store.profile_files import stored_record
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.store.providers import load_provider

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.live_files.live_file import Ours
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.targets.base import Plan, Target


def written_values(paths: Paths, target: Target, ours: Ours) -> Plan:
    """What the profile writes now, without its key; nothing if neither its home nor this one has the profile."""
    try:
        home = Paths(paths.config, ours.state_folder(paths))
        record = stored_record(home, ours.profile) or _record(paths, ours.profile)
        return target.plan(launch_for(record, target.id), _nothing, os.environ)
    except CcswitchError:
        return {}


def _record(paths: Paths, name: str) -> LaunchRecord:
    profile = load_profile(paths, name)
    provider = load_provider(paths, profile.provider) if profile.provider else None
    return record_of(paths, name, profile, provider, check_key=False)


def _nothing(_file: object, _path: object) -> None:
    """The user's own value of an entry: none."""

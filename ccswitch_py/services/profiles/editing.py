"""Editing a profile over some time: what it was when it was opened, and whether somebody else has changed it since."""

from __future__ import annotations

from typing import NamedTuple

from ccswitch_py.core.errors import CcswitchError, FileNotChanged
from ccswitch_py.core.files import read_bytes
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.profile import Profile
from ccswitch_py.services.profiles.needs import checked_target_options
from ccswitch_py.store.profile_files import read_profile_bytes
from ccswitch_py.store.toml import validate


class Opened(NamedTuple):
    """A profile, and the bytes of the file that it came from."""

    profile: Profile
    data: bytes


class EditedMeanwhile(FileNotChanged):
    """Somebody else has edited or removed the file; ``now`` is what it says now, None if it says nothing usable."""

    def __init__(self, name: str, now: Opened | None, *, is_gone: bool) -> None:
        said = (
            _("The profile {name} was removed by another program while you edited it.", name=name)
            if is_gone
            else _("The profile {name} was changed by another program while you edited it.", name=name)
        )
        super().__init__(said, _("Nothing was saved."))
        self.now = now
        self.is_gone = is_gone


def open_profile(paths: Paths, name: str) -> Opened:
    """The profile as it is now, with the options for each target checked; raises ``NotFound`` and ``BadInput``."""
    data = read_profile_bytes(paths, name)
    profile = validate(paths.profile(name), data, Profile)
    checked_target_options(profile.targets, paths.profile(name), data)
    return Opened(profile, data)


def check_untouched(paths: Paths, name: str, opened: Opened) -> None:
    """Raise ``EditedMeanwhile`` unless the file is as it was when it was opened; callers hold the lock."""
    data = read_bytes(paths.profile(name))
    if data == opened.data:
        return
    try:
        now = open_profile(paths, name)
    except CcswitchError:
        now = None
    raise EditedMeanwhile(name, now, is_gone=data is None)

"""Rename, duplicate and remove profiles."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

from ccswitch_py.core.cancellation import shielded
from ccswitch_py.core.errors import BadInput, CcswitchError, FileNotChanged
from ccswitch_py.core.files import remove_file, write_own_file
from ccswitch_py.core.language import _, join_list, quoted
from ccswitch_py.core.lock import state_lock
from ccswitch_py.core.paths import Paths
from ccswitch_py.live_files.journal import applied_files
from ccswitch_py.services.apply import forget_steps_to, use
from ccswitch_py.services.launch_builder import build_record
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.results import forget_test, move_last_test
from ccswitch_py.services.profiles.setup import all_or_nothing, delete_key, key_users
from ccswitch_py.services.status import status
from ccswitch_py.store.keys import load_keys
from ccswitch_py.store.profile_files import forget_launches, read_profile_bytes
from ccswitch_py.store.profiles import check_name_is_free, load_profile, save_profile
from ccswitch_py.targets.registry import TARGETS


def duplicate(paths: Paths, name: str, new_name: str) -> None:
    """Copy a profile, comments included; both share the key."""
    with state_lock(paths), all_or_nothing() as steps:
        load_record(paths, name)  # what is wrong with it is reported for this file, not for the copy
        check_name_is_free(paths, new_name)
        save_profile(paths, new_name, load_profile(paths, name), copy_of=name)
        steps.on_failure.append(lambda: _forget(paths, new_name))
        build_record(paths, new_name)


def rename(paths: Paths, name: str, new_name: str) -> list[str]:
    """Rename a profile; return the targets that use it, where it was applied again.

    Raises ``BadInput`` if it is in use in a live file that this environment does not point to.
    """
    active = _certainly_active_in(paths, name)
    with state_lock(paths), all_or_nothing() as steps:
        load_record(paths, name)
        check_name_is_free(paths, new_name)
        write_own_file(paths.profile(new_name), read_profile_bytes(paths, name))
        steps.on_failure.append(lambda: _forget(paths, new_name))
        build_record(paths, new_name)
    try:
        if active:
            use(paths, new_name, active)
    except BaseException:
        if not applied_files(paths, new_name):
            with state_lock(paths):
                _forget(paths, new_name)
        raise
    move_last_test(paths, name, new_name)
    try:
        with shielded(), state_lock(paths):
            _forget(paths, name)
    except (OSError, FileNotChanged) as problem:
        raise FileNotChanged(
            _("The profile is now called '{new}', but '{old}' still exists.", new=quoted(new_name), old=quoted(name)),
            _("Remove it with `ccswitch remove {profile} --keep-key`.", profile=name),
        ) from problem
    _forget_traces(paths, name, new_name)
    return active


def remove(paths: Paths, name: str, *, keep_key: bool = False) -> str | None:
    """Remove a profile, and its key unless another profile uses it; return the removed key's name.

    Raises ``NotFound``, and ``BadInput`` for a profile that is in use.
    """
    check_removable(paths, name)
    with state_lock(paths), all_or_nothing() as steps:
        key = key_on_removal(paths, name)
        key_name = key.name if key.goes and not keep_key else None
        if key_name:
            delete_key(paths, key_name, steps)
        steps.keep_file(paths.profile(name))
        _forget(paths, name)
    _forget_traces(paths, name)
    return key_name


class KeyOnRemoval(NamedTuple):
    """The stored key of a profile (empty: none), and the other profiles that use it, or may: unreadable ones."""

    name: str
    users: list[str]
    possible_users: list[str]

    @property
    def goes(self) -> bool:
        """Whether it is removed with its profile."""
        return bool(self.name) and not self.users and not self.possible_users


def key_on_removal(paths: Paths, name: str) -> KeyOnRemoval:
    """Return what happens to a profile's key when the profile is removed; raises ``NotFound``."""
    try:
        key = load_profile(paths, name).key.name
    except BadInput:
        key = ""
    if key not in load_keys(paths):
        return KeyOnRemoval("", [], [])
    others = {user: is_certain for user, is_certain in key_users(paths, key).items() if user != name}
    return KeyOnRemoval(
        key,
        [user for user, is_certain in others.items() if is_certain],
        [user for user, is_certain in others.items() if not is_certain],
    )


def check_removable(paths: Paths, name: str) -> None:
    """Raise ``NotFound``, or ``BadInput`` for a profile that is in use."""
    read_profile_bytes(paths, name)
    if active := _certainly_active_in(paths, name):
        raise BadInput(
            _("The profile '{name}' is in use in {targets}.", name=quoted(name), targets=join_list(active)),
            _("Use another profile first, or `ccswitch off`."),
        )


def _certainly_active_in(paths: Paths, name: str) -> list[str]:
    found = status(paths)
    for one in found:
        if one.problem:
            raise FileNotChanged(one.problem, _("The profile '{name}' may be in use there.", name=quoted(name)))
    here = [one for one in found if one.profile == name]
    elsewhere = set(applied_files(paths, name)) - {os.path.realpath(one.path) for one in here}
    if elsewhere:
        raise BadInput(
            _("The profile '{name}' is in use in {files}.", name=quoted(name), files=join_list(sorted(elsewhere))),
            _("Use another profile there first, or `ccswitch off`, with the environment in which that file is found."),
        )
    return [one.target for one in here]


def _forget_traces(paths: Paths, name: str, new_name: str | None = None) -> None:
    with shielded():
        for target_id in TARGETS:
            with suppress(CcswitchError):  # the profile is gone; undo passes over steps to it anyway
                forget_steps_to(paths, name, target_id, new_name)
        forget_test(paths, name)


def _forget(paths: Paths, name: str) -> None:
    forget_launches(paths, name)
    remove_file(paths.profile(name))

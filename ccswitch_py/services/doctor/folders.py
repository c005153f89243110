"""Check that ccswitch can write where it must, without writing anything."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ccswitch_py.core.language import N_
from ccswitch_py.live_files import obstacles
from ccswitch_py.model.doctor_finding import Finding, broken
from ccswitch_py.targets.inspection import Inspection
from ccswitch_py.targets.registry import TARGETS

NEEDED_BYTES = 1024 * 1024

READ_ONLY = broken(
    "folder_read_only",
    N_("{file} is not writable, so no profile can be used or changed."),
    N_("Make that folder, or its disk, writable for your user."),
)
FULL = broken(
    "disk_full",
    N_("The disk of {file} is full, so no profile can be used or changed."),
    N_("Free some space on that disk."),
)


LINKED, READ_ONLY_FILE, MOUNTED, IMMUTABLE, FOREIGN = [
    broken(one.code, one.sentence, one.hint)
    for one in (obstacles.LINKED, obstacles.READ_ONLY, obstacles.MOUNTED, obstacles.IMMUTABLE, obstacles.FOREIGN)
]


def examine(inspection: Inspection) -> Iterator[Finding]:
    """The live files, their folders and our own; for a missing one, the nearest that exists."""
    paths = inspection.paths
    own = (paths.config, paths.profiles, paths.state, paths.journal, paths.locks)
    files = [one.path for target in TARGETS.values() for one in target.live_files(inspection.environ)]
    kinds = {kind.code: kind for kind in (LINKED, READ_ONLY_FILE, MOUNTED, IMMUTABLE, FOREIGN)}
    for path in files:
        obstacle = obstacles.find_obstacle(path)
        if obstacle and obstacle.code in kinds:
            yield Finding(kinds[obstacle.code], path=path)
    live = [os.path.dirname(os.path.realpath(path)) for path in files]
    folders = list(dict.fromkeys(map(_existing, (*own, *live))))
    shut = {folder for folder in folders if not os.access(folder, os.W_OK | os.X_OK)}
    for folder in folders:
        if folder in shut and os.path.dirname(folder) not in shut:
            yield Finding(READ_ONLY, path=folder)
    disks = {os.stat(folder).st_dev: folder for folder in reversed(folders) if folder not in shut}
    for folder in disks.values():
        if _is_full(folder):
            yield Finding(FULL, path=folder)


def _existing(folder: str) -> str:
    while not os.path.isdir(folder) and (above := os.path.dirname(folder)) != folder:
        folder = above
    return folder


def _is_full(folder: str) -> bool:
    if not hasattr(os, "statvfs"):
        return False
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    has_no_room = found.f_blocks > 0 and found.f_bavail * found.f_frsize < NEEDED_BYTES
    return has_no_room or (found.f_files > 0 and found.f_favail == 0)

"""What keeps a file from being replaced although it can be read: ``use`` stops with it, and the doctor finds it before.

Nothing here is imported until something is in the way.
"""

from __future__ import annotations

import os
import re
import stat
import sys

from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.language import N_, _, join_sentences
from ccswitch_py.core.record import Record

_GET_FLAGS = 0x80086601
"""``FS_IOC_GETFLAGS`` of ``linux/fs.h`` on 64-bit machines."""
_FIXED = 0x10 | 0x20
"""``FS_IMMUTABLE_FL`` and ``FS_APPEND_FL``."""
_FIXED_ON_BSD = stat.UF_IMMUTABLE | stat.UF_APPEND | stat.SF_IMMUTABLE | stat.SF_APPEND


class Obstacle(Record):
    """An obstacle, with the way forward; ``code`` is that of the doctor's finding."""

    code: str
    sentence: str
    hint: str

    def error(self, path: str) -> FileNotChanged:
        """What stops a change of ``path``."""
        message = join_sentences(_(self.sentence, file=path), _("Nothing was changed."))
        return FileNotChanged(message, _(self.hint, file=path))


LINKED = Obstacle(
    "live_file_hard_linked",
    N_("{file} has another name (a hard link), which would keep the old content."),
    N_("Replace one of the two by a symlink, or use `ccswitch run NAME`, which leaves the file alone."),
)
READ_ONLY = Obstacle(
    "live_file_read_only",
    N_("{file} is read-only."),
    N_("Make it writable (chmod u+w), or use `ccswitch run NAME`, which leaves the file alone."),
)
MOUNTED = Obstacle(
    "live_file_mounted",
    N_("{file} is mounted as a single file, so it cannot be replaced."),
    N_("Mount its folder instead, or use `ccswitch run NAME`, which leaves the file alone."),
)
IMMUTABLE = Obstacle(
    "live_file_immutable",
    N_("{file} is immutable or append-only."),
    N_("Run `sudo chattr -i -a {file}` (macOS: `chflags`), or use `ccswitch run NAME`, which leaves the file alone."),
)
FOREIGN = Obstacle(
    "live_file_of_another_user",
    N_("{file} belongs to another user or group."),
    N_("Run `sudo chown $(id -u):$(id -g) {file}`, or use `ccswitch run NAME`, which leaves the file alone."),
)
IN_CLOSED_FOLDER = Obstacle(
    "live_folder_read_only",
    N_("The folder of {file} is not writable, or its disk is read-only."),
    N_("Make the folder writable, or use `ccswitch run NAME`, which leaves the file alone."),
)


def find_obstacle(path: str) -> Obstacle | None:
    """What keeps a file (where its symlinks lead) from being replaced; None if nothing is seen."""
    path = os.path.realpath(path)
    try:
        found = os.stat(path)
    except OSError:
        return None
    if found.st_nlink > 1:
        return LINKED
    if not found.st_mode & 0o222:
        return READ_ONLY
    if path in _mount_points():
        return MOUNTED
    if getattr(found, "st_flags", 0) & _FIXED_ON_BSD or _linux_flags(path) & _FIXED:
        return IMMUTABLE
    if os.name == "posix" and not (_is_mine(found) or _may_change_owners()):
        return FOREIGN
    return None if os.access(os.path.dirname(path), os.W_OK | os.X_OK) else IN_CLOSED_FOLDER


def _mount_points() -> list[str]:
    """See https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html; blanks are escaped as in octal."""
    try:
        with open("/proc/self/mountinfo", "rb") as file:
            points = [line.split(b" ")[4] for line in file]
    except OSError:
        return []
    return [os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), one)) for one in points]


def _linux_flags(path: str) -> int:
    if sys.platform != "linux":
        return 0
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return int.from_bytes(fcntl.ioctl(descriptor, _GET_FLAGS, bytes(8))[:4], sys.byteorder)
        finally:
            os.close(descriptor)
    except OSError:
        return 0  # a file system without flags


def _is_mine(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and found.st_gid in (os.getegid(), *os.getgroups())


def _may_change_owners() -> bool:
    """Whether a new file can get any owner; the root of a container often has not ``CAP_CHOWN``, which is bit 0."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            return any(int(line.split()[1], 16) & 1 for line in file if line.startswith("CapEff:"))
    except OSError:
        return os.geteuid() == 0

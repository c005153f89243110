"""Replacing a file so that a reader, a crash or a full disk never meets half of it."""

from __future__ import annotations

import errno
import os
import stat
import time
from _thread import get_native_id

from ccswitch_py.core.errors import BadInput, FileNotChanged, reason_of
from ccswitch_py.core.language import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

TEMPORARY = ".ccswitch-new"
"""How the names of files end that are not whole yet; before it stand the ids of the process and the thread."""

LONGEST_WRITE_S = 60
_NOT_REGULAR = N_("not a regular file")
_LARGEST_OWN_FILE = 1024 * 1024
"""Bytes of a file of ours that users edit."""
_LARGEST_JSON = 64 * 1024 * 1024


def replace_file(
    path: str,
    data: bytes,
    *,
    mode: int = 0o600,
    like: os.stat_result | None = None,
    before_rename: Callable[[], None] | None = None,
    rename: Callable[[str, str], None] = os.replace,
    after_rename: Callable[[], None] | None = None,
    durable: bool = True,
) -> None:
    """Write ``data`` beside ``path``, make it durable, and rename it over ``path`` in one step.

    ``like`` is the file whose owner and extended attributes the new one gets. ``before_rename`` may raise to stop at
    the last moment, ``rename`` does it (and may leave something else in the place of the first file), ``after_rename``
    hears of it first. What need not outlive a power cut is not ``durable``, and quicker. Raises ``OSError``; then
    ``path`` is as it was, unless ``after_rename`` was called.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.{get_native_id()}{TEMPORARY}")
    _remove_leftovers(folder)
    _unlink(temporary)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            _write_all(descriptor, data)
            if like is not None:
                _keep_owner(descriptor, path, like)
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode)
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if before_rename is not None:
            before_rename()
        rename(temporary, path)
        if after_rename is not None:
            after_rename()
    except BaseException:
        _unlink(temporary)
        raise
    if rename is not os.replace:
        _try_to_unlink(temporary)
    if durable:
        try_to_sync(folder)


def write_own_file(path: str, data: bytes, *, durable: bool = True) -> None:
    """Replace one of our own files (mode 0600), making its folders (0700) where they are missing.

    A symlink stays, and what it leads to is replaced. Raises ``FileNotChanged`` with the reason.
    """
    try:
        real_path = os.path.realpath(path)
        if os.path.islink(real_path):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))  # noqa: TRY301 (it is told like the others)
        make_folder(os.path.dirname(real_path))
        replace_file(real_path, data, durable=durable)
    except OSError as error:
        raise write_error(path, error) from error


def write_error(path: str, error: OSError) -> FileNotChanged:
    """What to tell the user when the system does not let us write."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            advice = _("Free some space on that disk, then do this again.")
        case errno.EROFS | errno.EACCES | errno.EPERM:
            advice = _("Make its folder writable, then do this again.")
        case _:
            advice = _("Check the file and its folder, then do this again.")
    return FileNotChanged(
        _("{file} cannot be written ({reason}); it is as it was.", file=path, reason=reason_of(error)), advice
    )


def make_folder(folder: str) -> None:
    """Make a folder and its parents for this user alone; folders that exist are left as they are."""
    if os.path.isdir(folder):
        return
    make_folder(os.path.dirname(folder))
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        return


def read_bytes(path: str, limit: int = -1) -> bytes | None:
    """The content of a file, or None where there is none; an ``OSError`` names the file.

    What is no regular file is not read, for a named pipe would not end. ``limit`` is the most bytes that are read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if not stat.S_ISREG(mode):
                raise OSError(errno.EINVAL, _NOT_REGULAR)
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(limit)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None
    except OSError as error:
        error.filename = path
        raise


def read_own_json(path: str) -> Any:
    """The value in a JSON file of ours, or None where there is none.

    Raises ``OSError``, and ``ValueError`` for what is no JSON, nested too deeply or larger than 64 MiB.
    """
    data = read_bytes(path, _LARGEST_JSON + 1)
    if data is None:
        return None
    if len(data) > _LARGEST_JSON:
        raise ValueError("too large")
    return parse_json(data)


def parse_json(data: bytes) -> Any:
    """The value of a JSON text; raises ``ValueError`` also where it is nested too deeply."""
    import json

    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def read_own_file(path: str) -> bytes | None:
    """The content of a file that users edit, or None where there is none; raises ``BadInput`` with the reason."""
    try:
        data = read_bytes(path, _LARGEST_OWN_FILE + 1)
    except OSError as error:
        raise BadInput(
            _("{file} cannot be read ({reason}).", file=path, reason=reason_of(error)), _("Fix or remove it.")
        ) from error
    if data is not None and len(data) > _LARGEST_OWN_FILE:
        raise BadInput(_("{file} is larger than 1 MiB.", file=path), _("Fix or remove it."))
    return data


def remove_file(path: str) -> None:
    """Remove a file durably; one that is absent already is fine. Raises ``OSError``; then it is still there."""
    if _unlink(path):
        try_to_sync(os.path.dirname(path))


def try_to_sync(*paths: str) -> None:
    """Make the content of files, and renames and removals in folders, durable, in this order."""
    for path in paths:
        try:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            return  # it is done; some systems cannot say when that outlives a power cut


def _try_to_unlink(path: str) -> None:
    try:
        _unlink(path)
    except OSError:
        return  # the next write removes it


def is_leftover(path: str) -> bool:
    """Whether it is half of a file, left by a process that was killed.

    A process of another container seems to have ended as well, so only one of more than ``LONGEST_WRITE_S`` is.
    """
    name = os.path.basename(path)
    if not (name.startswith(".") and name.endswith(TEMPORARY)):
        return False
    process_id = name.removesuffix(TEMPORARY).rpartition(".")[0].rpartition(".")[2]
    if not process_id.isdecimal() or _may_be_alive(int(process_id)):
        return False
    try:
        return time.time() - os.lstat(path).st_mtime > LONGEST_WRITE_S
    except OSError:
        return False


def _remove_leftovers(folder: str) -> None:
    try:
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if is_leftover(path):
                _unlink(path)
    except OSError:
        return  # what is not for us to see or to remove does not stop a write


def _may_be_alive(pid: int) -> bool:
    if os.name == "nt":
        return True  # there, asking would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _keep_owner(descriptor: int, path: str, like: os.stat_result) -> None:
    if hasattr(os, "fchown"):
        mine = os.fstat(descriptor)
        if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
            os.fchown(descriptor, like.st_uid, like.st_gid)
    if hasattr(os, "listxattr"):
        _copy_attributes(path, descriptor)


def _copy_attributes(path: str, descriptor: int) -> None:
    try:
        attributes = os.listxattr(path)
    except OSError:
        return  # there is no file yet, or its file system has none
    for attribute in attributes:
        try:
            os.setxattr(descriptor, attribute, os.getxattr(path, attribute))
        except OSError:
            continue  # one that is not for us to set


def _unlink(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True

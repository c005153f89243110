"""Read any program's files, and replace files atomically."""

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
"""Suffix of incomplete files, after the process and thread ids."""

LONGEST_WRITE_S = 60
_NOT_REGULAR = N_("not a regular file")
_LARGEST_OWN_FILE = 1024 * 1024
"""Maximum bytes of a file of ours that users edit."""
_LARGEST_JSON = 64 * 1024 * 1024
_LIMIT_BYTES = 8 * 1024 * 1024
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFile(Exception):
    """The file exists and cannot be read; ``str()`` is a sentence for the user."""


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

    The new file gets the owner and extended attributes of ``like``. ``before_rename`` may raise to abort; ``rename``
    may leave another file at the temporary path; ``after_rename`` is called right after it. Without ``durable`` it is
    faster and may not survive a power cut. Raises ``OSError``; then ``path`` is unchanged, unless ``after_rename`` was
    called.
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


def write_own_file(path: str, data: bytes, *, durable: bool = True, mode: int = 0o600) -> None:
    """Replace one of our own files, making its folders (0700) where they are missing.

    A symlink stays, and what it leads to is replaced. Raises ``FileNotChanged`` with the reason.
    """
    try:
        real_path = os.path.realpath(path)
        if os.path.islink(real_path):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))  # noqa: TRY301 (reported like the others)
        make_folder(os.path.dirname(real_path))
        replace_file(real_path, data, durable=durable, mode=mode)
    except OSError as error:
        raise write_error(path, error) from error


def write_error(path: str, error: OSError) -> FileNotChanged:
    """The error to show for a failed write."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            advice = _("Free some space on that disk, then try again.")
        case errno.EROFS | errno.EACCES | errno.EPERM:
            advice = _("Make its folder writable, then try again.")
        case _:
            advice = _("Check the file and its folder, then try again.")
    return FileNotChanged(
        _("{file} cannot be written ({reason}); it is unchanged.", file=path, reason=reason_of(error)), advice
    )


def make_folder(folder: str) -> None:
    """Create a folder and its parents with mode 0700; existing ones are left unchanged."""
    if not folder or os.path.isdir(folder):
        return
    make_folder(os.path.dirname(folder))
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        return


def read_bytes(path: str, limit: int = -1) -> bytes | None:
    """Read at most ``limit`` bytes of a file; None if there is none. An ``OSError`` names the file.

    Anything but a regular file is refused: a named pipe would not end.
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
    from ccswitch_py.core.json_codec import loads

    try:
        return loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def read_own_file(path: str) -> bytes | None:
    """Read a file that users edit; None if there is none. Raises ``BadInput`` with the reason."""
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
    """Remove a file durably, if it exists; raises ``OSError``."""
    if _unlink(path):
        try_to_sync(os.path.dirname(path))


def try_to_sync(*paths: str) -> None:
    """Flush files and folders to disk, in this order, where the system can."""
    for path in paths:
        try:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            return  # some systems cannot


def _try_to_unlink(path: str) -> None:
    try:
        _unlink(path)
    except OSError:
        return  # the next write removes it


def is_leftover(path: str) -> bool:
    """Whether a file is an incomplete one, left by a killed process.

    A process of another container seems dead too, so the file must be older than ``LONGEST_WRITE_S``.
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
        return  # what we may not see or remove does not prevent a write


def _may_be_alive(pid: int) -> bool:
    if os.name == "nt":
        return True  # there, os.kill would end it
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
        return  # no file yet, or no support
    for attribute in attributes:
        try:
            os.setxattr(descriptor, attribute, os.getxattr(path, attribute))
        except OSError:
            continue  # not ours to set


def _unlink(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


def read_text(path: str) -> str | None:
    """Read a text file; None if there is none. Invalid UTF-8 is replaced.

    Raises ``UnreadableFile`` as ``read_data`` does.
    """
    data = read_data(path)
    if data is None:
        return None
    encoding = "utf-16" if data[:2] in _UTF_16 else "utf-8-sig"
    return data.decode(encoding, "replace")


def read_data(path: str, limit_bytes: int = _LIMIT_BYTES) -> bytes | None:
    """Read a file of any program; None if there is none.

    Raises ``UnreadableFile``, also for anything but a regular file (a pipe would block) and for more than
    ``limit_bytes``.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # some devices act on being opened
            raise UnreadableFile(_("It is not a file."))
        data = read_bytes(path, limit_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableFile(_("It cannot be read ({reason}).", reason=reason_of(error))) from error
    except ValueError:  # a path with a zero in it
        return None
    if data and len(data) > limit_bytes:
        raise UnreadableFile(_("It is too large to read."))
    return data

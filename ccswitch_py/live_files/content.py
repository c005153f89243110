"""The content of a live file, replaced only if nobody has changed it meanwhile."""

from __future__ import annotations

import codecs
import errno
import os
import stat
import time

from ccswitch_py.core.errors import FileNotChanged, reason_of
from ccswitch_py.core.files import make_folder, read_bytes, remove_file, replace_file, try_to_sync, write_error
from ccswitch_py.core.language import _
from ccswitch_py.core.lock import folder_lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

NEW_FILE_MODE = 0o600
SETTLED_S = 1.0
"""How long a blank file has to be left alone before it counts as an empty object."""
_ROUNDS = 3
_OBSTRUCTED = (errno.EACCES, errno.EBUSY, errno.EPERM, errno.EROFS)
_LIMIT_BYTES = 64 * 1024 * 1024
# Claude Code reads UTF-8, and UTF-16 where a byte order mark says so (measured with 2.1.197).
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class ChangedUnderneath(Exception):
    """Another program wrote the file between our reading and our writing; read it again."""


class BeingWritten(FileNotChanged):
    """The file has just been emptied: another program may be in the middle of writing it."""


class WrittenOver(ChangedUnderneath):
    """Another program wrote the file right after we had replaced it."""


class FileContent:
    """What a live file held when it was read; ``data`` and ``text`` are None where there is no file.

    ``path`` is the file as the tool names it, ``real_path`` where its symlinks lead; ``replaced`` says whether a
    ``replace`` has done its work, also when it was interrupted afterwards.
    """

    def __init__(self, path: str) -> None:
        """Read the file; raises ``FileNotChanged`` for one that cannot be read or decoded."""
        self.path = path
        self.replaced = False
        self.real_path = os.path.realpath(path)
        try:
            self._stat = os.stat(self.real_path)
            if not stat.S_ISREG(self._stat.st_mode):
                raise FileNotChanged(
                    _("{file} is not a file.", file=path), _("Move it away, or set the tool's folder elsewhere.")
                )
            if self._stat.st_size > _LIMIT_BYTES:
                raise FileNotChanged(_("{file} is larger than 64 MiB.", file=path), _("Find out what filled it first."))
            self.data = read_bytes(self.real_path)
        except FileNotFoundError:
            self._stat = None
            self.data = None
        except OSError as error:
            raise FileNotChanged(
                _("{file} cannot be read ({reason}).", file=path, reason=reason_of(error)), _("Check its permissions.")
            ) from error
        self._mark = b""
        self._encoding = "utf-8"
        self.text = self._decoded()

    def _decoded(self) -> str | None:
        if self.data is None:
            return None
        for mark, encoding in _MARKS:
            if self.data.startswith(mark):
                self._mark, self._encoding = mark, encoding
        return self.decoded(self.data)

    def decoded(self, data: bytes) -> str:
        """The text of ``data`` in this file's encoding, without its byte order mark; raises ``FileNotChanged``."""
        body = data.removeprefix(self._mark)
        try:
            return body.decode(self._encoding)
        except UnicodeDecodeError as error:
            line = body.count(b"\n", 0, error.start) + 1
            raise FileNotChanged(
                _(
                    "{file}, line {line}: it is not valid {encoding}.",
                    file=self.path,
                    line=line,
                    encoding=self._encoding.upper(),
                ),
                _("Save it as UTF-8, then try again."),
            ) from error

    def encoded(self, text: str) -> bytes:
        """The bytes of ``text`` in this file's encoding, with its byte order mark."""
        return self._mark + text.encode(self._encoding)

    @property
    def is_being_written(self) -> bool:
        """Whether the file was emptied a moment ago, as by a program that truncates it and then writes.

        To take it for an empty object would lose what that program writes into the file that we replace.
        """
        if self._stat is None or self.text is None or self.text.strip():
            return False
        return -SETTLED_S < time.time() - self._stat.st_mtime < SETTLED_S

    def write_copy(self, path: str, text: str) -> None:
        """Write ``text`` to another path, with the mode and owner of this file; raises ``FileNotChanged``."""
        try:
            self._check_writable()
            make_folder(os.path.dirname(path))
            replace_file(path, self.encoded(text), mode=self._mode, like=self._stat)
        except OSError as error:
            raise self._write_error(error) from error

    def replace(self, text: str | None, *, onto: Callable[[str], str] | None = None) -> None:
        """Make ``text`` the content of the file (None removes it) and read it back.

        ``onto`` is for a file that another program has written lately: a write between our last comparison and our
        rename would be lost silently. So the files are exchanged, and if the displaced content is not what was read,
        ``onto`` of it becomes the content; it raises ``ValueError`` for an unusable text, such as a truncated one.

        Raises ``ChangedUnderneath`` if the file is no longer what was read, and ``FileNotChanged`` with the reason if
        it cannot be written; the file is unchanged in both cases. After the replacement, raises ``WrittenOver`` if
        another program wrote right after us, and ``FileNotChanged`` if the file cannot be read back.
        """
        try:
            self._check_writable()
            folder = os.path.dirname(self.real_path)
            if text is not None:
                make_folder(folder)
            with folder_lock(folder):
                self._replace(text, onto)
        except OSError as error:
            raise self._not_read_back(error) if self.replaced else self._write_error(error) from error

    def _replace(self, text: str | None, onto: Callable[[str], str] | None) -> None:
        if text is None:
            self._compare()
            remove_file(self.real_path)
            self.replaced = True
            return
        data = self.encoded(text)
        if onto is None or self.data is None:
            self._put(data, self._compare, os.replace)
        else:
            data = self._exchange(data, onto)
        if read_bytes(self.real_path) != data:
            raise WrittenOver

    def _put(
        self, data: bytes, compare: Callable[[], None], rename: Callable[[str, str], None], *, durable: bool = True
    ) -> None:
        replace_file(
            self.real_path,
            data,
            mode=self._mode,
            like=self._stat,
            before_rename=compare,
            rename=rename,
            after_rename=self._mark_replaced,
            durable=durable,
        )

    def _exchange(self, data: bytes, onto: Callable[[str], str]) -> bytes:
        """Write ``data``; rebase and retry if the displaced content was unexpected. Return what was written last."""
        from ccswitch_py.live_files.exchange import FileExchange

        def rebase(theirs: bytes) -> bytes:
            text = theirs.removeprefix(self._mark).decode(self._encoding)
            if not text.strip():
                raise ValueError("another program is in the middle of writing the file")
            return self.encoded(onto(text))

        swap = FileExchange(data, self.data or b"", rebase)
        try:
            for at in range(_ROUNDS):
                data = swap.next or data
                # Until their text is rebased, readers see their older values, so later rounds skip fsync.
                self._put(data, _skip_comparison if at else self._compare, swap.exchange, durable=at == 0)
                if swap.next is None:
                    if at:
                        try_to_sync(self.real_path, os.path.dirname(self.real_path))
                    return data
        except (FileNotFoundError, ValueError):
            raise (WrittenOver if self.replaced else ChangedUnderneath) from None
        # The other program keeps writing: keep the newest of its texts that was seen.
        data = swap.next or data
        self._put(data, _skip_comparison, os.replace)
        return data

    def _write_error(self, error: OSError) -> FileNotChanged:
        from ccswitch_py.live_files.obstacles import find_obstacle

        obstacle = find_obstacle(self.path) if error.errno in _OBSTRUCTED else None
        return obstacle.error(self.path) if obstacle else write_error(self.path, error)

    def _not_read_back(self, error: OSError) -> FileNotChanged:
        return FileNotChanged(
            _("{file} was written, but cannot be read back ({reason}).", file=self.path, reason=reason_of(error)),
            _("Check that file and its disk; `ccswitch undo` reverts the change."),
        )

    @property
    def _mode(self) -> int:
        return stat.S_IMODE(self._stat.st_mode) if self._stat else NEW_FILE_MODE

    def _mark_replaced(self) -> None:
        self.replaced = True

    def _check_writable(self) -> None:
        # A rename would also replace a file that its owner made read-only on purpose, and leave its other names behind.
        if self._stat and (not self._stat.st_mode & 0o222 or self._stat.st_nlink > 1):
            raise self._write_error(OSError(errno.EPERM, os.strerror(errno.EPERM)))

    def _compare(self) -> None:
        """Raise ``ChangedUnderneath`` unless all is as it was read; the quickest comparison is last."""
        now = _identity(self.real_path)
        same = os.path.realpath(self.path) == self.real_path and read_bytes(self.real_path) == self.data
        if not same or _identity(self.real_path) != now:
            raise ChangedUnderneath


def _identity(path: str) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _skip_comparison() -> None:
    """Skip the comparison: the file is our own."""

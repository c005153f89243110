"""Locks between processes; the kernel releases those of a killed one."""

from __future__ import annotations

import os
import time

from ccswitch_py.core.errors import FileNotChanged, reason_of
from ccswitch_py.core.files import make_folder, write_error
from ccswitch_py.core.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths

PATIENCE_S = 20.0
_RETRY_S = 0.02


class state_lock:  # noqa: N801 (used as a function; contextlib would cost the quick commands a twentieth)
    """Let only one ccswitch of this home change files; raises ``FileNotChanged`` after ``patience_s``."""

    def __init__(self, paths: Paths, patience_s: float = PATIENCE_S) -> None:
        self._path = os.path.join(paths.locks, "ccswitch.lock")
        self._patience_s = patience_s
        self._descriptor = -1

    def __enter__(self) -> None:
        try:
            make_folder(os.path.dirname(self._path))
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise write_error(self._path, error) from error
        try:
            _lock(self._descriptor, self._patience_s)
        except BaseException as problem:
            os.close(self._descriptor)
            if not isinstance(problem, OSError):
                raise
            reason = reason_of(problem)
            raise FileNotChanged(
                _("{file} cannot be locked ({reason}); nothing was changed.", file=self._path, reason=reason),
                _("Keep that folder on a disk of this machine: CCSWITCH_HOME names another one."),
            ) from problem

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


class folder_lock:  # noqa: N801 (used as a function)
    """Keep a ccswitch of another home from replacing files in this folder; raises ``FileNotChanged``.

    Locks the folder itself, so no file is left; does nothing where the system can't.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._descriptor = -1

    def __enter__(self) -> None:
        if not hasattr(os, "O_DIRECTORY"):
            return
        try:
            self._descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            _lock(self._descriptor, PATIENCE_S)
        except OSError:
            return
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)


def _lock(descriptor: int, patience_s: float) -> None:
    if _try_lock(descriptor):
        return
    from ccswitch_py.core.cancellation import CancellableWait

    wait, deadline = CancellableWait(), time.monotonic() + patience_s
    while not _try_lock(descriptor):
        if time.monotonic() > deadline:
            raise FileNotChanged(
                _("Another ccswitch is still changing files."), _("Wait until it finishes, then try again.")
            )
        time.sleep(wait.next_s(_RETRY_S))


def _try_lock(descriptor: int) -> bool:
    if os.name == "nt":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # pyright: ignore
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""One ccswitch at a time changes files; the kernel frees the lock of a process that was killed."""

from __future__ import annotations

import contextlib
import os
import time

from ccswitch_py.errors import FileNotChanged
from ccswitch_py.files import make_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from ccswitch_py.paths import Paths

PATIENCE_S = 20.0
_RETRY_S = 0.02


@contextlib.contextmanager
def changing_files(paths: Paths, patience_s: float = PATIENCE_S) -> Generator[None]:
    """Hold the lock while the block runs; raises ``FileNotChanged`` when another process keeps it too long."""
    make_folder(paths.locks)
    descriptor = os.open(os.path.join(paths.locks, "ccswitch.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + patience_s
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise FileNotChanged(
                    "Another ccswitch is still changing files.",
                    "Wait until it has ended, then do this again.",
                )
            time.sleep(_RETRY_S)
        yield
    finally:
        os.close(descriptor)


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

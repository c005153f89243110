"""Stopping a job that waits: whatever may wait for long looks here, and the job that was asked to stop ends there.

Only the screen has jobs that can be stopped. The quick verbs never load this: what they share with the screen looks
into ``sys.modules`` whether it is here.
"""

from __future__ import annotations

import threading
import time

from ccswitch_py.core.errors import Interrupted
from ccswitch_py.core.language import _

POLL_INTERVAL_S = 0.05
GRACE_S = 3.0
"""How long one wait may take while the job finishes or takes back what it has begun, once it was asked to stop."""

_of_thread = threading.local()


class CancelToken:
    """The wish that one job ends; the job may be quicker, and then it is done."""

    def __init__(self) -> None:
        self.is_asked = False
        self.is_heard = False
        self.finishing = 0

    def ask(self) -> None:
        """End the job where it waits now, or where it waits next."""
        self.is_asked = True


class cancellable_by:  # noqa: N801 (used as a function)
    """While the block runs, its thread can be stopped."""

    def __init__(self, stop: CancelToken | None) -> None:
        self._stop = stop

    def __enter__(self) -> None:
        _of_thread.stop = self._stop

    def __exit__(self, *_: object) -> None:
        _of_thread.stop = None


class shielded:  # noqa: N801 (used as a function)
    """The block tidies up: a stop ends it only where it waits longer than ``GRACE_S``."""

    def __enter__(self) -> None:
        self._stop = current_token()
        if self._stop:
            self._stop.finishing += 1

    def __exit__(self, *_: object) -> None:
        if self._stop:
            self._stop.finishing -= 1


class CancellableWait:
    """One wait that may be long, taken in pieces."""

    def __init__(self) -> None:
        self._stop = current_token()
        self._began = time.monotonic()

    def next_s(self, left_s: float) -> float:
        """How long to wait before asking this again, if ``left_s`` are left; raises ``Interrupted``.

        What follows an ``Interrupted`` takes back what was begun, so it is given time as in ``shielded``.
        """
        if self._stop is None:
            return left_s
        if self._stop.is_asked:
            may_finish = self._stop.finishing or self._stop.is_heard
            if not may_finish or time.monotonic() - self._began > GRACE_S:
                self._stop.is_heard = True
                raise Interrupted(_("Stopped."))
        return min(left_s, POLL_INTERVAL_S)


def current_token() -> CancelToken | None:
    """What can stop the job of this thread."""
    return getattr(_of_thread, "stop", None)

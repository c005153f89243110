"""Cancels jobs: every long wait polls here, and raises ``Interrupted`` in a job that was cancelled.

Only the screen has jobs that can be cancelled. The quick commands share these waits, so this imports nothing heavy.
"""

from __future__ import annotations

import time
from contextvars import ContextVar

from ccswitch_py.core.errors import Interrupted
from ccswitch_py.core.language import _

POLL_INTERVAL_S = 0.05
GRACE_S = 3.0
"""How long one wait may take while a cancelled job finishes or rolls back."""

_current: ContextVar[CancelToken | None] = ContextVar("ccswitch_cancel_token", default=None)


class CancelToken:
    """The request to cancel one job; one that has ended before is not affected."""

    def __init__(self) -> None:
        self.is_cancelled = False
        self.is_heard = False
        self.finishing = 0

    def cancel(self) -> None:
        """End the job at its current or next wait."""
        self.is_cancelled = True


class cancellable_by:  # noqa: N801 (used as a function)
    """Let ``token`` cancel what this thread does in the block."""

    def __init__(self, token: CancelToken | None) -> None:
        self._token = token

    def __enter__(self) -> None:
        self._reset = _current.set(self._token)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._reset)


class shielded:  # noqa: N801 (used as a function)
    """Let the block finish in a cancelled job, unless one of its waits takes longer than ``GRACE_S``."""

    def __enter__(self) -> None:
        self._token = current_token()
        if self._token:
            self._token.finishing += 1

    def __exit__(self, *_: object) -> None:
        if self._token:
            self._token.finishing -= 1


class CancellableWait:
    """One wait that may be long, taken in slices."""

    def __init__(self) -> None:
        self._token = current_token()
        self._began = time.monotonic()

    def next_s(self, left_s: float) -> float:
        """Return how long to wait before asking again, if ``left_s`` are left; raises ``Interrupted``.

        What follows an ``Interrupted`` rolls back, so its waits are given time as in ``shielded``.
        """
        if self._token is None:
            return left_s
        if self._token.is_cancelled:
            may_finish = self._token.finishing or self._token.is_heard
            if not may_finish or time.monotonic() - self._began > GRACE_S:
                self._token.is_heard = True
                raise Interrupted(_("Stopped."))
        return min(left_s, POLL_INTERVAL_S)


def current_token() -> CancelToken | None:
    """Return the token of the current job, if it has one."""
    return _current.get()

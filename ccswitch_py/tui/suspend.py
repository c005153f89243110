"""Suspending the screen while another program, or plain text, has the terminal."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from textual.app import App


@contextmanager
def suspended(app: App[Any]) -> Generator[None]:
    """Leave the terminal, and Ctrl-C, to the block; raises ``SuspendNotSupported``."""
    problem: Exception | None = None
    with app.suspend():
        # A child would inherit SIG_IGN, but not this handler.
        before = signal.signal(signal.SIGINT, _ignore)
        try:
            yield
        except Exception as error:
            problem = error  # raised in here, it would leave the screen suspended
        finally:
            signal.signal(signal.SIGINT, before)
    app.refresh()
    if problem is not None:
        raise problem


def _ignore(_number: int, _frame: object) -> None:
    pass

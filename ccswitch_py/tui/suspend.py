"""Handing the terminal to another program, or to plain text, and taking it back."""

# Textual types an app only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from textual.app import App


@contextmanager
def handed_over(app: App[Any]) -> Generator[None]:
    """The block has the terminal, and Ctrl-C is its own; raises ``SuspendNotSupported``."""
    problem: Exception | None = None
    with app.suspend():
        # With SIG_IGN in its place a program that is started would ignore it, too.
        before = signal.signal(signal.SIGINT, _ignore)
        try:
            yield
        except Exception as error:
            problem = error  # out of here, the screen would never come back
        finally:
            signal.signal(signal.SIGINT, before)
    app.refresh()
    if problem is not None:
        raise problem


def _ignore(_number: int, _frame: object) -> None:
    pass

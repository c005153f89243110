"""Shows what is being waited for once it takes a moment: on stderr, and only on a terminal."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ccswitch_py.cli.output.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

AFTER_S = 1.0
_LOOK_EVERY_S = 0.1


@contextmanager
def said_when_slow() -> Generator[Callable[[str], None]]:
    """Yield a function for what the block does now; its line is erased at the end."""
    if not sys.stderr.isatty():
        yield lambda _words: None
        return
    terminal, ended, words = Terminal(sys.stderr), threading.Event(), ""

    def tell(text: str) -> None:
        nonlocal words
        words = text

    def show() -> None:
        shown = ""
        if ended.wait(AFTER_S):
            return
        with suppress(OSError):  # nobody looks any more
            while not ended.wait(_LOOK_EVERY_S):
                if words != shown:
                    shown = words
                    print(terminal.passing(shown), end="", file=sys.stderr, flush=True)
            print(terminal.passing(""), end="", file=sys.stderr, flush=True)

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield tell
    finally:
        ended.set()
        thread.join()

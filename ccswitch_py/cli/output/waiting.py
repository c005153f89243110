"""Shows what is being waited for once it takes a moment: on stderr, and only on a terminal."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
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
    line = _WaitingLine()
    thread = threading.Thread(target=line.show, daemon=True)
    thread.start()
    try:
        yield line.tell
    finally:
        line.ended.set()
        thread.join()


class _WaitingLine:
    def __init__(self) -> None:
        self.ended = threading.Event()
        self._stream = sys.stderr
        self._words = ""

    def tell(self, words: str) -> None:
        self._words = words

    def show(self) -> None:
        terminal, shown = Terminal(self._stream), ""
        if self.ended.wait(AFTER_S):
            return
        while not self.ended.wait(_LOOK_EVERY_S):
            if self._words != shown:
                shown = self._words
                self._print(terminal.passing(shown))
        self._print(terminal.passing(""))

    def _print(self, text: str) -> None:
        try:
            print(text, end="", file=self._stream, flush=True)
        except OSError:
            return  # nobody looks any more

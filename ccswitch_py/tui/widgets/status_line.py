"""The line of a screen with the result of the last action, or its error."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from textual.widgets import Static

from ccswitch_py.core.errors import CcswitchError, KeyUnavailable
from ccswitch_py.redact.printable import printable_lines


class StatusLine(Static):
    """The result of the last action; ``on_missing_key`` is called if that is a missing key."""

    def __init__(self, *, on_missing_key: Callable[[], object] | None = None) -> None:
        super().__init__(id="status", classes="empty", markup=False)
        self._on_missing_key = on_missing_key

    def show(self, text: str, *, is_error: bool = False) -> None:
        self.update(printable_lines(text))
        self.set_class(is_error, "error")
        self.set_class(not text, "empty")

    @contextmanager
    def errors_shown(self, prefix: str = "") -> Generator[None]:
        """Show an error of the block, after ``prefix``, instead of raising it."""
        try:
            yield
        except (CcswitchError, OSError) as error:
            from ccswitch_py.core.crash_report import error_text

            self.show(f"{prefix} {error_text(error)}".lstrip(), is_error=True)
            if isinstance(error, KeyUnavailable) and self._on_missing_key:
                self._on_missing_key()

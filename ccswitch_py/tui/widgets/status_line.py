"""What a form tells its user: how it went, or what is wrong."""

# Textual types the app of a widget only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from textual.widgets import Static

from ccswitch_py.core.crash_report import as_error
from ccswitch_py.core.errors import CcswitchError, KeyUnavailable
from ccswitch_py.tui.widgets.key_field import KeyField


class SaidLine(Static):
    """The text below the fields of a form whose key goes into ``key_field``."""

    def __init__(self, key_field: KeyField) -> None:
        super().__init__(id="said", markup=False)
        self._key_field = key_field

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Tell the user something, which may be that something is wrong."""
        self.update(text)
        self.set_class(wrong, "wrong")

    @contextmanager
    def problems(self, before: str = "") -> Generator[None]:
        """Say what goes wrong in the block, after ``before``."""
        try:
            yield
        except (CcswitchError, OSError) as problem:
            known = problem if isinstance(problem, CcswitchError) else as_error(problem)
            self.say(f"{before} {known}".lstrip(), wrong=True)
            if isinstance(known, KeyUnavailable):
                # What is pasted next is the key, and must not land in a field that shows it.
                self._key_field.focus()

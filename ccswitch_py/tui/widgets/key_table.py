"""The keys as rows that fit the width: how each is, its name, where it is kept and may go, its users, and its age."""

# Textual types the cells of a table only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import DataTable

from ccswitch_py.core.language import N_, _, join_list
from ccswitch_py.model.hosts import display_hosts
from ccswitch_py.model.listed_key import KeyLocation, KeyState, ListedKey
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.screens.keys.texts import KEPT_IN, state_of, users_of

_NAME, _KEPT_IN, _HOSTS, _USERS = N_("Name"), N_("Kept in"), N_("May go to"), N_("Used by")
_STORED, _STATE = N_("Stored"), N_("State")
_FIXED = {"": 1, _KEPT_IN: 8, _STORED: 10, _STATE: 14}
_SHARES = {_NAME: 3, _HOSTS: 4, _USERS: 4}
_WIDE = 100
_PADDING = 2
_SCROLLBAR = 1


class KeyTable(DataTable[Text]):
    """A row for each key; what the keyring has said of one stays until its secret is another one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "key-table--good",
        "key-table--bad",
        "key-table--unsure",
        "key-table--quiet",
    }
    DEFAULT_CSS = """
    KeyTable {
        height: 1fr;
        background: $background;
        scrollbar-size-vertical: 1;
        & > .key-table--good { color: $text-success; }
        & > .key-table--bad { color: $text-error; }
        & > .key-table--unsure { color: $text-warning; }
        & > .key-table--quiet { color: $text-muted; }
        & > .datatable--header { background: $background; color: $text-muted; text-style: none; }
        & > .datatable--cursor { background: $background; color: $foreground; text-style: none; }
        &:focus { background-tint: transparent; }
        &:focus > .datatable--cursor { background: $foreground 10%; color: $foreground; text-style: none; }
    }
    """

    @dataclass
    class Selected(Message):
        """The cursor is on this key now, or more is known of it."""

        key: ListedKey
        state: KeyState | None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="row")
        self._listed: list[ListedKey] = []
        self._told: dict[str, tuple[datetime | None, KeyState]] = {}

    @property
    def selected(self) -> ListedKey | None:
        """The key under the cursor."""
        return self._listed[self.cursor_row] if self.cursor_row < len(self._listed) else None

    @property
    def has_stored_keys(self) -> bool:
        """Whether there is anything that the keyring can be asked for."""
        return any(key.kept_in is KeyLocation.KEYRING for key in self._listed)

    def show(self, keys: Sequence[ListedKey]) -> None:
        """Show these keys; the cursor stays on its key."""
        before, row = self.selected, self.cursor_row
        self._listed = [*keys]
        known = (
            at for at, key in enumerate(keys) if before and (key.name, key.kept_in) == (before.name, before.kept_in)
        )
        self._draw(next(known, min(row, max(len(keys) - 1, 0))))

    def take_state(self, state: KeyState) -> None:
        """Show what the keyring says of a key."""
        for key in self._listed:
            if key.name == state.name and key.kept_in is KeyLocation.KEYRING:
                self._told[key.name] = key.stored, state
        self._draw(self.cursor_row)

    def on_resize(self, _event: events.Resize) -> None:
        """The columns follow the width."""
        self._draw(self.cursor_row)

    def notify_style_update(self) -> None:
        """Another theme has other colours."""
        super().notify_style_update()
        self.call_after_refresh(lambda: self._draw(self.cursor_row))

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell the screen."""
        event.stop()
        self._tell()

    def _tell(self) -> None:
        if key := self.selected:
            self.post_message(self.Selected(key, self._state(key)))

    def _state(self, key: ListedKey) -> KeyState | None:
        stored, state = self._told.get(key.name, (None, None))
        return state if stored == key.stored else None

    def _draw(self, row: int) -> None:
        width = self.size.width - _SCROLLBAR
        if width <= 0:
            return
        self.clear(columns=True)
        widths = _widths(width)
        for heading, room in widths.items():
            self.add_column(_(heading) if heading else "", width=room)
        for key in self._listed:
            cells = dict(self._cells(key))
            for heading, room in widths.items():
                cells[heading].truncate(room, overflow="ellipsis")
            self.add_row(*(cells[heading] for heading in widths))
        self.move_cursor(row=row)
        self._tell()

    def _cells(self, key: ListedKey) -> Iterator[tuple[str, Text]]:
        sign, how, words = state_of(key, self._state(key))
        yield "", Text(sign, self._colour(how))
        yield _NAME, Text(printable(key.name))
        missing = key.kept_in is KeyLocation.NOWHERE
        yield _KEPT_IN, Text(_(KEPT_IN[key.kept_in]), self._colour("bad" if missing else ""))
        yield _HOSTS, Text(printable(join_list(display_hosts(key.hosts))))
        yield _USERS, Text(users_of(key), self._colour("quiet" if key.is_unused else ""))
        yield _STORED, Text(f"{key.stored.astimezone():%Y-%m-%d}" if key.stored else "", self._colour("quiet"))
        yield _STATE, Text(words, self._colour(how or "quiet"))

    def _colour(self, how: str) -> Style:
        """The colour alone: the background is that of the row, on which the cursor may be."""
        return Style(color=self.get_component_rich_style(f"key-table--{how}").color) if how else Style()


def _widths(width: int) -> dict[str, int]:
    """The columns that there is room for, in their order."""
    headings = ["", _NAME, _KEPT_IN, _HOSTS, _USERS, _STORED, *([_STATE] if width >= _WIDE else [])]
    room = width - sum(_FIXED.get(heading, 0) + _PADDING for heading in headings)
    shares = sum(_SHARES.values())
    return {
        heading: _FIXED[heading] if heading in _FIXED else max(room * _SHARES[heading] // shares, 1)
        for heading in headings
    }

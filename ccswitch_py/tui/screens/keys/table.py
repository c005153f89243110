"""The table of keys: the state of each, its name, where it is stored, its hosts, its profiles and its age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from ccswitch_py.core.language import N_, _, join_list
from ccswitch_py.model.key_ref import display_hosts
from ccswitch_py.model.listed_key import KeyLocation, KeyState, ListedKey
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.screens.keys.texts import LOCATIONS, key_status, user_names
from ccswitch_py.tui.widgets.table import FittedColumn, Span, Table

_NAME, _KEPT_IN, _HOSTS, _USERS = N_("Name"), N_("Location"), N_("Allowed hosts"), N_("Used by")
_STORED, _STATE = N_("Stored"), N_("State")
_WIDTHS = {"": 1, _KEPT_IN: 8, _STORED: 10, _STATE: 14}
_SHARES = {_NAME: 3, _HOSTS: 4, _USERS: 4}
_COLUMNS = ("", _NAME, _KEPT_IN, _HOSTS, _USERS, _STORED, _STATE)
_WIDTH_FOR_STATE = 100
_GAP = 2


class KeyRow(NamedTuple):
    """A key and its state in the keyring (None: not checked since its secret was stored)."""

    key: ListedKey
    state: KeyState | None = None


class KeyTable(Table[KeyRow]):
    MARGIN = 1

    def __init__(self, *, empty: str) -> None:
        super().__init__(empty=empty)
        self._states: dict[str, tuple[datetime | None, KeyState]] = {}

    def show_keys(self, keys: Sequence[ListedKey]) -> None:
        self.show([KeyRow(key, self._state(key)) for key in keys])

    def add_state(self, state: KeyState) -> None:
        keys = [row.key for row in self.rows]
        for key in keys:
            if key.name == state.name and key.kept_in is KeyLocation.KEYRING:
                self._states[key.name] = key.stored, state
        self.show_keys(keys)

    def identity(self, row: KeyRow) -> object:
        return row.key.name, row.key.kept_in

    def columns(self, width: int) -> Sequence[FittedColumn]:
        width -= 1  # of the scrollbar, which would else move the columns
        titles = _COLUMNS if width >= _WIDTH_FOR_STATE else _COLUMNS[:-1]
        shared = width - sum(_WIDTHS.get(title, 0) + _GAP for title in titles)
        share = {title: max(shared * part // sum(_SHARES.values()), 1) for title, part in _SHARES.items()}
        return [FittedColumn(_(title) if title else "", {**_WIDTHS, **share}[title]) for title in titles]

    def cells(self, row: KeyRow) -> Sequence[Span]:
        key, (sign, style, status) = row.key, key_status(row.key, row.state)
        return [
            Span(sign, style or "text"),
            Span(printable(key.name)),
            Span(_(LOCATIONS[key.kept_in]), "bad" if key.kept_in is KeyLocation.NOWHERE else "text"),
            Span(printable(join_list(display_hosts(key.hosts)))),
            Span(user_names(key), "quiet" if key.is_unused else "text"),
            Span(f"{key.stored.astimezone():%Y-%m-%d}" if key.stored else "", "quiet"),
            Span(status, style or "quiet"),
        ]

    def _state(self, key: ListedKey) -> KeyState | None:
        stored, state = self._states.get(key.name, (None, None))
        return state if stored == key.stored else None

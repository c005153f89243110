"""The footer: the active keys, as many as fit."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from ccswitch_py.core.language import N_, _

_GAP = 2
_ALWAYS_SHOWN = ("stop", "quit", "help")
TEXTUAL_LABELS = (N_("Dismiss menu"),)
"""Labels of Textual's own widgets that are shown as well."""


class KeyBar(Widget):
    """One widget for all keys; Textual's footer has one for each, which delays the first paint."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--label"}
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        padding: 0 1;
        background: $footer-background;
        & > .key-bar--key { color: $footer-key-foreground; text-style: bold; }
        & > .key-bar--label { color: $footer-foreground; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._places: list[tuple[range, str]] = []
        self._kept = 0

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        for place, key in self._places:
            if event.x - 1 in place:
                self.app.simulate_key(key)

    @property
    def keys(self) -> list[tuple[str, str, str]]:
        """The key, its display and its label for each action; those of ``_ALWAYS_SHOWN`` are the last ones."""
        shown: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                shown.setdefault(active.binding.action.removeprefix("app."), active.binding)
        for action in _ALWAYS_SHOWN:
            if action in shown:
                shown[action] = shown.pop(action)
        self._kept = sum(action in shown for action in _ALWAYS_SHOWN)
        return [(one.key, self.app.get_key_display(one), _(one.description)) for one in shown.values()]

    def render(self) -> Content:
        """Draw the keys in order; the help lists the rest."""
        key_style, label_style = self.get_visual_style("key-bar--key"), self.get_visual_style("key-bar--label")
        self._places = []
        parts: list[Content] = []
        at = 0
        for key, display, label in self._fitting(self.size.width):
            width = _width(display, label)
            self._places.append((range(at, at + width), key))
            parts.append(Content.assemble((display, key_style), (f" {label}", label_style)))
            at += width + _GAP
        return Content(" " * _GAP).join(parts)

    def _fitting(self, room: int) -> list[tuple[str, str, str]]:
        keys = self.keys
        kept = max(self._kept, 1)
        last = keys[-kept:]
        left = room - sum(_width(display, label) + _GAP for _, display, label in last) + _GAP
        fitting: list[tuple[str, str, str]] = []
        for key in keys[:-kept]:
            left -= _width(*key[1:]) + _GAP
            if left < 0:
                break
            fitting.append(key)
        return [*fitting, *last]


def _width(display: str, label: str) -> int:
    return cell_len(display) + 1 + cell_len(label)

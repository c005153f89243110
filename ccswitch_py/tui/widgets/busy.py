"""One line that says what is waited for, and stops it; it is empty while nothing is."""

# Textual types the app of a widget only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, ParamSpec, TypeVar

from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from ccswitch_py.core.cancellation import CancelToken
from ccswitch_py.core.language import _
from ccswitch_py.tui.background import until_stopped

Arguments = ParamSpec("Arguments")
Found = TypeVar("Found")

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_STILL = "•"
_FRAME_S = 0.1
_LONG_S = 1.0


@dataclass(eq=False)
class _Job:
    text: str
    stop: CancelToken = field(default_factory=CancelToken)
    takes_long: bool = False


class Busy(Widget):
    """Runs jobs beside the screen and shows the latest; the screen's Escape asks ``stop`` first."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Busy {
        height: 1;
        padding: 0 2;
        color: $text-muted;
        & > .busy--sign { color: $text-primary; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"busy--sign"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._jobs: list[_Job] = []
        self._spinner: Timer | None = None
        self._frame = 0

    async def run(
        self, text: str, job: Callable[Arguments, Found], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Found:
        """What ``job`` returns or raises; ``Interrupted`` if it was stopped before it was done."""
        one = _Job(text)
        self._jobs.append(one)
        hint = self.set_timer(_LONG_S, lambda: self._say_how_to_stop(one))
        self._show()
        try:
            return await until_stopped(one.stop, job, *arguments, **options)
        except asyncio.CancelledError:
            one.stop.ask()  # nobody would hear how it ends
            raise
        finally:
            hint.stop()
            self._jobs.remove(one)
            self._show()

    @property
    def is_busy(self) -> bool:
        """Whether something is waited for."""
        return bool(self._jobs)

    def stop(self) -> bool:
        """Ask the latest job that was not asked yet to end where it waits; False if nothing runs."""
        for one in reversed(self._jobs):
            if not one.stop.is_asked:
                one.stop.ask()
                break
        self._show()
        return self.is_busy

    def stop_all(self) -> None:
        """Ask every job to end."""
        for one in self._jobs:
            one.stop.ask()
        self._show()

    def _say_how_to_stop(self, one: _Job) -> None:
        one.takes_long = True
        self.refresh()

    def _show(self) -> None:
        moves = self.is_busy and self.app.animation_level != "none"
        if moves and self._spinner is None:
            self._spinner = self.set_interval(_FRAME_S, self._turn)
        elif not moves and self._spinner is not None:
            self._spinner.stop()
            self._spinner = None
        self.refresh()

    def _turn(self) -> None:
        self._frame = (self._frame + 1) % len(_FRAMES)
        self.refresh()

    def render(self) -> Content:
        """The latest job, and how to stop it once it takes long."""
        if not self._jobs:
            return Content("")
        latest = self._jobs[-1]
        sign = (_FRAMES[self._frame] if self._spinner else _STILL, self.get_visual_style("busy--sign"))
        if latest.stop.is_asked:
            return Content.assemble(sign, " ", _("Stopping …"))
        how = "  " + _("esc stops") if latest.takes_long else ""
        return Content.assemble(sign, f" {latest.text}{how}")

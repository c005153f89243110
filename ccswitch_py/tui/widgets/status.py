"""The lines below a screen: the result of the last action, and the running job."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, ParamSpec, TypeVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ccswitch_py.core.cancellation import CancelToken, cancellable_by
from ccswitch_py.core.errors import CcswitchError, KeyUnavailable
from ccswitch_py.core.language import _
from ccswitch_py.redact.printable import printable_lines
from ccswitch_py.tui.background import in_background


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


Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_STATIC_SIGN = "•"
_FRAME_S = 0.1
_SLOW_S = 1.0


@dataclass(eq=False)
class _Job:
    text: str
    token: CancelToken = field(default_factory=CancelToken)
    is_slow: bool = False


class Busy(Widget):
    """Runs jobs off the UI thread and shows the latest; the Escape of a screen tries ``stop`` first."""

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

    def __init__(self) -> None:
        super().__init__()
        self._jobs: list[_Job] = []

    async def run(
        self, text: str, job: Callable[Arguments, Result], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Result:
        """Return or raise what ``job`` does; raises ``Interrupted`` if it was cancelled."""
        one = _Job(text)

        def cancellable() -> Result:
            with cancellable_by(one.token):
                return job(*arguments, **options)

        self._jobs.append(one)
        hint = self.set_timer(_SLOW_S, lambda: self._show_hint(one))
        self._update()
        try:
            return await in_background(cancellable)
        except asyncio.CancelledError:
            one.token.cancel()  # nobody awaits its result any more
            raise
        finally:
            hint.stop()
            self._jobs.remove(one)
            self._update()

    @property
    def is_busy(self) -> bool:
        return bool(self._jobs)

    @property
    def is_slow(self) -> bool:
        """Whether a job has run for a second."""
        return any(one.is_slow for one in self._jobs)

    def stop(self) -> bool:
        """Cancel the latest job that is not yet being cancelled; return False if none runs."""
        for one in reversed(self._jobs):
            if not one.token.is_cancelled:
                one.token.cancel()
                break
        self._update()
        return self.is_busy

    def stop_all(self) -> None:
        for one in self._jobs:
            one.token.cancel()
        self._update()

    def _show_hint(self, one: _Job) -> None:
        one.is_slow = True
        self.refresh()

    def _update(self) -> None:
        spins = self.is_busy and self.app.animation_level != "none"
        self.auto_refresh = _FRAME_S if spins else None
        self.refresh()

    def render(self) -> Content:
        if not self._jobs:
            return Content("")
        latest = self._jobs[-1]
        frame = _FRAMES[int(time.monotonic() / _FRAME_S) % len(_FRAMES)] if self.auto_refresh else _STATIC_SIGN
        sign = (frame, self.get_visual_style("busy--sign"))
        if latest.token.is_cancelled:
            return Content.assemble(sign, " ", _("Cancelling …"))
        how = "  " + _("esc cancels") if latest.is_slow else ""
        return Content.assemble(sign, f" {latest.text}{how}")

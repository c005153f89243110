"""The screen around the setup form: it shows what is waited for, and tells who asked for it how it went."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from textual.message import Message

from ccswitch_py.tui.screens.base import CommandScreen
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.said_line import SaidLine

if TYPE_CHECKING:
    from ccswitch_py.tui.widgets.busy import Busy

Arguments = ParamSpec("Arguments")
Found = TypeVar("Found")


class FormScreen(CommandScreen[str | None]):
    """It has a ``KeyField``, a line for the user, and ``busy`` in its place once something is waited for."""

    class Left(Message, namespace="setup_screen"):
        """The form was left while it was the first screen."""

        def __init__(self, said: str | None) -> None:
            super().__init__()
            self.said = said

    def __init__(self, key_field: KeyField) -> None:
        super().__init__()
        self.busy: Busy | None = None
        self.key_field = key_field
        self.said_line = SaidLine(key_field)

    @property
    def is_busy(self) -> bool:
        """Whether something is waited for."""
        return self.busy is not None and self.busy.is_busy

    async def wait_for(
        self, text: str, job: Callable[Arguments, Found], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Found:
        """What the job returns or raises; meanwhile the line below the form says what is waited for."""
        self.said_line.say("")
        self.add_class("waits")
        return await self.run_beside(text, job, *arguments, **options)

    async def run_beside(
        self, text: str, job: Callable[Arguments, Found], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Found:
        """The same for a job that says itself how far it is; ``text`` is not shown."""
        from ccswitch_py.tui.widgets.busy import Busy

        if self.busy is None:
            self.busy = Busy()
            await self.mount(self.busy, after=self.said_line)
        self.call_next(self.refresh_bindings)
        try:
            return await self.busy.run(text, job, *arguments, **options)
        finally:
            self.remove_class("waits")
            self.refresh_bindings()

    def leave(self, said: str | None) -> None:
        """Go back, with a sentence for the user once something was saved; the key goes from its field."""
        self.key_field.action_clear()
        if self.app.screen_stack[0] is self:
            self.post_message(self.Left(said))
        else:
            self.answer(said)

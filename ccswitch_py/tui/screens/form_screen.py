"""A screen with a form: it says what is wrong, shows what it waits for, and tells who asked for it how it went."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from textual.message import Message
from textual.widgets import Static

from ccswitch_py.crash import explained
from ccswitch_py.errors import CcswitchError, KeyUnavailable
from ccswitch_py.tui.screens.base import CommandScreen
from ccswitch_py.tui.widgets.key_field import KeyField

if TYPE_CHECKING:
    from ccswitch_py.tui.widgets.busy import Busy

Arguments = ParamSpec("Arguments")
Found = TypeVar("Found")


class FormScreen(CommandScreen[str | None]):
    """It has a ``KeyField``, a text ``#said``, and ``busy`` in its place once something is waited for."""

    class Left(Message, namespace="setup_screen"):
        """The form was left while it was the first screen."""

        def __init__(self, said: str | None) -> None:
            super().__init__()
            self.said = said

    def __init__(self) -> None:
        super().__init__()
        self.busy: Busy | None = None

    async def wait_for(
        self, text: str, job: Callable[Arguments, Found], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Found:
        """What the job returns or raises; meanwhile the line below the form says what is waited for."""
        from ccswitch_py.tui.widgets.busy import Busy

        self.say("")
        if self.busy is None:
            self.busy = Busy()
            await self.mount(self.busy, after="#said")
        self.add_class("waits")
        self.call_next(self.refresh_bindings)
        try:
            return await self.busy.run(text, job, *arguments, **options)
        finally:
            self.set_class(self.busy.is_busy, "waits")
            self.refresh_bindings()

    def leave(self, said: str | None) -> None:
        """Go back, with a sentence for the user once something was saved."""
        if self.app.screen_stack[0] is self:
            self.post_message(self.Left(said))
        else:
            self.answer(said)

    @contextmanager
    def problems_said(self, before: str = "") -> Generator[None]:
        """Say what goes wrong in the block, after ``before``."""
        try:
            yield
        except (CcswitchError, OSError) as problem:
            known = problem if isinstance(problem, CcswitchError) else explained(problem)
            self.say(f"{before} {known}".lstrip(), wrong=True)
            if isinstance(known, KeyUnavailable):
                # What is pasted next is the key, and must not land in a field that shows it.
                self.query_one(KeyField).focus()

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Tell the user something, which may be that something is wrong."""
        said = self.query_one("#said", Static)
        said.update(text)
        said.set_class(wrong, "wrong")

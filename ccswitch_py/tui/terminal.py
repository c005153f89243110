"""What only the terminal can do: copy a text (never a key) to the clipboard, and give way to another program."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from textual.app import App

from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.tui.background import in_background
from ccswitch_py.vault.errors import ProgramNotFound
from ccswitch_py.vault.program import find_program

_TIMEOUT_S = 5.0
_SCREEN_LIMIT = 240
"""Bytes of one piece: GNU screen drops a string sequence of more than 256, in newer versions 768."""
_SSH_VARIABLES = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")


@dataclass(frozen=True)
class _Tool:
    """A program that reads the text from stdin; ``is_for`` tests whether it reaches the user's clipboard."""

    command: Sequence[str]
    is_for: Callable[[Mapping[str, str]], object]
    encoding: str = "utf-8"


_TOOLS = (
    _Tool(("wl-copy", "--type", "text/plain"), lambda environ: environ.get("WAYLAND_DISPLAY")),
    _Tool(("xclip", "-selection", "clipboard"), lambda environ: environ.get("DISPLAY")),
    _Tool(("xsel", "--clipboard", "--input"), lambda environ: environ.get("DISPLAY")),
    _Tool(("pbcopy",), lambda _environ: sys.platform == "darwin"),
    # It takes UTF-16, and would keep a byte order mark as a character of the text.
    _Tool(("clip.exe",), lambda environ: os.name == "nt" or environ.get("WSL_DISTRO_NAME"), "utf-16-le"),
)
_TMUX = _Tool(("tmux", "load-buffer", "-w", "-"), lambda environ: environ.get("TMUX"))
_OLD_TMUX = _Tool(("tmux", "load-buffer", "-"), lambda environ: environ.get("TMUX"))


async def copy(app: App[Any], text: str) -> str:
    """Copy a text in every available way, and return a sentence on how certain the result is."""
    app.copy_to_clipboard(text)
    for sequence in passthrough_sequences(text, os.environ):
        # Textual has no public way to write a sequence of one's own.
        app._driver.write(sequence)  # pyright: ignore
    return await in_background(_copy_with_tools, text, os.environ)


def passthrough_sequences(text: str, environ: Mapping[str, str]) -> list[str]:
    """Wrap OSC 52 so that tmux or GNU screen passes it on; return nothing outside of these.

    tmux takes the bare sequence only with ``set-clipboard on``, and a wrapped one only with ``allow-passthrough on``.
    """
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\a"
    if environ.get("TMUX"):
        return ["\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"]
    if environ.get("STY"):
        pieces = range(0, len(sequence), _SCREEN_LIMIT)
        return [f"\x1bP{sequence[at : at + _SCREEN_LIMIT]}\x1b\\" for at in pieces]
    return []


def _copy_with_tools(text: str, environ: Mapping[str, str]) -> str:
    is_local = not any(environ.get(name) for name in _SSH_VARIABLES)
    if is_local and any(tool.is_for(environ) and _copied_with(tool, text) for tool in _TOOLS):
        return _("Copied.")
    advice = _("If pasting gives something else, show the full text and copy it with the mouse.")
    if any(tool.is_for(environ) and _copied_with(tool, text) for tool in (_TMUX, _OLD_TMUX)):
        tmux = _("Copied to tmux and sent to the terminal, which does not confirm it.")
        return join_sentences(tmux, advice)
    return join_sentences(_("Sent to the terminal's clipboard, which does not confirm it."), advice)


def _copied_with(tool: _Tool, text: str) -> bool:
    name, *arguments = tool.command
    try:
        completed = subprocess.run(
            [find_program(name), *arguments],
            input=text.encode(tool.encoding),
            # The process that stays to serve the clipboard would keep a pipe open.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT_S,
            start_new_session=True,
            check=False,
        )
    except (ProgramNotFound, OSError, subprocess.TimeoutExpired):
        return False
    return completed.returncode == 0


@contextmanager
def suspended(app: App[Any]) -> Generator[None]:
    """Leave the terminal, and Ctrl-C, to the block; raises ``SuspendNotSupported``."""
    problem: Exception | None = None
    with app.suspend():
        # A child would inherit SIG_IGN, but not this handler.
        before = signal.signal(signal.SIGINT, _ignore)
        try:
            yield
        except Exception as error:
            problem = error  # raised in here, it would leave the screen suspended
        finally:
            signal.signal(signal.SIGINT, before)
    app.refresh()
    if problem is not None:
        raise problem


def _ignore(_number: int, _frame: object) -> None:
    pass

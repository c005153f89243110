"""A real terminal for a test: tmux with a server of its own, without the user's configuration."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.requirements import require

MOST_LOOKS = 12_000
LOOKS_PER_PRESS = 100


class Tmux:
    """One server; its socket's path is short, as it must be."""

    def __init__(self, folder: Path) -> None:
        self._command = [shutil.which("tmux") or "tmux", "-S", str(folder / "socket"), "-f", os.devnull]

    def do(self, *arguments: str) -> str:
        """What a tmux command prints; empty if it fails."""
        environ = {name: value for name, value in os.environ.items() if name != "TMUX"}
        return subprocess.run(
            [*self._command, *arguments], env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        ).stdout.decode()

    def start(self, *options: Sequence[str]) -> None:
        """Begin with a shell of no interest, and set options."""
        self.do("new-session", "-d", "-x", "100", "-y", "30", "sh")
        for option in options:
            self.do("set-option", *option)

    def run(self, command: Sequence[str], **environ: str) -> None:
        """Run a program in a pane of its own."""
        variables = [f"{name}={value}" for name, value in environ.items()]
        self.do("new-window", shlex.join(["env", *variables, *command]))

    def shell(self, environ: Mapping[str, str], folder: Path, columns: int, rows: int) -> None:
        """A shell in a window of its own, of this size, with this environment and no other."""
        variables = [f"{name}={value}" for name, value in environ.items()]
        size = ["-x", str(columns), "-y", str(rows)]
        self.do("new-session", "-d", *size, "-c", str(folder), "-s", "user", "env", "-i", *variables, "sh")
        self.until_screen("$" if os.getuid() else "#")

    def type(self, text: str) -> None:
        """Type a text; its end of line is Enter."""
        self.do("send-keys", "-l", text.removesuffix("\n"))
        if text.endswith("\n"):
            self.press("Enter")

    def press(self, key: str) -> None:
        """Press a key by tmux's name for it."""
        self.do("send-keys", key)

    def paste(self, text: str) -> None:
        """Paste as a terminal does that tells the program about it."""
        self.do("set-buffer", "-b", "pasted", text)
        self.do("paste-buffer", "-p", "-b", "pasted")

    def command(self, *arguments: str) -> list[str]:
        """A command line of this server."""
        return [*self._command, *arguments]

    @property
    def buffer(self) -> str:
        """What was copied last."""
        return self.do("show-buffer")

    @property
    def screen(self) -> str:
        """What is seen, with the lines that the terminal broke joined again."""
        return self.do("capture-pane", "-p", "-J")

    def until_buffer(self, text: str) -> None:
        """Wait until this was copied."""
        for _ in range(MOST_LOOKS):
            if self.buffer == text:
                return
        raise AssertionError(f"tmux has {self.buffer!r}; on its screen:\n{self.screen}")

    def until_attached(self) -> None:
        """Wait until a terminal shows this server."""
        for _ in range(MOST_LOOKS):
            if self.do("list-clients"):
                return
        raise AssertionError("nothing is attached to tmux")

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds."""
        for _ in range(MOST_LOOKS):
            if holds():
                return
            self.do("list-sessions")
        raise AssertionError(f"it never came to that; on the screen of tmux:\n{self.screen}")

    def until_screen(self, text: str) -> str:
        """Wait until this is seen."""
        for _ in range(MOST_LOOKS):
            if text in (seen := self.screen):
                return seen
        raise AssertionError(f"not on the screen of tmux:\n{self.screen}")

    def press_until_screen(self, key: str, text: str) -> None:
        """Press a key, again while it does nothing, until this is seen; for programs that take no key now and then."""
        for look in range(MOST_LOOKS):
            if look % LOOKS_PER_PRESS == 0:
                self.press(key)
            if text in self.screen:
                return
        raise AssertionError(f"not on the screen of tmux:\n{self.screen}")


@contextmanager
def tmux(*options: Sequence[str]) -> Iterator[Tmux]:
    """A tmux that is gone with the block."""
    require("tmux")
    with tempfile.TemporaryDirectory(prefix="ccswitch-") as folder:
        server = Tmux(Path(folder))
        try:
            server.start(*options)
            yield server
        finally:
            server.do("kill-server")

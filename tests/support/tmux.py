"""A real terminal for a test: tmux with a server of its own, without the user's configuration."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.requirements import require

MOST_LOOKS = 3000


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

    def until_screen(self, text: str) -> str:
        """Wait until this is seen."""
        for _ in range(MOST_LOOKS):
            if text in (seen := self.screen):
                return seen
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

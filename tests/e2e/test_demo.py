import os
import pty
import select
import signal
import struct
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.support.programs import BIN

PATIENCE_S = 60


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            os.execve(command[0], command, environ)
        ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def read_until(self, words: bytes) -> None:
        seen = b""
        while words not in seen:
            assert select.select([self._terminal], [], [], PATIENCE_S)[0], f"{words!r} never came: {seen[-2000:]!r}"
            seen += os.read(self._terminal, 65536)

    def press(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    def hang_up(self) -> None:
        os.close(self._terminal)

    def wait_for_end(self) -> None:
        try:
            while os.read(self._terminal, 65536):
                pass
        except OSError:
            pass
        os.waitpid(self.process, 0)


@pytest.mark.parametrize("ending", ["escape", "ctrl+q", "terminated", "terminal closed"])
def test_the_demo_touches_nothing_and_leaves_nothing_behind(tmp_path: Path, ending: str) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    (home / ".claude").mkdir(parents=True)
    (home / ".claude" / "settings.json").write_text("{}")
    temporary.mkdir()
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(temporary), "TERM": "xterm-256color"}
    terminal = Terminal([str(BIN / "ccswitch"), "demo"], environ)
    terminal.read_until(b"demo-key-1234")
    assert len(os.listdir(temporary)) == 1
    match ending:
        case "escape":
            terminal.press(b"\x1b")
        case "ctrl+q":
            terminal.press(b"\x11")
        case "terminated":
            os.kill(terminal.process, signal.SIGTERM)
        case _:
            terminal.hang_up()
    terminal.wait_for_end()
    assert os.listdir(temporary) == []
    files = [file.relative_to(home).as_posix() for file in home.rglob("*") if file.is_file()]
    assert files == [".claude/settings.json"]
    assert (home / ".claude" / "settings.json").read_text() == "{}"

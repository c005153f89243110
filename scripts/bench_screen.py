"""``make bench``: how soon the screens are painted and how soon they answer a key, in a real terminal of 80x24.

The first paint is compared with that of a bare program of the same library with four Selects; runs are interleaved and
medians are compared, because the machine's own speed drifts.
"""

from __future__ import annotations

import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ccswitch_py.core.paths import find_paths  # noqa: E402
from tests.support.many_profiles import add_many_profiles  # noqa: E402

PYTHON = str(Path(sys.executable).parent / "python")
CCSWITCH = str(Path(sys.executable).parent / "ccswitch")
RUNS = 15
PRESSES = 100
MANY = 10_000
PATIENCE_S = 60
REST_S = 0.3
PAINT_LIMITS = {"form": 1.2, "2 profiles": 1.2, "10,000 profiles": 1.5}
KEY_LIMIT_MS = 50
VERDICTS: list[bool] = []
HIGHLIGHT = b"48;5;32m  "
"""The background of the selected row in 256 colours, and the margin before its name."""
FILTERED = [(b"9", b"p00009"), (b"8", b"p00098"), (b"7", b"p00987"), (b"6", b"p09876")]
"""What is typed, and the first profile that is left then."""

BARE = """
from textual.app import App
from textual.widgets import Select
class Bare(App):
    def compose(self):
        for number in range(4):
            yield Select([(f"LABEL{number}", number)], value=number, allow_blank=False)
Bare().run()
"""


class Screen:
    """A program in a terminal of its own."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._began = time.perf_counter()
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            size = {"TERM": "xterm-256color", "LINES": "24", "COLUMNS": "80"}
            os.execve(command[0], command, {**environ, **size})

    def painted_ms(self, text: bytes) -> float:
        """From the start until this is on the terminal."""
        return self._until(text, self._began)

    def answered_ms(self, key: bytes, text: bytes) -> float:
        """From a key until this is on the terminal."""
        began = time.perf_counter()
        os.write(self._terminal, key)
        return self._until(text, began)

    def rest(self) -> None:
        """Read what comes until nothing has come for a while."""
        deadline = time.perf_counter() + PATIENCE_S
        while select.select([self._terminal], [], [], REST_S)[0]:
            os.read(self._terminal, 65536)
            if time.perf_counter() > deadline:
                raise SystemExit("the screen does not come to rest")

    def close(self) -> None:
        """End the program."""
        os.kill(self._pid, 9)
        os.waitpid(self._pid, 0)
        os.close(self._terminal)

    def _until(self, text: bytes, began: float) -> float:
        seen = b""
        while text not in seen:
            # Other output must not prolong it: the screen paints now and then by itself.
            left_s = began + PATIENCE_S - time.perf_counter()
            if left_s <= 0 or not select.select([self._terminal], [], [], left_s)[0]:
                raise SystemExit(f"{text!r} was not painted within {PATIENCE_S} s")
            seen += os.read(self._terminal, 65536)
        return (time.perf_counter() - began) * 1000


@contextmanager
def running(command: Sequence[str], environ: Mapping[str, str]) -> Iterator[Screen]:
    """A program, gone with the block."""
    screen = Screen(command, environ)
    try:
        yield screen
    finally:
        screen.close()


def home_of(folder: str, profiles: int) -> dict[str, str]:
    """The environment of a home with so many profiles."""
    environ = {**os.environ, "HOME": folder, "CCSWITCH_HOME": f"{folder}/{profiles}", "CCSWITCH_LANG": "en"}
    if profiles:
        add_many_profiles(find_paths(environ), profiles)
    return environ


def first_paints(homes: Mapping[str, dict[str, str]]) -> None:
    """Measure and print how soon each first screen is there."""
    cases: dict[str, tuple[Sequence[str], dict[str, str], bytes]] = {
        "bare": ([PYTHON, "-c", BARE], homes["form"], b"LABEL3")
    }
    for name, environ in homes.items():
        cases[name] = ([PYTHON, CCSWITCH], environ, b"Opus" if name == "form" else b"p00001")
    times: dict[str, list[float]] = {name: [] for name in cases}
    for run in range(RUNS + 1):
        for name, (command, environ, text) in cases.items():
            with running(command, environ) as screen:
                elapsed = screen.painted_ms(text)
            if run:
                times[name].append(elapsed)
    bare = statistics.median(times.pop("bare"))
    print(f"{'first paint, bare, four Selects':<34}{bare:8.1f} ms")
    for name, measured in times.items():
        value, limit = statistics.median(measured), PAINT_LIMITS[name]
        verdict = judged(value <= limit * bare)
        print(f"{'first paint, ' + name:<34}{value:8.1f} ms{value / bare:8.2f} ×  limit {limit} ×  {verdict}")


def key_presses(name: str, environ: dict[str, str], *, rests: bool) -> None:
    """Measure and print how soon the highlight is on the next profile; ``rests`` lets the details come in between."""
    with home_screen(environ) as screen:
        times: list[float] = []
        for number in range(1, 1 + (PRESSES // 4 if rests else PRESSES)):
            times.append(screen.answered_ms(b"\x1b[B", HIGHLIGHT + b"p%05d" % number))
            if rests:
                screen.rest()
    report(f"a key, {name}, {'at rest' if rests else 'held down'}", times)


def typing(name: str, environ: dict[str, str]) -> None:
    """Measure and print how soon the filter shows what is left, letter by letter."""
    with home_screen(environ) as screen:
        screen.answered_ms(b"/", b"ype to filter")
        report(f"a letter into the filter, {name}", [screen.answered_ms(key, text) for key, text in FILTERED])


@contextmanager
def home_screen(environ: dict[str, str]) -> Iterator[Screen]:
    """The profiles, at rest."""
    with running([PYTHON, CCSWITCH], environ) as screen:
        screen.painted_ms(b"p00001")
        screen.rest()
        yield screen


def judged(is_quick: bool) -> str:
    """The word for it, which is remembered: one that is too slow fails the whole bench."""
    VERDICTS.append(is_quick)
    return "ok" if is_quick else "TOO SLOW"


def report(label: str, times: Sequence[float]) -> None:
    """One line on how soon something was answered."""
    value = statistics.median(times)
    verdict = judged(value <= KEY_LIMIT_MS)
    print(f"{label:<44}{value:8.1f} ms, worst {max(times):.1f} ms  limit {KEY_LIMIT_MS} ms  {verdict}")


def main() -> None:
    """Measure and print."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(ROOT / "ccswitch_py")], check=True)
    with tempfile.TemporaryDirectory() as folder:
        homes = {"form": home_of(folder, 0), "2 profiles": home_of(folder, 2)}
        homes["10,000 profiles"] = home_of(folder, MANY)
        first_paints(homes)
        for rests in (True, False):
            key_presses("10,000 profiles", homes["10,000 profiles"], rests=rests)
        typing("10,000 profiles", homes["10,000 profiles"])
    raise SystemExit(0 if all(VERDICTS) else 1)


if __name__ == "__main__":
    main()

"""The screen in a real terminal that is to have no colours."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from tests.support.home import add_profile
from tests.support.last_tests import add_last_test
from tests.support.programs import BIN
from tests.support.tmux import Tmux, tmux

TRUE_COLOUR = re.compile(r"[34]8;2;(\d+);(\d+);(\d+)")
OTHER_COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?(?:3[1-6]|4[1-6]|9[1-6]|[34]8;5;\d+)(?:;[\d;]*)?m")


@pytest.fixture
def terminal(paths: Paths, settings: Path, tmp_path: Path) -> Iterator[Tmux]:
    add_profile(paths, "work")
    add_profile(paths, "wrong")
    add_last_test(paths, "work")
    add_last_test(paths, "wrong", "broken", "model_not_found")
    use(paths, "work")
    with tmux(("-g", "terminal-features", "xterm*:RGB")) as server:
        server.shell({**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}, tmp_path, 80, 24)
        yield server


def coloured(seen: str) -> list[str]:
    """The sequences that set a colour other than a grey."""
    true = [match for match in TRUE_COLOUR.finditer(seen) if len(set(match.groups())) > 1]
    return [match[0] for match in [*true, *OTHER_COLOUR.finditer(TRUE_COLOUR.sub("", seen))]]


def test_no_color_leaves_greys_and_every_state_still_has_its_sign(terminal: Tmux) -> None:
    terminal.type(f"NO_COLOR=1 {BIN / 'ccswitch'}\n")
    terminal.until_screen("✗ 2 h ago")
    seen = terminal.do("capture-pane", "-p", "-e")
    assert not coloured(seen)
    for sign in ("● work: Claude Code", "✓ 2 h ago", "✗ 2 h ago"):
        assert sign in terminal.screen


def test_without_it_there_are_colours(terminal: Tmux) -> None:
    terminal.type(f"{BIN / 'ccswitch'}\n")
    terminal.until_screen("✗ 2 h ago")
    assert coloured(terminal.do("capture-pane", "-p", "-e"))

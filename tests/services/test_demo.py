import os
from pathlib import Path

import pytest

from ccswitch_py.services.demo import demo_home


def test_no_variable_that_moves_or_sets_up_a_tool_reaches_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLAUDE_CONFIG_DIR", "ANTHROPIC_BASE_URL", "XDG_CONFIG_HOME", "CODEX_HOME"):
        monkeypatch.setenv(name, "/somewhere/else")
    before = dict(os.environ)
    with demo_home() as paths:
        assert "/somewhere/else" not in os.environ.values()
        assert os.environ["PATH"] == before["PATH"]
        home = Path(os.environ["HOME"])
        assert home in Path(paths.config).parents
    assert dict(os.environ) == before and not home.exists()

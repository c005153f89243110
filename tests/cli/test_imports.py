import os
import subprocess
import sys

import pytest

from ccswitch_py.core.paths import Paths
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.last_tests import add_last_test

HEAVY = {
    "textual",
    "httpx",
    "pydantic",
    "keyring",
    "tomlkit",
    "platformdirs",
    "rich",
    "asyncio",
    "dataclasses",
    "typing",
}
SLOWER_THAN_THE_WORK = {"re", "enum", "json", "functools", "collections", "argparse"}
SHOW_MODULES = "import sys, {module} as m; code = m.main({argv!r}); print(*sys.modules, sep=chr(10)); sys.exit(code)"


def loaded(module: str, argv: list[str]) -> set[str]:
    """The top-level modules that a command has loaded when it ends."""
    script = SHOW_MODULES.format(module=module, argv=argv)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=os.environ, check=False)
    assert done.returncode == 0, done.stderr
    return {line.split(".")[0] for line in done.stdout.splitlines()}


@pytest.mark.parametrize(
    "argv",
    [["use", "a"], ["off"], ["undo"], ["list"], ["status"], ["env", "a"], ["show", "a"], ["--version"], ["--help"]],
)
def test_quick_commands_load_nothing_heavy(paths: Paths, argv: list[str]) -> None:
    add_profile(paths, "a")
    add_last_test(paths, "a")
    assert not HEAVY & loaded("ccswitch_py.cli.main", argv)


@pytest.mark.parametrize("command", [["use", "a"], ["off"], ["undo"]])
def test_a_switch_loads_no_module_that_takes_longer_than_the_switch(paths: Paths, command: list[str]) -> None:
    add_profile(paths, "a")
    assert not SLOWER_THAN_THE_WORK & loaded("ccswitch_py.cli.main", command)


def test_the_key_command_loads_nothing_heavy(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "made-up-key-0123456789")
    add_profile(paths, "a")
    assert not (HEAVY | {"argparse"}) & loaded("ccswitch_py.key_command", ["a"])

"""What a program finds that `ccswitch run` has started: its environment, its arguments, its open files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.apply import use
from ccswitch_py.services.keys.manage import set_key
from ccswitch_py.targets.claude_code.owned_entries import OWN_VARIABLES
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE, add_profile

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="open files are looked up in /proc")
KEY, OTHER_KEY, STALE = "sk-made-up-key-4be1f7c2a90d", "sk-made-up-other-0d57a3b1c6e8", "sk-stale-77d1c3b9a5e2"
CHILD = f"""#!{sys.executable}
import json, os, sys
files = [os.path.realpath(f"/proc/self/fd/{{fd}}") for fd in os.listdir("/proc/self/fd")]
parent = open(f"/proc/{{os.getppid()}}/cmdline").read()
print(json.dumps([sys.argv, dict(os.environ), files, parent]))
"""


@pytest.fixture
def child(paths: Paths, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Starts a program with the profile ``a``; ``b`` is in use, and the shell is full of old credentials."""
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    for name, key in (("a", KEY), ("b", OTHER_KEY)):
        set_key(paths, name, Secret(key), "127.0.0.1:9")
        add_profile(paths, name, "https://127.0.0.1:9/gw", key=name)
    settings.write_text("{}")
    use(paths, "b")
    for variable in OWN_VARIABLES:
        monkeypatch.setenv(variable, STALE)
    monkeypatch.setenv("MY_OWN", "1")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("claude", "other"):
        (programs / name).write_text(CHILD)
        (programs / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    def start(*argv: str):
        command = [sys.executable, "-m", "ccswitch_py", "run", "a", "--", *argv]
        done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        found = json.loads(done.stdout)
        return found, done.stdout

    return start


def test_claude_code_gets_no_key_at_all_and_nothing_of_another_gateway(child) -> None:
    (argv, env, files, _), said = child("claude", "-p", "hello")
    assert argv[1] == "--settings" and argv[3:] == ["-p", "hello"]
    assert not env.keys() & set(OWN_VARIABLES)
    assert KEY not in said and OTHER_KEY not in said and STALE not in said
    assert env["MY_OWN"] == "1" and KEY_VARIABLE not in env
    launch = Path(argv[2]).read_text()
    assert KEY not in launch and OTHER_KEY not in launch
    assert not [path for path in files if "ccswitch" in path]


def test_another_program_gets_the_key_in_one_variable_alone(child) -> None:
    (argv, env, files, parent), said = child("other", "hello")
    assert argv[1:] == ["hello"]
    assert [name for name, value in env.items() if KEY in value] == ["ANTHROPIC_AUTH_TOKEN"]
    assert said.count(KEY) == 1 and KEY not in parent
    assert OTHER_KEY not in said and STALE not in said
    assert env["ANTHROPIC_BASE_URL"] == "https://127.0.0.1:9/gw" and env["MY_OWN"] == "1"
    assert not [path for path in files if "ccswitch" in path]


def test_nothing_of_ours_in_the_environment_is_a_secret(child) -> None:
    for program in ("claude", "other"):
        (_, env, _, _), _ = child(program)
        ours = {name: value for name, value in env.items() if name.startswith("CCSWITCH_")}
        assert ours == {name: value for name, value in os.environ.items() if name.startswith("CCSWITCH_")}
        assert ours.keys() <= {"CCSWITCH_HOME", "CCSWITCH_KEYRING", "CCSWITCH_LANG", "CCSWITCH_ABUSE"}

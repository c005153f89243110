"""Each verb against each keyring that does not work: an exit code, one sentence with what to do, nothing changed."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from ccswitch_py import key_command
from ccswitch_py.cli.main import main
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.keys.manage import add_key
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.bad_keyrings import STATES, in_state
from tests.support.home import add_profile

pytestmark = pytest.mark.real

KEY = "sk-made-up-canary-0123456789-wxyz"
MODELS = ["--main", "m", "--same-as-main"]
ADDRESS = "http://127.0.0.1:9/gw_llm_power"


NEED_THE_KEY = [
    ["ccswitch-key", "work"],
    ["use", "clear"],
    ["test", "work"],
    ["ask", "work", "hello"],
    ["run", "work", "--", "no-such-program"],
    ["export", "work", "--format", "toml", "--include-key", "-o", "export.toml"],
    ["keys", "remove", "spare"],
    ["remove", "clear"],
]
STORE_A_KEY = [
    ["add", "new", "--base-url", ADDRESS, *MODELS, "--key-stdin"],
    ["edit", "work", "--key-stdin"],
    ["keys", "set", "work"],
    ["keys", "set", "work", "--host", "other.example"],
    ["keys", "set", "new", "--host", "other.example"],
]
ASK_NOBODY = [
    ["list"],
    ["show", "work"],
    ["status"],
    ["use", "work"],
    ["env", "work"],
    ["keys", "list"],
    ["export", "work", "--format", "env"],
    ["edit", "work", "--opus", "n"],
    ["duplicate", "work", "copy"],
]


@pytest.fixture
def home(paths: Paths, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two profiles with keys, one of them for delivery in clear text, and an unused key."""
    settings.write_text('{"theme": "dark"}')
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    add_profile(paths, "work", ADDRESS, key=Secret(KEY))
    add_profile(paths, "clear", ADDRESS, key=Secret(KEY), delivery="plaintext")
    add_key(paths, "spare", Secret(KEY), "api.example")
    monkeypatch.delenv("CCSWITCH_KEYRING")
    assert main(["list"]) == 0  # what is derived from the profiles is there now
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(KEY.encode())))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(home: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in home.rglob("*") if file.is_file() and file.suffix != ".lock"}


def run(argv: list[str]) -> int:
    return key_command.main(argv[1:]) if argv[0] == "ccswitch-key" else main(argv)


@pytest.mark.parametrize("verb", [*NEED_THE_KEY, *STORE_A_KEY], ids=" ".join)
@pytest.mark.parametrize("name", STATES)
def test_a_verb_that_wants_the_keyring_says_in_one_line_what_is_wrong_and_changes_nothing(
    home: Path, name: str, verb: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(home)
    with in_state(name, monkeypatch) as state:
        assert run(verb) == 4
    said = capsys.readouterr().err
    *_, line = said.splitlines()
    assert line.startswith("ccswitch: ") and state.says in line and state.advises in line
    assert "Traceback" not in said and KEY not in said
    assert files(home) == before


@pytest.mark.parametrize("name", STATES)
def test_the_status_of_the_keys_says_it_too(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with in_state(name, monkeypatch) as state:
        code = main(["keys", "status"])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    says, advises = state.says, state.advises
    if name == "denied":  # with a screen it may be asked, which a look at the status does not do
        says, advises = "The keyring is locked.", "answer when it asks"
    if name != "vanishing in the middle":
        assert code == 4
        assert says in said.out + said.err and advises in said.out + said.err


@pytest.mark.parametrize("name", STATES)
def test_commands_that_need_no_key_never_ask_the_keyring(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with in_state(name, monkeypatch) as state:
        monkeypatch.setenv("CCSWITCH_KEYRING_TIMEOUT", "60")
        assert [(verb, main(verb)) for verb in ASK_NOBODY] == [(verb, 0) for verb in ASK_NOBODY]
    assert state.says not in capsys.readouterr().err


@pytest.mark.parametrize("value", ["0", "-1", "soon", "nan", "inf", "1e9"])
def test_a_time_that_is_none_is_refused(
    home: Path, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING_TIMEOUT", value)
    assert key_command.main(["work"]) == 2
    assert "must be a number of seconds" in capsys.readouterr().err


@pytest.mark.parametrize("verb", STORE_A_KEY[:2] + STORE_A_KEY[4:], ids=" ".join)
def test_a_key_that_windows_would_cut_is_refused_and_nothing_is_changed(
    home: Path, verb: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(home)
    monkeypatch.setenv("CCSWITCH_KEYRING", "windows-credential-manager")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"sk-made-up-" + b"0a1b2c3d" * 250)))
    assert main(verb) == 4
    assert "too long for the Windows Credential Manager, which takes 1280 characters" in capsys.readouterr().err
    assert files(home) == before

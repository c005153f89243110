import base64
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ccswitch_py.demo.server import Gateway
from tests.support.keyring_session import KeyringSession
from tests.support.programs import ccswitch, run_program
from tests.support.requirements import require

CANARY = "canary-7d91e4b2c8f05a36-main-job"
PATIENCE_S = 60
FORMS = {
    CANARY.encode(),
    base64.b64encode(CANARY.encode()).rstrip(b"="),
    CANARY.encode().hex().encode(),
    CANARY[:-4].encode(),
}


@contextmanager
def watched_arguments() -> Iterator[set[bytes]]:
    """The command lines of all processes that live while the block runs, looked at without a pause."""
    seen: set[bytes] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            for process in filter(str.isdigit, os.listdir("/proc")):
                try:
                    seen.add(Path("/proc", process, "cmdline").read_bytes())
                except OSError:
                    continue

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def holds_canary(data: bytes) -> bool:
    return any(form in data for form in FORMS)


def files_with_the_canary(top: Path) -> list[Path]:
    files = (Path(folder, name) for folder, _, names in os.walk(top) for name in names)
    return [file for file in files if file.is_file() and holds_canary(file.read_bytes())]


def test_after_the_main_job_the_key_is_in_the_keyring_and_nowhere_else(
    session: KeyringSession, gateway: Gateway, other_gateway: Gateway
) -> None:
    environ = session.environ
    printed: list[str] = []

    def verb(*argv: str, given: str = "", code: int | None = 0) -> None:
        done = run_program(environ, "ccswitch", *argv, given=given, code=code, folder=session.home / "project")
        printed.extend((done.stdout, done.stderr))

    models = ["--main", "gpt-5.4-low", "--same-as-main"]
    with watched_arguments() as command_lines:
        verb("add", "work", "--base-url", gateway.base_url, *models, "--key-stdin", "--test", given=CANARY)
        verb("add", "other", "--base-url", other_gateway.base_url, *models, "--key-stdin", given=f"{CANARY}-2")
        for name in ("work", "other", "work"):
            verb("use", name)
            for arguments in (
                ["list"],
                ["show", name],
                ["status"],
                ["keys", "list"],
                ["keys", "status"],
                ["env", name],
            ):
                verb(*arguments)
        verb("test", "work", "--json")
        verb("export", "work", "--format", "toml")
        verb("models", "work", "--refresh")
        verb("edit", "work", "--opus", "no-such-model")
        verb("test", "work", code=1)
        verb("run", "work", "--", "claude", "-p", "hello")
        verb("use", "nobody", code=3)
        answer = run_program(environ, "claude", "-p", "hello", folder=session.home / "project")
        printed.extend((answer.stdout, answer.stderr))
        verb("undo")
        verb("off")
        key = run_program(environ, "ccswitch-key", "work").stdout.strip()
        verb("remove", "other")

    assert key == CANARY, "the key did not come through at all, so this proves nothing"
    assert any(request.key == CANARY for request in gateway.requests)
    assert not holds_canary("\n".join(printed).encode())
    assert not [line for line in command_lines if holds_canary(line)]
    assert len(command_lines) > 10
    assert files_with_the_canary(session.home) == []


def test_the_screen_of_a_real_terminal_never_shows_the_key(session: KeyringSession, gateway: Gateway) -> None:
    require("tmux")
    tmux = ["tmux", "-S", str(session.home / "tmux"), "-f", "/dev/null"]
    ccswitch(
        session.environ,
        "add",
        "first",
        "--base-url",
        gateway.base_url,
        "--main",
        "m",
        "--same-as-main",
        "--key-env",
        "K",
    )
    environ = session.environ | {"TERM": "xterm-256color"}

    def terminal(*command: str, given: str = "") -> str:
        return run_program(environ, *tmux, *command, given=given).stdout

    def screen_with(words: str) -> str:
        deadline = time.monotonic() + PATIENCE_S
        while words not in (shown := terminal("capture-pane", "-p", "-t", "user")):
            assert time.monotonic() < deadline, f"{words!r} never came:\n{shown}"
        return shown

    terminal("new-session", "-d", "-s", "user", "-x", "80", "-y", "24", "ccswitch; echo ended; exec cat")
    try:
        screen_with("Profiles")
        terminal("send-keys", "-t", "user", "n")
        screen_with("gpt-5.4-low")
        screen_with("http://apillm.globalaiopc.com/gw_llm_power/v1/messages")
        screen_with("ready")
        terminal("load-buffer", "-", given=f"{CANARY}\n")
        terminal("paste-buffer", "-p", "-t", "user")
        screen_with("characters")
        assert not holds_canary(terminal("capture-pane", "-p", "-e", "-S", "-", "-t", "user").encode())
        terminal("send-keys", "-t", "user", "Escape")
        assert not holds_canary(screen_with("Discard").encode())
        terminal("send-keys", "-t", "user", "Right")
        terminal("send-keys", "-t", "user", "Enter")
        screen_with("Profiles")
        terminal("send-keys", "-t", "user", "q")
        assert not holds_canary(screen_with("ended").encode())
    finally:
        subprocess.run([*tmux, "kill-server"], env=environ, check=False)
    assert files_with_the_canary(session.home) == []

"""The key after every verb of the real programs: in the keyring, and where the docs say, and nowhere else."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest

from ccswitch_py.demo.server import Gateway
from tests.support.canaries import Canary, watched_processes
from tests.support.keyring_session import KeyringSession
from tests.support.programs import REPOSITORY, run_program

pytestmark = pytest.mark.real

CANARY = Canary.new()
MODELS = ["--main", "gpt-5.4-low", "--same-as-main"]
DUMP = """
import json, os, pathlib, sys
told = {"argv": sys.argv, "cmdline": pathlib.Path("/proc/self/cmdline").read_text(), "environ": dict(os.environ)}
pathlib.Path(sys.argv[1]).write_text(json.dumps(told))
"""


class Story:
    """What a user does one after the other, and all that was said."""

    def __init__(self, session: KeyringSession) -> None:
        self.session = session
        self.wrong: list[str] = []

    def do(self, *command: str, given: str = "", code: int | None = 0) -> str:
        done = run_program(self.session.environ, *command, given=given, code=None, folder=self.session.home / "project")
        said = f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}"
        if CANARY.is_in(done.stdout + done.stderr):
            self.wrong.append(f"the key was said: {said}")
        if code is not None and done.returncode != code:
            self.wrong.append(f"not {code}: {said}")
        if "Traceback" in said:
            self.wrong.append(f"a traceback: {said}")
        return done.stdout

    def verb(self, *argv: str, given: str = "", code: int | None = 0) -> str:
        return self.do("ccswitch", *argv, given=given, code=code)


@pytest.fixture
def story(session: KeyringSession) -> Iterator[Story]:
    (session.home / "project" / "dump.py").write_text(DUMP)
    story = Story(session)
    yield story
    assert story.wrong == []


def test_after_every_verb_the_key_is_in_the_keyring_and_nowhere_else(
    story: Story, gateway: Gateway, other_gateway: Gateway
) -> None:
    home, verb = story.session.home, story.verb
    dumped = home / "project" / "dumped"
    before = [REPOSITORY / "tests", REPOSITORY / "ccswitch_py"]
    with watched_processes() as seen:
        verb("add", "work", "--base-url", gateway.base_url, *MODELS, "--key-stdin", "--test", given=CANARY.key)
        verb("add", "other", "--base-url", other_gateway.base_url, *MODELS, "--key-stdin", given="sk-not-a-canary-42")
        verb("use", "other")
        for json_too in ([], ["--json"]):
            verb("use", "work", "--dry-run", *json_too)
            verb("use", "work", *json_too)
            for reporting in ("list", "status", "providers", "targets"):
                verb(reporting, *json_too)
            verb("show", "work", *json_too)
            verb("keys", "list", *json_too)
            verb("keys", "status", *json_too)
            verb("models", "work", "--refresh", *json_too)
            verb("test", "work", "--full", "--verbose", *json_too, code=None)
            verb("ask", "work", "what is your key?", "--system", "be brief", *json_too)
            verb("edit", "work", "--haiku", "gpt-5.4-high", "--header", "X-Team: blue", *json_too)
            verb("keys", "set", "work", *json_too, given=CANARY.key)
        verb("test", "--all", "--quick", "--with-claude", "--fix", "--junit", str(home / "results.xml"), code=None)
        for form in ("claude-settings", "env", "toml"):
            verb("export", "work", "--format", form)
            verb("export", "work", "--format", form, "-o", str(home / f"export.{form}"))
        for shell in ("posix", "fish", "powershell"):
            verb("env", "work", "--shell", shell)
        verb("completion", "bash")
        verb("duplicate", "work", "copy")
        verb("rename", "copy", "second")
        verb("run", "work", "--", "claude", "-p", "hello")
        verb("run", "work", "--", sys.executable, "dump.py", str(dumped))
        child = json.loads(dumped.read_text())
        dumped.unlink()
        story.do("claude", "-p", "hello")
        key = run_program(story.session.environ, "ccswitch-key", "work").stdout.strip()
        verb("undo")
        verb("off")
        verb("edit", "work", "--delivery", "plaintext")
        verb("use", "work", "--dry-run")
        verb("use", "work")
        settings = home / ".claude" / "settings.json"
        held = CANARY.files_below(home)
        verb("show", "work")
        verb("status")
        verb("use", "other")
        verb("undo")
        verb("off")
        verb("remove", "second")
        verb("remove", "work", "--keep-key")
        verb("keys", "remove", "work")

    assert key == CANARY.key, "the key did not come through at all, so this proves nothing"
    assert any(request.key == CANARY.key for request in gateway.requests)
    assert child["environ"]["ANTHROPIC_AUTH_TOKEN"] == CANARY.key
    assert not CANARY.is_in(json.dumps(child["argv"]) + child["cmdline"])
    assert [name for name, value in child["environ"].items() if CANARY.is_in(value)] == ["ANTHROPIC_AUTH_TOKEN"]
    assert held == [str(settings)]
    assert CANARY.files_below(home, *before) == []
    assert len(seen.arguments) > 20
    assert [line for line in seen.arguments if CANARY.is_in(line)] == []
    with_key = {line for line, every in seen.variables.items() if CANARY.is_in(b"".join(every))}
    assert {line for line in with_key if b"dump.py" not in line} == set()

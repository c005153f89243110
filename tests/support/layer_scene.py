"""A home in which several layers set something for Claude Code, asked about by ccswitch and by the real Claude Code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from ccswitch_py.demo.request import Received
from ccswitch_py.demo.server import Gateway
from ccswitch_py.services.explain import explain
from tests.support.programs import BIN, QUIET, claude_code, run_program

SETTINGS = ("managed", "--settings", "settings.local.json", "project", "user")
LAYERS = (*SETTINGS, "process")
"""The strongest first."""
Settings = dict[str, Any]
More = Mapping[str, Settings | str]
URL, TOKEN, KEY, HELPER, MODEL = "url", "token", "key", "helper", "model"
_VARIABLES = {
    URL: "ANTHROPIC_BASE_URL",
    TOKEN: "ANTHROPIC_AUTH_TOKEN",
    KEY: "ANTHROPIC_API_KEY",
    MODEL: "ANTHROPIC_MODEL",
}
_MODELS = dict(zip(LAYERS, (f"gpt-5.4{tail}" for tail in ("", "-low", "-hc", "-fd", "-official")), strict=False))
_MODELS["process"] = "gpt-5.5"
# In a mount namespace of its own a process gets another /etc: all that is in the real one, and the managed settings.
_WITH_MANAGED = """
mount --rbind /etc "$1" && mount -t tmpfs none /etc && ln -s "$1"/* /etc/ && rm -f /etc/claude-code || exit 99
mkdir /etc/claude-code && cp "$2" /etc/claude-code/managed-settings.json && shift 2 && exec "$@"
"""


@cache
def can_manage() -> bool:
    """Whether a process can be given managed settings without writing any on this machine."""
    if not shutil.which("unshare"):
        return False
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def secret_of(layer: str, what: str) -> str:
    """A credential that tells by its last four characters where it comes from."""
    return f"made-up-0123456789-{what[0]}{LAYERS.index(layer):03d}"


@dataclass(frozen=True)
class Wire:
    """Where a request went and with what: of a credential the last four characters, "" where it is not sent."""

    address: str
    authorization: str
    x_api_key: str
    model: str


@dataclass
class Scene:
    """A folder for a home, and a gateway for each layer; one after the other, layers are filled and both are asked.

    ``files`` are further ones of the home, by their path; ``printed`` is what Claude Code said the last time.
    """

    root: Path
    gateways: dict[str, Gateway] = field(default_factory=dict[str, Gateway])
    files: dict[str, str] = field(default_factory=dict[str, str])
    printed: str = ""
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        for layer in LAYERS:
            self.gateways[layer] = self._open.enter_context(Gateway(accepts=lambda key: True))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def ask(
        self, sets: Mapping[str, Sequence[str]], more: More | None = None, inside: str = "", beside: str = ""
    ) -> tuple[Wire, Wire]:
        """What ccswitch says and what Claude Code does where each layer sets these; see ``play``."""
        facts = self.play(sets, more, inside, beside)
        return wire_of(facts), self._sent()

    def play(
        self, sets: Mapping[str, Sequence[str]], more: More | None = None, inside: str = "", beside: str = ""
    ) -> dict[str, Any]:
        """Fill the layers, ask ccswitch, which gives this JSON, and let Claude Code ask the gateways.

        ``more`` is what layers set besides, or the whole text of their file, also of ``state``, Claude Code's own; the
        address of a layer's gateway stands there as ``<layer>``. ``inside`` is a folder of the project, which is a git
        repository then, and ``state_overrides`` a worktree of it.
        """
        shutil.rmtree(self.root / "home", ignore_errors=True)
        for folder in ("real-etc", "home/.claude", "home/project/.claude"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        settings = {layer: self._settings(layer, whats) for layer, whats in sets.items()}
        for layer, own in (more or {}).items():
            before = settings.get(layer, {})
            if isinstance(own, dict):
                settings[layer] = before | own | {"env": before.get("env", {}) | own.get("env", {})}
        texts = {layer: json.dumps(own) for layer, own in settings.items() if layer != "process"}
        texts |= {layer: own for layer, own in (more or {}).items() if isinstance(own, str)}
        for layer, text in texts.items():
            self._file(layer).write_text(re.sub("<([a-z]+)>", lambda named: self.gateways[named[1]].base_url, text))
        for name, text in self.files.items():
            file = self.root / "home" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        folder = self._folder(inside, beside)
        environ = self._environ(settings.get("process", {}))
        option = ["--settings", str(self._file("--settings"))] if "--settings" in sets else []
        in_etc = ["unshare", "-rm", "sh", "-c", _WITH_MANAGED, "sh", str(self.root / "real-etc")]
        managed = [*in_etc, str(self._file("managed"))] if "managed" in sets else []
        for gateway in self.gateways.values():
            gateway.clear()
        facts = self._explained(folder, environ, managed, option)
        done = run_program(environ, *managed, claude_code(), *option, "-p", "hello", folder=folder, code=None)
        self.printed = done.stdout + done.stderr
        return facts

    def _folder(self, inside: str, beside: str) -> Path:
        """Where Claude Code is started."""
        folder = self._project / inside
        folder.mkdir(parents=True, exist_ok=True)
        if inside or beside:
            run_program(os.environ, "git", "init", "-q", folder=self._project)
        if beside:
            named = ("-c", "user.name=nobody", "-c", "user.email=nobody@gateway.test")
            run_program(os.environ, "git", *named, "commit", "-q", "--allow-empty", "-m", "x", folder=self._project)
            folder = self.root / "home" / beside
            run_program(os.environ, "git", "worktree", "add", "-q", str(folder), folder=self._project)
        return folder

    @property
    def _project(self) -> Path:
        return self.root / "home" / "project"

    def _file(self, layer: str) -> Path:
        match layer:
            case "managed" | "--settings":
                return self.root / f"{layer.strip('-')}.json"
            case "state":
                return self.root / "home" / ".claude.json"
            case "user":
                return self.root / "home" / ".claude" / "settings.json"
            case "project":
                return self._project / ".claude" / "settings.json"
            case _:
                return self._project / ".claude" / layer

    def _environ(self, process: Settings) -> dict[str, str]:
        own = {"PATH": os.environ["PATH"], "HOME": str(self.root / "home"), "LANG": "C.UTF-8"}
        return own | QUIET | process.get("env", {})

    def _settings(self, layer: str, whats: Sequence[str]) -> dict[str, Any]:
        values = {what: secret_of(layer, what) for what in (TOKEN, KEY)}
        values |= {URL: self.gateways[layer].base_url, MODEL: _MODELS[layer]}
        settings: dict[str, Any] = {"env": {_VARIABLES[what]: values[what] for what in whats if what != HELPER}}
        if HELPER in whats:
            settings["apiKeyHelper"] = f"printf %s {secret_of(layer, HELPER)}"
        return settings

    def _explained(
        self, folder: Path, environ: Mapping[str, str], managed: Sequence[str], option: Sequence[str]
    ) -> dict[str, Any]:
        """What ccswitch says of the folder."""
        if not managed:
            return explain(str(folder), environ, option[-1] if option else None).as_json()
        command = [*managed, str(BIN / "ccswitch"), "explain", *option, "--json"]
        return json.loads(run_program(environ, *command, folder=folder, code=None).stdout)

    @property
    def asked(self) -> list[Received]:
        """What Claude Code asked of any of the gateways."""
        return [one for gateway in self.gateways.values() for one in gateway.requests if _asks(one)]

    def _sent(self) -> Wire:
        assert self.asked, "Claude Code asked nobody, so this proves nothing"
        wires = {wire_sent(one) for one in self.asked}
        assert len(wires) == 1, wires
        return wires.pop()


def wire_sent(request: Received) -> Wire:
    """What Claude Code has sent."""
    credentials = (request.headers.get(name, "")[-4:] for name in ("authorization", "x-api-key"))
    return Wire(request.headers["host"], *credentials, request.body["model"])


def wire_of(facts: dict[str, Any]) -> Wire:
    """What ccswitch says that is sent; where a settings file has a helper, what that would print."""
    parts = {part["part"]: part for part in facts["parts"]}
    address = parts["address"]["value"]
    if not parts["address"]["not_known"]:
        address = re.split(r"[/\\]", address)[2]
    model = parts["main"]["value"].rpartition(" ")[2]  # "sonnet, which is MODEL"
    return Wire(address, _told(parts["Authorization"]), _told(parts["x-api-key"]), model)


def _asks(request: Received) -> bool:
    return request.path.endswith("/v1/messages")


def _told(part: dict[str, Any]) -> str:
    winner = part["winner"]
    if winner is None:
        return ""
    return secret_of(winner["layer"], HELPER)[-4:] if winner["name"] == "apiKeyHelper" else part["value"][-4:]

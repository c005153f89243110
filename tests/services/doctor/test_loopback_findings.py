from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from tests.services.doctor.conftest import Look, Project
from tests.support.home import add_profile


@pytest.fixture
def listener():
    """A port on which somebody listens, and hears nothing, until it is closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def settings_for(settings: Path, port: int, host: str = "127.0.0.1") -> None:
    env = {"ANTHROPIC_BASE_URL": f"http://{host}:{port}", "ANTHROPIC_AUTH_TOKEN": "PROXY_MANAGED"}
    settings.write_text(json.dumps({"env": env}))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "proxy.localhost"])
def test_a_proxy_that_has_gone_is_broken_and_one_that_listens_is_not(
    look: Look, settings: Path, listener: socket.socket, host: str
) -> None:
    port = listener.getsockname()[1]
    settings_for(settings, port, host)
    assert {"loopback_dead", "loopback_ready"} & set(look()) == {"loopback_ready"}
    connection, _ = listener.accept()
    assert connection.recv(1) == b""
    connection.close()
    listener.close()
    dead = look()["loopback_dead"]
    assert f"{host}:{port}" in dead.sentence and "`ccswitch add`" in dead.fix


@pytest.mark.parametrize("address", ["http://127.1:{}", "http://0.0.0.0:{}/?x=1", "http://user:word@127.0.0.1:{}/v1"])
def test_an_address_of_a_project_counts_whatever_it_looks_like(
    look: Look, project: Project, paths: Paths, listener: socket.socket, address: str
) -> None:
    add_profile(paths, "a", "https://a.example")
    use(paths, "a")
    file = project({"env": {"ANTHROPIC_BASE_URL": address.format(listener.getsockname()[1])}}, "settings.local.json")
    assert "loopback_ready" in look()
    listener.close()
    dead = look()["loopback_dead"]
    assert dead.path == str(file) and "word" not in dead.sentence
    assert dead.fix.endswith("or remove ANTHROPIC_BASE_URL from ~/project/.claude/settings.local.json.")


def test_the_word_that_a_proxy_left_for_a_key_is_told_until_a_profile_is_used(
    look: Look, settings: Path, paths: Paths
) -> None:
    settings_for(settings, 9)
    found = look()
    assert "key_left_by_proxy" in found and "plaintext_in_settings" not in found
    add_profile(paths, "a", "https://a.example")
    use(paths, "a")
    assert not {"key_left_by_proxy", "loopback_dead"} & set(look())


def test_a_profile_for_this_machine_is_told_while_nothing_listens(
    look: Look, paths: Paths, listener: socket.socket
) -> None:
    add_profile(paths, "a", f"http://127.0.0.1:{listener.getsockname()[1]}/gw")
    assert "loopback_dead_in_profile" not in look()
    listener.close()
    assert "'a'" in look()["loopback_dead_in_profile"].sentence


def test_a_proxy_variable_to_a_dead_port_is_told(look: Look, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    assert "proxy_dead" not in look(HTTPS_PROXY=f"http://user:secret@127.0.0.1:{port}")
    listener.close()
    found = look(HTTPS_PROXY=f"http://user:secret@127.0.0.1:{port}", http_proxy=f"localhost:{port}")["proxy_dead"]
    assert "secret" not in found.sentence
    assert "proxy_dead" not in look(HTTPS_PROXY="http://proxy.example:3128", ALL_PROXY="socks5://proxy.example:1")

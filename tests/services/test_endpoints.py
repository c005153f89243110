import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Verdict
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.protocol import MAIN_ROLES, Delivery
from ccswitch_py.probe.runner import run_probe
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.apply import use
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.keys.manage import set_key
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.plans import plan_of_profile
from ccswitch_py.services.profiles.setup import check_key_is_for, draft_of, save_draft
from ccswitch_py.services.run import prepare_run
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.store.providers import load_provider
from ccswitch_py.targets.claude_code.target import ClaudeCode
from ccswitch_py.targets.registry import TARGETS
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving
from tests.support.probing import WITHOUT_PAUSE
from tests.support.strict_gateways import reads_key_from

KEY = "demo-made-up-key-51c0e7"
SCHEMES = ("bearer", "x-api-key")
ACME = """schema = 2
id = "acme"
name = "Acme"
source = "a test"
checked = 2026-11-30
models = [{ id = "gpt-5.4-low", family = "GPT", context_window = 64000, max_output = 4000 }]
"""
HEADERS = {"ANTHROPIC_AUTH_TOKEN": ("authorization", "Bearer "), "ANTHROPIC_API_KEY": ("x-api-key", "")}
"""How a tool with the variable sends what it says."""


class Other(ClaudeCode):
    """A tool that speaks another protocol, asks one model, and sends a Bearer token only."""

    id = "other"
    name = "Other"
    program = "other"
    protocol = "responses"
    auth = frozenset({"bearer", "both"})
    roles = ("main",)


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TARGETS, Other.id, Other())


@pytest.fixture(autouse=True)
def keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setenv("no_proxy", "*")


def write_provider(paths: Paths, **endpoints: dict[str, Any]) -> None:
    text = ACME
    for protocol, endpoint in endpoints.items():
        text += f"[endpoints.{protocol}]\n"
        text += "".join(f"{name} = {json.dumps(value)}\n" for name, value in endpoint.items())
    write_own_file(os.path.join(paths.providers, "acme.toml"), text.encode())


@pytest.mark.parametrize("auth", SCHEMES)
@pytest.mark.parametrize("delivery", ["command", "plaintext"])
def test_the_key_arrives_in_the_header_that_the_provider_reads(paths: Paths, auth: str, delivery: Delivery) -> None:
    with Misbehaving(reads_key_from(auth, KEY)) as gateway:
        write_provider(paths, messages={"base_url": gateway.base_url, "auth": auth})
        models = dict.fromkeys(MAIN_ROLES, "gpt-5.4-low")
        add_profile(paths, "a", gateway.base_url, provider="acme", models=models, delivery=delivery)
        plan = replace(plan_of_profile(paths, "a"), timeouts=WITHOUT_PAUSE)
        report = asyncio.run(run_probe(plan, lambda _check: None))
    assert report.verdict in (Verdict.WORKS, Verdict.DEGRADED), report.as_json()


@pytest.mark.parametrize("auth", SCHEMES)
def test_a_program_that_is_run_finds_the_key_in_the_variable_of_that_header(paths: Paths, auth: str) -> None:
    with Misbehaving(reads_key_from(auth, KEY)) as gateway:
        write_provider(paths, messages={"base_url": gateway.base_url, "auth": auth})
        add_profile(paths, "a", gateway.base_url, provider="acme")
        env = prepare_run(paths, "a", ["python3"]).env
        [variable] = [name for name in HEADERS if env.get(name)]
        name, prefix = HEADERS[variable]
        body = {"model": "m", "max_tokens": 9, "stream": False, "messages": [{"role": "user", "content": "hello"}]}
        url = f"{env['ANTHROPIC_BASE_URL']}/v1/messages"
        answer = httpx.post(url, json=body, headers={name: prefix + env[variable]}, trust_env=False)
    assert answer.status_code == 200, answer.text


def test_a_provider_that_a_second_copy_of_the_key_breaks_gets_one(paths: Paths) -> None:
    write_provider(paths, messages={"base_url": "http://127.0.0.1:9", "auth": "bearer", "bearer_only": True})
    add_profile(paths, "a", "", provider="acme")
    launch = launch_for(load_record(paths, "a"), "claude-code")
    sent = dict(ClaudeCode().request(launch).headers(KEY))
    assert sent == {"Authorization": f"Bearer {KEY}", "x-api-key": "unused"}


def test_a_header_that_the_tool_cannot_send_is_refused_before_anything_is_written(paths: Paths, settings: Path) -> None:
    write_provider(paths, messages={"base_url": "http://127.0.0.1:9", "auth": "x-goog-api-key"})
    add_profile(paths, "a", "", provider="acme")
    with pytest.raises(BadInput, match="x-goog-api-key"):
        use(paths, "a")
    assert not settings.exists() and not os.path.exists(paths.launch_file("claude-code", "a"))
    assert main(["show", "a"]) == 0


def test_a_missing_protocol_is_named(paths: Paths, other: None, capsys: pytest.CaptureFixture[str]) -> None:
    write_provider(paths, responses={"base_url": "http://127.0.0.1:9/v1", "auth": "bearer"})
    add_profile(paths, "a", "", provider="acme", models={"main": "gpt-5.4-low"})
    record = load_record(paths, "a")
    assert launch_for(record, "other").base_url == "http://127.0.0.1:9/v1"
    with pytest.raises(BadInput, match="Claude Code needs a messages endpoint, and Acme has none"):
        launch_for(record, "claude-code")
    assert main(["use", "a"]) == 2
    assert main(["show", "a"]) == 0
    assert "http://127.0.0.1:9/v1 (responses)" in capsys.readouterr().out


def test_a_role_is_needed_only_where_a_target_that_can_be_reached_needs_it(paths: Paths, other: None) -> None:
    write_provider(paths, responses={"base_url": "http://127.0.0.1:9/v1"}, chat={"base_url": "http://127.0.0.1:9/v1"})
    add_profile(paths, "a", "", provider="acme", models={"main": "gpt-5.4-low"})
    assert load_record(paths, "a").roles == {"main": "gpt-5.4-low"}
    with pytest.raises(BadInput, match="no model for main"):
        add_profile(paths, "b", "", provider="acme", models={"opus": "gpt-5.4-low"})
    write_provider(paths, messages={"base_url": "http://127.0.0.1:9"}, responses={"base_url": "http://127.0.0.1:9/v1"})
    with pytest.raises(BadInput, match=r"a\.toml: models: no model for haiku, sonnet, opus"):
        load_record(paths, "a")


def test_the_catalogues_limits_reach_the_target(paths: Paths) -> None:
    write_provider(paths, messages={"base_url": "http://127.0.0.1:9"})
    add_profile(paths, "a", "", provider="acme", models=dict.fromkeys(MAIN_ROLES, "gpt-5.4-low[1m]"))
    launch = launch_for(load_record(paths, "a"), "claude-code")
    assert (launch.context_windows, launch.output_limits) == ({"gpt-5.4-low": 64000}, {"gpt-5.4-low": 4000})


def test_a_profiles_own_base_url_leaves_the_providers_auth_and_other_endpoints(paths: Paths) -> None:
    write_provider(
        paths,
        messages={"base_url": "https://api.example", "auth": "x-api-key"},
        chat={"base_url": "https://api.example/v1"},
    )
    add_profile(paths, "a", "https://own.example", provider="acme")
    add_profile(paths, "b", "", provider="acme")
    own, served = (load_record(paths, name).endpoints for name in "ab")
    assert (own["messages"]["base_url"], own["messages"]["auth"]) == ("https://own.example", "x-api-key")
    assert served["messages"]["base_url"] == "https://api.example"
    assert own["chat"] == served["chat"]


def test_a_key_goes_to_each_endpoint_only_after_it_was_entered_for_its_host(paths: Paths, other: None) -> None:
    write_provider(
        paths, messages={"base_url": "https://api.example"}, responses={"base_url": "https://other.example/v1"}
    )
    add_profile(paths, "a", "", provider="acme", key=Secret(KEY))
    launch_for(load_record(paths, "a"), "claude-code")
    assert not os.path.exists(paths.launch_file("other", "a"))
    with pytest.raises(KeyUnavailable, match=r"was entered for api\.example, not for other\.example"):
        launch_for(load_record(paths, "a"), "other")
    set_key(paths, "a", Secret(KEY), "other.example")
    assert launch_for(load_record(paths, "a"), "other").key_host == "other.example:443"
    assert os.path.exists(paths.launch_file("other", "a"))


def test_a_provider_that_moves_does_not_take_the_key_along(paths: Paths, settings: Path) -> None:
    write_provider(paths, messages={"base_url": "https://api.example"})
    add_profile(paths, "a", "", provider="acme", key=Secret(KEY))
    write_provider(paths, messages={"base_url": "https://evil.example"})
    with pytest.raises(KeyUnavailable, match=r"not for evil\.example"):
        use(paths, "a")
    assert not settings.exists()


def test_a_key_from_a_variable_is_asked_for_again_when_another_endpoint_comes_in(paths: Paths) -> None:
    write_provider(paths, messages={"base_url": "https://api.example"}, chat={"base_url": "https://chat.example/v1"})
    add_profile(paths, "a", "https://api.example")
    old = load_profile(paths, "a")
    moved = replace(draft_of("a", old), provider="acme")
    with pytest.raises(KeyUnavailable, match=r"not for chat\.example"):
        check_key_is_for(old, moved, {"acme": load_provider(paths, "acme")}, said_again=False)


def test_plain_http_of_a_further_endpoint_wants_a_yes_too(paths: Paths, other: None) -> None:
    write_provider(
        paths, messages={"base_url": "https://api.example"}, responses={"base_url": "http://api.example:443/v1"}
    )
    with pytest.raises(BadInput, match="plain http"):
        add_profile(paths, "a", "", provider="acme")
    write_provider(paths, messages={"base_url": "https://api.example"})
    add_profile(paths, "a", "", provider="acme")
    write_provider(
        paths, messages={"base_url": "https://api.example"}, responses={"base_url": "http://api.example:443/v1"}
    )
    launch_for(load_record(paths, "a"), "claude-code")
    with pytest.raises(BadInput, match="plain http"):
        launch_for(load_record(paths, "a"), "other")
    save_draft(paths, replace(draft_of("a", load_profile(paths, "a")), allow_http=True), replace_existing=True)
    launch_for(load_record(paths, "a"), "other")


def test_a_key_of_a_variable_is_not_bound(paths: Paths, other: None) -> None:
    write_provider(
        paths, messages={"base_url": "https://api.example"}, responses={"base_url": "https://other.example/v1"}
    )
    add_profile(paths, "a", "", provider="acme", key=KeyRef(env=KEY_VARIABLE))
    assert launch_for(load_record(paths, "a"), "other").key_host == "other.example:443"

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.demo.server import Gateway
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.probe.checks.table import planned_requests
from ccswitch_py.probe.client.tls import find_https_equivalent
from ccswitch_py.probe.plan import Depth, ProbePlan
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.probe.runner import run_probe
from tests.support.good_gateway import GOOD, Events, GoodGateway
from tests.support.misbehaving import Misbehaving, json_reply, reply, then
from tests.support.probing import KEY, first_trouble, plan_for, probe, row

FAIL = Status.FAIL
MORE = ("stream", "tools", "claude_code")
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture
def closed_port() -> int:
    """A port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


NO_WAY: dict[str, tuple[Callable[[int], ProbePlan], Diagnosis, str]] = {
    "a port without a listener": (
        lambda port: plan_for(f"http://127.0.0.1:{port}"),
        Diagnosis.REFUSED,
        "Start the program that listens there, or write the gateway's own address",
    ),
    "a name that no machine has": (
        lambda _: plan_for("https://gateway.invalid"),
        Diagnosis.DNS_FAILED,
        "typos",
    ),
    "a proxy that is not there": (
        lambda port: plan_for("http://127.0.0.1:9", proxy=f"http://me:swordfish@127.0.0.1:{port}"),
        Diagnosis.PROXY_FAILED,
        "Start the proxy, or correct HTTPS_PROXY",
    ),
    "a proxy that is not there, on the way to https": (
        lambda port: plan_for("https://gateway.invalid", proxy=f"http://127.0.0.1:{port}"),
        Diagnosis.PROXY_FAILED,
        "NO_PROXY",
    ),
    "a proxy of another kind": (
        lambda _: plan_for("http://127.0.0.1:9", proxy="socks5://127.0.0.1:1"),
        Diagnosis.PROXY_FAILED,
        "NO_PROXY",
    ),
}


@pytest.mark.parametrize(("plan_of", "diagnosis", "advice"), NO_WAY.values(), ids=NO_WAY.keys())
def test_a_way_that_leads_nowhere_has_a_name_and_an_advice(
    closed_port: int, plan_of: Callable[[int], ProbePlan], diagnosis: Diagnosis, advice: str
) -> None:
    plan = plan_of(closed_port)
    report = probe(plan)
    assert first_trouble(report) == ("reach", diagnosis, FAIL)
    assert {one.status for one in report.checks[2:]} == {Status.SKIP}
    assert advice in row(report, "reach").advice
    assert ("The proxy is 127.0.0.1:" in row(report, "reach").detail) == bool(plan.proxy)
    assert "swordfish" not in repr(report)


@pytest.mark.parametrize("url", [f"http://{'a' * 70}.invalid", f"http://{'a.' * 150}invalid"])
def test_a_name_that_cannot_be_one_stops_the_test_without_a_crash(url: str) -> None:
    report = probe(plan_for(url, models={"main": "m"}))
    assert report.verdict is Verdict.BROKEN
    assert row(report, "reach").diagnosis in (Diagnosis.DNS_FAILED, Diagnosis.URL_INVALID)


NO_ADDRESSES = ("", "gateway.example", "ftp://host", "http://ho st")


@pytest.mark.parametrize("url", [*NO_ADDRESSES, "http://user:pass@host", "http://a..b", "http://999.1.1.1"])
def test_an_address_that_claude_code_could_not_call_is_never_tried(url: str) -> None:
    report = probe(plan_for(url))
    assert first_trouble(report) == ("url", Diagnosis.URL_INVALID, FAIL)
    assert report.requests == 0


@pytest.mark.parametrize("key", ["", " ", "sk-ab\ncdefghij", "sk-••••••••••••", "schlüssel-1234567"])
def test_a_key_that_cannot_travel_is_never_sent(key: str) -> None:
    with Misbehaving(GOOD) as gateway:
        report = probe(plan_for(gateway.base_url, key=key))
        assert gateway.seen == []
    assert first_trouble(report) == ("key", Diagnosis.KEY_MALFORMED, FAIL)
    assert report.requests == 0


def test_an_http_port_called_with_https_says_so() -> None:
    with Misbehaving(reply(400, "")) as gateway:
        report = probe(plan_for(f"https://127.0.0.1:{gateway.port}"))
    assert first_trouble(report) == ("reach", Diagnosis.TLS_FAILED, FAIL)
    assert "does not speak https" in row(report, "reach").detail


def test_a_proxy_that_refuses_the_tunnel_fails_before_the_key_is_sent() -> None:
    with Misbehaving(reply(407, "", "Proxy-Authenticate: Basic")) as proxy:
        report = probe(plan_for("https://gateway.invalid", proxy=proxy.base_url))
        assert [seen.method for seen in proxy.seen] == ["CONNECT"]
        assert KEY not in repr(proxy.seen)
    assert first_trouble(report) == ("reach", Diagnosis.PROXY_FAILED, FAIL)


@pytest.mark.parametrize("proxy", ["nonsense://", "http://[", "::"])
def test_a_proxy_address_that_cannot_be_used_is_a_failure_of_the_proxy(proxy: str) -> None:
    report = probe(plan_for("http://127.0.0.1:1", proxy=proxy))
    assert first_trouble(report) == ("reach", Diagnosis.PROXY_FAILED, FAIL)


def test_a_proxy_that_is_named_in_the_plan_gets_the_request() -> None:
    with Misbehaving(GOOD) as proxy:
        report = probe(plan_for("http://gateway.invalid", proxy=proxy.base_url))
        assert proxy.seen[0].target == "http://gateway.invalid/v1/messages?beta=true"
    assert (row(report, "url").diagnosis, row(report, "url").status) == (Diagnosis.PLAINTEXT_HTTP, Status.WARN)
    assert report.verdict is Verdict.WORKS


def test_nothing_of_the_environment_changes_what_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    for variable in PROXY_VARIABLES:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{closed_port}")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password swordfish\n")
    os.chmod(tmp_path / ".netrc", 0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "another-key")
    headers = (("Authorization", f"Bearer {KEY}"), ("x-extra", "1"))
    with Misbehaving(GOOD) as gateway:
        report = probe(plan_for(gateway.base_url, headers=headers))
        sent = gateway.seen[0]
    assert report.verdict is Verdict.WORKS
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in sent.headers
    assert sent.headers["x-extra"] == "1"
    assert sent.headers["user-agent"].startswith("ccswitch/")
    assert sent.headers["anthropic-version"] == "2023-06-01"
    assert sent.target == "/v1/messages?beta=true"
    assert KEY not in sent.target
    assert KEY.encode() not in sent.body


def test_a_cookie_of_one_answer_does_not_travel_with_the_next_request() -> None:
    with Misbehaving(then(json_reply(500, {}, "Set-Cookie: session=1"))) as gateway:
        probe(plan_for(gateway.base_url, models={"main": "a", "haiku": "b"}))
        assert len(gateway.seen) == 3
        assert all("cookie" not in seen.headers for seen in gateway.seen)


def dated(whole: Events) -> Events:
    start, *rest = whole
    return [{**start, "message": {**start["message"], "model": "good-model-20260101"}}, *rest]


def test_a_model_with_the_long_context_mark_is_asked_for_as_claude_code_asks() -> None:
    with Misbehaving(GoodGateway(changed=dated)) as gateway:
        report = probe(plan_for(gateway.base_url, models={"main": "good-model[1m]"}, depth=Depth.QUICK))
        assert gateway.seen[0].json["model"] == "good-model"
        assert gateway.seen[0].headers["anthropic-beta"] == "context-1m-2025-08-07"
    answered = row(report, "model")
    assert (answered.model, answered.requested_model) == ("good-model[1m]", "good-model")
    assert answered.status is Status.PASS


def demo_plan(gateway: Gateway, depth: Depth = Depth.NORMAL) -> ProbePlan:
    models = {
        "main": "gpt-5.4-low",
        "haiku": "claude-haiku-4-5",
        "sonnet": "gpt-5.4-low",
        "opus": "claude-opus-4-7",
    }
    return plan_for(gateway.base_url, models=models, key="demo-key-of-the-tests", depth=depth)


async def test_every_check_passes_against_the_demo_gateway_and_is_told_as_it_happens() -> None:
    told: list[tuple[str, str, str | None]] = []

    def ended(result: CheckResult) -> None:
        told.append(("ended", result.check, result.model))

    with Gateway() as gateway:
        plan = demo_plan(gateway)
        report = await run_probe(plan, ended, lambda check, model: told.append(("began", check, model)))
        assert len(gateway.requests) == report.requests == planned_requests(plan) == 5
    assert report.verdict is Verdict.WORKS
    assert {one.status for one in report.checks} == {Status.PASS}
    assert [one.check for one in report.checks] == ["url", "reach", "protocol", "key", *["model"] * 3, *MORE]
    for check in report.checks:
        began, ended_at = (told.index((what, check.check, check.model)) for what in ("began", "ended"))
        assert began < ended_at


def test_the_quick_test_leaves_the_stream_out() -> None:
    with Gateway() as gateway:
        plan = demo_plan(gateway, Depth.QUICK)
        report = probe(plan)
        assert len(gateway.requests) == planned_requests(plan) == 3
    assert report.verdict is Verdict.WORKS
    assert "stream" not in {one.check for one in report.checks}


def test_a_key_that_the_demo_gateway_does_not_know_is_rejected() -> None:
    with Gateway() as gateway:
        report = probe(plan_for(gateway.base_url, models={"main": "gpt-5.4-low"}))
    assert first_trouble(report) == ("key", Diagnosis.KEY_REJECTED, FAIL)


def test_the_report_has_the_documented_shape() -> None:
    with Gateway() as gateway:
        shape = probe(demo_plan(gateway)).as_json()
    assert list(shape) == ["name", "verdict", "requests", "elapsed_ms", "checks"]
    keys = "check model roles status diagnosis detail advice elapsed_ms requested_model answered_model usage timing fix"
    assert all(list(check) == keys.split() for check in shape["checks"])
    main = next(check for check in shape["checks"] if check["check"] == "model")
    assert main["roles"] == ["main", "sonnet"]
    assert main["usage"]["input_tokens"] > 0


async def test_a_host_that_is_named_by_an_ipv6_address_can_be_asked_for_https() -> None:
    assert await find_https_equivalent(BaseUrl("http://[::1]:9/gw")) is None

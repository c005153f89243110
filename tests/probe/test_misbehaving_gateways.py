import pytest

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from tests.support.good_gateway import GOOD
from tests.support.misbehaving import (
    STREAM_HEAD,
    Misbehaving,
    Script,
    by_model,
    endless,
    error,
    html,
    message,
    raw,
    reply,
    reset,
    silence,
    then,
)
from tests.support.probing import IMPATIENT, KEY, first_trouble, plan_for, probe, row

FAIL = Status.FAIL

WAYS = {
    "a reset": (reset, "reach", Diagnosis.CONNECTION_RESET),
    "a hang-up": (raw(b""), "reach", Diagnosis.CONNECTION_RESET),
    "silence in the middle": (then(reply(200, '{"type":', length=99), silence), "protocol", Diagnosis.TIMEOUT),
}
PENDING = {
    "silence": silence,
    "silence after the headers": then(raw(STREAM_HEAD), silence),
    "pings and no word": endless(STREAM_HEAD, b"event: ping\ndata: {}\n\n", pause_s=0.02),
    "provisional answers without end": endless(b"", b"HTTP/1.1 103 Early\r\n\r\n", pause_s=0.02),
}


@pytest.mark.parametrize(("script", "check", "diagnosis"), WAYS.values(), ids=WAYS.keys())
def test_a_gateway_that_does_not_answer_properly_cannot_hold_the_test_up(
    script: Script, check: str, diagnosis: Diagnosis
) -> None:
    patience = type(IMPATIENT)(connect_s=0.3, read_s=0.4, whole_s=5.0)
    with Misbehaving(script) as gateway:
        report = probe(plan_for(gateway.base_url, timeouts=patience))
    assert first_trouble(report) == (check, diagnosis, FAIL)
    assert report.verdict is Verdict.BROKEN
    assert report.requests == len(gateway.seen) <= 2
    assert all(talk.sent < 32 * 1024 * 1024 for talk in gateway.talks)


@pytest.mark.parametrize("script", PENDING.values(), ids=PENDING.keys())
def test_a_gateway_that_was_reached_and_says_nothing_yet_is_not_called_broken(script: Script) -> None:
    patience = type(IMPATIENT)(connect_s=0.3, read_s=0.4, whole_s=1.0)
    with Misbehaving(script) as gateway:
        report = probe(plan_for(gateway.base_url, timeouts=patience))
    assert first_trouble(report) == ("model", Diagnosis.TIMEOUT, Status.UNTESTABLE)
    assert row(report, "reach").status is Status.PASS
    assert "--timeout" in row(report, "model").advice
    assert (report.verdict, report.requests) == (Verdict.UNTESTABLE, 1)


def test_a_body_that_a_reset_cuts_off_is_a_cut_connection_and_asked_for_again() -> None:
    with Misbehaving(then(reply(200, '{"type":', length=99), reset)) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert len(gateway.seen) == 4
    assert first_trouble(report) == ("protocol", Diagnosis.CONNECTION_RESET, FAIL)


def test_an_answer_that_trickles_ends_with_the_patience_for_the_whole() -> None:
    patience = type(IMPATIENT)(connect_s=5.0, read_s=5.0, whole_s=0.5)
    with Misbehaving(endless(b"HTTP/1.1 200 OK\r\n\r\n", b" ", pause_s=0.02)) as gateway:
        report = probe(plan_for(gateway.base_url, timeouts=patience))
    assert first_trouble(report) == ("protocol", Diagnosis.TIMEOUT, FAIL)
    assert "0.5 seconds" in row(report, "protocol").detail


def test_an_answer_cut_by_the_token_limit_before_its_first_word_proves_key_and_model() -> None:
    thinking = [{"type": "thinking", "thinking": "hm", "signature": "x"}]
    with Misbehaving(message(content=thinking, stop_reason="max_tokens")) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert (row(report, "tools").status, row(report, "tools").diagnosis) == (Status.SKIP, Diagnosis.LENGTH_STOP)
    assert row(report, "claude_code").status is Status.PASS
    assert row(report, "key").status is Status.PASS
    assert (row(report, "model").status, row(report, "model").diagnosis) == (Status.PASS, Diagnosis.LENGTH_STOP)
    assert row(report, "stream").diagnosis is Diagnosis.NOT_SSE


def test_a_model_that_is_not_served_makes_only_its_own_row_red() -> None:
    unknown = error(404, "not_found_error", "model: old-model")
    models = {"main": "good-model", "haiku": "old-model", "sonnet": "good-model", "opus": "other-model"}
    with Misbehaving(by_model({"old-model": unknown}, GOOD)) as gateway:
        report = probe(plan_for(gateway.base_url, models=models))
    assert row(report, "key").status is Status.PASS
    assert row(report, "model", "old-model").diagnosis is Diagnosis.MODEL_NOT_FOUND
    assert row(report, "model", "old-model").roles == ("haiku",)
    assert row(report, "model", "good-model").roles == ("main", "sonnet")
    assert row(report, "model", "other-model").status is Status.PASS
    assert row(report, "stream").status is Status.PASS
    assert report.verdict is Verdict.BROKEN


def test_the_key_is_settled_by_a_later_model_when_the_first_one_fails_before_it_is_looked_at() -> None:
    models = {"main": "busy-model", "haiku": "good-model"}
    with Misbehaving(by_model({"busy-model": reply(500, "")}, GOOD)) as gateway:
        report = probe(plan_for(gateway.base_url, models=models))
    order = [(one.check, one.model, one.status) for one in report.checks if one.check in ("key", "model")]
    assert order == [
        ("model", "busy-model", FAIL),
        ("key", None, Status.PASS),
        ("model", "good-model", Status.PASS),
    ]


def test_a_key_that_no_answer_has_proved_is_not_called_accepted() -> None:
    with Misbehaving(reply(500, "")) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert row(report, "key").status is Status.SKIP
    assert row(report, "protocol").status is Status.SKIP
    assert report.verdict is Verdict.BROKEN


def test_what_a_redirect_offers_is_only_the_same_host_over_https() -> None:
    with Misbehaving(reply(301, "", "Location: https://127.0.0.1/prefix/v1/messages?beta=true")) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert len(gateway.seen) == 1
    assert "https://127.0.0.1/prefix as base URL" in row(report, "protocol").advice
    with Misbehaving(reply(301, "", "Location: https://elsewhere.invalid/v1/messages")) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert "elsewhere" not in row(report, "protocol").advice
    assert "elsewhere.invalid" in row(report, "protocol").detail


PASTED = {
    "/v1": (html(404), Diagnosis.URL_HAS_V1),
    "/v1/messages": (reply(404, ""), Diagnosis.URL_HAS_V1),
    "/v1/": (html(200), Diagnosis.URL_HAS_V1),
}


@pytest.mark.parametrize(("tail", "script", "diagnosis"), [(tail, *row) for tail, row in PASTED.items()])
def test_a_base_url_with_v1_is_named_as_such_when_nothing_answers_there(
    tail: str, script: Script, diagnosis: Diagnosis
) -> None:
    with Misbehaving(script) as gateway:
        report = probe(plan_for(gateway.base_url + tail))
        assert gateway.seen[0].target.startswith(f"{tail.rstrip('/')}/v1/messages")
    assert row(report, "url").diagnosis is diagnosis
    assert row(report, "protocol").diagnosis is diagnosis
    assert f"Write {gateway.base_url} as base URL." in row(report, "protocol").advice


def test_a_base_url_with_v1_that_is_answered_all_the_same_is_only_a_warning() -> None:
    with Misbehaving(GOOD) as gateway:
        report = probe(plan_for(f"{gateway.base_url}/v1"))
    assert report.verdict is Verdict.DEGRADED


def test_the_wait_that_a_gateway_asks_for_is_shown() -> None:
    with Misbehaving(error(429, "rate_limit_error", "Slow down", "Retry-After: 2892")) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert "2892 seconds" in row(report, "model").detail


def test_a_gateway_that_repeats_the_key_does_not_get_it_into_the_report() -> None:
    echo = error(401, "authentication_error", f"Invalid key {KEY} ({KEY[:15]}****) [bold]\x1b[31m red \u202eevil")
    with Misbehaving(echo) as gateway:
        report = probe(plan_for(gateway.base_url))
    detail = row(report, "key").detail
    assert KEY[:15] not in detail
    assert "\x1b" not in detail
    assert "\u202e" not in detail
    assert "[bold]" in detail


def test_a_gateway_that_names_the_key_as_model_or_target_does_not_get_it_into_the_report() -> None:
    with Misbehaving(message(model=KEY)) as gateway:
        assert row(probe(plan_for(gateway.base_url)), "model").diagnosis is Diagnosis.MODEL_SUBSTITUTED
    with Misbehaving(reply(307, "", f"Location: https://127.0.0.1/{KEY}/v1/messages")) as gateway:
        assert row(probe(plan_for(gateway.base_url)), "protocol").diagnosis is Diagnosis.REDIRECTED


def test_half_a_character_in_an_answer_can_still_be_printed() -> None:
    with Misbehaving(
        reply(401, '{"error": {"type": "authentication_error", "message": "bad \\ud83d key"}}')
    ) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert row(report, "key").detail.encode("utf-8")

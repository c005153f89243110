import base64
import json
import urllib.parse

import pytest

from ccswitch_py.probe.evidence import BODY_LIMIT, evidence_text
from tests.support.good_gateway import GOOD
from tests.support.misbehaving import Misbehaving, error, json_reply, reply, reset, silence
from tests.support.probing import IMPATIENT, KEY, plan_for, probe, row


def test_the_evidence_is_the_request_as_it_was_sent_and_the_answer_as_it_came() -> None:
    with Misbehaving(error(401, "authentication_error", "invalid x-api-key", "x-trace: abc")) as gateway:
        found = row(probe(plan_for(gateway.base_url)), "key").evidence
        sent = gateway.seen[0]
    assert found is not None
    assert found.url == f"{gateway.base_url}/v1/messages?beta=true"
    first, *headers = found.request_head
    assert first == f"POST {sent.target} HTTP/1.1"
    assert [line.partition(":")[0].lower() for line in headers] == list(sent.headers)
    assert "Authorization: Bearer ••••••••f1e2" in headers and "x-api-key: ••••••••f1e2" in headers
    assert json.loads("\n".join(found.request_body)) == sent.json
    assert found.answer_head[0] == "HTTP/1.1 401 x" and "x-trace: abc" in found.answer_head
    assert json.loads("\n".join(found.answer_body))["error"]["message"] == "invalid x-api-key"
    assert (
        found.as_json()["connect_ms"] is not None
        and found.as_json()["connect_ms"] <= found.as_json()["first_byte_ms"] <= found.as_json()["elapsed_ms"]
    )
    assert found.times.startswith("Connected in ")


@pytest.mark.parametrize("script", [reset, silence])
def test_where_nothing_came_the_evidence_says_so(script) -> None:
    with Misbehaving(script) as gateway:
        found = row(probe(plan_for(gateway.base_url, timeouts=IMPATIENT)), "reach").evidence
    assert found is not None
    assert found.answer_head == found.answer_body == []
    assert "no answer" in found.times and found.as_json()["answer"] is None
    assert evidence_text(found).endswith("Answer\n  None.\n")


def test_where_nobody_listens_there_was_no_connection() -> None:
    with Misbehaving(GOOD) as gateway:
        base_url = gateway.base_url
    found = row(probe(plan_for(base_url)), "reach").evidence
    assert found is not None and found.as_json()["connect_ms"] is None
    assert found.times.startswith("No connection")


def test_what_nobody_asked_has_no_evidence() -> None:
    with Misbehaving(error(401, "authentication_error", "no")) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert row(report, "url").evidence is None and row(report, "tools").evidence is None


SPLIT = f"{KEY[:9]}\n{KEY[9:18]}\n{KEY[18:]}"
FORMS = [
    KEY,
    KEY.upper(),
    base64.b64encode(KEY.encode()).decode(),
    base64.b64encode(f"x:{KEY}".encode()).decode(),
    urllib.parse.quote(f"key={KEY}"),
    "".join(f"\\u{ord(char):04x}" for char in KEY),
    KEY.encode().hex(),
    SPLIT,
    "\n".join(KEY),
    " ".join(KEY),
    f"{KEY[:5]}\u200b{KEY[5:]}",
]


@pytest.mark.parametrize("echo", FORMS)
@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
def test_a_key_that_the_gateway_echoes_is_not_in_the_evidence(echo: str, kind: str) -> None:
    body = f"You sent {echo}." if kind == "text/plain" else json.dumps({"you": {"sent": echo}})
    header = f"x-echo: {echo}" if "\n" not in echo and echo.isascii() else "x-echo: nothing"
    with Misbehaving(reply(400, body, f"Content-Type: {kind}", header)) as gateway:
        report = probe(plan_for(gateway.base_url))
    for check in report.checks:
        if check.evidence is not None:
            text = evidence_text(check.evidence) + json.dumps(check.evidence.as_json(), ensure_ascii=False)
            assert echo not in text and echo.replace("\n", "\\n") not in text
            together = "".join(text.split()).replace("\u200b", "").replace("\\n", "")
            assert KEY not in together and KEY[:20] not in together and repr(check.evidence).find(KEY) < 0


def test_a_long_answer_is_cut_and_no_part_of_a_key_is_left_at_the_cut() -> None:
    for before in range(BODY_LIMIT - len(KEY), BODY_LIMIT + len(KEY) + 80, 7):
        with Misbehaving(reply(400, "x " * (before // 2) + f"{KEY} " * 20)) as gateway:
            found = row(probe(plan_for(gateway.base_url)), "model", "good-model").evidence
        assert found is not None
        *lines, last = found.answer_body
        assert last.startswith("… cut here, of ") and len("\n".join(lines)) <= BODY_LIMIT
        assert KEY[:6] not in "".join(lines)


def test_other_credentials_than_the_key_are_masked_as_well() -> None:
    headers = (
        ("Authorization", "Bearer another-credential"),
        ("x-api-key", "unused"),
        ("X-Team-Token", "horse"),
        ("x-team", "a1b2c3d4e5f6a7b8"),
        ("x-colour", "blue"),
    )
    with Misbehaving(json_reply(200, {}, "Set-Cookie: session=abcdef")) as gateway:
        found = row(probe(plan_for(gateway.base_url, headers=headers)), "protocol").evidence
    assert found is not None
    assert found.request_head[-6:-1] != []
    text = evidence_text(found)
    for secret in ("another-credential", "horse", "a1b2c3d4e5f6a7b8", "abcdef"):
        assert secret not in text
    for plain in ("x-api-key: unused", "x-colour: blue", "anthropic-version: 2023-06-01", "set-cookie: ••••••••"):
        assert plain in text


def test_control_characters_of_an_answer_do_not_reach_a_terminal() -> None:
    with Misbehaving(reply(400, "\x1b[2J\x1b]0;title\x07a\x08b\u202ec[red]")) as gateway:
        found = row(probe(plan_for(gateway.base_url)), "model").evidence
    assert found is not None and found.answer_body == ["abc[red]"]

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ccswitch_py.core.errors import BadInput
from ccswitch_py.demo.server import Gateway
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.probe.checks.table import FURTHER_CHECKS
from ccswitch_py.probe.diagnosis_texts import ADVICE, CAUSES
from ccswitch_py.probe.judge.refusals import WORDINGS
from ccswitch_py.probe.plan import Depth, ProbePlan
from ccswitch_py.probe.prompt import Prompt, PromptResult, send_prompt
from ccswitch_py.probe.report import WITH_CLAUDE, CheckResult, ProfileReport
from ccswitch_py.probe.stages import PASSED
from ccswitch_py.targets.claude_code.request_shape import ClaudeCodeShape
from tests.probe.test_advice import ADVISED, HEADERS
from tests.probe.test_certificates import NOT_TRUSTED, NOT_VALID, Make, report_of
from tests.probe.test_first_requests import FIRST_REQUEST
from tests.probe.test_further_checks import FULL, TOOLS, asks_for_tool
from tests.probe.test_misbehaving_gateways import PASTED, WAYS
from tests.probe.test_streams import LOST_STREAMS, STREAMS
from tests.probe.test_ways_to_a_gateway import NO_WAY
from tests.support.good_gateway import GOOD, refusing
from tests.support.misbehaving import (
    Misbehaving,
    Script,
    Talk,
    by_model,
    by_stream,
    encode,
    error,
    events,
    html,
    json_reply,
    message,
    reply,
    stream,
)
from tests.support.probing import IMPATIENT, KEY, plan_for, probe
from tests.support.pseudo_language import SPOKEN, Spoken, is_whole, texts
from tests.targets.claude_code.test_request_shape import REFUSED, bad, extra, has, has_beta

Body = dict[str, Any]
Headers = dict[str, str]

CERTIFICATES = {
    **{name: (row[0], True) for name, row in NOT_VALID.items()},
    **{name: (row[0], False) for name, row in NOT_TRUSTED.items()},
}
"""Certificates that are not accepted, and whether their authority is known."""

KEYS = {"the demo's key": "demo-key-1234", "another key": KEY}
TWO_MODELS = {"main": "good-model", "haiku": "gpt-5.4-lo"}
UNKNOWN = error(404, "not_found_error", "model: gpt-5.4-lo")
ONE_LISTED = json_reply(200, {"data": [{"id": "gpt-5.4-low"}]})
SHORT = [event for event in events() if event["type"] != "content_block_stop"]
NO_DELTA: list[dict[str, Any]] = [*SHORT[:3], {"type": "message_delta", "delta": None}]
NO_BLOCK: list[dict[str, Any]] = [*SHORT[:1], {"type": "content_block_delta", "index": 0, "delta": {}}]


class Case(NamedTuple):
    """What a gateway does, where it is asked, and what of the profile is other than usual."""

    script: Script
    path: str
    changes: dict[str, Any]


def case(script: Script, path: str = "", **changes: Any) -> Case:
    return Case(script, path, changes)


def one_after_the_other(talk: Talk) -> None:
    """Name one part, and the other once it is left out."""
    extra("thinking" if "thinking" in talk.request.json else "output_config")(talk)


def thinks(body: Body, _: Headers) -> bool:
    return "thinking" in body or "output_config" in body


def has_more_than_a_question(body: Body, _: Headers) -> bool:
    return "metadata" in body or len(body.get("messages", [])) > 1


def has_long_system(body: Body, _: Headers) -> bool:
    return isinstance(body.get("system"), list)


def has_no_limit(body: Body, _: Headers) -> bool:
    return "max_tokens" not in body


OWN = {
    "all is well": case(GOOD, depth=Depth.FULL),
    "one near id": case(by_model({"gpt-5.4-lo": UNKNOWN, "": ONE_LISTED}, GOOD), models=TWO_MODELS),
    "some near ids": case(by_model({"gpt-5.4-lo": UNKNOWN}, GOOD), models=TWO_MODELS),
    "a listed id": case(by_model({"gpt-5.4-low": UNKNOWN}, GOOD), models={"main": "gpt-5.4-low"}),
    "an id of the catalogue": case(UNKNOWN, known_models=lambda: ("good-model",)),
    "an id near one of the catalogue": case(UNKNOWN, known_models=lambda: ("good-mode", "a")),
    "ids near those of the catalogue": case(UNKNOWN, known_models=lambda: ("good-mode", "goods-model", "a")),
    "no model": case(message(model=None)),
    "no usage": case(message(usage="none")),
    "no numbers": case(message(usage={})),
    "no number": case(message(usage={"input_tokens": 14})),
    "one token": case(message(usage={"input_tokens": 1, "output_tokens": 1})),
    "a number beyond all measure": case(message(usage={"input_tokens": 10**13, "output_tokens": -1})),
    "content that cannot be read": case(message(content=["one"])),
    "a refusal of the model": case(message(stop_reason="refusal")),
    "a tool that is not called": case(message(stop_reason="tool_use")),
    "a message in something else": case(json_reply(200, {"data": {"type": "message", "content": []}})),
    "a stream that nobody asked for": case(by_stream(stream(), html(404))),
    "a delta that is none": case(by_stream(GOOD, stream(encode(NO_DELTA)))),
    "a block that is none": case(by_stream(GOOD, stream(encode(NO_BLOCK)))),
    "a better address": case(reply(301, "", "Location: https://127.0.0.1/prefix/v1/messages?beta=true")),
    "a redirect to nowhere": case(reply(301, "", "Location: \xad")),
    "two headers": case(error(401, "authentication_error", "x-api-key or bearer token"), headers=(("a", "b"),)),
    "a refusal of any part": case(refusing(has('"system"'), bad("Bad request"))),
    "thinking and effort": case(refusing(thinks, one_after_the_other)),
    "a message of the role system and metadata": case(refusing(has_more_than_a_question, bad("no"))),
    "system as a list": case(refusing(has_long_system, bad("system: no list"))),
    "no beta header": case(refusing(has_beta("-"), bad("anthropic-beta: no"))),
    "no counts at all": case(message(), depth=Depth.FULL),
    "countless tokens": case(refusing(has_no_limit, json_reply(200, {"input_tokens": 10**12})), depth=Depth.FULL),
    "one token counted": case(refusing(has_no_limit, json_reply(200, {"input_tokens": 1})), depth=Depth.FULL),
    "no key": case(GOOD, key=" "),
    "a key that cannot travel": case(GOOD, key="schlüssel-1234567"),
}


def cases() -> Iterator[tuple[str, Case]]:
    """These, and what the tests of the English words do."""
    yield from OWN.items()
    for rows in FIRST_REQUEST.values():
        yield from ((f"first: {name}", case(script)) for name, (script, _) in rows.items())
    yield from ((f"advised: {name}", case(row[1])) for name, row in ADVISED.items())
    yield from ((f"header: {name}", case(row[1], headers=row[0])) for name, row in HEADERS.items())
    yield from ((f"pasted: {path}", case(row[0], path)) for path, row in PASTED.items())
    yield from ((f"refused: {name}", case(refusing(row[0], row[1]))) for name, row in REFUSED.items())
    yield from ((f"tool: {name}", case(refusing(asks_for_tool, row[0]))) for name, row in TOOLS.items())
    yield from ((f"way: {name}", case(row[0], timeouts=IMPATIENT)) for name, row in WAYS.items())
    for name, row in [*STREAMS.items(), *LOST_STREAMS.items()]:
        yield f"stream: {name}", case(by_stream(GOOD, row[0]), timeouts=IMPATIENT)
    for check, (condition, rows) in FULL.items():
        for name, row in rows.items():
            yield f"{check}: {name}", case(refusing(condition, row[0]), depth=Depth.FULL)


def held_in_both(speaking: Spoken, report_of: Callable[[], ProfileReport]) -> ProfileReport:
    """The report in the other language; all but its sentences is as in English, and these are translated."""
    with speaking("en"):
        english = report_of()
    with speaking(SPOKEN):
        other = report_of()
    assert facts(other) == facts(english)
    assert [bool(text) for text in sentences(other)] == [bool(text) for text in sentences(english)]
    assert [text for text in sentences(other) if not is_whole(text)] == []
    return other


def facts(report: ProfileReport) -> list[object]:
    return [
        (report.name, report.verdict, report.requests),
        *(
            (one.check, one.model, one.roles, one.status, one.diagnosis, one.answered_model, one.fix, one.not_asked)
            for one in report.checks
        ),
    ]


def sentences(report: ProfileReport) -> list[str]:
    return [text for one in report.checks for text in (one.detail, one.advice)]


@pytest.mark.parametrize("played", [pytest.param(played, id=name) for name, played in cases()])
def test_a_gateway_is_judged_alike_in_every_language_and_in_whole_sentences(played: Case, speaking: Spoken) -> None:
    def report() -> ProfileReport:
        with Misbehaving(played.script) as gateway:
            return probe(plan_for(gateway.base_url + played.path, **played.changes))

    held_in_both(speaking, report)


@pytest.mark.parametrize("plan_of", [row[0] for row in NO_WAY.values()], ids=NO_WAY.keys())
def test_a_way_that_leads_nowhere_is_told_in_whole_sentences(
    plan_of: Callable[[int], ProbePlan], speaking: Spoken
) -> None:
    held_in_both(speaking, lambda: probe(plan_of(9)))


@pytest.mark.parametrize(("scheme", "script"), [("http", GOOD), ("https", reply(407, ""))], ids=["open", "closed"])
def test_a_way_through_a_proxy_is_told_in_whole_sentences(scheme: str, script: Script, speaking: Spoken) -> None:
    with Misbehaving(script) as proxy:
        held_in_both(speaking, lambda: probe(plan_for(f"{scheme}://gateway.invalid", proxy=proxy.base_url)))


def test_a_port_that_does_not_speak_https_is_told_in_whole_sentences(speaking: Spoken) -> None:
    with Misbehaving(reply(400, "")) as gateway:
        held_in_both(speaking, lambda: probe(plan_for(f"https://127.0.0.1:{gateway.port}")))


@pytest.mark.parametrize(("make", "is_known"), CERTIFICATES.values(), ids=CERTIFICATES.keys())
def test_a_certificate_that_is_not_accepted_is_told_in_whole_sentences(
    make: Make, is_known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speaking: Spoken
) -> None:
    presented = make(tmp_path)
    if is_known:
        monkeypatch.setenv("NODE_EXTRA_CA_CERTS", presented.authority)
    held_in_both(speaking, lambda: report_of(presented))


def test_trouble_in_the_middle_of_the_search_is_told_in_whole_sentences(speaking: Spoken) -> None:
    strict, trouble = refusing(has("context_management"), bad("Bad request")), error(500, "api_error", "down")

    def report() -> ProfileReport:
        with Misbehaving(*[trouble if at in (5, 6) else strict for at in range(1, 20)]) as gateway:
            return probe(plan_for(gateway.base_url))

    held_in_both(speaking, report)


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_the_embedded_gateway_is_judged_alike_in_every_language(key: str, speaking: Spoken) -> None:
    models = {"main": "gpt-5.4-low", "haiku": "gpt-5.4-lo"}
    with Gateway() as gateway:
        report = held_in_both(
            speaking, lambda: probe(plan_for(gateway.base_url, key=key, models=models, depth=Depth.FULL))
        )
    assert report.verdict is Verdict.BROKEN


def test_that_claude_code_was_admitted_is_said_in_the_language_of_the_report(speaking: Spoken) -> None:
    refusal = error(403, "permission_error", "This group only allows Claude Code clients")
    with speaking(SPOKEN), Misbehaving(refusal) as gateway:
        report = probe(plan_for(gateway.base_url)).with_check(CheckResult(WITH_CLAUDE, Status.PASS, Diagnosis.OK))
    assert [text for text in sentences(report) if not is_whole(text)] == []


@pytest.mark.parametrize("max_tokens", [1, 1024])
@pytest.mark.parametrize(
    "script",
    [
        message(),
        message(content=[], stop_reason="max_tokens"),
        stream(encode(events(), named=False)),
        stream(encode(events()[:5])),
        error(401, "authentication_error", "no"),
    ],
    ids=["an answer", "a limit", "no names", "a cut", "a refusal"],
)
def test_what_came_of_a_prompt_is_told_in_whole_sentences(script: Script, max_tokens: int, speaking: Spoken) -> None:
    def asked() -> PromptResult:
        with Misbehaving(script) as gateway:
            prompt = Prompt("hello", max_tokens=max_tokens)
            return asyncio.run(send_prompt(plan_for(gateway.base_url), "good-model", prompt, lambda _: None))

    with speaking("en"):
        english = asked().row
    with speaking(SPOKEN):
        other = asked().row
    assert (other.status, other.diagnosis) == (english.status, english.diagnosis)
    assert is_whole(other.detail)
    assert is_whole(other.advice)


WRONG: dict[str, Callable[[], Prompt]] = {
    "no prompt": lambda: Prompt(" "),
    "half a character": lambda: Prompt("\ud800"),
    "half a character for the system": lambda: Prompt("hello", system="\ud800"),
    "no tokens": lambda: Prompt("hello", max_tokens=0),
    "too warm": lambda: Prompt("hello", temperature=2),
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG.keys())
def test_a_prompt_that_cannot_be_sent_is_refused_in_whole_sentences(
    make: Callable[[], Prompt], speaking: Spoken
) -> None:
    with speaking(SPOKEN), pytest.raises(BadInput) as refused:
        make()
    assert is_whole(refused.value.message)
    assert is_whole(refused.value.hint)


def test_every_text_of_a_table_is_in_the_catalogue() -> None:
    of_tables = {
        *CAUSES.values(),
        *ADVICE.values(),
        *ClaudeCodeShape.advice.values(),
        ClaudeCodeShape.bearer_note,
        *PASSED.values(),
        *(check.passed for check in FURTHER_CHECKS),
        *(wording.advice for wording in WORDINGS),
    }
    assert of_tables - {"", None} <= texts()

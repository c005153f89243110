import asyncio
import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.probe.checks.image import number_png
from ccswitch_py.probe.prompt import MAX_ANSWER_BYTES, Image, Prompt, PromptResult, send_prompt
from ccswitch_py.redact.key_patterns import DOTS
from ccswitch_py.services.ask import plan_prompt, remarks, summary_line
from tests.support.good_gateway import GOOD
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import (
    MESSAGE,
    STREAM_HEAD,
    Misbehaving,
    Script,
    encode,
    endless,
    error,
    events,
    html,
    message,
    raw,
    reply,
    reset,
    silence,
    stream,
    then,
)
from tests.support.probing import IMPATIENT, KEY, plan_for

HELLO = Prompt("hello")
START = events(["message_start", "content_block_start"])
STOP = {"type": "content_block_stop", "index": 0}
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "come back later"}}


def delta(text: str, kind: str = "text") -> dict[str, Any]:
    return {"type": "content_block_delta", "index": 0, "delta": {"type": f"{kind}_delta", kind: text}}


def end(reason: str = "end_turn", tokens: int = 6) -> list[dict[str, Any]]:
    closing = {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": tokens}}
    return [closing, {"type": "message_stop"}]


def ask(gateway: Misbehaving, prompt: Prompt = HELLO, model: str = "good-model", **changes: Any) -> PromptResult:
    """Ask, and hold that what was handed on is the text of the result, and that the key is nowhere in it."""
    told: list[str] = []
    plan = plan_for(gateway.base_url, timeouts=IMPATIENT, **changes)
    asked = asyncio.run(send_prompt(plan, model, prompt, told.append))
    assert "".join(told) == asked.text
    assert KEY not in json.dumps(asked.as_json()) + repr(asked) + summary_line(asked, prompt.max_tokens)
    assert len(gateway.seen) <= 1
    return asked


def test_every_parameter_of_the_page_is_sent_once_with_the_credential_of_the_profile() -> None:
    images = (Image("image/png", b"picture"), Image("image/gif", b"other"))
    prompt = Prompt("what is it?", "be brief", 0.5, 77, images)
    with Misbehaving(GOOD) as gateway:
        ask(gateway, prompt)
    (seen,) = gateway.seen
    assert (seen.method, seen.target) == ("POST", "/v1/messages?beta=true")
    assert (seen.headers["authorization"], seen.headers["x-api-key"]) == (f"Bearer {KEY}", KEY)
    sources = [
        {"type": "base64", "media_type": image.media_type, "data": base64.b64encode(image.content).decode()}
        for image in images
    ]
    assert seen.json == {
        "model": "good-model",
        "max_tokens": 77,
        "system": "be brief",
        "temperature": 0.5,
        "stream": True,
        "messages": [
            {
                "role": "user",
                "content": [
                    *({"type": "image", "source": source} for source in sources),
                    {"type": "text", "text": "what is it?"},
                ],
            }
        ],
    }


def test_what_was_not_said_is_not_sent() -> None:
    with Misbehaving(GOOD) as gateway:
        ask(gateway, Prompt("hello", stream=False))
    messages = [{"role": "user", "content": "hello"}]
    assert gateway.seen[0].json == {"model": "good-model", "max_tokens": 1024, "messages": messages, "stream": False}


def test_the_mark_of_the_long_context_becomes_a_header() -> None:
    with Misbehaving(GOOD) as gateway:
        asked = ask(gateway, model="good-model[1m]")
    assert gateway.seen[0].json["model"] == "good-model"
    assert "context-1m" in gateway.seen[0].headers["anthropic-beta"]
    assert summary_line(asked, 1024).startswith("good-model answered: ")


@pytest.mark.parametrize("streaming", [True, False])
def test_a_good_answer_is_told_with_what_it_cost(streaming: bool) -> None:
    with Misbehaving(GOOD) as gateway:
        asked = ask(gateway, Prompt("hello", stream=streaming))
    assert asked.text.split() == ["one", "two", "three"]
    assert (asked.is_answered, asked.streamed, asked.stop_reason) == (True, streaming, "end_turn")
    assert (asked.first_event_ms is not None) == (asked.first_word_ms is not None) == streaming
    assert summary_line(asked, 1024).startswith("good-model answered: 14 tokens in, 6 out, ")
    assert remarks(asked, streaming=streaming) == []
    facts = asked.as_json()
    assert (facts["name"], facts["requested_model"], facts["answered_model"]) == ("work", "good-model", "good-model")
    assert (facts["usage"]["input_tokens"], facts["diagnosis"]) == (14, "ok")


@pytest.mark.parametrize(
    ("script", "streaming", "remark"),
    [(message(), True, "not streamed, although"), (stream(), False, "streamed, although streaming was turned off")],
)
def test_the_other_form_than_the_one_asked_for_is_taken_and_named(script: Script, streaming: bool, remark: str) -> None:
    with Misbehaving(script) as gateway:
        asked = ask(gateway, Prompt("hello", stream=streaming))
    assert asked.text.split() == ["one", "two", "three"]
    (said,) = remarks(asked, streaming=streaming)
    assert remark in said


def test_thinking_is_not_part_of_the_text() -> None:
    parts = [*START, delta("hm, hello?", "thinking"), delta("abc", "signature"), delta("Hello."), *end()]
    with Misbehaving(stream(encode(parts))) as gateway:
        assert ask(gateway).text == "Hello."
    blocks = [{"type": "thinking", "thinking": "hm", "signature": "abc"}, {"type": "text", "text": "Hello."}]
    with Misbehaving(message(content=blocks)) as gateway:
        assert ask(gateway).text == "Hello."


def test_a_key_in_the_answer_is_hidden_even_when_it_comes_letter_by_letter() -> None:
    letters = [delta(letter) for letter in f"\x1b[31mYour key is {KEY}."]
    with Misbehaving(stream(encode([*START, *letters, *end()]))) as gateway:
        assert ask(gateway).text == f"Your key is {DOTS}."
    with Misbehaving(
        message(content=[{"type": "text", "text": f"It is {KEY}."}], model=KEY, stop_reason=KEY)
    ) as gateway:
        asked = ask(gateway)
    assert (asked.text, asked.stop_reason) == (f"It is {DOTS}.", DOTS)


REFUSALS: dict[str, tuple[Script, Diagnosis]] = {
    "a wrong key": (error(401, "authentication_error", f"invalid x-api-key {KEY}"), Diagnosis.KEY_REJECTED),
    "no balance": (error(402, "billing_error", "no credit"), Diagnosis.QUOTA_EXHAUSTED),
    "too many requests": (error(429, "rate_limit_error", "slow down"), Diagnosis.RATE_LIMITED),
    "a refused field": (error(400, "invalid_request_error", "system: no"), Diagnosis.REQUEST_REFUSED),
    "an error with 200": (error(200, "overloaded_error", "busy"), Diagnosis.OVERLOADED),
    "an error as a stream": (stream(encode([OVERLOADED])), Diagnosis.OVERLOADED),
    "an error before any word": (stream(encode([*START, OVERLOADED])), Diagnosis.OVERLOADED),
    "a web page": (html(200), Diagnosis.HTML_PAGE),
    "a redirect": (reply(307, "", "Location: https://elsewhere.invalid/v1/messages"), Diagnosis.REDIRECTED),
    "silence": (silence, Diagnosis.TIMEOUT),
    "a hang-up": (reset, Diagnosis.CONNECTION_RESET),
    "nothing": (reply(200, ""), Diagnosis.NOT_MESSAGES),
    "half a message": (reply(200, json.dumps(MESSAGE)[:60]), Diagnosis.BAD_JSON),
    "events without names": (stream(encode(events(), named=False)), Diagnosis.NOT_SSE),
    "OpenAI's events": (stream(b'data: {"choices":[{"delta":{"content":"hi"}}]}\n\n'), Diagnosis.OPENAI_SHAPE),
    "an empty answer": (message(content=[]), Diagnosis.EMPTY_ANSWER),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_gateway_that_refuses_or_fails_is_diagnosed_and_gives_no_text(case: str) -> None:
    script, diagnosis = REFUSALS[case]
    with Misbehaving(script) as gateway:
        asked = ask(gateway)
    assert (asked.text, asked.is_answered, asked.row.diagnosis) == ("", False, diagnosis)
    assert asked.row.detail


HALF = encode([*START, delta("one "), delta("two ")])
CUTS: dict[str, tuple[Script, Diagnosis]] = {
    "the end is missing": (stream(HALF), Diagnosis.STREAM_TRUNCATED),
    "a hang-up": (
        then(raw(STREAM_HEAD.replace(b"close", b"close\r\nContent-Length: 9999") + HALF)),
        Diagnosis.STREAM_TRUNCATED,
    ),
    "silence": (then(stream(HALF), silence), Diagnosis.TIMEOUT),
    "an error": (stream(HALF + encode([OVERLOADED])), Diagnosis.STREAM_ERROR),
}


@pytest.mark.parametrize("case", CUTS)
def test_of_a_cut_stream_there_is_what_came_and_the_diagnosis(case: str) -> None:
    script, diagnosis = CUTS[case]
    with Misbehaving(script) as gateway:
        asked = ask(gateway)
    assert (asked.text, asked.is_answered, asked.row.diagnosis) == ("one two ", False, diagnosis)


def test_an_endless_answer_is_left_at_its_limit() -> None:
    piece = encode([delta("x" * 60_000)])
    with Misbehaving(endless(STREAM_HEAD + encode(START), piece)) as gateway:
        asked = ask(gateway)
    assert asked.row.diagnosis is Diagnosis.BODY_TOO_LARGE
    assert 0 < len(asked.text) < MAX_ANSWER_BYTES


def test_an_answer_that_its_tokens_cut_off_is_one_and_says_so() -> None:
    with Misbehaving(stream(encode([*START, delta("one"), STOP, *end("max_tokens")]))) as gateway:
        asked = ask(gateway, Prompt("hello", max_tokens=6))
    assert asked.is_answered
    assert summary_line(asked, 6).endswith("It was cut off by --max-tokens 6.")
    with Misbehaving(stream(encode([*START, *end("max_tokens")]))) as gateway:
        asked = ask(gateway, Prompt("hello", max_tokens=6))
    assert (asked.is_answered, asked.row.diagnosis) == (True, Diagnosis.LENGTH_STOP)
    assert "The 6 tokens that it may have were used up" in summary_line(asked, 6)
    assert "64" not in json.dumps(asked.as_json())


def test_another_model_than_the_one_asked_for_is_named() -> None:
    with Misbehaving(message(model="cheap-model")) as gateway:
        asked = ask(gateway)
    assert summary_line(asked, 1024).startswith("cheap-model answered (asked for good-model): ")
    assert asked.as_json()["diagnosis"] == "model_substituted"


@pytest.mark.parametrize(
    "usage", [{}, {"input_tokens": 10**300, "output_tokens": 6}, {"input_tokens": 0, "output_tokens": 0}]
)
def test_token_counts_that_cannot_be_true_are_not_repeated_as_facts(usage: dict[str, int]) -> None:
    with Misbehaving(message(usage=usage)) as gateway:
        asked = ask(gateway)
    assert asked.is_answered and asked.tokens_per_s is None
    assert "tokens" not in summary_line(asked, 1024)
    assert "token" in remarks(asked, streaming=True)[-1]


def test_the_rate_counts_from_the_first_event_and_is_left_out_where_it_says_nothing() -> None:
    with Misbehaving(GOOD) as gateway:
        asked = ask(gateway)

    def rate(first_event_ms: int | None, elapsed_ms: int) -> float | None:
        row = replace(asked.row, elapsed_ms=elapsed_ms)
        return replace(asked, row=row, first_event_ms=first_event_ms, tokens_out=120).tokens_per_s

    assert rate(1000, 3000) == 60.0
    assert rate(None, 3000) == 40.0
    assert rate(2990, 3000) is None


def test_a_key_that_cannot_travel_is_not_sent() -> None:
    with Misbehaving(GOOD) as gateway:
        asked = ask(gateway, headers=(("Authorization", "Bearer a\nb"),))
    assert (gateway.seen, asked.row.diagnosis) == ([], Diagnosis.KEY_MALFORMED)


def test_the_embedded_gateway_answers_and_refuses_pictures_for_a_model_without_eyes(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "demo-key")
    with Gateway() as gateway:
        models = dict.fromkeys(MAIN_ROLES, "gpt-5.4-low")
        add_profile(paths, "work", gateway.base_url, models=models)
        plan, model = plan_prompt(paths, "work")
        answered = asyncio.run(send_prompt(plan, model, HELLO, lambda text: None))
        picture = Image("image/png", b"\x89PNG\r\n\x1a\n....")
        refused = asyncio.run(send_prompt(plan, model, Prompt("look", images=(picture,)), lambda text: None))
        assert len(gateway.requests) == 2
    assert "answering as gpt-5.4-low. You said: “hello”." in answered.text
    assert summary_line(answered, 1024).startswith("gpt-5.4-low answered: ")
    assert (refused.text, refused.is_answered) == ("", False)
    assert "does not support images" in refused.row.detail


def test_a_model_that_takes_no_pictures_is_said_to_take_none() -> None:
    picture = Image.recognised(number_png("12"))
    assert picture is not None
    with Misbehaving(error(400, "invalid_request_error", "This model does not support images.")) as gateway:
        asked = ask(gateway, Prompt("What is it?", images=(picture,)))
    assert asked.row.diagnosis is Diagnosis.IMAGE_UNSUPPORTED

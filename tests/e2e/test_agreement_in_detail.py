import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.core.paths import Paths
from tests.support.agreement import both
from tests.support.good_gateway import Events, GoodGateway, refusing
from tests.support.misbehaving import MESSAGE, Script, by_stream, error, json_reply, reply
from tests.support.sampling import sample

BETA = "Unexpected value(s) `{}` for the `anthropic-beta` header"
EXTRA = "{}: Extra inputs are not permitted"
Condition = Callable[[dict[str, Any], dict[str, str]], bool]


def has(field: str) -> Condition:
    return lambda body, _: field in json.dumps(body)


def has_beta(name: str) -> Condition:
    return lambda _, headers: name in headers.get("anthropic-beta", "")


def has_system_message(body: dict[str, Any], _: object) -> bool:
    return any(one["role"] == "system" for one in body["messages"])


def refuses(condition: Condition, text: str, status: int = 400) -> Script:
    return refusing(condition, error(status, "invalid_request_error", text))


NO_PLAIN = error(400, "invalid_request_error", "streaming is required")


def only_streams(changed: Callable[[Events], Events]) -> Script:
    """Streams are changed, and nothing is answered in one piece: what cannot be read as a stream is lost."""
    return by_stream(NO_PLAIN, GoodGateway(changed=changed))


def streams(changed: Callable[[Events], Events]) -> Script:
    """Streams are changed, and answers in one piece are good."""
    return by_stream(GoodGateway(), GoodGateway(changed=changed))


def without(kind: str) -> Callable[[Events], Events]:
    return lambda whole: [event for event in whole if event["type"] != kind]


def each(kind: str, change: Callable[[dict[str, Any]], Any]) -> Callable[[Events], Events]:
    """All events of a kind, each changed in place."""

    def changed(whole: Events) -> Events:
        copies = copy.deepcopy(whole)
        for event in copies:
            if event["type"] == kind:
                change(event)
        return copies

    return changed


def stops_with(reason: str) -> Callable[[Events], Events]:
    return each("message_delta", lambda event: event["delta"].update(stop_reason=reason))


def one_piece(**changes: Any) -> Script:
    """Nothing streams, and the message has these changes; ``...`` leaves a field out."""
    whole = {**MESSAGE, "model": "gpt-5.4-low", **changes}
    body = {name: value for name, value in whole.items() if value is not ...}
    return by_stream(json_reply(200, body), reply(200, ""))


def text_at_the_start(whole: Events) -> Events:
    copies = without("content_block_delta")(copy.deepcopy(whole))
    for event in copies:
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "text":
            event["content_block"]["text"] = "one two three"
    return copies


def error_at_the_end(whole: Events) -> Events:
    return [*whole[:-1], {"type": "error", "error": {"type": "api_error", "message": "late"}}]


FAILING: dict[str, Script] = {
    "a beta in words that Claude Code does not know": refuses(
        has_beta("effort-"), "unsupported beta: effort-2025-11-24"
    ),
    "output_config as a whole": refuses(has("output_config"), EXTRA.format("output_config")),
    "the role system, in Chinese": refuses(has_system_message, "请求参数错误"),
    "the role system, as roles that alternate": refuses(has_system_message, "messages: roles must alternate"),
    "thinking, as Qwen says it": refuses(has('"thinking"'), "Only 'enabled' and 'disabled' are supported"),
    "context_management, without a word": refuses(has("context_management"), "Bad request"),
    "no end of any block": only_streams(without("content_block_stop")),
    "no type in the events": only_streams(lambda whole: [{**event, "type": None} for event in whole]),
    "no delta in message_delta": streams(each("message_delta", lambda event: event.pop("delta"))),
    "the text in the start of its block": streams(text_at_the_start),
    "a wrong index": only_streams(each("content_block_delta", lambda event: event.update(index=9))),
    "a refusal of the model": streams(
        each("message_delta", lambda event: event["delta"].update(stop_reason="refusal"))
    ),
    "a tool call without a call": streams(
        each("message_delta", lambda event: event["delta"].update(stop_reason="tool_use"))
    ),
    "a message without a model": one_piece(model=...),
    "a message without usage": one_piece(usage=...),
    "a null block": one_piece(content=[None, *MESSAGE["content"]]),
    "text of an unknown kind": one_piece(content=[{"type": "output_text", "text": "one"}]),
    "205": by_stream(reply(205, json.dumps(MESSAGE)), reply(205, "")),
    "a key refused in 200": json_reply(200, {"code": 401, "msg": "token invalid"}),
}

WORKING: dict[str, Script] = {
    "display, without a word": refuses(has('"display"'), "Bad request"),
    "defer_loading, without a word": refuses(has("defer_loading"), "Bad request"),
    "a silent beta, without a word": refuses(has_beta("thinking-token-count"), "invalid beta flag"),
    "context_management with 422": refuses(has("context_management"), EXTRA.format("context_management"), 422),
    "context_management with 500": refuses(has("context_management"), EXTRA.format("context_management"), 500),
    "a beta with 422": refuses(has_beta("interleaved"), BETA.format("interleaved-thinking-2025-05-14"), 422),
    "effort, as Anthropic says it": refuses(has("output_config"), EXTRA.format("output_config.effort")),
    "effort, in words": refuses(has("output_config"), "This model does not support the effort parameter."),
    "the role system, as Rust says it": refuses(
        has_system_message, "messages[1].role: unknown variant `system`, expected `user` or `assistant`"
    ),
    "the role system, as pydantic says it": refuses(
        has_system_message, "messages.1.role: Input should be 'user' or 'assistant'", 422
    ),
    "the role system, forbidden": refuses(
        has_system_message,
        'Unexpected role "system". The Messages API accepts a top-level `system` parameter, not '
        '"system" as an input message role.',
        403,
    ),
    "adaptive thinking, in words": refuses(has('"adaptive"'), "adaptive thinking is not supported on this model"),
    "an error after the reason to stop": streams(error_at_the_end),
    "a block without a start": streams(without("content_block_start")),
    "an unknown kind of delta": only_streams(
        lambda whole: [
            *whole[:2],
            {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": {}}},
            *whole[2:],
        ]
    ),
    "choices beside the type": only_streams(lambda whole: [{**event, "choices": []} for event in whole]),
}


@pytest.mark.parametrize("name", sample(FAILING, 2))
def test_what_the_live_test_calls_broken_claude_code_cannot_use(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, FAILING[name]) == (False, False)


@pytest.mark.parametrize("name", sample(WORKING, 2))
def test_what_the_live_test_calls_working_claude_code_can_use(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, WORKING[name]) == (True, True)

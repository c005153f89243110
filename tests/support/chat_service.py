"""A service that speaks OpenAI's chat completions, on loopback: what stands behind the gateways that convert."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.misbehaving import Script, Talk, json_reply, reply

Asked = dict[str, Any]


def answer(talk: Talk) -> None:
    """Answer well: with a call of the tool that the prompt names in backquotes, else in words."""
    asked = talk.request.json
    prompt = json.dumps(asked.get("messages", []))
    tools = [tool["function"]["name"] for tool in asked.get("tools", []) if "function" in tool]
    called = next((name for name in tools if f"`{name}`" in prompt), "")
    message: dict[str, Any] = {"role": "assistant", "content": None if called else "one two three"}
    if called:
        call = {"name": called, "arguments": '{"number": 7}'}
        message["tool_calls"] = [{"index": 0, "id": "call_1", "type": "function", "function": call}]
    completion(talk, message, "tool_calls" if called else "stop")


def words(talk: Talk) -> None:
    """Answer in words, whatever tools there are."""
    completion(talk, {"role": "assistant", "content": "one two three"}, "stop")


def completion(talk: Talk, message: dict[str, Any], reason: str) -> None:
    """One completion, as a stream if that is wanted."""
    asked, usage = talk.request.json, {"prompt_tokens": 14, "completion_tokens": 6, "total_tokens": 20}
    whole = {"id": "chatcmpl-1", "created": 1, "model": asked["model"]}
    if not asked.get("stream"):
        choice = {"index": 0, "message": message, "finish_reason": reason}
        return json_reply(200, {**whole, "object": "chat.completion", "choices": [choice], "usage": usage})(talk)
    head = {**whole, "object": "chat.completion.chunk"}
    chunks = [
        {**head, "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]},
        {**head, "choices": [{"index": 0, "delta": message, "finish_reason": None}]},
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]},
        {**head, "choices": [], "usage": usage},
    ]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    return reply(200, body, "Content-Type: text/event-stream")(talk)


def refusal(status: int, text: str, *headers: str, code: str | None = None) -> Script:
    """An error in OpenAI's form."""
    problem = {"message": text, "type": "invalid_request_error", "param": None, "code": code}
    return json_reply(status, {"error": problem}, *headers)


def unless(is_fine: Callable[[Asked], bool], other: Script) -> Script:
    """Answer well what is fine, and otherwise with another script."""
    return lambda talk: (answer if is_fine(talk.request.json) else other)(talk)


def max_tokens(asked: Asked) -> int:
    """How many output tokens are asked for."""
    return asked.get("max_tokens") or asked.get("max_completion_tokens") or 0

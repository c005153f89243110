"""A gateway that speaks all four protocols, as a script for ``Misbehaving``: text, streams, and one call of a tool.

It demands the key in a header of the protocol. Where a request offers a tool that reads files, its answer calls that
tool for ``file``; the answer to the tool's result is ``ANSWER``. A tool that the prompt names in backquotes is called
with the number 7, and a picture is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ccswitch_py.probe.checks.image import NUMBER
from ccswitch_py.probe.checks.tools import NAME as RECORD_NUMBER
from tests.support.misbehaving import Script, Seen, Talk, json_reply, reply

ANSWER = "one two three"
MODELS = ("gpt-5.4-low", "claude-haiku-4-5")
_PATHS = (
    (re.compile(r"/v1/messages$"), "messages"),
    (re.compile(r"/responses$"), "responses"),
    (re.compile(r"/chat/completions$"), "chat"),
    (re.compile(r"/models/[^/]+:(?:streamGenerateContent|generateContent)$"), "gemini"),
)
_PNG = "iVBORw0KGgo"
_PATH_PARAMETERS = ("file_path", "filePath", "absolute_path", "path", "filepath", "target_file", "file")
Call = tuple[str, dict[str, Any]] | None

_USAGE = {"input_tokens": 14, "output_tokens": 6}


def protocol_of(request: Seen) -> str | None:
    """The protocol of a request; None for another endpoint."""
    path = urlsplit(request.target).path
    return next((protocol for pattern, protocol in _PATHS if pattern.search(path)), None)


def keys_of(request: Seen) -> set[str]:
    """The keys that a request carries, in whichever header or parameter."""
    found = {request.headers.get(name, "") for name in ("x-api-key", "x-goog-api-key", "api-key")}
    found.add(request.headers.get("authorization", "").removeprefix("Bearer ").strip())
    found |= set(parse_qs(urlsplit(request.target).query).get("key", ()))
    return found - {""}


def model_of(request: Seen) -> str:
    """The model that a request asks for."""
    found = re.search(r"/models/([^/:]+):", request.target)
    return found[1] if found else request.json.get("model", "")


def has_tool_result(request: Seen) -> bool:
    """Whether a request tells what a tool has found."""
    protocol = protocol_of(request)
    return protocol is not None and _HAS_RESULT[protocol] in json.dumps(request.json)


class FourProtocols:
    """Answers every question of a tool; ``refuses`` is asked first and may answer in its place.

    ``changed`` changes the events of a stream. Without a ``key`` any is accepted.
    """

    def __init__(
        self,
        key: str,
        file: str = "",
        refuses: Script | None = None,
        changed: Callable[[list[str]], list[str]] = lambda whole: whole,
    ) -> None:
        self._key = key
        self._file = file
        self._refuses = refuses
        self._changed = changed

    def __call__(self, talk: Talk) -> None:
        """Answer one request."""
        request = talk.request
        if self._refuses is not None:
            self._refuses(talk)
            if talk.sent:
                return None
        protocol = protocol_of(request)
        if self._key and self._key not in keys_of(request):
            return refusal(protocol or "chat", 401, "wrong key", "authentication_error")(talk)
        if protocol is None:
            listed = [{"id": model, "object": "model", "type": "model", "display_name": model} for model in MODELS]
            if "/v1beta/models" in request.target:
                return json_reply(200, {"models": [{"name": f"models/{model}"} for model in MODELS]})(talk)
            is_list = urlsplit(request.target).path.endswith("/models")
            status, value = (200, {"object": "list", "data": listed}) if is_list else (404, {"error": {"message": "?"}})
            return json_reply(status, value)(talk)
        call = self._call(protocol, request.json)
        text = NUMBER if _PNG in json.dumps(request.json) else ANSWER
        if not is_streaming(request):
            return json_reply(200, whole(protocol, model_of(request), call, text))(talk)
        return stream_reply(self._changed(stream(protocol, model_of(request), call, text)))(talk)

    def _call(self, protocol: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        if any(name == RECORD_NUMBER for name, _schema in _tools(protocol, body)):
            return RECORD_NUMBER, {"number": 7}
        if not self._file or _HAS_RESULT[protocol] in json.dumps(body):
            return None
        return next(filter(None, (reading(name, schema, self._file) for name, schema in _tools(protocol, body))), None)


def is_streaming(request: Seen) -> bool:
    """Whether a request asks for a stream."""
    return "stream" in request.target if protocol_of(request) == "gemini" else bool(request.json.get("stream"))


def whole(protocol: str, model: str, call: Call = None, text: str = ANSWER) -> dict[str, Any]:
    """A good answer in one piece."""
    return _WHOLE[protocol](model, call, text)


def stream(protocol: str, model: str, call: Call = None, text: str = ANSWER) -> list[str]:
    """The events of a good streamed answer."""
    return list(_ANSWERS[protocol](model, call, text))


def stream_reply(events: list[str]) -> Script:
    """The answer with these events."""
    return reply(200, "".join(events), "Content-Type: text/event-stream")


def refusal(protocol: str, status: int, text: str, kind: str = "invalid_request_error", *headers: str) -> Script:
    """A refusal in the form of the protocol."""
    return json_reply(status, error_of(protocol, status, text, kind), *headers)


def error_of(protocol: str, status: int, text: str, kind: str = "invalid_request_error") -> dict[str, Any]:
    """The error object of the protocol."""
    if protocol == "messages":
        return {"type": "error", "error": {"type": kind, "message": text}}
    if protocol == "gemini":
        return {"error": {"code": status, "message": text, "status": _GOOGLE_STATUS.get(status, "INTERNAL")}}
    return {"error": {"message": text, "type": kind, "param": None, "code": None}}


_GOOGLE_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}


def reading(name: str, schema: dict[str, Any], file: str) -> tuple[str, dict[str, Any]] | None:
    """The call of a tool that reads a file; None for a tool that does not."""
    properties: dict[str, Any] = schema.get("properties", {})
    if re.search(r"^(?:read|view|cat|open)(?!.*(?:many|multiple|image|url|web|media))", name, re.IGNORECASE):
        for parameter in _PATH_PARAMETERS:
            if parameter in properties:
                return name, {parameter: file}
        if "files" in properties:
            return name, {"files": [{"path": file}]}
    if re.search(r"shell|bash|exec|terminal|command", name, re.IGNORECASE):
        for parameter in ("command", "cmd"):
            if parameter in properties:
                is_list = properties[parameter].get("type") == "array"
                return name, {parameter: ["cat", file] if is_list else f"cat {file}"}
    return None


def _tools(protocol: str, body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The names and schemas of the offered functions, those that read files first."""
    found: list[tuple[str, dict[str, Any]]] = []
    for tool in body.get("tools") or ():
        if protocol == "gemini":
            for one in tool.get("functionDeclarations", ()):
                found.append((one["name"], one.get("parameters") or one.get("parametersJsonSchema") or {}))
        elif protocol == "chat" and "function" in tool:
            found.append((tool["function"]["name"], tool["function"].get("parameters") or {}))
        elif protocol == "messages" and "input_schema" in tool:
            found.append((tool["name"], tool["input_schema"]))
        elif protocol == "responses" and tool.get("type") == "function":
            found.append((tool["name"], tool.get("parameters") or {}))
    return iter(sorted(found, key=lambda one: not one[0].lower().startswith(("read", "view"))))


_HAS_RESULT = {
    "messages": '"tool_result"',
    "responses": '"function_call_output"',
    "chat": '"role": "tool"',
    "gemini": '"functionResponse"',
}


def _event(data: dict[str, Any], name: str = "") -> str:
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(data)}\n\n"


def _messages_whole(model: str, call: Call, text: str) -> dict[str, Any]:
    block = (
        {"type": "text", "text": text}
        if call is None
        else {"type": "tool_use", "id": "toolu_1", "name": call[0], "input": call[1]}
    )
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [block],
        "stop_reason": "tool_use" if call else "end_turn",
        "stop_sequence": None,
        "usage": _USAGE,
    }


def _messages(model: str, call: Call, text: str) -> Iterator[str]:
    whole = _messages_whole(model, call, text)
    (block,) = whole["content"]
    empty = {**block, "input": {}} if call else {**block, "text": ""}
    delta = (
        {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        if call
        else {"type": "text_delta", "text": text}
    )
    start = {**whole, "content": [], "stop_reason": None}
    for data in (
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": empty},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": whole["stop_reason"]}, "usage": _USAGE},
        {"type": "message_stop"},
    ):
        yield _event(data, data["type"])


def _responses_item(call: Call, text: str) -> dict[str, Any]:
    if call:
        arguments = json.dumps(call[1])
        done = {"id": "fc_1", "call_id": "call_1", "name": call[0], "arguments": arguments, "status": "completed"}
        return {"type": "function_call", **done}
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}


def _responses_whole(model: str, call: Call, text: str) -> dict[str, Any]:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": model,
        "output": [_responses_item(call, text)],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            **_USAGE,
            "total_tokens": 20,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


def _responses(model: str, call: Call, text: str) -> Iterator[str]:
    whole, item = _responses_whole(model, call, text), _responses_item(call, text)
    begun = {**whole, "status": "in_progress", "output": [], "usage": None}
    place = {"item_id": item["id"], "output_index": 0}
    opened = {**item, "status": "in_progress", **({"arguments": ""} if call else {"content": []})}
    steps: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": opened},
    ]
    if call:
        steps += [
            {"type": "response.function_call_arguments.delta", **place, "delta": item["arguments"]},
            {"type": "response.function_call_arguments.done", **place, "arguments": item["arguments"]},
        ]
    else:
        part = {**place, "content_index": 0}
        steps += [
            {"type": "response.content_part.added", **part, "part": {**item["content"][0], "text": ""}},
            {"type": "response.output_text.delta", **part, "delta": text},
            {"type": "response.output_text.done", **part, "text": text},
            {"type": "response.content_part.done", **part, "part": item["content"][0]},
        ]
    steps += [
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    for number, data in enumerate(steps):
        yield _event({**data, "sequence_number": number}, data["type"])


def _chat_call(call: Call) -> list[dict[str, Any]]:
    assert call
    return [
        {
            "index": 0,
            "id": "call_1",
            "type": "function",
            "function": {"name": call[0], "arguments": json.dumps(call[1])},
        }
    ]


_CHAT_USAGE = {"prompt_tokens": 14, "completion_tokens": 6, "total_tokens": 20}


def _chat_whole(model: str, call: Call, text: str) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": None if call else text,
        **({"tool_calls": _chat_call(call)} if call else {}),
    }
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if call else "stop"}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [choice],
        "usage": _CHAT_USAGE,
    }


def _chat(model: str, call: Call, text: str) -> Iterator[str]:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model}
    delta = {"tool_calls": _chat_call(call)} if call else {"content": text}
    for choice in (
        {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None},
        {"index": 0, "delta": {}, "finish_reason": "tool_calls" if call else "stop"},
    ):
        yield _event({**head, "choices": [choice]})
    yield _event({**head, "choices": [], "usage": _CHAT_USAGE})
    yield "data: [DONE]\n\n"


def _gemini_whole(model: str, call: Call, text: str) -> dict[str, Any]:
    part = {"functionCall": {"name": call[0], "args": call[1]}} if call else {"text": text}
    content = {"role": "model", "parts": [part]}
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 14, "candidatesTokenCount": 6, "totalTokenCount": 20},
        "modelVersion": model,
        "responseId": "r1",
    }


def _gemini(model: str, call: Call, text: str) -> Iterator[str]:
    yield _event(_gemini_whole(model, call, text))


_ANSWERS = {"messages": _messages, "responses": _responses, "chat": _chat, "gemini": _gemini}
_WHOLE = {
    "messages": _messages_whole,
    "responses": _responses_whole,
    "chat": _chat_whole,
    "gemini": _gemini_whole,
}

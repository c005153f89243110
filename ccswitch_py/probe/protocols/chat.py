"""OpenAI Chat Completions: ``POST {base}/chat/completions``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from ccswitch_py.probe.client.request import PROMPT
from ccswitch_py.probe.client.sse import Event
from ccswitch_py.probe.protocols.base import Tool, WireProtocol
from ccswitch_py.probe.protocols.stream import (
    FINISHED,
    OUT_OF_TOKENS,
    TOOL_CALL,
    AnswerStream,
    Message,
    ToolCall,
    renamed,
)
from ccswitch_py.probe.protocols.values import as_list, as_object, as_text

_DONE = "[DONE]"
_USAGE_NAMES = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens"}
_FATAL_STOPS = frozenset({"content_filter"})
_STOP_REASONS = {"stop": FINISHED, "length": OUT_OF_TOKENS, "tool_calls": TOOL_CALL, "function_call": TOOL_CALL}

_TEXT, _NUMBER = str, int | float
_CHUNK = {
    "choices": [
        {
            "delta": {
                "role": "assistant",
                **dict.fromkeys(("content", "reasoning_content", "reasoning"), _TEXT),
                "tool_calls": [
                    {"index": _NUMBER, "id": _TEXT, "function": {"name": _TEXT, "arguments": _TEXT}},
                ],
            },
            "finish_reason": _TEXT,
        }
    ],
    "id": _TEXT,
    "created": _NUMBER,
    "model": _TEXT,
    "usage": dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens"), _NUMBER),
}
_REQUIRED = ("choices", "function")
"""What the AI SDK of opencode 1.18.33 requires of each chunk: a type, the value itself, or what is inside."""


class Chat(WireProtocol):
    """The protocol that most tools and services speak.

    A question sets no limit on output tokens: some models refuse ``max_tokens``, others ``max_completion_tokens``.
    """

    id = "chat"
    name = "OpenAI Chat Completions"
    family = "OpenAI"
    version_path = "/v1"
    end_marker = _DONE
    tool_stop = "tool_calls"
    usage_names = _USAGE_NAMES
    fatal_stops = _FATAL_STOPS

    def body(
        self,
        model: str,
        prompt: str = PROMPT,
        *,
        stream: bool,
        tool: Tool | None = None,
        forced: bool = False,
        png: str = "",
    ) -> dict[str, Any]:
        image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{png}"}}
        content = [image, {"type": "text", "text": prompt}] if png else prompt
        body: dict[str, Any] = {"model": model, "messages": [{"role": "user", "content": content}], "stream": stream}
        if stream:
            body["stream_options"] = {"include_usage": True}
        if tool is not None:
            described = {"name": tool.name, "description": tool.description, "parameters": tool.schema}
            body["tools"] = [{"type": "function", "function": described}]
            body["tool_choice"] = {"type": "function", "function": {"name": tool.name}} if forced else "auto"
        return body

    def read(self, value: object) -> Message | None:
        found = as_object(value)
        if found is None or not isinstance(found.get("choices"), list):
            return None
        choices = as_list(found["choices"])
        choice = as_object(next(iter(choices), None)) or {}
        message = as_object(choice.get("message"))
        if choices and message is None:
            return None
        calls = [as_object(call) for call in as_list((message or {}).get("tool_calls"))]
        functions = [as_object(call.get("function")) or {} for call in calls if call]
        return Message(
            as_text(found.get("model")),
            _text_of((message or {}).get("content")),
            tuple(ToolCall(as_text(one.get("name")) or "", as_text(one.get("arguments")) or "") for one in functions),
            _stop_reason(choice),
            renamed(found.get("usage"), _USAGE_NAMES),
        )

    def new_stream(self) -> AnswerStream:
        return ChatStream()


def _text_of(content: object) -> str:
    """The text of a ``content``, which some services send as a list of parts."""
    if isinstance(content, str):
        return content
    return "".join(as_text(part.get("text")) or "" for part in map(as_object, as_list(content)) if part)


def _stop_reason(choice: dict[str, Any]) -> str | None:
    reason = as_text(choice.get("finish_reason"))
    return _STOP_REASONS.get(reason, reason) if reason else None


def _misfit(value: object, schema: Any, name: str) -> str:
    """The name of the first field in ``value`` that does not fit the schema; null does, unless it is required."""
    match schema:
        case dict():
            found = as_object(value)
            if found is None:
                return name
            parts = cast("dict[str, Any]", schema).items()
            present = ((key, part) for key, part in parts if found.get(key) is not None or key in _REQUIRED)
            return next(filter(None, (_misfit(found.get(key), part, key) for key, part in present)), "")
        case [part] if isinstance(value, list):
            return next(filter(None, (_misfit(item, part, name) for item in cast("list[object]", value))), "")
        case list():
            return name
        case str():
            return "" if value == schema else name
        case _:  # a type
            return "" if isinstance(value, schema) and not isinstance(value, bool) else name


@dataclass
class ChatStream(AnswerStream):
    """A stream of chunks; tools require one with a ``finish_reason``."""

    _calls: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    _usage: object = None
    _misfit: str = ""

    @property
    def is_answer(self) -> bool:
        return super().is_answer and self.stop_reason is not None

    @property
    def message(self) -> Message:
        calls = tuple(ToolCall(name, "".join(pieces)) for name, *pieces in self._calls.values())
        usage = renamed(self._usage, _USAGE_NAMES)
        is_known = self.stop_reason in {*_STOP_REASONS.values(), *_FATAL_STOPS, None}
        misfit = self._misfit or ("" if is_known else "finish_reason")
        return Message(self._model, "".join(self._text), calls, self.stop_reason, usage, misfit=misfit)

    def _read(self, event: Event, at_s: float) -> None:
        if event.data.strip() == _DONE:
            self.stopped = self.started
            return
        data = self._read_object(event)
        misfit = "error" if data and "error" in data else _misfit(data, _CHUNK, "choices")
        self._misfit = self._misfit or misfit
        if data and isinstance(data.get("choices"), list):
            self.started = True
            self._model = as_text(data.get("model")) or self._model
            self._usage = data.get("usage") or self._usage
            for choice in filter(None, map(as_object, as_list(data["choices"])[:1])):
                self._read_choice(choice, at_s)

    def _read_choice(self, choice: dict[str, Any], at_s: float) -> None:
        self.stop_reason = _stop_reason(choice) or self.stop_reason
        delta = as_object(choice.get("delta")) or {}
        self._add_text(_text_of(delta.get("content")), at_s)
        if any(as_text(delta.get(name)) for name in ("reasoning_content", "reasoning")):
            self.pieces_at.append(at_s)
        for place, call in enumerate(filter(None, map(as_object, as_list(delta.get("tool_calls"))))):
            function = as_object(call.get("function")) or {}
            index = call.get("index")
            place = index if isinstance(index, int) else place
            if place not in self._calls and not (isinstance(call.get("id"), str) and as_text(function.get("name"))):
                self._misfit = self._misfit or "tool_calls.id"
            known = self._calls.setdefault(place, [""])
            known[0] = known[0] or as_text(function.get("name")) or ""
            if isinstance(function.get("arguments"), str):
                known.append(function["arguments"])
            self.pieces_at.append(at_s)


CHAT = Chat()

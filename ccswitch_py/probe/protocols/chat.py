"""OpenAI Chat Completions: ``POST {base}/chat/completions``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
_STOP_REASONS = {"stop": FINISHED, "length": OUT_OF_TOKENS, "tool_calls": TOOL_CALL, "function_call": TOOL_CALL}


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
    fatal_stops = frozenset({"content_filter"})

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


@dataclass
class ChatStream(AnswerStream):
    """A stream of chunks; tools require one with a ``finish_reason``."""

    _calls: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    _usage: object = None

    @property
    def is_answer(self) -> bool:
        return super().is_answer and self.stop_reason is not None

    @property
    def message(self) -> Message:
        calls = tuple(ToolCall(name, "".join(pieces)) for name, *pieces in self._calls.values())
        return Message(self._model, "".join(self._text), calls, self.stop_reason, renamed(self._usage, _USAGE_NAMES))

    def _read(self, event: Event, at_s: float) -> None:
        if event.data.strip() == _DONE:
            self.stopped = self.started
            return
        data = self._read_object(event)
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
            known = self._calls.setdefault(index if isinstance(index, int) else place, [""])
            known[0] = known[0] or as_text(function.get("name")) or ""
            if isinstance(function.get("arguments"), str):
                known.append(function["arguments"])
            self.pieces_at.append(at_s)


CHAT = Chat()

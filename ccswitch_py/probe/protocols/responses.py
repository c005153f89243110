"""OpenAI Responses: ``POST {base}/responses``. What Codex makes of an answer was measured with 0.171.0."""

from __future__ import annotations

from collections.abc import Mapping
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
from ccswitch_py.probe.protocols.values import as_list, as_object, as_text, read_object

_USAGE_NAMES = {"input_tokens": "input_tokens", "output_tokens": "output_tokens"}


class Responses(WireProtocol):
    """OpenAI's newer protocol, which Codex speaks.

    A question sets no limit on output tokens: Codex sends none, and relays for it refuse one.
    """

    id = "responses"
    name = "OpenAI Responses"
    family = "OpenAI"
    version_path = "/v1"
    tool_stop = "function_call"
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
        images = [{"type": "input_image", "image_url": f"data:image/png;base64,{png}"}] if png else []
        content = [*images, {"type": "input_text", "text": prompt}]
        body: dict[str, Any] = {
            "model": model,
            "instructions": "You answer questions of a test.",
            "input": [{"type": "message", "role": "user", "content": content}],
            "store": False,
            "stream": stream,
        }
        if tool is not None:
            described = {"name": tool.name, "description": tool.description, "parameters": tool.schema}
            body["tools"] = [{"type": "function", **described, "strict": False}]
            body["tool_choice"] = {"type": "function", "name": tool.name} if forced else "auto"
        return body

    def read(self, value: object) -> Message | None:
        found = as_object(value)
        if found is None or not isinstance(found.get("output"), list) or found.get("status") == "failed":
            return None
        return _message(found, as_list(found["output"]))

    def new_stream(self) -> AnswerStream:
        return ResponsesStream()


def _message(response: Mapping[str, Any], output: list[object]) -> Message:
    """The message of a response with these items; Codex needs an id, and a total in a usage (measured)."""
    items = [item for item in map(as_object, output) if item]
    parts = (
        as_object(part) for item in items if item.get("type") == "message" for part in as_list(item.get("content"))
    )
    text = "".join(as_text(part.get("text")) or "" for part in parts if part and part.get("type") == "output_text")
    calls = tuple(
        ToolCall(as_text(item.get("name")) or "", as_text(item.get("arguments")) or "")
        for item in items
        if item.get("type") == "function_call"
    )
    usage = as_object(response.get("usage"))
    lacks = "" if isinstance(response.get("id"), str) else "id"
    if not lacks and usage and "total_tokens" not in usage:
        lacks = "usage.total_tokens"
    model = as_text(response.get("model"))
    return Message(model, text, calls, _stop_reason(response, calls), renamed(usage, _USAGE_NAMES), lacks)


def _stop_reason(response: Mapping[str, Any], calls: tuple[ToolCall, ...]) -> str:
    if response.get("status") == "incomplete":
        reason = _incomplete_reason(response)
        return OUT_OF_TOKENS if reason == "max_output_tokens" else reason
    return TOOL_CALL if calls else FINISHED


def _incomplete_reason(response: Mapping[str, Any]) -> str:
    return as_text((as_object(response.get("incomplete_details")) or {}).get("reason")) or "max_output_tokens"


@dataclass
class ResponsesStream(AnswerStream):
    """A stream as Codex reads it: by the type in the data, whatever the name of the event (measured).

    Only items that were completed count.
    """

    _items: list[object] = field(default_factory=list[object])
    _response: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def message(self) -> Message:
        return _message(self._response, self._items)

    def _read(self, event: Event, at_s: float) -> None:
        data = read_object(event.data)
        kind = as_text((data or {}).get("type")) or ""
        if data is None or not kind.startswith("response."):
            if kind == "error" or event.name == "error" or (data and as_object(data.get("error"))):
                self.error = data or {"error": {"message": event.data}}
            return
        self.started = True
        response = as_object(data.get("response"))
        if response is not None:
            self._response = response
        if kind == "response.completed":
            self.unreadable = response is None
            self.stopped = True
            self.stop_reason = self.message.stop_reason
        elif kind == "response.incomplete":
            # An error for Codex, whatever the reason is (measured).
            self.error = {"error": {"message": f"{kind}: {_incomplete_reason(response or {})}"}}
        elif kind == "response.failed":
            self.error = {"error": as_object((response or {}).get("error")) or {"message": "response.failed"}}
        elif kind == "response.output_item.done":
            self._items.append(data.get("item"))
            self.has_complete_block = True
        elif kind == "response.output_text.delta":
            self._add_text(data.get("delta"), at_s)
        elif kind.endswith(".delta"):
            self.pieces_at.append(at_s)


RESPONSES = Responses()

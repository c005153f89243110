"""Google's generateContent: ``POST {base}/v1beta/models/MODEL:streamGenerateContent?alt=sse``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

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

_USAGE_NAMES = {"input_tokens": "promptTokenCount", "output_tokens": "candidatesTokenCount"}
_STOP_REASONS = {"STOP": FINISHED, "MAX_TOKENS": OUT_OF_TOKENS}


class Gemini(WireProtocol):
    """The protocol of Gemini CLI, with the model in the path. A question sets no limit on output tokens."""

    id = "gemini"
    name = "Gemini"
    family = "Gemini"
    tool_stop = "functionCall"
    usage_names = _USAGE_NAMES
    fatal_stops = frozenset(
        {
            *("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "OTHER"),
            *("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"),
        }
    )
    models_path = "/v1beta/models?pageSize=1000"

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
        images = [{"inlineData": {"mimeType": "image/png", "data": png}}] if png else []
        body: dict[str, Any] = {"contents": [{"role": "user", "parts": [*images, {"text": prompt}]}]}
        if tool is not None:
            # Its own schemas are a subset of JSON Schema; Gemini CLI sends these as JSON Schema.
            described = {"name": tool.name, "description": tool.description, "parametersJsonSchema": tool.schema}
            body["tools"] = [{"functionDeclarations": [described]}]
        if tool is not None and forced:
            mode = {"mode": "ANY", "allowedFunctionNames": [tool.name]}
            body["toolConfig"] = {"functionCallingConfig": mode}
        return body

    def address(self, url: str, model: str, *, stream: bool) -> str:
        method = "streamGenerateContent?alt=sse" if stream else "generateContent"
        return f"{url}/{quote(model.removeprefix('models/'), safe='')}:{method}"

    def read(self, value: object) -> Message | None:
        found = as_object(value)
        if found is None or not _is_answer(found):
            return None
        stream = GeminiStream()
        stream.add(found, 0.0)
        return stream.message

    def new_stream(self) -> AnswerStream:
        return GeminiStream()

    def is_own_error(self, found: Mapping[str, Any]) -> bool:
        """Its errors have a status in upper case next to the numeric code."""
        inner = as_object(found.get("error")) or {}
        status = inner.get("status")
        return isinstance(inner.get("code"), int) and isinstance(status, str) and status.isupper()

    def read_ids(self, listing: Mapping[str, Any]) -> list[object]:
        return [row["name"].removeprefix("models/") for row in listing["models"]]


def _is_answer(found: Mapping[str, Any]) -> bool:
    return isinstance(found.get("candidates"), list) or as_object(found.get("promptFeedback")) is not None


@dataclass
class GeminiStream(AnswerStream):
    """A stream of partial answers; it has no end marker, and ends with the connection."""

    _calls: list[ToolCall] = field(default_factory=list[ToolCall])
    _usage: object = None

    @property
    def message(self) -> Message:
        stop = TOOL_CALL if self._calls and self.stop_reason == FINISHED else self.stop_reason
        text = "".join(self._text)
        return Message(self._model, text, tuple(self._calls), stop, renamed(self._usage, _USAGE_NAMES))

    def add(self, found: Mapping[str, Any], at_s: float) -> None:
        """Add one partial answer."""
        self.started = True
        self._model = as_text(found.get("modelVersion")) or self._model
        self._usage = found.get("usageMetadata") or self._usage
        blocked = as_text((as_object(found.get("promptFeedback")) or {}).get("blockReason"))
        candidate = as_object(next(iter(as_list(found.get("candidates"))), None)) or {}
        reason = as_text(candidate.get("finishReason")) or blocked
        self.stop_reason = _STOP_REASONS.get(reason, reason) if reason else self.stop_reason
        parts = (as_object(candidate.get("content")) or {}).get("parts")
        for part in filter(None, map(as_object, as_list(parts))):
            self._read_part(part, at_s)

    def _read_part(self, part: Mapping[str, Any], at_s: float) -> None:
        call = as_object(part.get("functionCall"))
        if call is not None:
            self._calls.append(ToolCall(as_text(call.get("name")) or "", json.dumps(call.get("args"))))
        if call is not None or part.get("thought"):
            self.pieces_at.append(at_s)
        else:
            self._add_text(part.get("text"), at_s)

    def _read(self, event: Event, at_s: float) -> None:
        data = self._read_object(event)
        if data and _is_answer(data):
            self.add(data, at_s)


GEMINI = Gemini()

"""A gateway that does all as it should, as a script for ``Misbehaving``: streams, tools, pictures, counts, a cache."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ccswitch_py.probe.checks.image import NUMBER
from tests.support.misbehaving import MESSAGE, Script, Talk, encode, events, json_reply, reply

Events = list[dict[str, Any]]

CACHED_FROM = 8_000
"""Characters of a marked system prompt from which on it is kept."""

LISTED = ("good-model", "gpt-5.4-low", "gpt-5.4-high", "claude-opus-4-7")
"""The ids that it lists; it serves every other as well."""


class GoodGateway:
    """Answers every question of the live test well.

    ``refuses`` is asked first and may answer in its place; ``changed`` changes the events of a stream.
    """

    def __init__(
        self, refuses: Script | None = None, changed: Callable[[Events], Events] = lambda whole: whole
    ) -> None:
        self._refuses = refuses
        self._changed = changed
        self._cached: set[str] = set()

    def __call__(self, talk: Talk) -> None:
        """Answer one request."""
        if self._refuses is not None:
            self._refuses(talk)
            if talk.sent:
                return None
        asked = talk.request.json
        if "/v1/models" in talk.request.target:
            return json_reply(200, {"data": [{"id": model_id} for model_id in LISTED]})(talk)
        if "/count_tokens" in talk.request.target:
            return json_reply(200, {"input_tokens": 12})(talk)
        content, stop_reason = answer_to(asked)
        usage = {"input_tokens": 14, "output_tokens": 6, "cache_read_input_tokens": self._from_cache(asked)}
        if not asked["stream"]:
            whole = {**MESSAGE, "model": asked["model"], "content": content, "stop_reason": stop_reason, "usage": usage}
            return json_reply(200, whole)(talk)
        body = encode(self._changed(streamed(asked["model"], content, stop_reason, usage)))
        return reply(200, body, "Content-Type: text/event-stream")(talk)

    def _from_cache(self, asked: dict[str, Any]) -> int:
        system = json.dumps(asked.get("system", ""))
        if "cache_control" not in system or len(system) < CACHED_FROM:
            return 0
        known = system in self._cached
        self._cached.add(system)
        return len(system) // 4 if known else 0


def answer_to(asked: dict[str, Any]) -> tuple[Events, str]:
    """The content of an answer to a request's body, and why it stops."""
    question = json.dumps(asked["messages"])
    for tool in asked.get("tools", []):
        if f"`{tool['name']}`" in question:
            return [{"type": "tool_use", "id": "toolu_1", "name": tool["name"], "input": {"number": 7}}], "tool_use"
    text = NUMBER if '"type": "image"' in question else "one two three"
    return [{"type": "text", "text": text}], "end_turn"


def streamed(model: str, content: list[dict[str, Any]], stop_reason: str, usage: dict[str, int]) -> Events:
    """The events of an answer, each word of it in an event of its own."""
    start, *_, delta, stop = events()
    parts: Events = []
    for index, block in enumerate(content):
        if block["type"] == "tool_use":
            pieces = [{"type": "input_json_delta", "partial_json": json.dumps(block["input"])}]
            empty: dict[str, Any] = {**block, "input": {}}
        else:
            pieces = [{"type": "text_delta", "text": f"{word} "} for word in block["text"].split()]
            empty = {**block, "text": ""}
        parts.append({"type": "content_block_start", "index": index, "content_block": empty})
        parts += [{"type": "content_block_delta", "index": index, "delta": piece} for piece in pieces]
        parts.append({"type": "content_block_stop", "index": index})
    head = {**start["message"], "model": model, "usage": {**usage, "output_tokens": 1}}
    return [
        {**start, "message": head},
        *parts,
        {**delta, "delta": {**delta["delta"], "stop_reason": stop_reason}, "usage": usage},
        stop,
    ]


GOOD = GoodGateway()


def refusing(condition: Any, script: Script) -> GoodGateway:
    """A good gateway that answers with ``script`` where ``condition(body, headers)`` holds."""

    def refuse(talk: Talk) -> None:
        request = talk.request
        if request.body and condition(request.json, request.headers):
            script(talk)

    return GoodGateway(refuse)

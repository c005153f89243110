"""What a request for an answer asks for, checked field by field as the Messages page says.

Of the fields that the page does not name only ``tools`` is checked; the others (thinking, metadata, ...) are let
through, as Claude Code sends many of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

from ccswitch_py.demo.catalogue import DemoCatalogue, Served
from ccswitch_py.demo.fields import present, required, typed
from ccswitch_py.demo.problem import Problem
from ccswitch_py.demo.tools import read_tools

ROLES = ("user", "assistant", "system")
"""The page names the first two; Claude Code also puts messages of the role ``system`` among them."""

TOOLS, SYSTEM = "tools", "system"


@dataclass(frozen=True, slots=True)
class MessagesRequest:
    """A request that can be answered. A block is a JSON object with a ``type``; plain text is a text block here."""

    model: Served
    max_tokens: int
    messages: tuple[tuple[str, list[dict[str, Any]]], ...]
    system: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    stream: bool

    @property
    def parts(self) -> list[tuple[str, dict[str, Any]]]:
        """Tools, then blocks, in the order in which a model reads them; each with ``tools``, ``system`` or its role."""
        opening = [*((TOOLS, tool) for tool in self.tools), *((SYSTEM, block) for block in self.system)]
        return opening + [(role, block) for role, blocks in self.messages for block in blocks]

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """All content in the order in which a model reads it."""
        return [part for place, part in self.parts if place != TOOLS]

    @property
    def last_user_blocks(self) -> list[dict[str, Any]]:
        """What came last in the user's name: what was said, or what tools found."""
        said: list[list[dict[str, Any]]] = [blocks for role, blocks in self.messages if role == "user"]
        return said[-1] if said else []

    @property
    def last_user_text(self) -> str:
        """What the user said last: the last text block, as Claude Code puts its own reminders before it."""
        return next((block["text"] for block in reversed(self.last_user_blocks) if block["type"] == "text"), "")


def read_request(body: object, catalogue: DemoCatalogue, *, counting: bool = False) -> MessagesRequest:
    """Check the parsed body; raises ``Problem`` (400, or 404 for an unknown model) naming the field at fault.

    Who is ``counting`` wants no answer, and need not give its ``max_tokens``.
    """
    if not isinstance(body, dict):
        raise Problem(400, "The body must be a JSON object.")
    fields = cast("dict[str, Any]", body)
    model_id = required(fields, "model", str)
    max_tokens = _positive(fields.get("max_tokens", 1) if counting else present(fields, "max_tokens"))
    messages = _messages(required(fields, "messages", list))
    system = _content(fields["system"], "system") if "system" in fields else []
    tools = read_tools(fields.get("tools", []))
    stream = typed(fields.get("stream", False), bool, "stream")
    _check_temperature(fields.get("temperature", 1))
    model = catalogue.model(model_id)
    request = MessagesRequest(model, max_tokens, messages, system, tools, stream)
    if not model.images and any(has_image(block) for block in request.blocks):
        raise Problem(400, f"messages: {model.id} does not support images; leave them out or choose another model.")
    return request


def has_image(block: dict[str, Any]) -> bool:
    """Whether the block is an image, or a tool's result that holds one."""
    if block["type"] == "tool_result" and isinstance(block.get("content"), list):
        parts = cast("list[Any]", block["content"])
        return any(isinstance(part, dict) and cast("dict[str, Any]", part).get("type") == "image" for part in parts)
    return block["type"] == "image"


def without_mark(part: dict[str, Any]) -> dict[str, Any]:
    """A tool or block as the model reads it: a cache mark speaks to the gateway alone."""
    return {name: value for name, value in part.items() if name != "cache_control"}


def _messages(values: list[Any]) -> tuple[tuple[str, list[dict[str, Any]]], ...]:
    if not values:
        raise Problem(400, "messages: must hold at least one message.")
    return tuple(_message(value, f"messages.{index}") for index, value in enumerate(values))


def _message(value: object, place: str) -> tuple[str, list[dict[str, Any]]]:
    message = typed(value, dict, place)
    role = required(message, "role", str, place)
    if role not in ROLES:
        raise Problem(400, f"{place}.role: must be one of {', '.join(ROLES)}.")
    return role, _content(present(message, "content", place), f"{place}.content")


def _content(value: object, place: str) -> list[dict[str, Any]]:
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    if not isinstance(value, list):
        raise Problem(400, f"{place}: must be a string or an array of content blocks.")
    return [_block(block, f"{place}.{index}") for index, block in enumerate(cast("list[Any]", value))]


def _block(value: object, place: str) -> dict[str, Any]:
    block = typed(value, dict, place)
    kind = required(block, "type", str, place)
    if kind == "text":
        required(block, "text", str, place)
    if kind == "image":
        required(required(block, "source", dict, place), "type", str, f"{place}.source")
    return block


def _positive(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Problem(400, "max_tokens: must be an integer.")
    if value < 1:
        raise Problem(400, "max_tokens: must be at least 1.")
    return value


def _check_temperature(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not (value >= 0 and math.isfinite(value)):
        raise Problem(400, "temperature: must be a number, 0 or more.")

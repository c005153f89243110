"""A request: as it came in, and checked field by field as the Messages page says.

Of the fields that the page does not name only ``tools`` is checked; Claude Code sends many others.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

from ccswitch_py.demo.catalogue import DemoCatalogue, Served
from ccswitch_py.demo.problem import Problem

Block = dict[str, Any]

ROLES = ("user", "assistant", "system")
"""The page names the first two; Claude Code also sends messages of the role ``system``."""

TOOLS, SYSTEM = "tools", "system"

IMAGE_TOKENS = 1_500
"""About the most that Claude Messages bills for an image."""

_TOKEN = re.compile(r"[\x00-\x7f]{1,4}|[^\x00-\x7f]")
_KINDS = {str: "a string", list: "an array", dict: "an object", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came in; header names are in lower case, ``body`` is the parsed JSON, None for anything else."""

    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: Any = field(repr=False)

    @property
    def bearer(self) -> str | None:
        """The key in the Authorization header."""
        scheme, _blank, key = self.headers.get("authorization", "").strip().partition(" ")
        return key.strip() or None if scheme.lower() == "bearer" else None

    @property
    def key(self) -> str | None:
        """The key in either header."""
        return self.bearer or self.headers.get("x-api-key", "").strip() or None


def receive(method: str, address: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> Received:
    """Take a request in; the values of a repeated header are joined by a comma."""
    joined: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    try:
        parts = urlsplit(address)
        path, query = parts.path, parts.query
    except ValueError:
        path, query = address, ""
    try:
        value = json.loads(body, parse_constant=_refuse_constant) if body else None
    except (ValueError, RecursionError):
        value = None
    return Received(method, path, query, joined, value)


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


@dataclass(frozen=True, slots=True)
class MessagesRequest:
    """A request that can be answered; plain text is a text block here."""

    model: Served
    max_tokens: int
    messages: tuple[tuple[str, list[Block]], ...]
    system: list[Block]
    tools: list[Block]
    stream: bool

    @property
    def parts(self) -> list[tuple[str, Block]]:
        """Tools, then blocks, in the order in which a model reads them; each with ``tools``, ``system`` or its role."""
        opening = [*((TOOLS, tool) for tool in self.tools), *((SYSTEM, block) for block in self.system)]
        return opening + [(role, block) for role, blocks in self.messages for block in blocks]

    @property
    def blocks(self) -> list[Block]:
        """All content in the order in which a model reads it."""
        return [part for place, part in self.parts if place != TOOLS]

    @property
    def last_user_blocks(self) -> list[Block]:
        """The content of the last user message."""
        return next((blocks for role, blocks in reversed(self.messages) if role == "user"), list[Any]())

    @property
    def last_user_text(self) -> str:
        """The last text block of the user, as Claude Code puts its own reminders before it."""
        return next((block["text"] for block in reversed(self.last_user_blocks) if block["type"] == "text"), "")


def read_request(body: object, catalogue: DemoCatalogue, *, counting: bool = False) -> MessagesRequest:
    """Check the body, without ``max_tokens`` for ``counting``; raises ``Problem`` (400, 404) that names the field."""
    if not isinstance(body, dict):
        raise Problem(400, "The body must be a JSON object.")
    fields = cast("dict[str, Any]", body)
    model_id = _required(fields, "model", str)
    max_tokens = fields.get("max_tokens", 1) if counting else _present(fields, "max_tokens")
    if isinstance(max_tokens, bool) or not isinstance(max_tokens, int):
        raise Problem(400, "max_tokens: must be an integer.")
    if max_tokens < 1:
        raise Problem(400, "max_tokens: must be at least 1.")
    messages = tuple(
        _message(value, f"messages.{index}") for index, value in enumerate(_required(fields, "messages", list))
    )
    if not messages:
        raise Problem(400, "messages: must hold at least one message.")
    system = _content(fields["system"], "system") if "system" in fields else []
    tools = [_tool(tool, f"tools.{index}") for index, tool in enumerate(_typed(fields.get("tools", []), list, "tools"))]
    stream = _typed(fields.get("stream", False), bool, "stream")
    warmth = fields.get("temperature", 1)
    if isinstance(warmth, bool) or not isinstance(warmth, int | float) or not (warmth >= 0 and math.isfinite(warmth)):
        raise Problem(400, "temperature: must be a number, 0 or more.")
    model = catalogue.model(model_id)
    request = MessagesRequest(model, max_tokens, messages, system, tools, stream)
    if not model.images and any(_has_image(block) for block in request.blocks):
        raise Problem(400, f"messages: {model.id} does not support images; leave them out or choose another model.")
    return request


def split_tokens(text: str) -> list[str]:
    """``text`` in pieces of about a token: four ASCII characters, or one of any other script."""
    return _TOKEN.findall(text)


def count_input(request: MessagesRequest) -> int:
    """The tokens of the request; at least 1."""
    return max(1, sum(count_part(*part) for part in request.parts))


def count_part(place: str, part: Block) -> int:
    """The tokens of a tool or a content block; a cache mark costs nothing."""
    if place != TOOLS and _has_image(part):
        return IMAGE_TOKENS
    is_text = place != TOOLS and part["type"] == "text"
    text = part["text"] if is_text else json.dumps(without_mark(part), ensure_ascii=False)
    in_ascii = len(text.encode("ascii", "ignore"))
    return -(-in_ascii // 4) + len(text) - in_ascii


def without_mark(part: Block) -> Block:
    """A tool or block as the model reads it, without its cache mark."""
    return {name: value for name, value in part.items() if name != "cache_control"}


def _has_image(block: Block) -> bool:
    """Whether the block is an image, or a tool's result that holds one."""
    if block["type"] == "tool_result" and isinstance(block.get("content"), list):
        parts = cast("list[Any]", block["content"])
        return any(isinstance(part, dict) and cast("Block", part).get("type") == "image" for part in parts)
    return block["type"] == "image"


def _message(value: object, place: str) -> tuple[str, list[Block]]:
    message = _typed(value, dict, place)
    role = _required(message, "role", str, place)
    if role not in ROLES:
        raise Problem(400, f"{place}.role: must be one of {', '.join(ROLES)}.")
    return role, _content(_present(message, "content", place), f"{place}.content")


def _content(value: object, place: str) -> list[Block]:
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    if not isinstance(value, list):
        raise Problem(400, f"{place}: must be a string or an array of content blocks.")
    return [_block(block, f"{place}.{index}") for index, block in enumerate(cast("list[Any]", value))]


def _block(value: object, place: str) -> Block:
    block = _typed(value, dict, place)
    kind = _required(block, "type", str, place)
    if kind == "text":
        _required(block, "text", str, place)
    if kind == "image":
        _required(_required(block, "source", dict, place), "type", str, f"{place}.source")
    return block


def _tool(value: object, place: str) -> Block:
    """Check a tool as far as a call of it needs."""
    tool = _typed(value, dict, place)
    if not _required(tool, "name", str, place):
        raise Problem(400, f"{place}.name: must not be empty.")
    schema = _typed(tool.get("input_schema", {}), dict, f"{place}.input_schema")
    _typed(schema.get("properties", {}), dict, f"{place}.input_schema.properties")
    for index, name in enumerate(_typed(schema.get("required", []), list, f"{place}.input_schema.required")):
        _typed(name, str, f"{place}.input_schema.required.{index}")
    return tool


def _present(fields: dict[str, Any], name: str, place: str = "") -> Any:
    if name not in fields:
        raise Problem(400, f"{_join(place, name)}: this field is required.")
    return fields[name]


def _required(fields: dict[str, Any], name: str, kind: type, place: str = "") -> Any:
    return _typed(_present(fields, name, place), kind, _join(place, name))


def _typed(value: object, kind: type, place: str) -> Any:
    if not isinstance(value, kind):
        raise Problem(400, f"{place}: must be {_KINDS[kind]}.")
    return value


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name

"""Reads an answer in the form of Claude Messages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from typing import NoReturn


class ToolCall(NamedTuple):
    """A tool that the model wants called; ``given`` is the JSON text of its input."""

    name: str
    given: str


class Message(NamedTuple):
    """A model's answer, as much of it as the test looks at.

    ``usage`` is whatever was sent as such, ``lacks`` names what Claude Code does not do without.
    """

    model: str | None
    text: str
    tool_calls: tuple[ToolCall, ...]
    stop_reason: str | None
    usage: object
    lacks: str = ""

    @property
    def has_text(self) -> bool:
        """Whether there is something to read."""
        return bool(self.text.strip())


def read_json(text: str) -> object:
    """The JSON value of a gateway's text; raises ``ValueError`` for all that JavaScript would refuse as well."""
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_int=_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _number(digits: str) -> int | float:
    """Python refuses numbers of more than 4,300 digits, which JavaScript reads as best it can."""
    return int(digits) if len(digits) < 400 else float(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def as_object(value: object) -> dict[str, Any] | None:
    """The value if it is a JSON object."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_text(value: object) -> str | None:
    """The value if it is a string with something in it."""
    return value if isinstance(value, str) and value.strip() else None


def read_message(value: object) -> Message | None:
    """The message, or None if this is none.

    Claude Code asks for a list as content, a string as model, and an object or null as usage; it does not look at the
    type, and takes the JSON text of a message for one (measured).
    """
    if isinstance(value, str):
        value = _parsed(value)
    found = as_object(value)
    content = cast("list[object]", found["content"]) if found and isinstance(found.get("content"), list) else None
    if found is None or content is None or found.get("type") == "error":
        return None
    blocks = [as_object(block) for block in content]
    text = "".join(as_text(block.get("text")) or "" for block in blocks if block and block.get("type") == "text")
    calls = tuple(
        ToolCall(as_text(block.get("name")) or "", json.dumps(block.get("input")))
        for block in blocks
        if block and block.get("type") == "tool_use"
    )
    usage = found.get("usage")
    has_usage = "usage" in found and isinstance(usage, dict | None)
    lacking = {
        "model": isinstance(found.get("model"), str),
        "usage": has_usage,
        "content": None not in blocks,
    }
    lacks = next((name for name, is_there in lacking.items() if not is_there), "")
    return Message(as_text(found.get("model")), text, calls, as_text(found.get("stop_reason")), usage, lacks)


def _parsed(text: str) -> object:
    try:
        return read_json(text)
    except ValueError:
        return None

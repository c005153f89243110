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
    """A model's answer, as much of it as the test looks at; ``usage`` is whatever was sent as such."""

    model: str | None
    text: str
    tool_calls: tuple[ToolCall, ...]
    stop_reason: str | None
    usage: object

    @property
    def has_text(self) -> bool:
        """Whether there is something to read."""
        return bool(self.text.strip())


def read_json(text: str) -> object:
    """The JSON value of a gateway's text; raises ``ValueError`` for all that JavaScript would refuse as well."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def as_object(value: object) -> dict[str, Any] | None:
    """The value if it is a JSON object."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_text(value: object) -> str | None:
    """The value if it is a string with something in it."""
    return value if isinstance(value, str) and value.strip() else None


def read_message(value: object) -> Message | None:
    """The message, or None if this is none. Claude Code takes one without ``type`` as well (measured)."""
    found = as_object(value)
    if found is None or found.get("type", "message") != "message" or not isinstance(found.get("content"), list):
        return None
    blocks = [as_object(block) or {} for block in cast("list[object]", found["content"])]
    text = "".join(as_text(block.get("text")) or "" for block in blocks)
    calls = tuple(
        ToolCall(as_text(block.get("name")) or "", json.dumps(block.get("input")))
        for block in blocks
        if block.get("type") == "tool_use"
    )
    return Message(as_text(found.get("model")), text, calls, as_text(found.get("stop_reason")), found.get("usage"))

"""Reads an answer in the form of Claude Messages and judges what Claude Code could do with it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.finding import Finding
from ccswitch_py.probe.request import wire_model
from ccswitch_py.probe.usage import read_usage

if TYPE_CHECKING:
    from typing import NoReturn

_DATED = re.compile(r"[-@]20\d{6}$")
_CLOUD_PREFIX = re.compile(r"^(?:[a-z]{2,6}\.)?anthropic\.")
_CLOUD_REVISION = re.compile(r"-v\d+(?::\d+)?$")


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


def judge_message(message: Message, requested: str, most_input: int | None = None) -> Finding:
    """What a message says about the model that was asked; the gravest finding comes first, the others are ``also``.

    ``most_input`` is how many input tokens the question can have, if that is known.
    """
    has_content = message.has_text or bool(message.tool_calls)
    usage = read_usage(message.usage, has_text=has_content, most_input=most_input)
    out_of_tokens = not has_content and message.stop_reason == "max_tokens"
    found: list[tuple[Diagnosis, Status, str]] = []
    if not has_content and not out_of_tokens:
        found.append((Diagnosis.EMPTY_ANSWER, Status.FAIL, ""))
    if usage.diagnosis is not Diagnosis.OK:
        found.append((usage.diagnosis, Status.WARN, usage.reason))
    if message.model is not None and not same_model(requested, message.model):
        found.append((Diagnosis.MODEL_SUBSTITUTED, Status.WARN, ""))
    if out_of_tokens:
        found.append((Diagnosis.LENGTH_STOP, Status.PASS, ""))
    found.append((Diagnosis.OK, Status.PASS, ""))
    diagnosis, status, reason = found[0]
    return Finding(
        diagnosis,
        status,
        reason=reason,
        speaks_messages=True,
        in_json=True,
        answered_model=message.model,
        usage=usage,
        message=message,
        also=tuple(lesser for lesser, _, _ in found[1:] if lesser is not Diagnosis.OK),
    )


def same_model(requested: str, answered: str) -> bool:
    """Whether two ids name the same model, apart from ``[1m]``, a date and the prefixes of cloud platforms."""
    return _plain_id(requested) == _plain_id(answered)


def _plain_id(model: str) -> str:
    plain = wire_model(model.strip()).lower().rpartition("/")[2]
    plain = _CLOUD_REVISION.sub("", _CLOUD_PREFIX.sub("", plain))
    return _DATED.sub("", plain).removesuffix("-latest")

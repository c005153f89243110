"""Reads and judges an answer in the form of Claude Messages: its JSON, its token counts, its model."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, cast

from ccswitch_py.core.language import _, join_sentences, join_with_and, ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import MAX_TOKENS
from ccswitch_py.probe.judge.observation import Message, Observation, Question, ToolCall, Usage

INPUT_COUNTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
COUNTS = (*INPUT_COUNTS, "output_tokens")
REQUIRED_COUNTS = ("input_tokens", "output_tokens")
MAX_CREDIBLE = 10_000_000
"""No context window is larger, so no count can be."""

MAX_DEPTH = 100
"""Of nested arrays and objects; an answer has about five."""

_STRING = re.compile(r'"(?:[^"\\]+|\\(?:.|\Z))*(?:"|\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")

FATAL_STOP_REASONS = ("refusal", "model_context_window_exceeded")
"""Stop reasons that Claude Code reports as an error (measured)."""

_DATED = re.compile(r"[-@]20\d{6}$")
_CLOUD_PREFIX = re.compile(r"^(?:[a-z]{2,6}\.)?anthropic\.")
_CLOUD_REVISION = re.compile(r"-v\d+(?::\d+)?$")


def read_json(text: str) -> object:
    """The JSON value of a gateway's text; raises ``ValueError`` for all that JavaScript would refuse as well."""
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deeper(text, MAX_DEPTH):
        raise ValueError("nested too deeply")
    return json.loads(text, parse_constant=_refuse_constant, parse_int=_parse_int)


def _is_deeper(text: str, limit: int) -> bool:
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > limit:
            return True
    return False


def _parse_int(digits: str) -> int | float:
    """Python refuses numbers of more than 4,300 digits, which JavaScript reads as best it can."""
    return int(digits) if len(digits) < 400 else float(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def read_object(text: str) -> dict[str, Any] | None:
    """The JSON object in a gateway's text; None for anything else."""
    try:
        return as_object(read_json(text)) if text else None
    except ValueError:
        return None


def as_object(value: object) -> dict[str, Any] | None:
    """The value if it is a JSON object."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_text(value: object) -> str | None:
    """The value if it is a string that is not blank."""
    return value if isinstance(value, str) and value.strip() else None


def as_whole(value: object) -> int | None:
    """The value if it is a whole number: JSON knows one kind of number, so 5.0 is 5."""
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if value.is_integer():
            return int(value)
        case _:
            return None


def read_message(value: object) -> Message | None:
    """The message, or None if this is none.

    Claude Code requires a list as content, a string as model, and an object or null as usage; it ignores the type, and
    accepts the JSON text of a message in place of the object (measured).
    """
    found = read_object(value) if isinstance(value, str) else as_object(value)
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
    present = {
        "model": isinstance(found.get("model"), str),
        "usage": "usage" in found and isinstance(found["usage"], dict | None),
        "content": None not in blocks,
    }
    lacks = next((name for name, is_present in present.items() if not is_present), "")
    usage = found.get("usage")
    return Message(as_text(found.get("model")), text, calls, as_text(found.get("stop_reason")), usage, lacks)


def judge_message(message: Message, question: Question) -> Observation:
    """What a message shows of the model that was asked: the most severe diagnosis first, the others secondary."""
    has_content = message.has_text or bool(message.tool_calls)
    usage = read_usage(message.usage, has_text=has_content, max_input=question.max_input)
    spent = usage.counts.get("output_tokens", 0) >= MAX_TOKENS
    out_of_tokens = not has_content and (message.stop_reason == "max_tokens" or spent)
    found: list[tuple[Diagnosis, Status, str]] = []
    if message.lacks:
        lacks = _("It has no usable {field}, which {tool} requires.", field=message.lacks, tool=question.client.name)
        found.append((Diagnosis.NOT_MESSAGES, Status.FAIL, lacks))
    if message.stop_reason in FATAL_STOP_REASONS:
        found.append((Diagnosis.EMPTY_ANSWER, Status.FAIL, _("It stopped with {reason}.", reason=message.stop_reason)))
    if message.stop_reason == "tool_use" and not message.tool_calls:
        found.append((Diagnosis.TOOLS_UNSUPPORTED, Status.FAIL, _("It says tool_use, and calls no tool.")))
    if not has_content and not out_of_tokens:
        found.append((Diagnosis.EMPTY_ANSWER, Status.FAIL, ""))
    if usage.diagnosis is not Diagnosis.OK:
        found.append((usage.diagnosis, Status.WARN, usage.reason))
    wire = question.client.wire_model
    if message.model is not None and not _same_model(wire(question.model), wire(message.model)):
        found.append((Diagnosis.MODEL_SUBSTITUTED, Status.WARN, ""))
    if out_of_tokens:
        found.append((Diagnosis.LENGTH_STOP, Status.PASS, ""))
    found.append((Diagnosis.OK, Status.PASS, ""))
    (diagnosis, status, reason), *others = found
    return Observation(
        diagnosis,
        status,
        reason=reason,
        speaks_messages=True,
        in_json=True,
        answered_model=message.model,
        usage=usage,
        message=message,
        secondary=tuple(other[0] for other in others if other[0] is not Diagnosis.OK),
    )


def _same_model(requested: str, answered: str) -> bool:
    """Whether two ids name the same model, apart from a date and the prefixes of platforms and routers."""
    return _plain_id(requested) == _plain_id(answered)


def _plain_id(model: str) -> str:
    plain = re.split("[/,]", model.strip().lower())[-1]
    plain = _CLOUD_REVISION.sub("", _CLOUD_PREFIX.sub("", plain))
    return _DATED.sub("", plain).removesuffix("-latest")


def read_usage(reported: object, *, has_text: bool, max_input: int | None = None) -> Usage:
    """Judge the ``usage`` of an answer to a question whose input cannot be empty, nor longer than ``max_input``."""
    values = as_object(reported) or {}
    counts = {name: count for name in COUNTS if (count := as_whole(values.get(name))) is not None}
    missing = [name for name in REQUIRED_COUNTS if name not in counts]
    if missing:
        reason = _("There is no number for {names}.", names=join_with_and(missing))
        return Usage(counts, Diagnosis.USAGE_MISSING, reason)
    wrong = [_wrong_count(name, count) for name, count in counts.items() if not 0 <= count <= MAX_CREDIBLE]
    total = sum(counts.get(name, 0) for name in INPUT_COUNTS)
    if not wrong and not total:
        wrong.append(_wrong_count("input_tokens", 0))
    if not wrong and has_text and counts["output_tokens"] == 0:
        wrong.append(_wrong_count("output_tokens", 0))
    if not wrong and max_input is not None and total > max_input:
        too_many = ngettext(
            "It counts {count} token in for a question of about ten.",
            "It counts {count} tokens in for a question of about ten.",
            total,
        )
        wrong.append(too_many)
    return Usage(counts, Diagnosis.USAGE_WRONG if wrong else Diagnosis.OK, join_sentences(*wrong))


def _wrong_count(name: str, count: int) -> str:
    if abs(count) < 10**12:
        return _("Here {name} is {count}.", name=name, count=count)
    return _("{name} is impossibly large here.", name=name)


def merged_usage(start: object, end: object) -> dict[str, Any]:
    """The usage of a stream: what its end reports counts, but a 0 there does not erase what its start reported."""
    merged: dict[str, Any] = {}
    for part in (start, end):
        for name, value in (as_object(part) or {}).items():
            if value is not None and (value != 0 or name not in merged):
                merged[name] = value
    return merged

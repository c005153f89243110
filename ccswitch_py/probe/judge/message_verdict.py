"""Judges an answer in the form of Claude Messages: what Claude Code could do with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ccswitch_py.core.language import N_, _
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import MAX_TOKENS, wire_model
from ccswitch_py.probe.finding import Observation
from ccswitch_py.probe.judge.usage import read_usage

if TYPE_CHECKING:
    from ccswitch_py.probe.judge.message import Message

_DATED = re.compile(r"[-@]20\d{6}$")
_CLOUD_PREFIX = re.compile(r"^(?:[a-z]{2,6}\.)?anthropic\.")
_CLOUD_REVISION = re.compile(r"-v\d+(?::\d+)?$")


GIVES_UP_AT = ("refusal", "model_context_window_exceeded")
"""Why an answer may stop that is none for Claude Code (measured)."""

LACKS = {
    "model": N_("It has no model, without which Claude Code does not take it."),
    "usage": N_("It has no usage, without which Claude Code does not take it."),
    "content": N_("It has no content that can be read, without which Claude Code does not take it."),
}
"""What is said of a message for each part that ``Message.lacks`` can name."""


def judge_message(message: Message, requested: str, most_input: int | None = None) -> Observation:
    """What a message says about the model that was asked; the gravest finding comes first, the others are ``also``.

    ``most_input`` is how many input tokens the question can have, if that is known.
    """
    has_content = message.has_text or bool(message.tool_calls)
    usage = read_usage(message.usage, has_text=has_content, most_input=most_input)
    spent = usage.counts.get("output_tokens", 0) >= MAX_TOKENS
    out_of_tokens = not has_content and (message.stop_reason == "max_tokens" or spent)
    found: list[tuple[Diagnosis, Status, str]] = []
    if message.lacks:
        found.append((Diagnosis.NOT_MESSAGES, Status.FAIL, _(LACKS[message.lacks])))
    if message.stop_reason in GIVES_UP_AT:
        found.append((Diagnosis.EMPTY_ANSWER, Status.FAIL, _("It stopped with {reason}.", reason=message.stop_reason)))
    if message.stop_reason == "tool_use" and not message.tool_calls:
        found.append((Diagnosis.TOOLS_UNSUPPORTED, Status.FAIL, _("It says tool_use, and calls no tool.")))
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
    return Observation(
        diagnosis,
        status,
        reason=reason,
        speaks_messages=True,
        in_json=True,
        answered_model=message.model,
        usage=usage,
        message=message,
        also=tuple(lesser for lesser, _unused, _unused in found[1:] if lesser is not Diagnosis.OK),
    )


def same_model(requested: str, answered: str) -> bool:
    """Whether two ids name the same model, apart from ``[1m]``, a date and the prefixes of cloud platforms."""
    return _plain_id(requested) == _plain_id(answered)


def _plain_id(model: str) -> str:
    plain = wire_model(model.strip()).lower().rpartition("/")[2]
    plain = _CLOUD_REVISION.sub("", _CLOUD_PREFIX.sub("", plain))
    return _DATED.sub("", plain).removesuffix("-latest")

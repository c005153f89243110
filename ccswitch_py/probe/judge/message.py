"""Judges an answer that was read: its content, its token counts, its model."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ccswitch_py.core.language import _, join_sentences, join_with_and, ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.judge.observation import Observation, Question, Usage
from ccswitch_py.probe.protocols.messages import MESSAGES
from ccswitch_py.probe.protocols.stream import MAX_CREDIBLE, OUT_OF_TOKENS, TOOL_CALL, Message
from ccswitch_py.probe.protocols.values import as_object, as_whole

INPUT_COUNTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
COUNTS = (*INPUT_COUNTS, "output_tokens")
REQUIRED_COUNTS = ("input_tokens", "output_tokens")

_DATED = re.compile(r"[-@]20\d{6}$")
_CLOUD_PREFIX = re.compile(r"^(?:[a-z]{2,6}\.)?anthropic\.")
_CLOUD_REVISION = re.compile(r"-v\d+(?::\d+)?$")


def judge_message(message: Message, question: Question) -> Observation:
    """What a message shows of the model that was asked: the most severe diagnosis first, the others secondary."""
    protocol = question.protocol
    has_content = message.has_text or bool(message.tool_calls)
    usage = read_usage(message.usage, has_text=has_content, max_input=question.max_input, names=protocol.usage_names)
    spent = protocol.limit is not None and usage.counts.get("output_tokens", 0) >= protocol.limit
    out_of_tokens = not has_content and (message.stop_reason == OUT_OF_TOKENS or spent)
    found: list[tuple[Diagnosis, Status, str]] = []
    field = message.lacks or (message.misfit if question.client.validates else "")
    if field:
        lacks = _("It has no usable {field}, which {tool} requires.", field=field, tool=question.client.name)
        found.append((protocol.mismatch, Status.FAIL, lacks))
    if message.stop_reason in protocol.fatal_stops:
        found.append((Diagnosis.EMPTY_ANSWER, Status.FAIL, _("It stopped with {reason}.", reason=message.stop_reason)))
    if message.stop_reason == TOOL_CALL and not message.tool_calls:
        no_call = _("It says {reason}, and calls no tool.", reason=protocol.tool_stop)
        found.append((Diagnosis.TOOLS_UNSUPPORTED, Status.FAIL, no_call))
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
        speaks_protocol=True,
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


def read_usage(
    reported: object,
    *,
    has_text: bool,
    max_input: int | None = None,
    names: Mapping[str, str] = MESSAGES.usage_names,
) -> Usage:
    """Judge the ``usage`` of an answer to a question whose input cannot be empty, nor longer than ``max_input``.

    ``names`` are what its counts are called on the wire.
    """
    values = as_object(reported) or {}
    counts = {name: count for name in COUNTS if (count := as_whole(values.get(name))) is not None}
    missing = [names[name] for name in REQUIRED_COUNTS if name not in counts]
    if missing:
        reason = _("There is no number for {names}.", names=join_with_and(missing))
        return Usage(counts, Diagnosis.USAGE_MISSING, reason)
    wrong = [
        _wrong_count(names.get(name, name), count) for name, count in counts.items() if not 0 <= count <= MAX_CREDIBLE
    ]
    total = sum(counts.get(name, 0) for name in INPUT_COUNTS)
    if not wrong and not total:
        wrong.append(_wrong_count(names["input_tokens"], 0))
    if not wrong and has_text and counts["output_tokens"] == 0:
        wrong.append(_wrong_count(names["output_tokens"], 0))
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

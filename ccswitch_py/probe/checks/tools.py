"""The check ``tools``: does the model call a tool? A coding tool can read and edit files only that way."""

from __future__ import annotations

import re
from dataclasses import replace

from ccswitch_py.core.language import _
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import STRICT_SCHEMA
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.probe_client import Exchange, Judged, ProbeClient
from ccswitch_py.probe.protocols.base import Tool
from ccswitch_py.probe.protocols.stream import OUT_OF_TOKENS
from ccswitch_py.probe.protocols.values import as_whole, read_object

NAME = "record_number"
PROMPT = f"Call the tool `{NAME}` with the number 7. Do not answer in words."

_TOOL = Tool(
    NAME,
    "Records a number.",
    {**STRICT_SCHEMA, "properties": {"number": {"type": "integer"}}, "required": ["number"]},
)
_AS_TEXT = re.compile(
    rf"<(?:tool_use|tool_call|function_calls?|invoke|antml)\b|{NAME}\s*\(|[\"'](?:name|tool|function)[\"']\s*:\s*[\"']{NAME}"
    rf"|<\|?(?:tool|python_tag|channel)\w*\|?>|```(?:tool|json)\w*\s*\{{[^`]*{NAME}",
    re.IGNORECASE,
)
_REFUSALS = (Diagnosis.REQUEST_REFUSED, Diagnosis.MODEL_NOT_FOUND, Diagnosis.NO_CHANNEL, Diagnosis.PATH_NOT_FOUND)
_ABOUT_TOOLS = re.compile(r"\btools?\b|function[ _]call|工具|函数调用", re.IGNORECASE)


async def check_tools(client: ProbeClient, question: Question, _first: Exchange) -> Judged:
    """Ask for a tool call; a model that answers without one is asked again, at last with the tool forced."""
    first = await client.ask_with(question, PROMPT, tool=_TOOL)
    judged = _judge_tools(first.finding)
    for forced in (False, True) if judged.status is Status.FAIL and judged.message is not None else ():
        if not client.take_extra_request():
            break
        again = await client.ask_with(question, PROMPT, tool=_TOOL, forced=forced)
        if _judge_tools(again.finding).diagnosis is Diagnosis.OK:
            return judged.rejudged(Diagnosis.TOOLS_UNRELIABLE, Status.WARN, quote=judged.quote), first.answer
    return judged, first.answer


def _judge_tools(finding: Observation) -> Observation:
    message = finding.message
    if message is None:
        # The model has just answered without tools, so a refusal that speaks of tools is about them.
        refused = finding.diagnosis in _REFUSALS and _ABOUT_TOOLS.search(finding.quote)
        if finding.diagnosis is Diagnosis.LENGTH_STOP:
            return replace(finding, status=Status.SKIP)
        return replace(finding, diagnosis=Diagnosis.TOOLS_UNSUPPORTED) if refused else finding
    for call in message.tool_calls:
        if call.name != NAME:
            continue
        if _is_usable(call.arguments):
            return finding.rejudged(Diagnosis.OK, Status.PASS)
        if message.stop_reason != OUT_OF_TOKENS:
            reason = _("It called the tool with an input that is not what the tool takes.")
            return finding.rejudged(Diagnosis.TOOLS_UNSUPPORTED, Status.FAIL, reason=reason)
    if message.stop_reason == OUT_OF_TOKENS:
        reason = _("Whether it calls tools is unknown.")
        return finding.rejudged(Diagnosis.LENGTH_STOP, Status.SKIP, reason=reason)
    diagnosis = Diagnosis.TOOLS_AS_TEXT if _AS_TEXT.search(message.text) else Diagnosis.TOOLS_UNSUPPORTED
    return finding.rejudged(diagnosis, Status.FAIL, quote=message.text)


def _is_usable(arguments: str) -> bool:
    """Whether the schema takes the input, whichever number it is; a number as text is as good."""
    number = (read_object(arguments) or {}).get("number")
    return as_whole(number) is not None or (isinstance(number, str) and number.strip().removesuffix(".0").isdecimal())

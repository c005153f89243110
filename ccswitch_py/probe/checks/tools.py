"""The check ``tools``: does the model call a tool? Without that Claude Code can talk, but not read or edit a file."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.language import N_, _
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import plain_question
from ccswitch_py.probe.finding import Observation
from ccswitch_py.probe.judge.message import as_object, read_json
from ccswitch_py.targets.claude_code.request_shape import STRICT

if TYPE_CHECKING:
    from ccswitch_py.probe.client.probe_client import Exchange, ProbeClient
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.judge.classify import Question
    from ccswitch_py.probe.judge.message import Message

NAME = "record_number"
ASKED = f"Call the tool `{NAME}` with the number 7. Do not answer in words."

_TOOL = {
    "name": NAME,
    "description": "Records a number.",
    "input_schema": {**STRICT, "properties": {"number": {"type": "integer"}}, "required": ["number"]},
}
_AS_TEXT = re.compile(
    rf"<(?:tool_use|tool_call|function_calls?|invoke|antml)\b|{NAME}\s*\(|[\"'](?:name|tool|function)[\"']\s*:\s*[\"']{NAME}"
    rf"|<\|?(?:tool|python_tag|channel)\w*\|?>|```(?:tool|json)\w*\s*\{{[^`]*{NAME}",
    re.IGNORECASE,
)
_REFUSALS = (Diagnosis.REQUEST_REFUSED, Diagnosis.MODEL_NOT_FOUND, Diagnosis.NO_CHANNEL, Diagnosis.PATH_NOT_FOUND)
_ABOUT_TOOLS = re.compile(r"\btools?\b|function[ _]call|工具|函数调用", re.IGNORECASE)


async def check_tools(asker: ProbeClient, question: Question, _: Exchange) -> tuple[Observation, Response | None]:
    """Ask for a call of a tool."""

    def body(stream: bool) -> dict[str, Any]:
        asked = plain_question(question.model, stream=stream)
        messages = [{"role": "user", "content": [{"type": "text", "text": ASKED}]}]
        return {**asked, "messages": messages, "tools": [_TOOL]}

    exchange = await asker.ask(question._replace(most_input=None), body)
    return judge_tools(exchange.finding, exchange.message), exchange.answer


def judge_tools(finding: Observation, message: Message | None) -> Observation:
    """What an answer to the question for a tool says."""
    if message is None:
        # The model has answered without tools just now, so a refusal that speaks of tools is about them.
        refused = finding.diagnosis in _REFUSALS and _ABOUT_TOOLS.search(finding.said)
        return replace(finding, diagnosis=Diagnosis.TOOLS_UNSUPPORTED) if refused else finding
    for call in message.tool_calls:
        if call.name != NAME:
            continue
        if _is_usable(call.given):
            return finding.turned(Diagnosis.OK, Status.PASS)
        if message.stop_reason != "max_tokens":
            return finding.turned(Diagnosis.TOOLS_UNSUPPORTED, Status.FAIL, reason=_(_NOT_USABLE))
    if message.stop_reason == "max_tokens":
        return finding.turned(Diagnosis.LENGTH_STOP, Status.SKIP, reason=_(_CUT))
    said = message.text
    if _AS_TEXT.search(said):
        return finding.turned(Diagnosis.TOOLS_AS_TEXT, Status.FAIL, said=said)
    return finding.turned(Diagnosis.TOOLS_UNSUPPORTED, Status.FAIL, said=said)


_NOT_USABLE = N_("It called the tool with an input that is not what the tool takes.")
_CUT = N_("So whether it calls tools is not known.")


def _is_usable(given: str) -> bool:
    try:
        number = (as_object(read_json(given)) or {}).get("number")
    except ValueError:
        return False
    return isinstance(number, int | float | str) and str(number).strip().removesuffix(".0") == "7"

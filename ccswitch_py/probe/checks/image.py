"""The check ``image``: does the model see a picture, refuse it, or make up what is on it?"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.language import _
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.checks.picture import number_png
from ccswitch_py.probe.client.request import plain_question
from ccswitch_py.probe.finding import Observation

if TYPE_CHECKING:
    from ccswitch_py.probe.client.probe_client import Exchange, ProbeClient
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.judge.classify import Question
    from ccswitch_py.probe.judge.message import Message

NUMBER = "7352"
"""Nobody who has not seen the picture says this."""

ASKED = "Which number does the picture show? Answer with its digits only."
ABOUT_IMAGES = re.compile(r"image|vision|multimodal|picture|图片|图像|视觉|多模态", re.IGNORECASE)


async def check_image(asker: ProbeClient, question: Question, _: Exchange) -> tuple[Observation, Response | None]:
    """Show the model a number."""
    source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(number_png(NUMBER)).decode()}
    content = [{"type": "image", "source": source}, {"type": "text", "text": ASKED}]

    def body(stream: bool) -> dict[str, Any]:
        return {**plain_question(question.model, stream=stream), "messages": [{"role": "user", "content": content}]}

    exchange = await asker.ask(question._replace(most_input=None), body)
    return judge_image(exchange.finding, exchange.message), exchange.answer


def judge_image(finding: Observation, message: Message | None) -> Observation:
    """What an answer to the question for the number says."""
    if message is None:
        # The model has answered without a picture just now, so a refusal that could be about it is about it.
        about_it = ABOUT_IMAGES.search(finding.said) or finding.diagnosis is Diagnosis.REQUEST_REFUSED
        if about_it:
            return replace(finding, diagnosis=Diagnosis.IMAGE_UNSUPPORTED, status=Status.WARN, advice=None)
        return replace(finding, status=Status.WARN)
    if NUMBER in re.sub(r"[\s,.]", "", message.text):
        return finding.turned(Diagnosis.OK, Status.PASS)
    if not message.has_text and message.stop_reason == "max_tokens":
        reason = _("So whether it sees pictures is not known.")
        return finding.turned(Diagnosis.LENGTH_STOP, Status.SKIP, reason=reason)
    return finding.turned(Diagnosis.IMAGE_IGNORED, Status.WARN, said=message.text)

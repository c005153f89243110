"""The check ``count_tokens``: does the gateway count the tokens of a prompt? Tools estimate where it does not."""

from __future__ import annotations

from dataclasses import replace

from ccswitch_py.core.language import _, ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import MAX_INPUT, post
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.judge.answer import judge_answer
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.probe_client import Exchange, Judged, ProbeClient
from ccswitch_py.probe.protocols.values import as_whole, read_object

NOT_SUPPORTED = frozenset(
    {
        Diagnosis.PATH_NOT_FOUND,
        Diagnosis.URL_HAS_V1,
        Diagnosis.HTML_PAGE,
        Diagnosis.NOT_MESSAGES,
        Diagnosis.OPENAI_SHAPE,
        Diagnosis.MODEL_NOT_FOUND,
        Diagnosis.REQUEST_REFUSED,
        Diagnosis.CLIENT_RESTRICTED,
        Diagnosis.FORBIDDEN,
    }
)
"""What a gateway answers that counts no tokens, or not for everybody."""


async def check_count_tokens(client: ProbeClient, question: Question, _first: Exchange) -> Judged:
    """Have the plain question counted; this costs no tokens."""
    asked = question.protocol.body(question.wire_model, stream=False)
    body = {name: asked[name] for name in ("model", "messages")}
    betas = question.client.model_betas(question.model)
    answer = await client.send(post(client.plan.url("/count_tokens"), client.plan.headers, body, betas))
    return _judge_count(answer, question), answer


def _judge_count(answer: Response, question: Question) -> Observation:
    if not 200 <= answer.status < 300 or answer.failure is not None:
        refusal = judge_answer(answer, question)
        missing = Diagnosis.COUNT_TOKENS_MISSING if refusal.diagnosis in NOT_SUPPORTED else refusal.diagnosis
        return replace(refusal, diagnosis=missing, status=Status.WARN, advice=None)
    counted = as_whole((read_object(answer.text) or {}).get("input_tokens"))
    if counted is None:
        reason = _("Its answer has no token count.")
        return Observation(Diagnosis.COUNT_TOKENS_MISSING, Status.WARN, reason=reason)
    if abs(counted) >= 10**9:
        reason = _("It counts an impossible number of tokens in a question of about ten.")
        return Observation(Diagnosis.COUNT_TOKENS_ZERO, Status.WARN, reason=reason)
    reason = ngettext(
        "It counts {count} token in a question of about ten.",
        "It counts {count} tokens in a question of about ten.",
        counted,
    )
    if not 0 < counted <= MAX_INPUT:
        return Observation(Diagnosis.COUNT_TOKENS_ZERO, Status.WARN, reason=reason)
    return Observation(Diagnosis.OK, Status.PASS, reason=reason)

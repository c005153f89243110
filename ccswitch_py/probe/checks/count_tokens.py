"""The check ``count_tokens``: does the gateway count the tokens of a prompt? Tools estimate where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import MAX_INPUT, plain_question, post
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.judge.answer import judge_answer
from ccswitch_py.probe.judge.message import as_whole, read_object
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.probe_client import Exchange, ProbeClient

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

NO_NUMBER = N_("What it answers holds no number of tokens.")
IMPOSSIBLE = N_("It counts an impossible number of tokens in a question of about ten.")


async def check_count_tokens(
    client: ProbeClient, question: Question, _first: Exchange
) -> tuple[Observation, Response | None]:
    """Have the plain question counted; this costs no tokens."""
    asked = plain_question(question.wire_model, stream=False)
    body: dict[str, Any] = {name: asked[name] for name in ("model", "messages")}
    betas = question.client.model_betas(question.model)
    answer = await client.send(post(client.plan.url("/count_tokens"), client.plan.headers, body, betas))
    return judge_count(answer, question), answer


def judge_count(answer: Response, question: Question) -> Observation:
    """Judge the answer: a credible number, an impossible one, or none."""
    if not 200 <= answer.status < 300 or answer.failure is not None:
        refusal = judge_answer(answer, question)
        missing = Diagnosis.COUNT_TOKENS_MISSING if refusal.diagnosis in NOT_SUPPORTED else refusal.diagnosis
        return replace(refusal, diagnosis=missing, status=Status.WARN, advice=None)
    counted = as_whole((read_object(answer.text) or {}).get("input_tokens"))
    if counted is None:
        return Observation(Diagnosis.COUNT_TOKENS_MISSING, Status.WARN, reason=_(NO_NUMBER))
    if not 0 < counted <= MAX_INPUT:
        reason = _counts(counted) if abs(counted) < 10**9 else _(IMPOSSIBLE)
        return Observation(Diagnosis.COUNT_TOKENS_ZERO, Status.WARN, reason=reason)
    return Observation(Diagnosis.OK, Status.PASS, reason=_counts(counted))


def _counts(counted: int) -> str:
    return ngettext(
        "It counts {count} token in a question of about ten.",
        "It counts {count} tokens in a question of about ten.",
        counted,
    )

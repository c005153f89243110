"""The check ``count_tokens``: can the gateway count a prompt's tokens? Claude Code estimates where it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import MOST_INPUT, plain_question, post
from ccswitch_py.probe.finding import Observation
from ccswitch_py.probe.judge.classify import classify
from ccswitch_py.probe.judge.message import as_object, read_json
from ccswitch_py.probe.judge.usage import as_whole

if TYPE_CHECKING:
    from ccswitch_py.probe.client.probe_client import Exchange, ProbeClient
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.judge.classify import Question


NOT_THERE = frozenset(
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
"""What is answered where the gateway counts no tokens, or not for everybody."""

NO_NUMBER = N_("What it answers holds no number of tokens.")
COUNTLESS = N_("It counts an impossible number of tokens in a question of about ten.")


async def check_count_tokens(
    asker: ProbeClient, question: Question, _: Exchange
) -> tuple[Observation, Response | None]:
    """Ask how many tokens the plain question has; this costs no tokens."""
    asked = plain_question(question.model, stream=False)
    body: dict[str, Any] = {name: asked[name] for name in ("model", "messages")}
    url = f"{question.base_url.messages_url}/count_tokens?beta=true"
    answer = await asker.send(post(url, question.model, asker.plan.headers, body))
    return judge_count(answer, question), answer


def judge_count(answer: Response, question: Question) -> Observation:
    """What the answer says: a number that may be true, one that is not, or none at all."""
    if not 200 <= answer.status < 300 or answer.trouble is not None:
        refusal = classify(answer, question)
        missing = Diagnosis.COUNT_TOKENS_MISSING if refusal.diagnosis in NOT_THERE else refusal.diagnosis
        return replace(refusal, diagnosis=missing, status=Status.WARN, advice=None)
    try:
        counted = as_whole((as_object(read_json(answer.text)) or {}).get("input_tokens"))
    except ValueError:
        counted = None
    if counted is None:
        return Observation(Diagnosis.COUNT_TOKENS_MISSING, Status.WARN, reason=_(NO_NUMBER))
    if not 0 < counted <= MOST_INPUT:
        reason = _counts(counted) if abs(counted) < 10**9 else _(COUNTLESS)
        return Observation(Diagnosis.COUNT_TOKENS_ZERO, Status.WARN, reason=reason)
    return Observation(Diagnosis.OK, Status.PASS, reason=_counts(counted))


def _counts(counted: int) -> str:
    return ngettext(
        "It counts {count} token in a question of about ten.",
        "It counts {count} tokens in a question of about ten.",
        counted,
    )

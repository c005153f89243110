"""The ids that a gateway lists, and those near one that it does not serve; a listed model may not be served."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from ccswitch_py.core.language import _, join_sentences, join_with_or
from ccswitch_py.probe.client.request import Request, headers
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.client.transport import send
from ccswitch_py.probe.describe import describe
from ccswitch_py.probe.judge.answer import judge_answer
from ccswitch_py.probe.judge.pages import is_html, is_wall
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.protocols.values import read_object
from ccswitch_py.redact.gateway_text import sanitize

PAGE_SIZE = 1000
MAX_ID = 200
MAX_SUGGESTIONS = 3
MAX_COMPARED = 400
"""Comparing takes time; a hostile list must not hold up a test."""

_NOT_SUPPORTED = (404, 405, 410, 501)
_USABLE_ID = re.compile(r"[!-~]{1,80}")


class Listing(NamedTuple):
    """The ids, or None and why; ``problem`` and ``advice`` are sanitized."""

    ids: list[str] | None
    problem: str = ""
    advice: str = ""


async def list_models(plan: ProbePlan, timeout_s: float | None = None) -> Listing:
    """The ids that the gateway lists, at most 1,000; never raises. ``timeout_s`` replaces the plan's."""
    if timeout_s is not None:
        plan = replace(plan, timeouts=replace(plan.timeouts, whole_s=timeout_s))
    sent = headers(plan.headers, further=plan.protocol.headers)
    answer = await send(plan, Request(f"{plan.base_url}{plan.protocol.models_path}", sent, b"", "GET"))
    is_ok = answer.status == 200 and answer.failure is None
    ids = _read_ids(answer.text, plan) if is_ok else None
    return _explain(plan, answer, is_ok=is_ok) if ids is None else Listing(ids)


def _explain(plan: ProbePlan, answer: Response, *, is_ok: bool) -> Listing:
    is_blocked = is_wall(answer, answer.text)
    if (is_ok and not is_blocked and not is_html(answer.text)) or (answer.status in _NOT_SUPPORTED and not is_blocked):
        return Listing(
            None, _("The gateway gives no list of its models."), _("Type the ids from the gateway's web page.")
        )
    row = describe(plan, "models", judge_answer(answer, plan.question("")), answer)
    return Listing(None, row.detail, row.advice)


def _read_ids(text: str, plan: ProbePlan) -> list[str] | None:
    """The ids in an answer of the plan's protocol; None for anything else."""
    try:
        ids = plan.protocol.read_ids(read_object(text) or {})
    except (KeyError, TypeError, AttributeError):
        return None
    return [
        sanitize(model_id, plan.key)
        for model_id in ids[:PAGE_SIZE]
        if isinstance(model_id, str) and len(model_id) <= MAX_ID
    ]


def near_ids(wire_model: str, ids: Iterable[str]) -> list[str]:
    """At most three ids that resemble this one in whatever case, the nearest first."""
    from difflib import get_close_matches

    usable = islice((known for known in ids if known != wire_model and _USABLE_ID.fullmatch(known)), MAX_COMPARED)
    by_lower = {known.lower(): known for known in usable}
    return [by_lower[lower] for lower in get_close_matches(wire_model.lower(), by_lower, MAX_SUGGESTIONS)]


def suggest_model(wire_model: str, listed: list[str], catalogue: Iterable[str], working: str | None) -> str:
    """What may help with a model that is not served; ``working`` is one that has answered. Nothing is requested."""
    other = _("Or choose {model}, which answers.", model=working) if working else ""
    return join_sentences(_suggest_spelling(wire_model, listed, list(catalogue)), other)


def _suggest_spelling(model: str, listed: list[str], catalogue: list[str]) -> str:
    if model in listed:
        return _(
            "The gateway lists {model} all the same: what it lists and what it serves to this key differ.", model=model
        )
    near = near_ids(model, listed)
    if near:
        return join_sentences(_did_you_mean(near), _("That is on the gateway's list, which is only a hint."))
    if model in catalogue:
        return _(
            "The provider's catalogue has {model} in this spelling: it may be withdrawn, or not meant for this key.",
            model=model,
        )
    near = near_ids(model, catalogue)
    return join_sentences(_did_you_mean(near), _("That is in the provider's catalogue.")) if near else ""


def _did_you_mean(names: list[str]) -> str:
    return _("Did you mean {names}?", names=join_with_or(names))

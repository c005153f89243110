"""What the live test and the real Claude Code make of gateways of others, with faults of the service behind them.

`make test` has claude-code-router; `make gateways` adds LiteLLM and local-openai2anthropic.
"""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.probe.plan import Timeouts
from ccswitch_py.probe.report import ProfileReport, deciding_check
from ccswitch_py.probe.runner import run_probe
from ccswitch_py.services.live_test.plans import plan_of_profile
from tests.support.agreement import claude_code_answers
from tests.support.chat_service import answer, max_tokens, refusal, unless, words
from tests.support.converters import KEY, Prepare, claude_code_router, litellm, local_openai2anthropic, running
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving, Script, Talk

pytestmark = pytest.mark.real

CONVERTERS: tuple[Prepare, ...] = (claude_code_router,)
if os.environ.get("CCSWITCH_GATEWAYS") == "all":
    CONVERTERS = (claude_code_router, litellm, local_openai2anthropic)
GOOD = (Verdict.WORKS, Verdict.DEGRADED)


def every_second_time() -> Script:
    turns = count()
    return lambda talk: (answer if "tools" not in talk.request.json or next(turns) % 2 else words)(talk)


def late(talk: Talk) -> None:
    talk.wait_until_gone(3.0)
    talk.client.settimeout(None)
    answer(talk)


NO_MORE = "Could not finish the message because max_tokens or model output limit was reached."
TOO_LARGE = "max_tokens is too large: {}. This model supports at most 16384 completion tokens."


class Situation(NamedTuple):
    """What the service does, what the live test finds, and whether Claude Code gets its answer."""

    script: Script
    verdicts: tuple[Verdict, ...]
    diagnosis: Diagnosis | None
    answers: bool


SITUATIONS = {
    "all is well": Situation(answer, GOOD, None, True),
    "a tool every second time": Situation(every_second_time(), GOOD, Diagnosis.TOOLS_UNRELIABLE, True),
    "never a tool": Situation(words, (Verdict.BROKEN,), Diagnosis.TOOLS_UNSUPPORTED, True),
    "few tokens do not suffice": Situation(
        unless(lambda asked: max_tokens(asked) >= 500, refusal(400, NO_MORE)), GOOD, None, True
    ),
    "a limit of output tokens": Situation(
        unless(lambda asked: max_tokens(asked) <= 16_384, refusal(400, TOO_LARGE.format(32_000))),
        (Verdict.BROKEN,),
        Diagnosis.OUTPUT_LIMIT,
        False,
    ),
    "the gateway's own key": Situation(
        refusal(401, "Incorrect API key provided: made-up.", code="invalid_api_key"),
        (Verdict.BROKEN,),
        Diagnosis.UPSTREAM_ERROR,
        False,
    ),
    "an unknown model": Situation(
        refusal(404, "The model `some-model` does not exist.", code="model_not_found"),
        (Verdict.BROKEN,),
        Diagnosis.MODEL_NOT_FOUND,
        False,
    ),
    "a rate limit": Situation(
        refusal(429, "Rate limit reached for requests", "retry-after: 1"), (Verdict.BROKEN,), None, False
    ),
    "a late first byte": Situation(late, (Verdict.UNTESTABLE,), Diagnosis.TIMEOUT, True),
}
MODELS = [f"some-model-{number}" for number in range(len(SITUATIONS))]
"""One for each situation: some gateways set a model aside that has failed."""


class Running(NamedTuple):
    """A gateway, and what the service behind it does with each model."""

    base_url: str
    prefix: str


def play(talk: Talk) -> None:
    name = dict(zip(MODELS, SITUATIONS, strict=True))[talk.request.json["model"]]
    SITUATIONS[name].script(talk)


@pytest.fixture(scope="module", params=CONVERTERS, ids=lambda prepare: prepare.__name__)
def gateway(request: pytest.FixtureRequest) -> Iterator[Running]:
    with Misbehaving(play) as service, running(request.param, service.base_url, MODELS) as (base_url, prefix):
        yield Running(base_url, prefix)


def report_of(home: Paths, timeouts: Timeouts) -> ProfileReport:
    plan = replace(plan_of_profile(home, "work"), timeouts=timeouts)
    return asyncio.run(run_probe(plan, lambda _: None))


@pytest.mark.parametrize("name", SITUATIONS)
def test_verdict_and_cause_are_those_that_claude_code_meets(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gateway: Running, name: str
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    situation, model = SITUATIONS[name], MODELS[list(SITUATIONS).index(name)]
    add_profile(home, "work", gateway.base_url, models=dict.fromkeys(MAIN_ROLES, f"{gateway.prefix}{model}"))
    patience = Timeouts(read_s=1.0, retry_s=0.0) if situation.script is late else Timeouts(retry_s=0.0)
    report = report_of(home, patience)
    found = {check.diagnosis for check in report.checks if check.status is not Status.SKIP}
    assert report.verdict in situation.verdicts, report
    assert situation.diagnosis in (None, *found), report
    if situation.verdicts != GOOD and situation.diagnosis:
        decided = deciding_check(report.checks)
        assert decided and decided.diagnosis is situation.diagnosis
    assert claude_code_answers(home, tmp_path, hurried=situation.script is not late) is situation.answers


def test_a_wrong_key_is_the_users_own(home: Paths, monkeypatch: pytest.MonkeyPatch, gateway: Running) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sk-another-made-up-key")
    add_profile(home, "work", gateway.base_url, models=dict.fromkeys(MAIN_ROLES, f"{gateway.prefix}{MODELS[0]}"))
    decided = deciding_check(report_of(home, Timeouts(retry_s=0.0)).checks)
    assert decided and decided.diagnosis is Diagnosis.KEY_REJECTED, decided

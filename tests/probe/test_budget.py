import random

import pytest

from ccswitch_py.probe.checks.table import planned_requests
from ccswitch_py.probe.plan import Depth, extra_requests
from tests.support.good_gateway import GOOD, GoodGateway
from tests.support.misbehaving import (
    Misbehaving,
    encode,
    error,
    events,
    html,
    json_reply,
    message,
    raw,
    reply,
    reset,
    stream,
)
from tests.support.probing import plan_for, probe

MODELS = {"main": "a", "haiku": "b", "sonnet": "c", "opus": "a"}
ANSWERS = [
    *[GOOD] * 8,
    GoodGateway(changed=lambda whole: whole[:-1]),
    GoodGateway(changed=lambda whole: whole[:3]),
    message(),
    message(content=[]),
    html(200),
    html(502),
    error(400, "invalid_request_error", "thinking: Extra inputs are not permitted"),
    error(400, "invalid_request_error", "Bad request"),
    error(404, "not_found_error", "model: a"),
    error(429, "rate_limit_error", "Slow down"),
    error(500, "api_error", "upstream error"),
    error(529, "overloaded_error", "Overloaded"),
    json_reply(200, {"success": False, "message": "no"}),
    reply(200, "", "Content-Type: text/event-stream"),
    stream(encode(events()[:-2])),
    raw(b""),
    reset,
]


@pytest.mark.parametrize("seed", range(60))
def test_whatever_comes_no_more_is_sent_than_was_said(seed: int) -> None:
    dice = random.Random(seed)
    answers = [dice.choice(ANSWERS) for _ in range(60)]
    with Misbehaving(*answers) as gateway:
        plan = plan_for(gateway.base_url, models=MODELS, depth=dice.choice(list(Depth)))
        report = probe(plan)
        assert len(gateway.seen) == report.requests <= planned_requests(plan) + extra_requests(plan)
    assert all(check.advice or check.status in ("pass", "skip") for check in report.checks)

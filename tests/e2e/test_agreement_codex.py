import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from tests.probe.test_protocols import (
    OF_ONE,
    SITUATIONS,
    before_end,
    changed,
    edited,
    failing,
    incomplete,
)
from tests.support.codex_agreement import both
from tests.support.four_protocols import refusal, stream_reply
from tests.support.misbehaving import Script, reset
from tests.support.sampling import sample
from tests.support.tool_agreement import once

DOCS = Path(__file__).parents[2] / "docs" / "live-test.md"
WORKS = ("works", "degraded")

COMMON = {name: make("responses") for name, (make, *_expected, check) in SITUATIONS.items() if check != "tools"}
VERDICTS = {name: verdict.value in WORKS for name, (_make, verdict, *_rest) in SITUATIONS.items()}
OWN = {name: script for name, (protocol, script, *_rest) in OF_ONE.items() if protocol == "responses"}
OWN_VERDICTS = {name: verdict.value in WORKS for name, (_protocol, _script, verdict, *_rest) in OF_ONE.items()}


def without(*words: str) -> Script:
    """A gateway whose streams lack the events with any of these words."""
    return changed(lambda events: [event for event in events if not any(word in event for word in words)])


MORE: dict[str, tuple[Script, bool]] = {
    "a usage without a total": (edited("responses", "total_tokens", None), False),
    "no name of the model": (edited("responses", "model", None), True),
    "a content filter": (incomplete("content_filter"), False),
    "pieces of text only": (without("output_item"), False),
    "an item and the end only": (without(".delta", ".added", "content_part", "response.created"), True),
    "an event that cannot be read": (changed(lambda events: ["data: {\n\n", *events]), True),
    "[DONE] at the end": (changed(lambda events: [*events, "data: [DONE]\n\n"]), True),
    "a stream of the error alone": (
        stream_reply([f"event: error\ndata: {json.dumps({'type': 'error', 'message': 'boom'})}\n\n"]),
        False,
    ),
    "a quota that a stream tells of": (
        failing("responses", 429, "You exceeded your current quota", "insufficient_quota"),
        False,
    ),
    "a refused request": (refusal("responses", 400, "Bad request"), False),
}

PASSING: dict[str, Callable[[], Script]] = {
    "one upstream error": lambda: once(refusal("responses", 500, "upstream")),
    "one overload": lambda: once(refusal("responses", 529, "Overloaded")),
    "one reset": lambda: once(reset),
    "one truncated stream": lambda: once(stream_reply(before_end("responses"))),
    "one error in a stream": lambda: once(failing("responses", 500, "upstream", "server_error")),
    "one rate limit in a stream": lambda: once(failing("responses", 429, "Slow down", "rate_limit_exceeded")),
}
"""What is over at the second request."""

STAYING: dict[str, Callable[[], Script]] = {
    "one refused request": lambda: once(refusal("responses", 400, "Bad request")),
}
"""What is not asked again."""

EXCEPTIONS = {name: make("responses") for name, (make, *_expected, check) in SITUATIONS.items() if check == "tools"}
"""Codex says hello without a tool."""


DIFFERING: dict[str, tuple[Callable[[], Script], bool, bool]] = {
    "a 401 or 404 that is over a moment later": (lambda: once(refusal("responses", 404, "not found")), False, True),
    "an overload that a stream begins with once": (
        lambda: once(failing("responses", 503, "busy", "server_is_overloaded")),
        True,
        False,
    ),
}
"""Where the two differ, and docs/live-test.md says why: what each of them gets."""


@pytest.mark.parametrize("name", COMMON)
def test_the_live_test_and_codex_agree_on_a_gateway(home: Paths, tmp_path: Path, name: str) -> None:
    expected = VERDICTS[name]
    assert both(home, tmp_path, lambda: COMMON[name], hangs="silence" in name) == (expected, expected)


@pytest.mark.parametrize("name", sample(OWN, 3))
def test_they_agree_on_what_only_responses_has(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, lambda: OWN[name]) == (OWN_VERDICTS[name], OWN_VERDICTS[name])


@pytest.mark.parametrize("name", sample(MORE, 3))
def test_they_agree_on_odd_streams_and_refusals(home: Paths, tmp_path: Path, name: str) -> None:
    script, expected = MORE[name]
    assert both(home, tmp_path, lambda: script) == (expected, expected)


@pytest.mark.parametrize("name", sample(PASSING, 3))
def test_trouble_that_is_over_a_moment_later_stops_neither(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, PASSING[name]) == (True, True)


@pytest.mark.parametrize("name", STAYING)
def test_what_codex_does_not_retry_is_not_retried(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, STAYING[name]) == (False, False)


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_a_model_without_tools_can_talk_to_codex_and_do_no_work(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, lambda: EXCEPTIONS[name]) == (False, True)
    assert "| no usable tool calls |" in DOCS.read_text()


@pytest.mark.parametrize("name", DIFFERING)
def test_where_they_differ_the_page_says_so(home: Paths, tmp_path: Path, name: str) -> None:
    make, ours, real = DIFFERING[name]
    assert both(home, tmp_path, make) == (ours, real)
    assert f"| {name} |" in DOCS.read_text()


def test_at_least_fifteen_ways_of_failing_are_compared() -> None:
    assert sum(not VERDICTS[name] for name in COMMON) >= 15

"""The live test against the real opencode: mainly over Chat Completions, where gateways vary most."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.protocol import Protocol
from tests.probe.test_protocols import (
    OF_ONE,
    SITUATIONS,
    STRICT,
    before_end,
    changed,
    edited,
    empty,
    error_event,
    failing,
)
from tests.support.four_protocols import refusal, stream_reply
from tests.support.misbehaving import Script, html, reply, reset
from tests.support.opencode_agreement import both
from tests.support.tool_agreement import once

DOCS = Path(__file__).parents[4] / "docs" / "live-test.md"
WORKS = ("works", "degraded")

COMMON = [name for name, (*_, check) in SITUATIONS.items() if check != "tools"]
WITHOUT_TOOLS = [name for name, (*_, check) in SITUATIONS.items() if check == "tools"]
VERDICTS = {name: verdict.value in WORKS for name, (_make, verdict, *_rest) in SITUATIONS.items()}
OWN = {
    name: (script, verdict.value in WORKS)
    for name, (protocol, script, verdict, *_rest) in OF_ONE.items()
    if protocol == "chat"
}

OTHER_PROTOCOLS: tuple[Protocol, ...] = ("messages", "responses", "gemini")
EVERYWHERE = ("all well", "a wrong key", "a forbidden address", "a path that is not there")
"""What is compared over the other protocols as well."""

ODD: dict[str, Script] = {
    "no name of the model": edited("chat", "model", None),
    "no id": edited("chat", "id", None),
    "no role": edited("chat", "role", None),
    "carriage returns": changed(lambda events: [event.replace("\n", "\r\n") for event in events]),
    "comments": changed(lambda events: [": ping\n\n", *events]),
    "names of events": changed(lambda events: ["event: chunk\n" + event for event in events]),
    "a delta that is null": changed(lambda events: [event.replace('"delta": {}', '"delta": null') for event in events]),
    "a usage below zero": edited("chat", "prompt_tokens", -1),
}
"""Streams that are unusual, and work."""

PASSING: dict[str, Callable[[], Script]] = {
    "one upstream error": lambda: once(refusal("chat", 500, "upstream")),
    "one overload": lambda: once(refusal("chat", 529, "Overloaded")),
    "one rate limit": lambda: once(refusal("chat", 429, "Slow down")),
    "one conflict": lambda: once(refusal("chat", 409, "conflict")),
    "one bad gateway": lambda: once(reply(502, "")),
    "one reset": lambda: once(reset),
    "one truncated stream": lambda: once(stream_reply(before_end("chat"))),
    "one error in a stream": lambda: once(failing("chat", 500, "upstream died", "server_error")),
    "one error after the text": lambda: once(
        stream_reply([*before_end("chat"), error_event("chat", 500, "upstream died", "server_error")])
    ),
    "one rate limit in a stream": lambda: once(failing("chat", 429, "Slow down", "rate_limit_exceeded")),
}
"""What is over at the second request."""

STAYING: dict[str, Callable[[], Script]] = {
    "one refused request": lambda: once(refusal("chat", 400, "Bad request")),
    "one wrong key": lambda: once(refusal("chat", 401, "bad key")),
    "one path that is not there": lambda: once(refusal("chat", 404, "not found")),
}
"""What is not asked again."""

DIFFERING: dict[str, tuple[Callable[[], Script], bool, bool]] = {
    "an empty answer, once": (lambda: once(empty("chat")), True, False),
    "an unknown error that a stream begins with, once": (lambda: once(failing("chat", 500, "boom", "x")), True, False),
    "a web page or an error with status 200, once": (lambda: once(html(200)), False, True),
    "a 400 that says “too many requests”, once": (
        lambda: once(refusal("chat", 400, "Too many requests")),
        False,
        True,
    ),
}
"""Where the two differ, and docs/live-test.md says why: what each of them gets."""


@pytest.mark.parametrize("name", COMMON)
def test_the_live_test_and_opencode_agree_on_a_gateway(home: Paths, tmp_path: Path, name: str) -> None:
    expected, make = VERDICTS[name], SITUATIONS[name][0]
    assert both(home, tmp_path, lambda: make("chat"), hangs="silence" in name) == (expected, expected)


@pytest.mark.parametrize("name", OWN)
def test_they_agree_on_what_only_chat_has(home: Paths, tmp_path: Path, name: str) -> None:
    script, expected = OWN[name]
    assert both(home, tmp_path, lambda: script) == (expected, expected)


@pytest.mark.parametrize("name", ODD)
def test_they_agree_on_odd_streams(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, lambda: ODD[name]) == (True, True)


@pytest.mark.parametrize("name", STRICT)
def test_they_refuse_the_same_fields(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, lambda: STRICT[name][0]) == (False, False)


@pytest.mark.parametrize("name", EVERYWHERE)
@pytest.mark.parametrize("protocol", OTHER_PROTOCOLS)
def test_they_agree_over_other_protocols(home: Paths, tmp_path: Path, protocol: Protocol, name: str) -> None:
    expected, make = VERDICTS[name], SITUATIONS[name][0]
    assert both(home, tmp_path, lambda: make(protocol), protocol) == (expected, expected)


@pytest.mark.parametrize("name", PASSING)
def test_trouble_that_is_over_a_moment_later_stops_neither(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, PASSING[name]) == (True, True)


@pytest.mark.parametrize("name", STAYING)
def test_what_opencode_does_not_retry_is_not_retried(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, STAYING[name]) == (False, False)


@pytest.mark.parametrize("name", WITHOUT_TOOLS)
def test_a_model_without_tools_can_talk_to_opencode_and_do_no_work(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, lambda: SITUATIONS[name][0]("chat")) == (False, True)
    assert "| no usable tool calls |" in opencode_section()


@pytest.mark.parametrize("name", DIFFERING)
def test_where_they_differ_the_page_says_so(home: Paths, tmp_path: Path, name: str) -> None:
    make, ours, real = DIFFERING[name]
    assert both(home, tmp_path, make) == (ours, real)
    assert f"| {name} |" in opencode_section()


def test_at_least_fifteen_ways_of_failing_are_compared() -> None:
    assert sum(not VERDICTS[name] for name in COMMON) >= 15


def opencode_section() -> str:
    """What the page has on the agreement with opencode."""
    return DOCS.read_text().partition("## Agreement with opencode")[2].partition("\n## ")[0]

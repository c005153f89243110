import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ccswitch_py import language
from ccswitch_py.errors import BadInput
from ccswitch_py.gateway.server import Gateway
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.model.meanings import MEANINGS
from ccswitch_py.model.role import Role
from ccswitch_py.probe.asked import Asked, ask_model
from ccswitch_py.probe.checks.table import FURTHER_CHECKS
from ccswitch_py.probe.depth import Depth
from ccswitch_py.probe.judgement import LACKS
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.prompt import Prompt
from ccswitch_py.probe.refusals import WORDINGS
from ccswitch_py.probe.report import WITH_CLAUDE, CheckResult, ProfileReport
from ccswitch_py.probe.rungs import PASSED
from tests.probe.test_advice import ADVISED, HEADERS
from tests.probe.test_claude_code_shape import REFUSED, bad, extra, has
from tests.probe.test_first_requests import FIRST_REQUEST
from tests.probe.test_further_checks import FULL, TOOLS, asks_for_tool
from tests.probe.test_misbehaving_gateways import PASTED, WAYS
from tests.probe.test_streams import LOST_STREAMS, STREAMS
from tests.probe.test_ways_to_a_gateway import NO_WAY
from tests.support.good_gateway import GOOD, refusing
from tests.support.misbehaving import (
    Misbehaving,
    Script,
    by_model,
    by_stream,
    encode,
    error,
    events,
    json_reply,
    message,
    stream,
)
from tests.support.probing import IMPATIENT, KEY, plan_for, probe
from tests.support.pseudo_language import SPOKEN, is_whole, texts, write_pseudo_language

KEYS = {"the demo's key": "demo-key-1234", "another key": KEY}
TWO_MODELS = {Role.MAIN: "good-model", Role.HAIKU: "gpt-5.4-lo"}
UNKNOWN = error(404, "not_found_error", "model: gpt-5.4-lo")
NO_DELTA = [*events()[:3], {"type": "message_delta", "delta": None}]


class Case(NamedTuple):
    """What a gateway does, where it is asked, and what of the profile is other than usual."""

    script: Script
    path: str = ""
    changes: dict[str, Any] = {}


def changed(script: Script, **changes: Any) -> Case:
    return Case(script, changes=changes)


OWN = {
    "one near id": changed(
        by_model({"gpt-5.4-lo": UNKNOWN, "": json_reply(200, {"data": [{"id": "gpt-5.4-low"}]})}, GOOD),
        models=TWO_MODELS,
    ),
    "some near ids": changed(by_model({"gpt-5.4-lo": UNKNOWN}, GOOD), models=TWO_MODELS),
    "a listed id": changed(by_model({"gpt-5.4-low": UNKNOWN}, GOOD), models={Role.MAIN: "gpt-5.4-low"}),
    "an id of the catalogue": changed(UNKNOWN, known_models=lambda: ("good-model",)),
    "ids near those of the catalogue": changed(UNKNOWN, known_models=lambda: ("good-mode", "goods-model", "a")),
    "no model": Case(message(model=None)),
    "no usage": Case(message(usage="none")),
    "no numbers": Case(message(usage={})),
    "no number": Case(message(usage={"input_tokens": 14})),
    "a number beyond all measure": Case(message(usage={"input_tokens": 10**13, "output_tokens": -1})),
    "content that cannot be read": Case(message(content=["one"])),
    "a refusal of the model": Case(message(stop_reason="refusal")),
    "a tool that is not called": Case(message(stop_reason="tool_use")),
    "a message in something else": Case(json_reply(200, {"data": {"type": "message", "content": []}})),
    "a delta that is none": Case(by_stream(GOOD, stream(encode(NO_DELTA)))),
    "no answer without streaming": changed(by_stream(message(), stream(b"")), depth=Depth.QUICK),
    "two headers": changed(error(401, "authentication_error", "x-api-key or bearer token"), headers=(("a", "b"),)),
    "any part": Case(refusing(has('"system"'), bad("Bad request"))),
    "trouble in the search": Case(refusing(has("metadata"), by_model({}, bad("no")))),
    "thinking and effort": Case(
        refusing(
            lambda body, _: "thinking" in body or "output_config" in body,
            lambda talk: extra("thinking" if "thinking" in talk.request.json else "output_config")(talk),
        )
    ),
    "a message of the role system and metadata": Case(
        refusing(lambda body, _: "metadata" in body or len(body.get("messages", [])) > 1, bad("no"))
    ),
    "system as a list": Case(refusing(lambda body, _: isinstance(body.get("system"), list), bad("system: no list"))),
    "no beta header": Case(refusing(lambda _, headers: "anthropic-beta" in headers, bad("anthropic-beta: no"))),
    "no count": Case(message(), changes={"depth": Depth.FULL}),
    "countless tokens": changed(
        refusing(lambda body, _: "max_tokens" not in body, json_reply(200, {"input_tokens": 10**12})), depth=Depth.FULL
    ),
    "all is well": changed(GOOD, depth=Depth.FULL),
    "no key": changed(GOOD, key=" "),
    "a key that cannot travel": changed(GOOD, key="schlüssel-1234567"),
}


def cases() -> Iterator[tuple[str, Case]]:
    """These, and what the tests of the English words do."""
    yield from OWN.items()
    for rows in FIRST_REQUEST.values():
        yield from ((f"first: {name}", Case(script)) for name, (script, _) in rows.items())
    yield from ((f"advised: {name}", Case(row[1])) for name, row in ADVISED.items())
    yield from ((f"header: {name}", changed(row[1], headers=row[0])) for name, row in HEADERS.items())
    yield from ((f"pasted: {path}", Case(row[0], path)) for path, row in PASTED.items())
    yield from ((f"refused: {name}", Case(refusing(row[0], row[1]))) for name, row in REFUSED.items())
    yield from ((f"tool: {name}", Case(refusing(asks_for_tool, row[0]))) for name, row in TOOLS.items())
    yield from ((f"way: {name}", changed(row[0], patience=IMPATIENT)) for name, row in WAYS.items())
    for name, row in [*STREAMS.items(), *LOST_STREAMS.items()]:
        yield f"stream: {name}", changed(by_stream(GOOD, row[0]), patience=IMPATIENT)
    for check, (condition, rows) in FULL.items():
        for name, row in rows.items():
            yield f"{check}: {name}", changed(refusing(condition, row[0]), depth=Depth.FULL)


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locale")
    write_pseudo_language(folder)
    return folder


Spoken = Callable[[str], Any]


@pytest.fixture
def speaking(catalogues: Path) -> Spoken:
    """Speaks a language for a while."""

    @contextmanager
    def spoken(wanted: str) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CCSWITCH_LANG", wanted)
            patch.setattr(language, "FOLDER", str(catalogues))
            patch.setattr(language, "_translations", None)
            yield

    return spoken


def held_in_both(speaking: Spoken, report_of: Callable[[], ProfileReport]) -> ProfileReport:
    """The report in the other language; all but its sentences is as in English, and these are translated."""
    with speaking("en"):
        english = report_of()
    with speaking(SPOKEN):
        other = report_of()
    assert facts(other) == facts(english)
    assert [bool(text) for text in sentences(other)] == [bool(text) for text in sentences(english)]
    assert [text for text in sentences(other) if not is_whole(text)] == []
    return other


def facts(report: ProfileReport) -> list[object]:
    return [
        (report.name, report.verdict, report.requests),
        *(
            (one.check, one.model, one.roles, one.status, one.diagnosis, one.answered_model, one.fix, one.not_asked)
            for one in report.checks
        ),
    ]


def sentences(report: ProfileReport) -> list[str]:
    return [text for one in report.checks for text in (one.detail, one.advice)]


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in cases()])
def test_a_gateway_is_judged_alike_in_every_language_and_in_whole_sentences(case: Case, speaking: Spoken) -> None:
    def report() -> ProfileReport:
        with Misbehaving(case.script) as gateway:
            return probe(plan_for(gateway.base_url + case.path, **case.changes))

    held_in_both(speaking, report)


@pytest.mark.parametrize("plan_of", [row[0] for row in NO_WAY.values()], ids=NO_WAY.keys())
def test_a_way_that_leads_nowhere_is_told_in_whole_sentences(
    plan_of: Callable[[int], ProbePlan], speaking: Spoken
) -> None:
    held_in_both(speaking, lambda: probe(plan_of(9)))


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_the_embedded_gateway_is_judged_alike_in_every_language(key: str, speaking: Spoken) -> None:
    models = {Role.MAIN: "gpt-5.4-low", Role.HAIKU: "gpt-5.4-lo"}
    with Gateway() as gateway:
        report = held_in_both(
            speaking, lambda: probe(plan_for(gateway.base_url, key=key, models=models, depth=Depth.FULL))
        )
    assert report.verdict is Verdict.BROKEN


def test_that_claude_code_was_admitted_is_said_in_the_language_of_the_report(speaking: Spoken) -> None:
    refusal = error(403, "permission_error", "This group only allows Claude Code clients")
    with speaking(SPOKEN), Misbehaving(refusal) as gateway:
        report = probe(plan_for(gateway.base_url)).with_check(CheckResult(WITH_CLAUDE, Status.PASS, Diagnosis.OK))
    assert [text for text in sentences(report) if not is_whole(text)] == []


@pytest.mark.parametrize("max_tokens", [1, 1024])
@pytest.mark.parametrize(
    "script",
    [
        message(),
        message(content=[], stop_reason="max_tokens"),
        stream(encode(events(), named=False)),
        stream(encode(events()[:5])),
        error(401, "authentication_error", "no"),
    ],
    ids=["an answer", "a limit", "no names", "a cut", "a refusal"],
)
def test_what_came_of_a_prompt_is_told_in_whole_sentences(script: Script, max_tokens: int, speaking: Spoken) -> None:
    def asked() -> Asked:
        with Misbehaving(script) as gateway:
            prompt = Prompt("hello", max_tokens=max_tokens)
            return asyncio.run(ask_model(plan_for(gateway.base_url), "good-model", prompt, lambda _: None))

    with speaking("en"):
        english = asked().result
    with speaking(SPOKEN):
        other = asked().result
    assert (other.status, other.diagnosis) == (english.status, english.diagnosis)
    assert is_whole(other.detail)
    assert is_whole(other.advice)


@pytest.mark.parametrize(
    "wrong",
    [{"text": " "}, {"text": "\ud800"}, {"system": "\ud800"}, {"max_tokens": 0}, {"temperature": 2}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_prompt_that_cannot_be_sent_is_refused_in_whole_sentences(wrong: dict[str, Any], speaking: Spoken) -> None:
    with speaking(SPOKEN), pytest.raises(BadInput) as refused:
        Prompt(**{"text": "hello", **wrong})
    assert is_whole(refused.value.message)
    assert is_whole(refused.value.hint)


def test_every_text_of_a_table_is_in_the_catalogue() -> None:
    of_tables = {
        *(text for meaning in MEANINGS.values() for text in meaning),
        *PASSED.values(),
        *LACKS.values(),
        *(check.passed for check in FURTHER_CHECKS),
        *(wording.advice for wording in WORDINGS),
    }
    assert of_tables - {"", None} <= texts()

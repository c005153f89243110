from typing import Any

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.probe.client_shape import ClientShape, Parts, Switch
from ccswitch_py.probe.plan import Depth
from ccswitch_py.probe.report import ProfileReport
from tests.support.good_gateway import GOOD, refusing
from tests.support.misbehaving import Misbehaving, error
from tests.support.probing import plan_for, probe, row

COLOUR = frozenset({"colour"})
REFUSAL = error(400, "invalid_request_error", "Bad request")


class OtherTool(ClientShape):
    name = "Other Tool"
    part_names = ("colour",)
    switches = (Switch("COLOUR", "off", COLOUR),)

    def parts(self, model: str) -> Parts:
        return COLOUR

    def body(self, model: str, parts: Parts, prompt: str, *, stream: bool) -> dict[str, Any]:
        return {**super().body(model, parts, prompt, stream=stream), **dict.fromkeys(parts, "red")}


def said(report: ProfileReport) -> str:
    return " ".join(f"{one.detail} {one.advice}" for one in report.checks)


def test_a_part_of_another_tool_is_found_and_its_switch_named() -> None:
    with Misbehaving(refusing(lambda body, _: "colour" in body, REFUSAL)) as gateway:
        report = probe(plan_for(gateway.base_url, client=OtherTool()))
    found = row(report, "claude_code")
    assert (found.diagnosis, found.status, found.fix) == (Diagnosis.FIELD_REFUSED, Status.FAIL, {"COLOUR": "off"})
    assert "It is colour." in found.detail


def test_what_is_said_of_another_tool_names_that_tool() -> None:
    with Misbehaving(GOOD) as gateway:
        report = probe(plan_for(gateway.base_url, client=OtherTool(), depth=Depth.FULL))
    assert report.verdict is Verdict.WORKS
    assert "Other Tool" in row(report, "claude_code").detail
    assert "Claude Code" not in said(report)


def test_a_tool_that_sends_nothing_special_is_asked_in_its_way() -> None:
    with Misbehaving(GOOD) as gateway:
        report = probe(plan_for(gateway.base_url, client=ClientShape(), path="/v1/messages"))
        assert {seen.target.partition("?")[2] for seen in gateway.seen} == {""}
    assert report.verdict is Verdict.WORKS

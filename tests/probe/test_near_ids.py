import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.model.protocol import Role
from ccswitch_py.probe.model_ids import near_ids, suggest_model
from ccswitch_py.probe.plan import Depth
from ccswitch_py.probe.report import ProfileReport
from tests.support.good_gateway import GOOD
from tests.support.misbehaving import Misbehaving, Script, Talk, by_model, error, html, json_reply, reply, silence
from tests.support.probing import IMPATIENT, KEY, WITHOUT_PAUSE, plan_for, probe, row

CATALOGUE = ("gpt-5.4-low", "gpt-5.4-high", "gpt-5.4-medium", "gpt-5.4-mini", "claude-opus-4-7", "glm-5")
UNKNOWN = error(404, "not_found_error", "model: unknown")
NO_CHANNEL = "No available channel for model under group default (distributor)"
MODELS = {"main": "good-model", "haiku": "gpt-5.4-lo", "sonnet": "claude-opus-47", "opus": "good-model"}


def listing(*ids: object) -> Script:
    return json_reply(200, {"data": [{"id": model_id} for model_id in ids]})


def gateway_that(lists: Script, refuses: Script = UNKNOWN) -> Script:
    """A gateway that serves nothing but good-model."""

    def script(talk: Talk) -> None:
        if "/v1/models" in talk.request.target:
            return lists(talk)
        return by_model({"good-model": GOOD}, refuses)(talk)

    return script


def asked_of(
    script: Script, models: dict[Role, str] | None = None, **changes: object
) -> tuple[ProfileReport, list[str]]:
    """The report, and the models that were asked for; each request is counted."""
    with Misbehaving(script) as gateway:
        plan = plan_for(gateway.base_url, models=models or MODELS, known_models=lambda: CATALOGUE, **changes)
        report = probe(plan)
        assert report.requests == len(gateway.seen)
        return report, [seen.json.get("model", seen.method) for seen in gateway.seen]


def test_ids_near_one_that_is_not_served_come_from_one_look_at_the_gateways_list_and_are_never_asked_for() -> None:
    report, asked = asked_of(gateway_that(listing("gpt-5.4-low", "GPT-5.4-Lot", "claude-opus-4-7", "else")))
    assert asked.count("GET") == 1
    assert set(asked) == {"GET", "good-model", "gpt-5.4-lo", "claude-opus-47"}
    near = "Did you mean gpt-5.4-low or GPT-5.4-Lot? That is on the gateway's list, which is only a hint."
    assert row(report, "model", "gpt-5.4-lo").advice.endswith(f"{near} Or choose good-model, which answers.")
    assert "Did you mean claude-opus-4-7? That is on the gateway" in row(report, "model", "claude-opus-47").advice


@pytest.mark.parametrize("lists", [reply(404, ""), html(200), listing(), json_reply(200, {"data": None}), silence])
def test_where_the_gateway_lists_nothing_of_use_the_catalogue_has_near_ids(lists: Script) -> None:
    report, asked = asked_of(gateway_that(lists), timeouts=IMPATIENT)
    assert asked.count("GET") == 1
    advice = row(report, "model", "gpt-5.4-lo").advice
    assert "Did you mean gpt-5.4-low, gpt-5.4-mini or gpt-5.4-high? That is in the provider's catalogue." in advice


@pytest.mark.parametrize(
    ("refuses", "diagnosis"),
    [(UNKNOWN, Diagnosis.MODEL_NOT_FOUND), (error(503, "api_error", NO_CHANNEL), Diagnosis.NO_CHANNEL)],
)
def test_a_model_that_is_listed_and_refused_shows_that_lists_and_what_is_served_differ(
    refuses: Script, diagnosis: Diagnosis
) -> None:
    models = dict.fromkeys(MODELS, "gpt-5.4-low[1m]")
    report, _ = asked_of(gateway_that(listing("gpt-5.4-low", "gpt-5.4-high"), refuses), models)
    assert row(report, "model").diagnosis is diagnosis
    assert row(report, "model").advice.endswith(
        "The gateway lists gpt-5.4-low all the same: what it lists and what it serves to this key differ."
    )


def test_a_model_that_is_spelled_as_in_the_catalogue_is_not_called_a_mistake() -> None:
    report, _ = asked_of(gateway_that(listing("else")), dict.fromkeys(MODELS, "glm-5"))
    assert "The provider's catalogue has glm-5 in this spelling" in row(report, "model").advice


def test_the_list_is_not_looked_at_while_all_models_are_served() -> None:
    _, asked = asked_of(GOOD, dict.fromkeys(MODELS, "good-model"))
    assert "GET" not in asked


def test_the_list_is_not_looked_at_when_no_request_is_left() -> None:
    busy = error(529, "overloaded_error", "Overloaded")
    with Misbehaving(busy, html(200), UNKNOWN) as gateway:
        models = dict.fromkeys(MODELS, "gpt-5.4-lo")
        plan = plan_for(
            gateway.base_url,
            models=models,
            known_models=lambda: CATALOGUE,
            depth=Depth.QUICK,
            timeouts=WITHOUT_PAUSE,
        )
        report = probe(plan)
        assert [seen.method for seen in gateway.seen] == ["POST"] * 3
    assert "Did you mean gpt-5.4-low" in row(report, "model").advice


def test_what_a_gateway_lists_is_made_fit_to_be_shown() -> None:
    hostile = ("gpt-5.4-l\x1b[31mo\u202ew", f"gpt-5.4-lo-{KEY}", "gpt-5.4-lo w", "gpt-5.4-lo" * 90, 7, None)
    report, _ = asked_of(gateway_that(listing(*hostile)))
    advice = row(report, "model", "gpt-5.4-lo").advice
    assert "Did you mean gpt-5.4-low? That is on the gateway's list" in advice
    assert advice.isprintable()


@given(st.text(max_size=30), st.lists(st.text(max_size=30)))
def test_near_ids_are_at_most_three_of_those_that_are_known_and_never_the_id_itself(
    model: str, known: list[str]
) -> None:
    near = near_ids(model, known)
    assert len(near) <= 3
    assert set(near) <= set(known) - {model}


def test_an_id_that_resembles_nothing_gets_no_hint() -> None:
    assert suggest_model("gpt-5.4-low", ["claude"], [], None) == ""

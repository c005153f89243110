import threading
from collections.abc import Callable

import pytest

from ccswitch_py.core.cancellation import CancelToken, cancellable_by
from ccswitch_py.core.errors import BadInput, Interrupted
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.model_choices import model_choices
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.live_test.models import models_for_draft, models_of_profile
from ccswitch_py.services.profiles.setup import Draft
from ccswitch_py.store.providers import load_provider
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving, Script, Talk, error, html, json_reply, raw

KEY = "demo-canary-4f0d82b17c6e93a5"
LIST = json_reply(200, {"data": [{"id": "gpt-5.4-low"}, {"id": "new model"}, {"id": "brand-new"}]})


def draft(base_url: str) -> Draft:
    return Draft("", None, base_url, {}, Secret(KEY))


def test_an_address_and_a_key_are_enough_to_ask_for_the_list(paths: Paths) -> None:
    with Misbehaving(LIST) as gateway:
        assert models_for_draft(paths, draft(gateway.base_url)) == ["gpt-5.4-low", "new model", "brand-new"]
    (seen,) = gateway.seen
    assert (seen.method, seen.target) == ("GET", "/v1/models?limit=1000")
    assert seen.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (error(401, "authentication_error", "invalid x-api-key"), "The key was refused"),
        (error(404, "not_found_error", "no such path"), "gives no list"),
        (json_reply(200, {"object": "nothing"}), "gives no list"),
        (json_reply(200, {"data": []}), "list of models is empty"),
        (html(200), "a web page"),
        (raw(b""), "connection"),
    ],
)
def test_each_failure_has_its_own_sentence_and_never_the_key(paths: Paths, script: Script, reason: str) -> None:
    with Misbehaving(script) as gateway, pytest.raises(BadInput) as caught:
        models_for_draft(paths, draft(gateway.base_url))
    assert reason.lower() in str(caught.value).lower() and KEY not in str(caught.value)


def test_a_gateway_that_is_not_there_is_told_as_such(paths: Paths) -> None:
    with Misbehaving(LIST) as gateway:
        address = gateway.base_url
    with pytest.raises(BadInput, match=r"refused|listens"):
        models_for_draft(paths, draft(address))


def test_a_saved_profile_is_cancelled_with_its_own_key(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with Misbehaving(LIST) as gateway:
        add_profile(paths, "work", gateway.base_url)
        assert models_of_profile(paths, "work")[0] == "gpt-5.4-low"
    assert gateway.seen[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_gateway_that_does_not_answer_is_not_waited_for_once_it_is_stopped(paths: Paths) -> None:
    stop, hung_up = CancelToken(), threading.Event()

    def silent(talk: Talk) -> None:
        stop.cancel()
        talk.wait_until_gone()
        hung_up.set()

    with Misbehaving(silent) as gateway, cancellable_by(stop), pytest.raises(Interrupted):
        models_for_draft(paths, draft(gateway.base_url))
    assert hung_up.wait(10)


def test_the_catalogue_stands_first_and_what_only_the_gateway_lists_after_it(
    paths: Paths, own_mingyan: Callable[[], None]
) -> None:
    own_mingyan()
    provider = load_provider(paths, "mingyan")
    found = {one.id: one for one in model_choices(provider, ["gpt-5.4-low", "new model", "brand-new"])}
    assert next(iter(found)) == provider.models[0].id and list(found)[-1] == "brand-new"
    assert (found["gpt-5.4-low"].in_catalogue, found["gpt-5.4-low"].is_listed) == (True, True)
    assert (found["brand-new"].in_catalogue, found["brand-new"].is_listed) == (False, True)
    assert "new model" not in found, "an id with a blank cannot be sent"
    assert found["claude-haiku-4-5"].is_listed is False
    assert {one.is_listed for one in model_choices(provider, None)} == {None}


@pytest.fixture
def own_mingyan(paths: Paths) -> Callable[[], None]:
    from pathlib import Path

    from tests.support.own_provider import OWN_MINGYAN

    def write() -> None:
        Path(paths.providers).mkdir(parents=True)
        Path(paths.providers, "mingyan.toml").write_text(OWN_MINGYAN.format(base_url="https://gateway.example"))

    return write

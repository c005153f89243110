from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, permutations
from pathlib import Path
from queue import SimpleQueue

import pytest

from ccswitch_py.services.explain import explain
from tests.support.layer_scene import HELPER, KEY, LAYERS, MODEL, SETTINGS, TOKEN, URL, More, Scene, can_manage
from tests.support.programs import claude_code
from tests.support.sampling import sample

Sets = Mapping[str, Sequence[str]]
Case = Sets | tuple[Sets, More]
PAIRS = list(combinations(LAYERS, 2))
"""The stronger layer first."""
MANAGED = pytest.param(
    True,
    id="managed",
    marks=pytest.mark.skipif(not can_manage(), reason="no other /etc can be made for a process here"),
)
AT_ONCE = 2

pytestmark = pytest.mark.real


@pytest.fixture
def disagreements(tmp_path: Path) -> Iterable[Callable[[Iterable[Case]], list[str]]]:
    """Asks ccswitch and Claude Code about each of many, and says where they are not of one mind."""
    claude_code()
    free: SimpleQueue[Scene] = SimpleQueue()

    def one(case: Case) -> str | None:
        sets, more = case if isinstance(case, tuple) else (case, None)
        scene = free.get()
        try:
            said, sent = scene.ask(sets, more)
        finally:
            free.put(scene)
        return None if said == sent else f"{case}: ccswitch says {said}, Claude Code sends {sent}"

    def many(cases: Iterable[Case]) -> list[str]:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return [found for found in threads.map(one, cases) if found]

    with Scene(tmp_path / "0") as first, Scene(tmp_path / "1") as second:
        free.put(first)
        free.put(second)
        yield many


def of(pairs: Iterable[tuple[str, str]], *, managed: bool) -> list[tuple[str, str]]:
    """The pairs with, or without, an administrator's settings; some of them unless in a full run."""
    return sample((pair for pair in pairs if ("managed" in pair) == managed), 3)


@pytest.mark.parametrize("managed", [False, MANAGED])
def test_of_two_layers_that_set_everything_the_same_one_wins(disagreements, managed: bool) -> None:
    everything = (URL, TOKEN, KEY, MODEL)
    assert not disagreements({one: everything, other: everything} for one, other in of(PAIRS, managed=managed))


@pytest.mark.parametrize("managed", [False, MANAGED])
def test_of_two_layers_with_one_credential_each_both_go_out(disagreements, managed: bool) -> None:
    pairs = of(permutations(LAYERS, 2), managed=managed)
    half = [(one, other) for one, other in pairs if (LAYERS.index(one) + LAYERS.index(other)) % 2 == (one > other)]
    assert not disagreements({one: (URL, TOKEN, MODEL), other: (URL, KEY)} for one, other in half)


@pytest.mark.parametrize("managed", [False, MANAGED])
def test_a_helper_and_a_token_in_any_two_layers(disagreements, managed: bool) -> None:
    pairs = [(helper, other) for helper, other in of(permutations(LAYERS, 2), managed=managed) if helper in SETTINGS]
    assert not disagreements({helper: (HELPER, URL, MODEL), other: (URL, TOKEN)} for helper, other in pairs)


@pytest.mark.parametrize("managed", [False, MANAGED])
def test_a_helper_in_each_of_two_layers_and_a_key(disagreements, managed: bool) -> None:
    pairs = of(combinations(SETTINGS, 2), managed=managed)
    assert not disagreements({one: (HELPER, URL, MODEL), other: (HELPER, URL, KEY)} for one, other in pairs)


@pytest.mark.parametrize("managed", [False, MANAGED])
def test_both_credentials_and_a_helper_in_one_layer(disagreements, managed: bool) -> None:
    layers = [layer for layer in SETTINGS if (layer == "managed") == managed]
    assert not disagreements({layer: (HELPER, URL, TOKEN, KEY, MODEL)} for layer in layers)
    assert not disagreements({layer: (HELPER, URL, MODEL)} for layer in layers)


ALL = (URL, TOKEN, KEY, MODEL)
LOCAL = "settings.local.json"
OWN = "made-up-own-0123456789-wxyz"
STATE = "state"
KEY_OF_LOGIN = {"primaryApiKey": OWN}
SPECIAL: dict[str, tuple[Sets, More]] = {
    "a token set to nothing": ({"user": ALL}, {LOCAL: {"env": {"ANTHROPIC_AUTH_TOKEN": ""}}}),
    "a key set to nothing": (
        {"user": (URL, MODEL, TOKEN), "process": (KEY,)},
        {LOCAL: {"env": {"ANTHROPIC_API_KEY": ""}}},
    ),
    "a helper set to nothing": ({"user": (*ALL, HELPER)}, {"project": {"apiKeyHelper": ""}}),
    "a token that is blank": ({"user": (URL, MODEL, KEY)}, {LOCAL: {"env": {"ANTHROPIC_AUTH_TOKEN": "  "}}}),
    "an x-api-key of one's own": ({"user": ALL}, {LOCAL: {"env": {"ANTHROPIC_CUSTOM_HEADERS": f"X-Api-Key: {OWN}"}}}),
    "an x-api-key and a helper": (
        {"user": (URL, MODEL, HELPER)},
        {LOCAL: {"env": {"ANTHROPIC_CUSTOM_HEADERS": "x-api-key: unused"}}},
    ),
    "an Authorization of one's own": (
        {"user": (URL, MODEL, KEY)},
        {LOCAL: {"env": {"ANTHROPIC_CUSTOM_HEADERS": f"authorization: {OWN}"}}},
    ),
    "an Authorization and a token": (
        {"user": (URL, MODEL, TOKEN)},
        {LOCAL: {"env": {"ANTHROPIC_CUSTOM_HEADERS": f"authorization: {OWN}"}}},
    ),
    "a login's token and a key": ({"user": (URL, MODEL, KEY)}, {"process": {"env": {"CLAUDE_CODE_OAUTH_TOKEN": OWN}}}),
    "a login's token alone": ({"user": (URL, MODEL)}, {"process": {"env": {"CLAUDE_CODE_OAUTH_TOKEN": OWN}}}),
    "a name of a role": (
        {"user": (URL, TOKEN)},
        {"user": {"model": "Sonnet"}, "project": {"env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "gpt-5.4-low"}}},
    ),
    "no model but that of opus": (
        {"user": (URL, TOKEN)},
        {"project": {"env": {"ANTHROPIC_DEFAULT_OPUS_MODEL": "gpt-5.4-low"}}},
    ),
    "a model in a file and one in the environment": (
        {"user": (URL, TOKEN), "process": (MODEL,)},
        {"project": {"model": "gpt-5.4-low"}},
    ),
    "a model that is set to nothing": (
        {"user": (URL, TOKEN), "process": (MODEL,)},
        {"user": {"model": "gpt-5.4-low"}, LOCAL: {"env": {"ANTHROPIC_MODEL": ""}}},
    ),
    "a file that is skipped": ({"user": ALL, LOCAL: ALL}, {LOCAL: {"apiKeyHelper": None}}),
}


def test_the_rules_for_what_is_empty_custom_or_only_a_name(disagreements) -> None:
    assert not disagreements(SPECIAL.values())


STATES: dict[str, tuple[Sets, More]] = {
    "its variables and the environment": (
        {"process": ALL},
        {STATE: {"env": {"ANTHROPIC_BASE_URL": "<user>", "ANTHROPIC_AUTH_TOKEN": OWN, "ANTHROPIC_MODEL": "gpt-5.4"}}},
    ),
    "its variables and the user's": (
        {"user": (URL, TOKEN)},
        {STATE: {"env": {"ANTHROPIC_BASE_URL": "<process>", "ANTHROPIC_API_KEY": OWN, "ANTHROPIC_MODEL": "gpt-5.4"}}},
    ),
    "a token set to nothing there": ({"process": ALL}, {STATE: {"env": {"ANTHROPIC_AUTH_TOKEN": ""}}}),
    "headers there and a helper": (
        {"user": (URL, MODEL, HELPER)},
        {STATE: {"env": {"ANTHROPIC_CUSTOM_HEADERS": f"x-api-key: {OWN}"}} | KEY_OF_LOGIN},
    ),
    "no settings there": ({"user": ALL}, {STATE: {"apiKeyHelper": f"printf {OWN}", "model": "gpt-5.4"}}),
    "its key alone": ({"user": (URL, MODEL)}, {STATE: KEY_OF_LOGIN}),
    "its key that was refused": (
        {"user": (URL, MODEL)},
        {STATE: KEY_OF_LOGIN | {"customApiKeyResponses": {"approved": [], "rejected": [OWN[-20:]]}}},
    ),
    "its key and a token": ({"user": (URL, MODEL, TOKEN)}, {STATE: KEY_OF_LOGIN}),
    "its key and another": ({"user": (URL, MODEL, KEY)}, {STATE: KEY_OF_LOGIN}),
    "its key and a helper": ({"user": (URL, MODEL, HELPER)}, {STATE: KEY_OF_LOGIN}),
    "its key and a login's token": (
        {"user": (URL, MODEL)},
        {STATE: KEY_OF_LOGIN, "process": {"env": {"CLAUDE_CODE_OAUTH_TOKEN": f"{OWN[:-4]}abcd"}}},
    ),
    "a backslash behind the host": (
        {"user": (TOKEN, MODEL)},
        {"project": {"env": {"ANTHROPIC_BASE_URL": "<user>\\@api.anthropic.com"}}},
    ),
}


def test_what_the_state_of_claude_code_adds(disagreements) -> None:
    assert not disagreements(STATES.values())


def test_of_a_file_too_deep_for_ccswitch_it_does_not_say_what_claude_code_takes(tmp_path: Path) -> None:
    claude_code()
    deep = "[" * 3000 + "]" * 3000
    with Scene(tmp_path) as scene:
        text = f'{{"x": {deep}, "env": {{"ANTHROPIC_BASE_URL": "<project>"}}}}'
        said, sent = scene.ask({"user": ALL}, {"project": text})
        assert said.address == "not known"
        assert sent.address == scene.gateways["project"].base_url.split("/")[2]


@pytest.mark.parametrize("place", [{"inside": "a/b"}, {"beside": "worktree"}], ids=str)
def test_of_a_repository_the_local_settings_of_its_root_count_and_the_shared_ones_do_not(
    tmp_path: Path, place: dict[str, str]
) -> None:
    claude_code()
    with Scene(tmp_path) as scene:
        said, sent = scene.ask({LOCAL: (TOKEN,), "project": (KEY,), "user": ALL}, **place)
        assert said == sent
        assert (sent.authorization[-1], sent.x_api_key[-1]) == (str(LAYERS.index(LOCAL)), str(LAYERS.index("user")))


@pytest.mark.parametrize("exceptions", ["gw.invalid:1", "x.test, 127.0.0.1"])
def test_requests_go_through_the_proxy_that_it_names(tmp_path: Path, exceptions: str) -> None:
    claude_code()
    with Scene(tmp_path) as scene:
        proxies = {"HTTP_PROXY": "<project>", "HTTPS_PROXY": "<user>", "NO_PROXY": exceptions}
        address = {"ANTHROPIC_BASE_URL": "<process>"}
        scene.ask({"user": (TOKEN, MODEL)}, {"user": {"env": address | proxies}})
        reached = [name for name, gateway in scene.gateways.items() if gateway.requests]
        home = str(scene.root / "home")
        parts = explain(str(scene.root / "home" / "project"), {"HOME": home}).as_json()["parts"]
        named = next(part for part in parts if part["part"] == "proxy")["value"]
        assert (reached, named) in ((["user"], scene.gateways["user"].base_url), (["process"], "no proxy"))
        assert (named == "no proxy") == ("127.0.0.1" in exceptions)

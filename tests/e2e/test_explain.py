from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, permutations
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from tests.support.layer_scene import HELPER, KEY, LAYERS, MODEL, SETTINGS, TOKEN, URL, Scene, can_manage
from tests.support.programs import claude_code

Sets = Mapping[str, Sequence[str]]
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
def disagreements(tmp_path: Path) -> Iterable[Callable[[Iterable[Sets]], list[str]]]:
    """Asks ccswitch and Claude Code about each of many, and says where they are not of one mind."""
    claude_code()
    free: SimpleQueue[Scene] = SimpleQueue()

    def one(sets: Sets) -> str | None:
        scene = free.get()
        try:
            said, sent = scene.ask(sets)
        finally:
            free.put(scene)
        return None if said == sent else f"{dict(sets)}: ccswitch says {said}, Claude Code sends {sent}"

    def many(cases: Iterable[Sets]) -> list[str]:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return [found for found in threads.map(one, cases) if found]

    with Scene(tmp_path / "0") as first, Scene(tmp_path / "1") as second:
        free.put(first)
        free.put(second)
        yield many


def of(pairs: Iterable[tuple[str, str]], *, managed: bool) -> list[tuple[str, str]]:
    """The pairs with, or without, an administrator's settings."""
    return [pair for pair in pairs if ("managed" in pair) == managed]


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
SPECIAL: dict[str, tuple[Sets, dict[str, dict[str, Any]]]] = {
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


def test_the_rules_for_what_is_empty_custom_or_only_a_name(tmp_path: Path) -> None:
    claude_code()
    with Scene(tmp_path) as scene:
        for case, (sets, more) in SPECIAL.items():
            said, sent = scene.ask(sets, more)
            assert said == sent, case


def test_inside_a_repository_the_local_settings_of_its_root_count_and_the_shared_ones_do_not(tmp_path: Path) -> None:
    claude_code()
    with Scene(tmp_path) as scene:
        said, sent = scene.ask({LOCAL: (TOKEN,), "project": (KEY,), "user": ALL}, inside="a/b")
        assert said == sent
        assert (sent.authorization[-1], sent.x_api_key[-1]) == (str(LAYERS.index(LOCAL)), str(LAYERS.index("user")))

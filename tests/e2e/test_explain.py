from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, permutations
from pathlib import Path
from queue import SimpleQueue

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

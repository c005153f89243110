import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.protocol import MAIN_ROLES, Protocol
from ccswitch_py.model.provider import Category, Provider, Version
from ccswitch_py.store.providers import load_providers

PROFILES = Path(__file__).parents[2] / "profiles"
FILES = sorted(PROFILES.glob("*.toml"))
ANY_ADDRESS = "https://relay.example"
PROTOCOLS = get_args(Protocol)

MINGYAN_PAGE = {
    "gpt-5.4": Version.OFFICIAL,
    "gpt-5.4-official": Version.OFFICIAL,
    "gpt-5.4-hc": Version.PREMIUM_POOL,
    "gpt-5.4-fd": Version.POOL,
    "gpt-5.4-low": Version.LOW_COST,
    "gpt-5.5": Version.OFFICIAL,
    "gpt-5.5-official": Version.OFFICIAL,
    "gpt-5.5-hc": Version.PREMIUM_POOL,
    "gpt-5.5-fd": Version.POOL,
    "gpt-5.5-low": Version.LOW_COST,
    "claude-haiku-4-5": Version.OFFICIAL,
    "claude-haiku-4-5-official": Version.OFFICIAL,
    "claude-haiku-4-5-hc": Version.AWS,
    "claude-haiku-4-5-fd": Version.POOL,
    "claude-opus-4-5": Version.OFFICIAL,
    "claude-opus-4-5-official": Version.OFFICIAL,
    "claude-opus-4-5-hc": Version.AWS,
    "claude-opus-4-5-fd": Version.POOL,
    "claude-opus-4-6": Version.OFFICIAL,
    "claude-opus-4-6-official": Version.OFFICIAL,
    "claude-opus-4-6-hc": Version.AWS,
    "claude-opus-4-6-fd": Version.POOL,
    "claude-opus-4-7": Version.OFFICIAL,
    "claude-opus-4-7-official": Version.OFFICIAL,
    "claude-opus-4-7-hc": Version.AWS,
    "claude-opus-4-7-fd": Version.POOL,
    "claude-sonnet-4-5": Version.OFFICIAL,
    "claude-sonnet-4-5-official": Version.OFFICIAL,
    "claude-sonnet-4-5-hc": Version.AWS,
    "claude-sonnet-4-5-fd": Version.POOL,
    "claude-sonnet-4-6": Version.OFFICIAL,
    "claude-sonnet-4-6-official": Version.OFFICIAL,
    "claude-sonnet-4-6-hc": Version.AWS,
    "claude-sonnet-4-6-fd": Version.POOL,
}


def load(file: Path) -> Provider:
    return Provider.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


def test_providers_of_every_category_and_protocol_are_shipped() -> None:
    providers = [load(file) for file in FILES]
    assert len(providers) >= 78
    assert {one.category for one in providers} == {*Category}
    counts = Counter(protocol for one in providers for protocol in one.endpoints)
    assert min(counts[protocol] for protocol in PROTOCOLS) > 20


def test_mingyan_is_listed_first_and_the_others_by_category_and_name(paths: Paths) -> None:
    usable, broken = load_providers(paths)
    assert not broken
    order = [*Category]
    keys = [(order.index(one.category or Category.LOCAL), one.name.casefold()) for one in usable[1:]]
    assert usable[0].id == "mingyan"
    assert keys == sorted(keys)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
class TestEveryShippedProvider:
    def test_has_its_files_stem_as_its_id(self, file: Path) -> None:
        assert load(file).id == file.stem

    def test_has_endpoints_in_one_spelling_to_which_tools_can_add_their_paths(self, file: Path) -> None:
        written = tomllib.loads(file.read_text(encoding="utf-8"))["endpoints"]
        endpoints = load(file).endpoints
        assert {protocol: one.base_url for protocol, one in endpoints.items()} == {
            protocol: one["base_url"] for protocol, one in written.items()
        }
        assert not any(one.at(ANY_ADDRESS).url.without_path_of(protocol) for protocol, one in endpoints.items())

    def test_has_a_category(self, file: Path) -> None:
        assert load(file).category is not None

    def test_lists_each_model_once(self, file: Path) -> None:
        ids = [model["id"] for model in tomllib.loads(file.read_text(encoding="utf-8")).get("models", [])]
        assert len(set(ids)) == len(ids)

    def test_suggests_a_listed_model_for_each_of_the_four_roles_or_for_none(self, file: Path) -> None:
        provider = load(file)
        assert all(provider.model(provider.default(role) or "") for role in MAIN_ROLES) or not provider.defaults

    def test_has_no_referral_and_nothing_to_fill_in_in_its_addresses(self, file: Path) -> None:
        provider = load(file)
        urls = [provider.website or "", *(one.base_url for one in provider.endpoints.values())]
        assert not any(sign in url for url in urls for sign in "?#@$")

    def test_says_from_where_and_since_when_it_is_known(self, file: Path) -> None:
        provider = load(file)
        assert provider.source.strip()
        assert date(2026, 11, 1) <= provider.checked <= date(2026, 11, 30)

    def test_warns_when_the_key_would_travel_in_clear_text(self, file: Path) -> None:
        provider = load(file)
        warned = any("plain http" in note for note in provider.notes)
        assert warned == any(one.at(ANY_ADDRESS).url.is_plain_http for one in provider.endpoints.values())

    def test_holds_nothing_that_looks_like_a_key(self, file: Path) -> None:
        assert "sk-" not in file.read_text(encoding="utf-8")


def test_mingyan_serves_what_its_page_says_in_the_versions_it_says() -> None:
    models = load(PROFILES / "mingyan.toml").models
    assert {model.id: model.version for model in models} == MINGYAN_PAGE
    assert len(models) == 34


def test_mingyan_offers_gpt_5_4_low_first_and_for_every_role() -> None:
    provider = load(PROFILES / "mingyan.toml")
    assert provider.models[0].id == "gpt-5.4-low"
    assert {provider.default(role) for role in MAIN_ROLES} == {"gpt-5.4-low"}


def test_mingyan_keeps_each_family_together_and_the_page_order_within_it() -> None:
    ids = [model.id for model in load(PROFILES / "mingyan.toml").models]
    assert ids[1:] == [model_id for model_id in MINGYAN_PAGE if model_id != "gpt-5.4-low"]
    assert [model.family for model in load(PROFILES / "mingyan.toml").models] == ["GPT"] * 10 + ["Claude"] * 24


def test_mingyan_refuses_images_for_its_gpt_models_alone() -> None:
    models = load(PROFILES / "mingyan.toml").models
    assert {model.id for model in models if not model.images} == {one for one in MINGYAN_PAGE if one.startswith("gpt")}


def test_mingyan_is_reached_as_its_page_says() -> None:
    provider = load(PROFILES / "mingyan.toml")
    assert BaseUrl(provider.base_url).messages_url == "http://apillm.globalaiopc.com/gw_llm_power/v1/messages"
    assert provider.endpoints["messages"].auth == "bearer"


def test_anthropic_serves_what_claude_code_asks_for_when_nothing_is_mapped() -> None:
    provider = load(PROFILES / "anthropic.toml")
    assert [model.id for model in provider.models] == [
        "claude-opus-5-5",
        "claude-sonnet-5-5",
        "claude-haiku-5-5",
        "claude-opus-4-8",
        "claude-sonnet-5",
        "claude-haiku-4-5-20251001",
    ]
    assert [provider.default(role) for role in MAIN_ROLES] == [
        "claude-opus-5-5",
        "claude-haiku-5-5",
        "claude-sonnet-5-5",
        "claude-opus-5-5",
    ]

from typing import Any

import pytest
from pydantic import ValidationError

from ccswitch_py.core.errors import BadInput
from ccswitch_py.model.provider import Provider, endpoints_of

FACTS: dict[str, Any] = {"id": "acme", "name": "Acme", "source": "a test", "checked": "2026-11-30"}
HOST = "https://api.acme.example"


def provider(**facts: Any) -> Provider:
    return Provider.model_validate({**FACTS, **facts})


def test_the_short_form_is_the_messages_endpoint() -> None:
    short = provider(base_url=HOST, auth="bearer", bearer_only=True)
    long = provider(endpoints={"messages": {"base_url": HOST, "auth": "bearer", "bearer_only": True}})
    assert short == long
    assert short.endpoints["messages"].auth == "bearer"


def test_auth_of_schema_1_is_read_as_it_was_meant() -> None:
    assert provider(schema=1, base_url=HOST, auth="either").endpoints["messages"].auth == "both"
    assert provider(schema=1, base_url=HOST).endpoints["messages"].auth == "both"


def test_messages_comes_first_also_beside_the_short_form() -> None:
    both = provider(base_url=HOST, endpoints={"chat": {"base_url": f"{HOST}/v1", "auth": "bearer"}})
    assert list(both.endpoints) == ["messages", "chat"]
    late = provider(endpoints={"chat": {"base_url": HOST}, "messages": {"base_url": HOST}})
    assert list(late.endpoints) == ["messages", "chat"]


@pytest.mark.parametrize(
    ("protocol", "path", "right"),
    [
        ("messages", "/v1", False),
        ("messages", "/v1/messages", False),
        ("messages", "/anthropic", True),
        ("responses", "/v1", True),
        ("responses", "", True),
        ("responses", "/v1/responses", False),
        ("chat", "/v1", True),
        ("chat", "/v1/chat/completions", False),
        ("gemini", "", True),
        ("gemini", "/v1beta", False),
        ("gemini", "/v1beta/models", False),
    ],
)
def test_a_base_url_has_no_path_that_the_tools_of_its_protocol_add(protocol: str, path: str, right: bool) -> None:
    endpoints = {protocol: {"base_url": HOST + path}}
    if right:
        assert provider(endpoints=endpoints).endpoints[protocol].base_url == HOST + path
    else:
        with pytest.raises(ValidationError, match="which tools add"):
            provider(endpoints=endpoints)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "at least 1"),
        ({"endpoints": {}}, "at least 1"),
        ({"endpoints": 3}, "valid dict"),
        ({"endpoints": {"messages": "x"}}, "valid dict"),
        ({"endpoints": {"smoke": {"base_url": HOST}}}, "'messages'"),
        ({"base_url": HOST, "endpoints": {"messages": {"base_url": HOST}}}, "duplicates"),
        ({"base_url": HOST, "auth": "x-api-key", "bearer_only": True}, "contradicts"),
        ({"base_url": HOST, "auth": "password"}, "'bearer'"),
        ({"base_url": "https://sk-made-up-0123456789@api.example"}, "contains a key"),
        ({"base_url": "not a url"}, "contains a space"),
        ({"base_url": 5}, "valid string"),
        ({"endpoints": {"chat": {"base_url": "/v1"}}}, r"needs \[endpoints.messages\]"),
        ({"endpoints": {"messages": {"base_url": "/anthropic"}}}, "an address, or / for"),
        ({"base_url": HOST, "endpoints": {"chat": {"base_url": "/v1/chat/completions"}}}, "write /v1$|write /v1 "),
        ({"base_url": HOST, "endpoints": {"chat": {"base_url": "/../v1"}}}, "contains /./"),
        ({"base_url": HOST, "endpoints": {"chat": {"base_url": "/sk-made-up-0123456789"}}}, "contains a key"),
    ],
)
def test_what_contradicts_itself_or_leads_nowhere_is_refused(facts: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        provider(**facts)


def test_a_profiles_base_url_takes_the_place_of_that_of_messages_alone() -> None:
    served = provider(base_url=HOST, auth="bearer", endpoints={"chat": {"base_url": HOST}})
    own = endpoints_of("https://other.example", served)
    assert {protocol: (one.base_url, one.auth) for protocol, one in own.items()} == {
        "messages": ("https://other.example", "bearer"),
        "chat": (HOST, "both"),
    }
    assert endpoints_of(None, served) == served.endpoints
    assert endpoints_of(HOST, None)["messages"].auth == "both"


PATHS = {"responses": {"base_url": "/v1"}, "gemini": {"base_url": "/", "auth": "x-goog-api-key"}}


@pytest.mark.parametrize(("own", "address"), [(None, HOST), ("https://relay.example/ai", "https://relay.example/ai")])
def test_a_path_is_below_the_address_of_messages(own: str | None, address: str) -> None:
    endpoints = endpoints_of(own, provider(base_url=HOST, endpoints=PATHS))
    assert [(one.protocol, one.base_url, one.auth) for one in endpoints.values()] == [
        ("messages", address, "both"),
        ("responses", f"{address}/v1", "both"),
        ("gemini", address, "x-goog-api-key"),
    ]


def test_a_provider_without_an_address_takes_that_of_the_profile() -> None:
    relay = provider(
        endpoints={"messages": {"base_url": "/", "auth": "bearer"}, "chat": {"base_url": "//other.example"}}
    )
    assert (relay.base_url, relay.needs_base_url) == ("", True)
    endpoints = endpoints_of(HOST, relay)
    assert [one.base_url for one in endpoints.values()] == [HOST, f"{HOST}/other.example"]
    assert endpoints["messages"].auth == "bearer"
    with pytest.raises(BadInput, match="no address of its own"):
        endpoints_of(None, relay)

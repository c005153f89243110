from typing import Any

import pytest
from pydantic import ValidationError

from ccswitch_py.model.protocol import AuthScheme, Protocol
from ccswitch_py.model.provider import Provider, endpoints_of

FACTS: dict[str, Any] = {"id": "acme", "name": "Acme", "source": "a test", "checked": "2026-11-30"}
HOST = "https://api.acme.example"


def provider(**facts: Any) -> Provider:
    return Provider.model_validate({**FACTS, **facts})


def test_the_short_form_is_the_messages_endpoint() -> None:
    short = provider(base_url=HOST, auth="bearer", bearer_only=True)
    long = provider(endpoints={"messages": {"base_url": HOST, "auth": "bearer", "bearer_only": True}})
    assert short == long
    assert short.endpoints[Protocol.MESSAGES].auth is AuthScheme.BEARER


def test_auth_of_schema_1_is_read_as_it_was_meant() -> None:
    assert provider(schema=1, base_url=HOST, auth="either").endpoints[Protocol.MESSAGES].auth is AuthScheme.BOTH
    assert provider(schema=1, base_url=HOST).endpoints[Protocol.MESSAGES].auth is AuthScheme.BOTH


def test_messages_comes_first_also_beside_the_short_form() -> None:
    both = provider(base_url=HOST, endpoints={"chat": {"base_url": f"{HOST}/v1", "auth": "bearer"}})
    assert list(both.endpoints) == [Protocol.MESSAGES, Protocol.CHAT]
    late = provider(endpoints={"chat": {"base_url": HOST}, "messages": {"base_url": HOST}})
    assert list(late.endpoints) == [Protocol.MESSAGES, Protocol.CHAT]


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
        assert provider(endpoints=endpoints).endpoints[Protocol(protocol)].base_url == HOST + path
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
    ],
)
def test_what_contradicts_itself_or_leads_nowhere_is_refused(facts: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        provider(**facts)


def test_a_profiles_base_url_takes_the_place_of_that_of_messages_alone() -> None:
    served = provider(base_url=HOST, auth="bearer", endpoints={"chat": {"base_url": HOST}})
    own = endpoints_of("https://other.example", served)
    assert {protocol: (one.base_url, one.auth) for protocol, one in own.items()} == {
        Protocol.MESSAGES: ("https://other.example", AuthScheme.BEARER),
        Protocol.CHAT: (HOST, AuthScheme.BOTH),
    }
    assert endpoints_of(None, served) == served.endpoints
    assert endpoints_of(HOST, None)[Protocol.MESSAGES].auth is AuthScheme.BOTH

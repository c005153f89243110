from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ccswitch_py.demo.server import Gateway

HI: dict[str, Any] = {"model": "gpt-5.4-low", "messages": [{"role": "user", "content": "hi"}]}
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
TOOL = {"name": "Read", "description": "Reads a file.", "input_schema": {"type": "object"}}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    headers = {"authorization": "Bearer demo-made-up-key"}
    with Gateway() as gateway, httpx.Client(base_url=gateway.base_url, headers=headers, trust_env=False) as client:
        yield client


def count(client: httpx.Client, body: dict[str, Any]) -> int:
    response = client.post("/v1/messages/count_tokens?beta=true", json=body)
    assert response.status_code == 200
    assert response.json().keys() == {"input_tokens"}
    return response.json()["input_tokens"]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"system": "Be brief, and kind."},
        {"tools": [TOOL, TOOL]},
        {"model": "claude-opus-4-7", "messages": [{"role": "user", "content": [IMAGE]}]},
        {"max_tokens": 5, "stream": False},
    ],
)
def test_what_is_counted_beforehand_is_what_the_answer_costs(client: httpx.Client, more: dict[str, Any]) -> None:
    counted = count(client, HI | more)
    answer = client.post("/v1/messages", json={"max_tokens": 64} | HI | more)
    assert counted == answer.json()["usage"]["input_tokens"]


def test_more_text_counts_more(client: httpx.Client) -> None:
    longer = {"role": "user", "content": "a" * 400}
    assert count(client, {**HI, "messages": [longer]}) == 100
    assert count(client, {**HI, "messages": [longer, longer]}) == 200


@pytest.mark.parametrize(
    ("more", "place", "status"),
    [
        ({"model": 5}, "model", 400),
        ({"model": "nope"}, "model", 404),
        ({"messages": []}, "messages", 400),
        ({"messages": [{"role": "user"}]}, "messages.0.content", 400),
        ({"messages": [{"role": "user", "content": [IMAGE]}]}, "messages", 400),
        ({"tools": [{}]}, "tools.0.name", 400),
        ({"max_tokens": 0}, "max_tokens", 400),
    ],
)
def test_what_could_not_be_answered_is_not_counted(
    client: httpx.Client, more: dict[str, Any], place: str, status: int
) -> None:
    response = client.post("/v1/messages/count_tokens", json=HI | more)
    assert response.status_code == status
    assert response.json()["error"]["message"].startswith(f"{place}: ")

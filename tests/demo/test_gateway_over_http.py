import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from ccswitch_py.core.errors import BadInput
from ccswitch_py.demo.server import Gateway

KEY = "demo-made-up-key"
HI = {"model": "gpt-5.4-low", "max_tokens": 500, "messages": [{"role": "user", "content": "hi"}]}
BEARER = {"authorization": f"Bearer {KEY}"}


@pytest.fixture(scope="module")
def running() -> Iterator[Gateway]:
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    running.clear()
    return running


@pytest.fixture
def client(gateway: Gateway) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway.base_url, headers=BEARER, trust_env=False) as client:
        yield client


def refusal(response: httpx.Response) -> str:
    body = response.json()
    assert body.keys() == {"type", "error", "request_id"}
    assert body["type"] == "error"
    assert body["request_id"] == response.headers["request-id"]
    assert KEY not in response.text
    return f"{response.status_code} {body['error']['type']}"


@pytest.mark.parametrize("query", ["", "?beta=true"])
def test_a_message_is_answered(client: httpx.Client, query: str) -> None:
    response = client.post("/v1/messages" + query, json=HI)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert "gpt-5.4-low" in response.json()["content"][0]["text"]


def test_a_message_is_answered_as_a_stream(client: httpx.Client) -> None:
    with client.stream("POST", "/v1/messages", json={**HI, "stream": True}) as response:
        wire = b"".join(response.iter_bytes())
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["transfer-encoding"] == "chunked"
    data = [json.loads(line.removeprefix(b"data: ")) for line in wire.split(b"\n") if line.startswith(b"data: ")]
    text = "".join(event["delta"]["text"] for event in data if event["type"] == "content_block_delta")
    assert text == client.post("/v1/messages", json=HI).json()["content"][0]["text"]
    assert data[-1] == {"type": "message_stop"}


def test_text_of_any_script_comes_back_readable(client: httpx.Client) -> None:
    response = client.post("/v1/messages", json={**HI, "messages": [{"role": "user", "content": "你好 🙂"}]})
    assert "你好 🙂" in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": KEY},
        {"authorization": KEY},
        {"authorization": f"Basic {KEY}"},
        {"authorization": "Bearer"},
        {"authorization": "Bearer sk-not-of-the-demo"},
        {"authorization": "Bearer demo-"},
    ],
)
@pytest.mark.parametrize("address", ["/v1/messages", "/v1/messages/count_tokens", "/v1/models"])
def test_a_request_without_a_good_bearer_key_is_refused(
    gateway: Gateway, headers: dict[str, str], address: str
) -> None:
    method, body = ("GET", None) if address.endswith("models") else ("POST", HI)
    response = httpx.request(method, gateway.base_url + address, json=body, headers=headers, trust_env=False)
    assert refusal(response) == "401 authentication_error"
    assert "Authorization" in response.json()["error"]["message"]
    assert "sk-not-of-the-demo" not in response.text


def test_a_key_in_both_headers_is_taken_as_claude_code_sends_it(gateway: Gateway, client: httpx.Client) -> None:
    assert client.post("/v1/messages", json=HI, headers={"x-api-key": KEY}).status_code == 200
    assert gateway.requests[0].headers["x-api-key"] == gateway.requests[0].key == KEY


def test_who_decides_on_keys_can_be_chosen() -> None:
    with Gateway(accepts=lambda key: key == "another-made-up") as gateway:
        url = f"{gateway.base_url}/v1/messages"
        ours = httpx.post(url, json=HI, headers={"authorization": "bearer another-made-up"}, trust_env=False)
        demos = httpx.post(url, json=HI, headers=BEARER, trust_env=False)
    assert ours.status_code == 200
    assert refusal(demos) == "401 authentication_error"
    assert "demo-" not in demos.json()["error"]["message"]


def test_a_bad_request_an_unknown_model_and_bad_json_are_refused(client: httpx.Client) -> None:
    assert refusal(client.post("/v1/messages", json={**HI, "max_tokens": "x"})) == "400 invalid_request_error"
    assert refusal(client.post("/v1/messages", json={**HI, "model": "nope"})) == "404 not_found_error"
    assert refusal(client.post("/v1/messages", content=b'{"model": ')) == "400 invalid_request_error"


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/v1/messages/count_tokens/"),
        ("POST", "/v1/count_tokens"),
        ("POST", "/v1/v1/messages"),
        ("POST", "/v1/messages/"),
        ("GET", "/v1/models/gpt-5.4-low"),
        ("POST", "/v1/chat/completions"),
        ("HEAD", "/elsewhere"),
    ],
)
def test_what_the_page_does_not_have_is_not_found(client: httpx.Client, method: str, address: str) -> None:
    response = client.request(method, address, json=None if method == "HEAD" else HI)
    assert response.status_code == 404
    assert method == "HEAD" or refusal(response) == "404 not_found_error"


def test_nothing_is_served_outside_of_the_prefix(gateway: Gateway) -> None:
    root = gateway.base_url.removesuffix("/gw_llm_power")
    for address in ("/v1/messages", "/", "/gw_llm_powerful/v1/messages"):
        response = httpx.post(root + address, json=HI, headers=BEARER, trust_env=False)
        assert refusal(response) == "404 not_found_error"


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("GET", "/v1/messages", "POST"),
        ("DELETE", "/v1/messages", "POST"),
        ("GET", "/v1/messages/count_tokens", "POST"),
        ("POST", "/v1/models", "GET, HEAD"),
        ("GET", "/", "HEAD"),
    ],
)
def test_a_wrong_method_is_refused_naming_the_right_one(
    client: httpx.Client, method: str, address: str, allowed: str
) -> None:
    response = client.request(method, address, json=HI if method == "POST" else None)
    assert refusal(response) == "405 invalid_request_error"
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_base_answers_a_head_without_a_key(gateway: Gateway, slash: str) -> None:
    response = httpx.head(gateway.base_url + slash, trust_env=False)
    assert response.status_code == 200
    assert response.content == b""


def test_the_models_are_listed_in_the_shape_of_anthropic(client: httpx.Client) -> None:
    page = client.get("/v1/models", params={"limit": 1000}).json()
    assert len(page["data"]) == 34
    assert page["data"][0].keys() == {"type", "id", "display_name", "created_at"}
    assert (page["has_more"], page["first_id"], page["last_id"]) == (False, "gpt-5.4-low", "claude-sonnet-4-6-fd")


def test_what_came_in_is_kept_and_can_be_forgotten(gateway: Gateway, client: httpx.Client) -> None:
    client.post("/v1/messages?beta=true", json=HI, headers={"Anthropic-Version": "2023-06-01"})
    received = gateway.requests[0]
    assert (received.method, received.path, received.query) == ("POST", "/gw_llm_power/v1/messages", "beta=true")
    assert received.headers["anthropic-version"] == "2023-06-01"
    assert received.body == HI
    assert received.key == KEY
    gateway.clear()
    assert gateway.requests == []


def test_printing_what_came_in_shows_no_key(gateway: Gateway, client: httpx.Client) -> None:
    client.post("/v1/messages", json=HI, headers={"x-api-key": KEY})
    assert KEY not in repr(gateway.requests)


def test_a_failing_part_of_the_gateway_is_a_500_without_details() -> None:
    def fails(_: str) -> bool:
        raise LookupError(KEY)

    with Gateway(accepts=fails) as gateway:
        response = httpx.post(f"{gateway.base_url}/v1/messages", json=HI, headers=BEARER, trust_env=False)
    assert refusal(response) == "500 api_error"
    assert "LookupError" in response.json()["error"]["message"]


def test_a_closed_gateway_can_be_closed_again_and_started_again() -> None:
    gateway = Gateway()
    gateway.start()
    port = httpx.URL(gateway.base_url).port
    gateway.close()
    gateway.close()
    with pytest.raises(RuntimeError):
        _ = gateway.base_url
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port or 0)) != 0
    with gateway:
        assert httpx.head(gateway.base_url, trust_env=False).status_code == 200


def test_a_closed_gateway_hangs_up_on_those_who_stayed() -> None:
    gateway = Gateway().start()
    with httpx.Client(base_url=gateway.base_url, trust_env=False) as client:
        assert client.head("/").status_code == 200
        gateway.close()
        with pytest.raises(httpx.TransportError):
            client.head("/")


def test_a_taken_port_is_named_as_what_is_wrong() -> None:
    with Gateway() as first:
        port = httpx.URL(first.base_url).port or 0
        with pytest.raises(BadInput, match=str(port)):
            Gateway(port=port).start()

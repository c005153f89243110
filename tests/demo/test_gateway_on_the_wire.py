import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from ccswitch_py.demo.server import LARGEST_BODY, Gateway

HI = b'{"model": "gpt-5.4-low", "max_tokens": 500, "messages": [{"role": "user", "content": "hi"}]}'
STREAM = HI[:-1] + b', "stream": true}'
PATH = "/gw_llm_power/v1/messages"
BEARER = {"Authorization": "Bearer demo-made-up-key"}
PATIENCE_S = 30


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def line(gateway: Gateway) -> Iterator[socket.socket]:
    with open_line(gateway) as line:
        yield line


@pytest.fixture
def http(gateway: Gateway) -> Iterator[HTTPConnection]:
    address = urlsplit(gateway.base_url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE_S)
    yield connection
    connection.close()


def open_line(gateway: Gateway) -> socket.socket:
    address = urlsplit(gateway.base_url)
    return socket.create_connection((address.hostname, address.port), timeout=PATIENCE_S)


def head(*lines: str, method: str = "POST", version: str = "HTTP/1.1") -> bytes:
    opening = [f"{method} {PATH} {version}", "Host: 127.0.0.1", "Authorization: Bearer demo-made-up-key", *lines]
    return "\r\n".join([*opening, "", ""]).encode()


def read_reply(line: socket.socket) -> tuple[HTTPResponse, Any]:
    response = HTTPResponse(line)
    response.begin()
    return response, json.loads(response.read())


def read_to_the_end(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65536), b""))


def test_one_connection_serves_many_requests(http: HTTPConnection) -> None:
    sockets = set()
    for body in (HI, STREAM, b"no json", HI):
        http.request("POST", PATH, body, BEARER)
        http.getresponse().read()
        sockets.add(http.sock)
    assert len(sockets) == 1
    assert None not in sockets


def test_requests_sent_ahead_are_answered_in_order(line: socket.socket) -> None:
    bad = HI.replace(b"gpt-5.4-low", b"nope")
    line.sendall(b"".join(head(f"Content-Length: {len(body)}") + body for body in (HI, bad)))
    received = b""
    while b"not_found_error" not in received:
        received += line.recv(65536)
    assert received.index(b"HTTP/1.1 200") < received.index(b"HTTP/1.1 404")


def test_events_arrive_as_chunks_of_their_own(line: socket.socket) -> None:
    line.sendall(head(f"Content-Length: {len(STREAM)}", "Connection: close") + STREAM)
    body = read_to_the_end(line).split(b"\r\n\r\n", 1)[1]
    chunks = []
    while body:
        size, body = body.split(b"\r\n", 1)
        chunks.append(body[: int(size, 16)])
        body = body[int(size, 16) + 2 :]
    assert chunks.pop() == b""
    assert len(chunks) > 8
    assert all(chunk.startswith(b"event: ") and chunk.endswith(b"\n\n") for chunk in chunks)


@pytest.mark.parametrize("headers", [(), ("Transfer-Encoding: chunked",)])
def test_a_body_of_unknown_length_is_refused(line: socket.socket, headers: tuple[str, ...]) -> None:
    line.sendall(head(*headers) + b"5\r\nhello\r\n0\r\n\r\n")
    response, body = read_reply(line)
    assert response.status == 411
    assert body["error"]["message"].startswith("Content-Length: ")
    assert response.getheader("connection") == "close"


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: -1",),
        ("Content-Length: 0x5",),
        ("Content-Length: +5",),
        ("Content-Length: 5", "Content-Length: 6"),
    ],
)
def test_a_length_that_can_be_read_in_two_ways_is_refused(line: socket.socket, headers: tuple[str, ...]) -> None:
    line.sendall(head(*headers))
    response, body = read_reply(line)
    assert response.status == 400
    assert body["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("length", [str(LARGEST_BODY + 1), "9" * 5000])
def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(line: socket.socket, length: str) -> None:
    line.sendall(head(f"Content-Length: {length}", "Expect: 100-continue"))
    response, body = read_reply(line)
    assert response.status == 413
    assert body["error"]["type"] == "request_too_large"


def test_a_client_that_sends_all_of_a_too_large_body_still_gets_the_refusal(http: HTTPConnection) -> None:
    http.request("POST", PATH, b" " * (LARGEST_BODY + 1), BEARER)
    response = http.getresponse()
    assert response.status == 413
    assert json.loads(response.read())["error"]["type"] == "request_too_large"


def test_a_body_of_just_the_limit_is_read(http: HTTPConnection) -> None:
    http.request("POST", PATH, HI.ljust(LARGEST_BODY), BEARER)
    assert http.getresponse().status == 200


def test_a_client_that_waits_for_the_go_ahead_gets_it(line: socket.socket) -> None:
    line.sendall(head(f"Content-Length: {len(HI)}", "Expect: 100-continue"))
    assert line.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
    line.sendall(HI)
    response, _ = read_reply(line)
    assert response.status == 200


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"POST /gw_llm", id="half a line"),
        pytest.param(head("Content-Length: 500") + HI[:20], id="half a body"),
        pytest.param(head(f"Content-Length: {len(STREAM)}") + STREAM, id="all, and does not wait for the stream"),
        pytest.param(head("Content-Length: 99999999"), id="a refused request"),
    ],
)
def test_a_client_that_leaves_is_no_trouble(capfd: pytest.CaptureFixture[str], sent: bytes) -> None:
    with Gateway() as gateway:
        with open_line(gateway) as line:
            line.sendall(sent)
            # With no time to linger, closing resets the connection.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with open_line(gateway) as line:
            line.sendall(head(f"Content-Length: {len(HI)}") + HI)
            assert read_reply(line)[0].status == 200
    for thread in threading.enumerate():
        if "process_request" in thread.name:
            thread.join(PATIENCE_S)
    assert capfd.readouterr() == ("", "")


def test_half_a_body_is_never_taken_for_a_request() -> None:
    with Gateway() as gateway, open_line(gateway) as line:
        line.sendall(head("Content-Length: 500") + HI)
        line.shutdown(socket.SHUT_WR)
        assert read_to_the_end(line) == b""
        assert gateway.requests == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(head(method="BREW"), 501, id="unknown method"),
        pytest.param(b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\n\r\n", 414, id="endless address"),
        pytest.param(head("X-Long: " + "x" * 70_000), 431, id="endless header"),
        pytest.param(head(*(f"X-{i}: y" for i in range(200))), 431, id="too many headers"),
        pytest.param(head(version="HTTP/2.0"), 505, id="another HTTP"),
    ],
)
def test_what_is_not_http_as_we_know_it_is_refused_in_json(line: socket.socket, sent: bytes, status: int) -> None:
    line.sendall(sent)
    line.shutdown(socket.SHUT_WR)
    reply = read_to_the_end(line)
    body = json.loads(reply[reply.index(b"{") :])
    assert body["type"] == "error"
    assert b"demo-made-up-key" not in reply
    assert not reply.startswith(b"HTTP/") or reply.startswith(b"HTTP/1.1 %d" % status)


def test_a_bearer_header_without_a_key_is_refused_as_claude_code_sends_it_when_its_helper_fails(
    http: HTTPConnection,
) -> None:
    http.request("POST", PATH, HI, {"Authorization": "Bearer "})
    response = http.getresponse()
    assert response.status == 401
    assert json.loads(response.read())["error"]["type"] == "authentication_error"


def test_nothing_can_reach_the_gateway_but_this_machine(gateway: Gateway) -> None:
    with open_line(gateway) as line:
        assert line.getpeername()[0] == "127.0.0.1"
    port = urlsplit(gateway.base_url).port
    with socket.socket(socket.AF_INET) as other:
        other.settimeout(PATIENCE_S)
        # 127.0.0.2 is this machine too: something that listens everywhere would answer there.
        assert other.connect_ex(("127.0.0.2", port or 0)) != 0


def test_the_gateway_needs_nothing_but_the_standard_library() -> None:
    code = "import sys, ccswitch_py.demo.server; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"httpx", "pydantic", "textual", "tomlkit", "keyring"} & set(loaded)

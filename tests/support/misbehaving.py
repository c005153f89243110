"""A gateway on raw sockets that does exactly what it is told, also what no HTTP library would let it do."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, NamedTuple, Self

MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "good-model",
    "content": [{"type": "text", "text": "one two three"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 14, "output_tokens": 6},
}


class Seen(NamedTuple):
    """One request, as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body's JSON object; an empty one for a request without a body, such as that for the list of models."""
        return json.loads(self.body or b"{}")


class Talk:
    """One connection whose request has been read."""

    def __init__(self, client: socket.socket, request: Seen) -> None:
        self.client = client
        self.request = request
        self.sent = 0

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.client.sendall(data)
        self.sent += len(data)

    def wait_until_gone(self, within_s: float | None = None) -> bool:
        """Say nothing until the client hangs up; False if it has not by then."""
        self.client.settimeout(within_s)
        try:
            while self.client.recv(65536):
                pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True


Script = Callable[[Talk], None]


class Misbehaving:
    """Plays one script for each request, the last one for all that follow."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self._scripts = scripts
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._lock = threading.Lock()
        self.seen: list[Seen] = []
        self.talks: list[Talk] = []

    @property
    def base_url(self) -> str:
        """The base URL of a profile that uses it."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_one, args=(client,), daemon=True).start()

    def _serve_one(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            self._answer(client)

    def _answer(self, client: socket.socket) -> None:
        if self._tls is not None:
            client = self._tls.wrap_socket(client, server_side=True)
        request = _read_request(client)
        if request is None:
            return
        if request.method == "HEAD":  # what Claude Code starts with, to see whether anybody is there
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        talk = Talk(client, request)
        with self._lock:
            self.seen.append(request)
            self.talks.append(talk)
            script = self._scripts[min(len(self.seen), len(self._scripts)) - 1]
        script(talk)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_WR)


def _read_request(client: socket.socket) -> Seen | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            return None
        data += piece
        if data.startswith(b"\x16\x03"):  # the greeting of TLS, at a port that speaks plain http
            client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            return None
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += client.recv(65536)
    method, target, _ = first.split(" ")
    return Seen(method, target, headers, body)


def reply(status: int, body: bytes | str, *headers: str, length: int | None = None) -> Script:
    """One answer; ``length`` is what Content-Length claims."""
    content = body.encode() if isinstance(body, str) else body
    size = f"Content-Length: {len(content) if length is None else length}"
    lines = (f"HTTP/1.1 {status} x", size, "Connection: close", *headers)
    return raw("\r\n".join((*lines, "", "")).encode("latin-1") + content)


def json_reply(status: int, value: Any, *headers: str) -> Script:
    """A JSON answer."""
    return reply(status, json.dumps(value, ensure_ascii=False), "Content-Type: application/json", *headers)


def message(**changes: Any) -> Script:
    """A good message, apart from ``changes``; it names the model that was asked for unless told otherwise."""

    def script(talk: Talk) -> None:
        json_reply(200, {**MESSAGE, "model": talk.request.json["model"], **changes})(talk)

    return script


def error(status: int, kind: str, text: str, *headers: str) -> Script:
    """A refusal in the form of Claude Messages."""
    return json_reply(status, {"type": "error", "error": {"type": kind, "message": text}}, *headers)


def html(status: int, text: str = "<!DOCTYPE html><html><title>Welcome</title></html>", *headers: str) -> Script:
    """A web page."""
    return reply(status, text, "Content-Type: text/html", *headers)


def raw(data: bytes) -> Script:
    """Bytes as they are, whether HTTP or not."""
    return lambda talk: talk.send(data)


def reset(talk: Talk) -> None:
    """End the connection with a TCP reset."""
    talk.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    talk.client.close()


def silence(talk: Talk) -> None:
    """Take the request and never answer."""
    talk.wait_until_gone()


def then(*scripts: Script) -> Script:
    """One thing after the other, on the same connection."""

    def script(talk: Talk) -> None:
        for step in scripts:
            step(talk)

    return script


def endless(head: bytes, piece: bytes, *, pause_s: float = 0.0, limit: int = 60 * 1024 * 1024) -> Script:
    """``head``, then the same piece again and again until the client hangs up or ``limit`` bytes are sent."""

    def script(talk: Talk) -> None:
        talk.send(head)
        while talk.sent < limit and not (pause_s and talk.wait_until_gone(pause_s)):
            talk.client.settimeout(None)
            talk.send(piece)

    return script


def by_model(scripts: dict[str, Script], other: Script) -> Script:
    """A script for each model, and one for all others."""
    return lambda talk: scripts.get(talk.request.json.get("model", ""), other)(talk)


def by_stream(plain: Script, streamed: Script) -> Script:
    """One script for requests without streaming, one for those with it."""
    return lambda talk: (streamed if talk.request.json.get("stream") else plain)(talk)


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


def events(names: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The events of a good stream, or those of them that are named."""
    start: dict[str, Any] = {
        **MESSAGE,
        "content": [],
        "stop_reason": None,
        "usage": {"input_tokens": 14, "output_tokens": 1},
    }
    deltas: list[dict[str, Any]] = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": f"{word} "}}
        for word in ("one", "two", "three")
    ]
    whole: list[dict[str, Any]] = [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *deltas,
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 6},
        },
        {"type": "message_stop"},
    ]
    wanted = set(names)
    return [event for event in whole if not wanted or event["type"] in wanted]


def encode(parts: Iterable[dict[str, Any]], *, named: bool = True, end: str = "\n") -> bytes:
    """Events as bytes, with ``end`` as the end of a line."""
    lines = (
        (f"event: {part['type']}{end}" if named else "") + f"data: {json.dumps(part, ensure_ascii=False)}{end}{end}"
        for part in parts
    )
    return "".join(lines).encode()


def stream(data: bytes | None = None) -> Script:
    """A stream that ends with the connection; a good one by default."""
    return raw(STREAM_HEAD + (encode(events()) if data is None else data))

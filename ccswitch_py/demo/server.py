"""The embedded gateway's HTTP server, for ``ccswitch demo`` and the tests."""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from ccswitch_py.core.errors import BadInput
from ccswitch_py.demo.catalogue import read_catalogue
from ccswitch_py.demo.problem import Problem
from ccswitch_py.demo.request import Received, receive
from ccswitch_py.demo.routes import Reply, Routes, demo_key, refusal

LOOPBACK = "127.0.0.1"
PREFIX = "/gw_llm_power"
KEPT_REQUESTS = 256
_STOP_WITHIN_S = 0.05
LARGEST_BODY = 32 * 1024 * 1024
"""Bytes; the limit of the Messages API itself."""

_UNREAD_LIMIT = 2 * LARGEST_BODY
_UNREAD_TIMEOUT_S = 5


class Gateway:
    """A gateway that speaks Claude Messages on loopback, with the models of ``mingyan``.

    ``accepts`` decides on a key. The last 256 requests are kept in memory.
    """

    def __init__(self, *, port: int = 0, accepts: Callable[[str], bool] = demo_key) -> None:
        self._wanted_port = port
        self._routes = Routes(read_catalogue(), PREFIX, accepts)
        self._requests: deque[Received] = deque(maxlen=KEPT_REQUESTS)
        self._lock = threading.Lock()
        self._listener: _Listener | None = None

    @property
    def base_url(self) -> str:
        """Its address; known once it has started."""
        if self._listener is None:
            raise RuntimeError("the gateway has not started")
        return f"http://{LOOPBACK}:{self._listener.server_address[1]}{self._routes.prefix}"

    @property
    def requests(self) -> list[Received]:
        """What came in since the start or the last ``clear``, the oldest first."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Forget the requests."""
        with self._lock:
            self._requests.clear()

    def start(self) -> Self:
        """Start serving in daemon threads; raises ``BadInput`` if the port is in use."""
        if self._listener is None:
            try:
                self._listener = _Listener((LOOPBACK, self._wanted_port), partial(_Connection, self._reply_to))
            except (OSError, OverflowError) as error:
                message = f"The demo gateway cannot listen on port {self._wanted_port}."
                raise BadInput(message, "Choose another port, or none to get a free one.") from error
            threading.Thread(
                target=self._listener.serve_forever, args=(_STOP_WITHIN_S,), name="demo gateway", daemon=True
            ).start()
        return self

    def close(self) -> None:
        """Stop listening and close every connection; ``requests`` stay."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown()
            listener.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _reply_to(self, request: Received) -> Reply:
        with self._lock:
            self._requests.append(request)
        return self._routes.reply(request)


class _Listener(socketserver.ThreadingTCPServer):
    """Accepts clients, and closes their connections when it closes: one that is kept alive would be answered on."""

    # Elsewhere this only skips the wait after a restart; on Windows it would share the port with another program.
    allow_reuse_address = os.name != "nt"
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], connection: Callable[..., _Connection]) -> None:
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close the port, then every connection."""
        super().server_close()
        with self._open_lock:
            clients = list(self._open)
        for client in clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)


class _Connection(BaseHTTPRequestHandler):
    """One client over HTTP/1.1 with keep-alive; ``reply_to`` answers each request."""

    protocol_version = "HTTP/1.1"
    server_version = "ccswitch-demo"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 120

    def __init__(
        self, reply_to: Callable[[Received], Reply], request: socket.socket, address: Any, server: _Listener
    ) -> None:
        self._reply_to = reply_to
        super().__init__(request, address, server)

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse malformed HTTP in the form of any other refusal."""
        phrase = self.responses[code][0] if code in self.responses else "Refused"
        self._refuse(Problem(code, f"This request cannot be read: {phrase}."))

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the screen belongs to the demo, and a log could hold a key."""

    def _serve(self) -> None:
        try:
            length = self._body_length()
        except Problem as problem:
            return self._refuse(problem)
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return None
        received = receive(self.command, self.path, self.headers.items(), body)
        try:
            reply = self._reply_to(received)
        except Exception as error:
            return self._refuse(Problem(500, f"The demo gateway failed ({type(error).__name__}); please report it."))
        return self._write(reply)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - http.server's names

    def _body_length(self) -> int:
        """The content length; raises ``Problem`` (400, 411, 413)."""
        declared = set(self.headers.get_all("content-length", []))
        if "transfer-encoding" in self.headers:
            raise Problem(411, "Content-Length: this header is required; a body in chunks is not read here.")
        if not declared:
            if self.command in ("POST", "PUT", "PATCH"):
                raise Problem(411, "Content-Length: this header is required.")
            return 0
        text = declared.pop().strip()
        if declared or not (text.isascii() and text.isdigit()):
            raise Problem(400, "Content-Length: must be one whole number.")
        if len(text.lstrip("0")) > len(str(LARGEST_BODY)) or int(text) > LARGEST_BODY:
            raise Problem(413, f"The body is larger than {LARGEST_BODY // 1024 // 1024} MB.")
        return int(text)

    def _refuse(self, problem: Problem) -> None:
        """Refuse a request whose body was not read, and close the connection."""
        self.close_connection = True
        self._write(refusal(problem))
        # Closing with unread bytes would reset the connection, and the client could lose the reply.
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_UNREAD_TIMEOUT_S)
        unread = _UNREAD_LIMIT
        while unread > 0 and (dropped := len(self.rfile.read1(65536))):
            unread -= dropped

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.events is None:
            self.send_header("content-length", str(len(reply.body)))
        else:
            self.send_header("transfer-encoding", "chunked")
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        if reply.events is not None:
            for event in reply.events:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event))
            self.wfile.write(b"0\r\n\r\n")

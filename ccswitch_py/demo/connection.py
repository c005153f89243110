"""One client's connection to the gateway: HTTP/1.1 with keep-alive, one reply for each request."""

from __future__ import annotations

import contextlib
import socket
from http.server import BaseHTTPRequestHandler

from ccswitch_py.demo.problem import Problem
from ccswitch_py.demo.received import Received, receive
from ccswitch_py.demo.routes import Reply, refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from socketserver import BaseServer
    from typing import Any

LARGEST_BODY = 32 * 1024 * 1024
"""Bytes; the limit of the Messages API itself."""

_UNREAD_LIMIT = 2 * LARGEST_BODY
_UNREAD_TIMEOUT_S = 5


class Connection(BaseHTTPRequestHandler):
    """Reads requests, asks ``reply_to`` for each reply, and writes it; a client that leaves is no trouble."""

    protocol_version = "HTTP/1.1"
    server_version = "ccswitch-demo"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 120

    def __init__(
        self, reply_to: Callable[[Received], Reply], request: socket.socket, address: Any, server: BaseServer
    ) -> None:
        self._reply_to = reply_to
        super().__init__(request, address, server)

    def handle(self) -> None:
        """Serve this client until it leaves."""
        with contextlib.suppress(OSError):
            super().handle()

    def finish(self) -> None:
        """Close what is left of the connection."""
        with contextlib.suppress(OSError):
            super().finish()

    def handle_expect_100(self) -> bool:
        """Ask for the body only if it will be read; otherwise the refusal is the first that the client gets."""
        try:
            self._body_length()
        except Problem:
            return True
        return super().handle_expect_100()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is not HTTP as we know it, in the same shape as any other refusal."""
        phrase = self.responses[code][0] if code in self.responses else "Refused"
        self._refuse(Problem(code, f"This request cannot be read: {phrase}."))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the screen belongs to the demo, and a log could hold a key."""

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
        """How many bytes follow the headers; raises ``Problem`` (400, 411, 413)."""
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
        """Refuse without having read the body, so nothing more can come from this connection."""
        self.close_connection = True
        self._write(refusal(problem))
        # Closing with unread bytes would reset the connection, and the client could lose the reply.
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_UNREAD_TIMEOUT_S)
        unread = _UNREAD_LIMIT
        while unread > 0 and (dropped := len(self.rfile.read1(65536))):
            unread -= dropped

    def _write(self, reply: Reply) -> None:
        # A client older than HTTP/1.1 cannot read chunks: for it, the end of the connection ends the stream.
        chunked = reply.events is not None and self.request_version == "HTTP/1.1"
        if reply.events is not None and not chunked:
            self.close_connection = True
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if chunked:
            self.send_header("transfer-encoding", "chunked")
        elif reply.events is None:
            self.send_header("content-length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        for event in reply.events or ():
            self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event) if chunked else event)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

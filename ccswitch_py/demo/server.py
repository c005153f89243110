"""The gateway on this machine: something real to talk to for ``ccswitch demo`` and for the tests."""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import threading
from collections import deque
from functools import partial

from ccswitch_py.core.errors import BadInput
from ccswitch_py.demo.answer import demo_text
from ccswitch_py.demo.catalogue import read_catalogue
from ccswitch_py.demo.connection import Connection
from ccswitch_py.demo.credential import demo_key
from ccswitch_py.demo.routes import Routes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any, Self

    from ccswitch_py.demo.received import Received
    from ccswitch_py.demo.request import MessagesRequest
    from ccswitch_py.demo.routes import Reply

LOOPBACK = "127.0.0.1"
KEPT_REQUESTS = 256
_STOP_WITHIN_S = 0.05


class Gateway:
    """A gateway that speaks Claude Messages on loopback, with the models of a provider's file.

    ``accepts`` decides on a key, ``text`` writes the answers. The last 256 requests are kept in memory.
    """

    def __init__(
        self,
        provider_file: str | None = None,
        *,
        port: int = 0,
        prefix: str = "/gw_llm_power",
        accepts: Callable[[str], bool] = demo_key,
        text: Callable[[MessagesRequest], str] = demo_text,
    ) -> None:
        self._wanted_port = port
        self._routes = Routes(read_catalogue(provider_file), prefix.rstrip("/"), accepts, text)
        self._requests: deque[Received] = deque(maxlen=KEPT_REQUESTS)
        self._lock = threading.Lock()
        self._listener: _Listener | None = None

    @property
    def base_url(self) -> str:
        """Where a tool finds it; the port is known once it has started."""
        if self._listener is None:
            raise RuntimeError("the gateway has not started")
        return f"http://{LOOPBACK}:{self._listener.server_address[1]}{self._routes.prefix}"

    @property
    def requests(self) -> list[Received]:
        """What came in since the start or the last ``clear``, the oldest first; bodies that never arrived are not."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Forget the requests."""
        with self._lock:
            self._requests.clear()

    def start(self) -> Self:
        """Answer from now on, in threads that do not hold the program up; raises ``BadInput`` for a taken port."""
        if self._listener is None:
            try:
                self._listener = _Listener((LOOPBACK, self._wanted_port), partial(Connection, self._reply_to))
            except (OSError, OverflowError) as error:
                message = f"The demo gateway cannot listen on port {self._wanted_port}."
                raise BadInput(message, "Choose another port, or none to get a free one.") from error
            threading.Thread(
                target=self._listener.serve_forever, args=(_STOP_WITHIN_S,), name="demo gateway", daemon=True
            ).start()
        return self

    def close(self) -> None:
        """Stop listening and hang up on every client; what came in can still be read."""
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
    """Accepts clients, and hangs up on all of them when it closes: a kept-alive connection would be answered on."""

    # Elsewhere this only skips the wait after a restart; on Windows it would share the port with another program.
    allow_reuse_address = os.name != "nt"
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], connection: Callable[..., Connection]) -> None:
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a client in a thread of its own."""
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Say goodbye to one client."""
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

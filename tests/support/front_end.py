"""A front end on loopback that passes requests on by their Host header, as nginx does with virtual hosts."""

import socket
import threading
from typing import Self
from urllib.parse import urlsplit

from ccswitch_py.demo.server import Gateway


class FrontEnd:
    """Passes each connection on to the gateway of its first request's host, else to ``default``."""

    def __init__(self, hosts: dict[str, Gateway], default: Gateway) -> None:
        self._hosts = {host: urlsplit(gateway.base_url) for host, gateway in hosts.items()}
        self._default = urlsplit(default.base_url)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listening.getsockname()[1]}{self._default.path}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (more := client.recv(65536)):
            head += more
        lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        chosen = self._hosts.get(headers.get("host", ""), self._default)
        assert chosen.hostname and chosen.port
        with client, socket.create_connection((chosen.hostname, chosen.port)) as server:
            server.sendall(head)
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            _copy(client, server)
            back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return

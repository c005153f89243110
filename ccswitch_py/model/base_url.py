"""The address of a gateway: parsed once, compared by host, and shown as what will be called."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.model.protocol import Protocol
from ccswitch_py.redact.key_patterns import looks_like_key

DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_AND_PORT = re.compile(r"(?:[\w-]+(?:\.[\w-]+)*|\[[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]*\])(?::\d*)?", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)
_MAX_LENGTH = 2000
_ADDED_PATHS = {
    Protocol.MESSAGES: re.compile(r"(?:/v1(?:/messages(?:/count_tokens)?|/models|/chat/completions)?)+$"),
    Protocol.RESPONSES: re.compile(r"(?:/responses)+$"),
    Protocol.CHAT: re.compile(r"(?:/chat/completions)+$"),
    Protocol.GEMINI: re.compile(r"/v1(?:beta)?(?:/models)?$"),
}
"""What tools add to a base URL themselves. For ``responses`` and ``chat`` the base URL has its ``/v1``."""


class BaseUrl:
    """A base URL in one spelling: lower-case host, no default port, no trailing slash, query or user.

    Raises ``BadInput`` for a URL that no tool can call.
    """

    def __init__(self, text: str) -> None:
        scheme, host, port, path = _split(text)
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path

    def __str__(self) -> str:
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self._bracketed}{port}{self.path}"

    def __repr__(self) -> str:
        return f"BaseUrl({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BaseUrl) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def key_host(self) -> str:
        """What a key is bound to: ``host:port``, one spelling for each place a request can go."""
        return f"{self._bracketed}:{self.port}"

    @property
    def messages_url(self) -> str:
        """What a tool that speaks ``messages`` calls."""
        return f"{self}/v1/messages"

    @property
    def is_loopback(self) -> bool:
        """Whether requests stay on this machine."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_plain_http(self) -> bool:
        """Whether the key would travel in clear text to another machine."""
        return self.scheme == "http" and not self.is_loopback

    @property
    def without_tail(self) -> BaseUrl | None:
        """The same address without a pasted ``/v1`` or ``/v1/messages``; None where there is none."""
        return self.without_path_of(Protocol.MESSAGES)

    def without_path_of(self, protocol: Protocol) -> BaseUrl | None:
        """The same address without the path that tools of this protocol add; None where it has none."""
        shorter = _ADDED_PATHS[protocol].sub("", self.path)
        if shorter == self.path:
            return None
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return BaseUrl(f"{self.scheme}://{self._bracketed}{port}{shorter}")


def _split(text: str) -> tuple[str, str, int, str]:
    text = text.strip()
    if not text:
        raise BadInput(_("The base URL is empty."), _("Paste the gateway's address, such as https://host/prefix."))
    if len(text) > _MAX_LENGTH:
        raise BadInput(
            _("The base URL is longer than {count} characters.", count=_MAX_LENGTH),
            _("Paste the gateway's address, such as https://host/prefix."),
        )
    if any(not 33 <= ord(char) <= 126 for char in text):
        raise BadInput(
            _("The base URL holds a blank or a character outside ASCII."),
            _("Type it by hand, or paste its xn-- form if the host has an international name."),
        )
    if "://" not in text:
        address = re.split("[?#]", text.lstrip("/"))[0].rpartition("@")[2]
        raise BadInput(
            _("The base URL has no scheme."),
            _("It looks like https://host/prefix.")
            if looks_like_key(address)
            else _("Write https://{address}.", address=address),
        )
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _one_spelling(parts.hostname or "")
    except ValueError as error:
        raise BadInput(_("The base URL is not a valid address."), _("It looks like https://host/prefix.")) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise BadInput(
            _("The base URL must start with https:// or http://."), _("Ask the provider for such an address.")
        )
    if parts.username is not None or parts.password is not None:
        raise BadInput(_("The base URL holds a user name or a password."), _("Leave out everything before the @."))
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise BadInput(_("The base URL holds a ? or a #."), _("Leave out everything from there on."))
    if host.endswith("."):
        # With a dot at its end a name is looked up elsewhere: never among the neighbours of this machine.
        raise BadInput(_("The base URL's host ends with a dot."), _("Leave that dot out."))
    if not host or not _HOST_AND_PORT.fullmatch(parts.netloc):
        raise BadInput(_("The base URL names no usable host."), _("It looks like https://host/prefix."))
    if port == 0:
        raise BadInput(_("The base URL names port 0."), _("Leave the port out, or write the real one."))
    if "\\" in text or "%" in parts.netloc:
        raise BadInput(_("The base URL holds a backslash or an escaped host."), _("It looks like https://host/prefix."))
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    if "/.." in path or "/./" in path:
        raise BadInput(
            _("The base URL's path has /./ or /../ in it."), _("Write the path that the gateway really has.")
        )
    return parts.scheme, host, port or DEFAULT_PORTS[parts.scheme], path


def _one_spelling(host: str) -> str:
    """The host as every program spells it; raises ``ValueError`` for an address that some read as another one."""
    if ":" in host:
        return ipaddress.IPv6Address(host).compressed
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return str(ipaddress.IPv4Address(host))
    return host

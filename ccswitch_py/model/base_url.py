"""Base URLs as ccswitch accepts them, and where requests to any other URL go."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.model.protocol import Protocol
from ccswitch_py.redact.key_patterns import looks_like_key

DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_AND_PORT = re.compile(r"(?:[\w-]+(?:\.[\w-]+)*|\[[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]*\])(?::\d*)?", re.ASCII)
_ONE_SLASH = re.compile(r"(https?):/?(?!/|\d+(?:/|$))", re.IGNORECASE)
"""But not ``http:8080``, a host with a port."""
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)
_CALLED = re.compile(r"https?:[/\\]*([^/\\?#]+)", re.IGNORECASE)
_NO_HOST = re.compile(r"[\s<>^|%]|:[^\]]*[^\d:\]][^\]]*$|^$")
_MAX_LENGTH = 2000
_ADDED_PATHS = {
    "messages": re.compile(r"(?:/v1(?:/messages(?:/count_tokens)?|/models|/chat/completions)?)+$"),
    "responses": re.compile(r"(?:/responses)+$"),
    "chat": re.compile(r"(?:/chat/completions)+$"),
    "gemini": re.compile(r"/v1(?:beta)?(?:/models)?$"),
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
        return self.without_path_of("messages")

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
            _("The base URL contains a space or a non-ASCII character."),
            _("Type it by hand, or paste its xn-- form if the host has an international name."),
        )
    if _ONE_SLASH.match(text):
        raise BadInput(_("The base URL has no // after its scheme."), _scheme_advice(text))
    if "://" not in text:
        raise BadInput(_("The base URL has no scheme."), _scheme_advice(text))
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _one_spelling(parts.hostname or "")
    except ValueError as error:
        raise BadInput(_("The base URL is not a valid address."), _("It looks like https://host/prefix.")) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise BadInput(_("The base URL must start with https:// or http://."), _("Ask the provider for one."))
    if parts.username is not None or parts.password is not None:
        raise BadInput(_("The base URL contains a user name or a password."), _("Remove everything up to the @."))
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise BadInput(_("The base URL contains a ? or a #."), _("Remove it and everything after it."))
    if host.endswith("."):
        # With a dot at its end a name is looked up elsewhere: never among the neighbours of this machine.
        raise BadInput(_("The base URL's host ends with a dot."), _("Remove the dot."))
    if not host or not _HOST_AND_PORT.fullmatch(parts.netloc):
        raise BadInput(_("The base URL has no usable host."), _("It looks like https://host/prefix."))
    if port == 0:
        raise BadInput(_("The base URL's port is 0."), _("Remove the port, or use the real one."))
    if "\\" in text or "%" in parts.netloc:
        raise BadInput(
            _("The base URL contains a backslash or an escaped host."), _("It looks like https://host/prefix.")
        )
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    if "/.." in path or "/./" in path:
        raise BadInput(_("The base URL's path contains /./ or /../."), _("Use the gateway's real path."))
    return parts.scheme, host, port or DEFAULT_PORTS[parts.scheme], path


def with_scheme(text: str) -> BaseUrl | None:
    """The URL that is meant without ``//`` or a scheme: http on this machine, else https. None if that is unclear."""
    text = text.strip()
    single = _ONE_SLASH.match(text)
    if "://" in text:
        return None
    address = _without_extras(text[single.end() :] if single else text)
    if looks_like_key(address):
        return None
    try:
        url = BaseUrl(f"http://{address}")
    except BadInput:
        return None
    url = url.without_tail or url
    scheme = single[1].lower() if single else "http" if is_of_this_machine(url.host) else "https"
    return BaseUrl(str(url).replace("http", scheme, 1))


def _scheme_advice(text: str) -> str:
    if url := with_scheme(text):
        return _("Use {url}.", url=url)
    address = _without_extras(text)
    if looks_like_key(address):
        return _("It looks like https://host/prefix.")
    return _("Use https://{address}.", address=address)


def _without_extras(text: str) -> str:
    """The text without leading slashes, user, query and fragment."""
    return re.split("[?#]", text.lstrip("/"))[0].rpartition("@")[2]


def _one_spelling(host: str) -> str:
    """The host as every program spells it; raises ``ValueError`` for an address that some read as another one."""
    if ":" in host:
        return ipaddress.IPv6Address(host).compressed
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return str(ipaddress.IPv4Address(host))
    return host


class Address(NamedTuple):
    """A host in its usual spelling, and the port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address_of(url: str) -> Address | None:
    """Return where requests to a URL go, as WHATWG URL parsers read it; None if it is invalid."""
    try:
        parts = urlsplit(url.replace("\\", "/"))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if not host or not host.isprintable() or " " in host:
        return None
    return Address(_usual(host), DEFAULT_PORTS.get(parts.scheme, 80) if port is None else port)


def can_be_called(url: str) -> bool:
    r"""Whether Claude Code could send a request there: it accepts ``https:host`` and ``https:\\host`` too.

    Seen with 2.1.330: ``5``, ``htp:/bad host`` and ``http://bad host`` fail.
    """
    found = _CALLED.match(re.sub(r"[\t\r\n]", "", url.strip()))
    return found is not None and not _NO_HOST.search(found[1].rpartition("@")[2])


def is_of_this_machine(host: str) -> bool:
    """Whether a host is this machine, which ``0.0.0.0`` is too."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _usual(host: str) -> str:
    """Normalise an IP address in any form that the system accepts: ``127.1`` is ``127.0.0.1``."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return host

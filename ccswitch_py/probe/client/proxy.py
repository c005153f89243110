"""Finds the proxy for an address in the environment, by the rules of Claude Code.

Measured with Claude Code 2.1.197 and 2.1.330: the first of the variables below that is set serves every address,
http or https, loopback included. Only 2.1.330 reads ``ALL_PROXY``, at networks and at ``*.`` in ``NO_PROXY``.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping

from ccswitch_py.core.errors import BadInput
from ccswitch_py.model.base_url import BaseUrl

PROXY_VARIABLES = ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
"""The first that is not empty wins, for http and https alike."""

BYPASS_VARIABLES = ("no_proxy", "NO_PROXY")

_HOST_AND_PORT = re.compile(r"(\[[^\]]+\]|[^:]+):(\d{1,5})")


def proxy_for(base_url: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """The proxy's address; None for a direct connection, and for an unusable base URL."""
    proxy = _first(environ, PROXY_VARIABLES)
    try:
        url = BaseUrl(base_url)
    except BadInput:
        return None
    if not proxy or _is_bypassed(url, _first(environ, BYPASS_VARIABLES)):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _first(environ: Mapping[str, str], variables: tuple[str, ...]) -> str:
    values = (environ.get(variable, "").strip() for variable in variables)
    return next(filter(None, values), "")


def _is_bypassed(url: BaseUrl, no_proxy: str) -> bool:
    return any(_entry_matches(entry.lower(), url) for entry in re.split(r"[\s,]+", no_proxy) if entry)


def _entry_matches(entry: str, url: BaseUrl) -> bool:
    if entry == "*":
        return True
    with_port = _HOST_AND_PORT.fullmatch(entry)
    if with_port:
        return int(with_port[2]) == url.port and _host_matches(with_port[1], url.host)
    return _host_matches(entry, url.host)


def _host_matches(entry: str, host: str) -> bool:
    name = entry.removeprefix("*").removeprefix(".").strip("[]")
    if name and (host == name or host.endswith(f".{name}")):
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False)
    except ValueError:
        return False

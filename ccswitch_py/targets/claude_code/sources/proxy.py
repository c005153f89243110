"""Which proxy Claude Code's requests to an address go through, as it was measured with 2.1.330."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ccswitch_py.core.errors import BadInput
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.targets.claude_code.sources.precedence import Resolved, resolve
from ccswitch_py.targets.claude_code.variables import NO_PROXY, PROXIES
from ccswitch_py.targets.explanation import Layer


def resolve_proxy(layers: Sequence[Layer], address: str) -> Resolved:
    """What names the proxy: the first variable that is set, unless ``no_proxy`` names the address; that wins then."""
    proxy, without = resolve(layers, *PROXIES), resolve(layers, *NO_PROXY)
    if proxy.winner and without.winner and _names(without.winner.text, address):
        return Resolved(without.winner, [proxy.winner, *proxy.others], without.unread)
    return proxy


def _names(exceptions: str, address: str) -> bool:
    """Whether one of the exceptions is ``*``, the host or the end of it, with its port if it names one."""
    try:
        url = BaseUrl(address)
    except BadInput:
        return False
    for exception in re.split(r"[,\s]+", exceptions.lower()):
        host, _, port = exception.partition(":")
        host = host.removeprefix("*").removeprefix(".")
        fits = exception == "*" or (bool(host) and (url.host == host or url.host.endswith(f".{host}")))
        if fits and port in ("", str(url.port)):
            return True
    return False

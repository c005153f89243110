"""Recognises web pages, and the walls that stand in front of gateways, among the answers."""

from __future__ import annotations

import re

from ccswitch_py.probe.client.response import Response

_READ = 16_000

_HTML = re.compile(r"\s*(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html|head|body|title|script)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,100}>([^<]*)", re.IGNORECASE)
_WALL = re.compile(
    r"just a moment\.\.\.|cf-chl|cf_chl|challenge-platform|cf-error-details|attention required! \| cloudflare"
    r"|_incapsula_|sucuri website firewall|aliyun_waf|waf-nc|访问被阻断|您的访问请求可能对网站造成安全威胁",
    re.IGNORECASE,
)
_GATEWAY_TIMEOUT = range(520, 528)
_WALL_CODE = re.compile(r"\s*error code: 1\d{3}\b")


def is_html(text: str) -> bool:
    """Whether a body is a web page, whatever its headers call it."""
    return _HTML.match(text) is not None


def title(text: str) -> str:
    """The title of a web page."""
    found = _TITLE.search(text[:_READ])
    return found[1] if found else ""


def is_wall(answer: Response, text: str) -> bool:
    """Whether a challenge or firewall answered in place of the gateway.

    Cloudflare's own pages for a gateway that is down (520 to 527) look alike, but say something else.
    """
    if answer.headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    if answer.status in _GATEWAY_TIMEOUT:
        return False
    if answer.status >= 400 and _WALL_CODE.match(text):
        return True
    if not is_html(text):
        return False
    by_cloudflare = answer.status == 403 and answer.headers.get("server", "").lower().startswith("cloudflare")
    return by_cloudflare or _WALL.search(text[:_READ]) is not None

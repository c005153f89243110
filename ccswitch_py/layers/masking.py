"""How a setting's value may be shown: addresses, commands and models as they are, nothing that may be a key."""

from __future__ import annotations

import re

from ccswitch_py.layers.variables import CUSTOM_HEADERS, HELPER, SECRETS
from ccswitch_py.model.key_like import looks_like_key
from ccswitch_py.targets.claude_code import UNUSED, parse_headers
from ccswitch_py.vault.secret import DOTS, Secret

_NAMES_A_SECRET = re.compile(r"auth|key|token|secret|cookie|password", re.IGNORECASE)
_LOGIN_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]*@")
_PRINTED = re.compile(r"(\b(?:echo|printf)\s+).+", re.DOTALL)
_IN_QUERY = re.compile(r"([?&][^=&\s]*(?:auth|key|token|secret|password)[^=&\s]*=)[^&\s\"']+", re.IGNORECASE)
_WORD = re.compile(r"[^\s\"'=?&/:;|]+")


def masked(name: str, value: str) -> str:
    """The value of the setting ``name`` without what is, or looks like, a key; the last four characters at most."""
    if not value:
        return ""
    if name in SECRETS:
        return Secret(value).masked
    if name == CUSTOM_HEADERS:
        return "\n".join(f"{header}: {_header(header, text)}" for header, text in parse_headers(value))
    if name == HELPER:
        value = _PRINTED.sub(lambda printing: printing[1] + DOTS, value)
    return _without_keys(value)


def _header(name: str, value: str) -> str:
    if _NAMES_A_SECRET.search(name) and value != UNUSED:
        return Secret(value).masked
    return _without_keys(value)


def _without_keys(text: str) -> str:
    open_text = _IN_QUERY.sub(lambda query: query[1] + DOTS, _LOGIN_IN_ADDRESS.sub(f"{DOTS}@", text))
    return _WORD.sub(lambda word: Secret(word[0]).masked if looks_like_key(word[0]) else word[0], open_text)

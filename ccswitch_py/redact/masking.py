"""Masks possible keys in the value of a setting: addresses, commands and free text."""

from __future__ import annotations

import re

from ccswitch_py.redact.key_patterns import DOTS, is_secret_name, looks_like_key
from ccswitch_py.redact.secret import Secret

_OPTION = re.compile(r"((?<![\w-])-[\w-]+[\s=]+)(?!-)(\S+)")
_SCHEME = re.compile(r"\s*(?:https?:[/\\]*|[a-z][a-z0-9+.-]*:[/\\]+)", re.IGNORECASE)
"""URL parsers of browsers and of Node take ``https:host`` too."""
_URL_IN_TEXT = re.compile(r"((?<=:)[/\\]{2,}|\bhttps?:[/\\]*)([^\s\"'<>]+)", re.IGNORECASE)
_AUTHORITY_END = re.compile(r"[/\\?#]")
_HOST_AND_PORT = re.compile(r"(?:\[[^\]@]*\]|[^:@\[\]]*)(?::\d*)?")
_PARAMETER_SEPARATOR = re.compile(r"([?#&;])")
_WORD = re.compile(r"[^\s\"'=?&/:;|]+")
_PROGRAM = re.compile(r"\s*(\"[^\"$`\n]*\"|'[^'\n]*'|(?:\$\w+|[^\s\"'`$;&|<>(){}=])+)(.*)", re.DOTALL)


def mask_url(url: str) -> str:
    """Mask the login, the parameters' values and what looks like a key; keep the host that is called."""
    scheme = match[0] if (match := _SCHEME.match(url)) else ""
    return _mask_words(scheme + _mask_after_scheme(url[len(scheme) :]))


def mask_command(command: str) -> str:
    """Keep only the program: a key can stand anywhere in the arguments."""
    found = _PROGRAM.match(command)
    if found is None or found[2].startswith("="):
        return "…"
    program = mask_text(found[1])
    return f"{program} …" if found[2].strip() else program


def mask_text(text: str) -> str:
    """Mask the values of options with a secret's name, logins in addresses, and words that look like a key."""
    text = _OPTION.sub(lambda found: found[1] + (DOTS if is_secret_name(found[1]) else found[2]), text)
    return _mask_words(_URL_IN_TEXT.sub(lambda found: found[1] + _mask_after_scheme(found[2]), text))


def _mask_words(text: str) -> str:
    return _WORD.sub(lambda word: Secret(word[0]).masked if looks_like_key(word[0]) else word[0], text)


def _mask_after_scheme(text: str) -> str:
    r"""Mask the login of an address.

    The host ends at the first of ``/ \ ? #`` (https://url.spec.whatwg.org), whatever an ``@`` after it seems to say.
    Only where no host and port can stand before it, the sign is taken to be part of a password.
    """
    end = found.start() if (found := _AUTHORITY_END.search(text)) else len(text)
    authority, rest = text[:end], text[end:]
    login, at, host = authority.rpartition("@")
    before, at_in_rest, after = rest.rpartition("@")
    if not at_in_rest:
        return (DOTS if login else "") + at + host + _mask_parameters(rest)
    if not at and not _HOST_AND_PORT.fullmatch(host):
        return f"{DOTS}@{_mask_parameters(after)}"
    return (DOTS if login else "") + at + host + before[0] + DOTS + "@" + _mask_parameters(after)


def _mask_parameters(text: str) -> str:
    path, *rest = _PARAMETER_SEPARATOR.split(text)
    fields = zip(rest[::2], rest[1::2], strict=True)
    return path + "".join(sign + _mask_parameter(field) for sign, field in fields)


def _mask_parameter(text: str) -> str:
    name, equals, value = text.partition("=")
    if equals:
        return name + equals + (DOTS if value else "")
    return DOTS if text else ""

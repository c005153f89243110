"""Mask values for display: addresses, programs and models stay readable, nothing that may be a key does."""

from __future__ import annotations

import re

from ccswitch_py.redact.key_patterns import is_secret_name, looks_like_key
from ccswitch_py.targets.claude_code.clouds import CLOUDS
from ccswitch_py.targets.claude_code.target import header_is_secret, parse_headers
from ccswitch_py.targets.claude_code.variables import BASE_URL, CUSTOM_HEADERS, HELPER, PROXIES, SECRETS
from ccswitch_py.vault.key_command_line import KeyCommand
from ccswitch_py.vault.secret import DOTS, Secret

_OPTION = re.compile(r"((?<![\w-])-[\w-]+[\s=]+)(?!-)(\S+)")
_SCHEME = re.compile(r"\s*(?:https?:[/\\]*|[a-z][a-z0-9+.-]*:[/\\]+)", re.IGNORECASE)
"""Claude Code calls ``https:host`` too."""
_ADDRESS_IN_TEXT = re.compile(r"((?<=:)[/\\]{2,}|\bhttps?:[/\\]*)([^\s\"'<>]+)", re.IGNORECASE)
_AUTHORITY_END = re.compile(r"[/\\?#]")
_HOST_AND_PORT = re.compile(r"(?:\[[^\]@]*\]|[^:@\[\]]*)(?::\d*)?")
_BETWEEN_PARAMETERS = re.compile(r"([?#&;])")
_WORD = re.compile(r"[^\s\"'=?&/:;|]+")
_PROGRAM = re.compile(r"\s*(\"[^\"$`\n]*\"|'[^'\n]*'|(?:\$\w+|[^\s\"'`$;&|<>(){}=])+)(.*)", re.DOTALL)


def masked(name: str, value: str) -> str:
    """The value of the setting ``name`` without what is, or looks like, a key; the last four characters at most."""
    if not value:
        return ""
    if name in SECRETS:
        return Secret(value).masked
    if name == CUSTOM_HEADERS:
        return "\n".join(f"{header}: {_header(header, text)}" for header, text in parse_headers(value))
    if name == HELPER:
        return _command(value)
    if name in (BASE_URL, *CLOUDS.values(), *PROXIES):
        scheme = match[0] if (match := _SCHEME.match(value)) else ""
        return _without_marked(scheme + _after_scheme(value[len(scheme) :]))
    return _without_keys(value)


def _header(name: str, value: str) -> str:
    return Secret(value).masked if header_is_secret(name, value) else _without_keys(value)


def _command(text: str) -> str:
    """Our own command as it is; of others the program alone, for a key can stand anywhere in the rest."""
    if KeyCommand.parse(text):
        return _without_keys(text)
    found = _PROGRAM.match(text)
    if found is None or found[2].startswith("="):
        return "…"
    program = _without_keys(found[1])
    return f"{program} …" if found[2].strip() else program


def _without_keys(text: str) -> str:
    text = _OPTION.sub(lambda found: found[1] + (DOTS if is_secret_name(found[1]) else found[2]), text)
    return _without_marked(_ADDRESS_IN_TEXT.sub(lambda found: found[1] + _after_scheme(found[2]), text))


def _without_marked(text: str) -> str:
    return _WORD.sub(lambda word: Secret(word[0]).masked if looks_like_key(word[0]) else word[0], text)


def _after_scheme(text: str) -> str:
    r"""An address without the login in it, and with the host that is really called.

    That host ends at the first of ``/ \ ? #``, as https://url.spec.whatwg.org has it, whatever an ``@`` after it
    seems to say. Only where no host and port can stand there, a password is taken to have that sign in it.
    """
    end = found.start() if (found := _AUTHORITY_END.search(text)) else len(text)
    authority, rest = text[:end], text[end:]
    login, at, host = authority.rpartition("@")
    before, at_in_rest, after = rest.rpartition("@")
    if not at_in_rest:
        return (DOTS if login else "") + at + host + _parameters(rest)
    if not at and not _HOST_AND_PORT.fullmatch(host):
        return f"{DOTS}@{_parameters(after)}"
    return (DOTS if login else "") + at + host + before[0] + DOTS + "@" + _parameters(after)


def _parameters(text: str) -> str:
    """What follows the host, with the names of a query's parameters but not their values."""
    path, *rest = _BETWEEN_PARAMETERS.split(text)
    fields = zip(rest[::2], rest[1::2], strict=True)
    return path + "".join(sign + _parameter(field) for sign, field in fields)


def _parameter(text: str) -> str:
    name, equals, value = text.partition("=")
    if equals:
        return name + equals + (DOTS if value else "")
    return DOTS if text else ""

"""Extras as a user types them, in a form or as options: each becomes what a profile holds, or is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from ccswitch_py.errors import BadInput
from ccswitch_py.language import tr
from ccswitch_py.model.extras import CREDENTIAL_HEADERS
from ccswitch_py.model.key_like import carries_key
from ccswitch_py.model.profile import ClaudeCodeExtras
from ccswitch_py.model.refused import refusal


def typed_pair(text: str, separator: str) -> tuple[str, str]:
    """Name and value of ``NAME:VALUE`` or ``NAME=VALUE``; raises ``BadInput``, which quotes neither."""
    name, found, value = text.partition(separator)
    if not found or not name.strip():
        raise BadInput(
            tr("A header or switch is not of the form NAME{separator}VALUE.", separator=separator),
            tr("See `ccswitch add --help`."),
        )
    return name.strip(), value.strip()


def typed_headers(lines: Iterable[str]) -> dict[str, str]:
    """The headers, one of ``NAME: VALUE`` a line; raises ``BadInput`` for one that cannot be or carries a credential.

    An empty line is none.
    """
    headers: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines)):
        name, value = typed_pair(line, ":")
        if name.lower() in CREDENTIAL_HEADERS or carries_key(value) or carries_key(name):
            raise BadInput(
                tr("A header carries a credential, which would stand in a file."),
                tr("Leave it out: the key is sent by itself."),
            )
        checked_extras({"headers": {name: value}})
        headers[name] = value
    return headers


def typed_tokens(text: str) -> int | None:
    """How many tokens, None for nothing; raises ``BadInput``."""
    plain = text.strip().replace(",", "").replace("_", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and int(plain[:12]) > 0):
        raise BadInput(tr("This is not a number of tokens."), tr("Write it in digits, such as 200000."))
    return int(plain[:12])


def checked_extras(values: Mapping[str, Any]) -> ClaudeCodeExtras:
    """The extras; raises ``BadInput`` with the place and the reason."""
    try:
        return ClaudeCodeExtras(**values)
    except ValidationError as error:
        raise BadInput(tr("{reason}.", reason=refusal(error)), tr("See `ccswitch add --help`.")) from error

"""Parse options of Claude Code as typed in a form or on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.model.validation_messages import validation_reason
from ccswitch_py.redact.key_patterns import contains_key
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.targets.claude_code.owned_entries import CREDENTIAL_HEADERS


def typed_pair(text: str, separator: str) -> tuple[str, str]:
    """Name and value of ``NAME:VALUE`` or ``NAME=VALUE``; raises ``BadInput``, which quotes neither."""
    name, found, value = text.partition(separator)
    if not found or not name.strip():
        raise BadInput(
            _("A header or switch is not of the form NAME{separator}VALUE.", separator=separator),
            _("See `ccswitch add --help`."),
        )
    return name.strip(), value.strip()


def typed_headers(lines: Iterable[str]) -> dict[str, str]:
    """The headers, one of ``NAME: VALUE`` a line; raises ``BadInput`` for one that cannot be or carries a credential.

    An empty line is none.
    """
    headers: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines)):
        name, value = typed_pair(line, ":")
        if name.lower() in CREDENTIAL_HEADERS or contains_key(value) or contains_key(name):
            raise BadInput(
                _("A header carries a credential, which would stand in a file."),
                _("Leave it out: the key is sent by itself."),
            )
        checked_options({"headers": {name: value}})
        headers[name] = value
    return headers


def typed_tokens(text: str) -> int | None:
    """How many tokens, None for nothing; raises ``BadInput``."""
    plain = text.strip().replace(",", "").replace("_", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and int(plain[:12]) > 0):
        raise BadInput(_("This is not a number of tokens."), _("Write it in digits, such as 200000."))
    return int(plain[:12])


def checked_options(values: Mapping[str, Any]) -> ClaudeCodeOptions:
    """The options; raises ``BadInput`` with the place and the reason."""
    try:
        return ClaudeCodeOptions(**values)
    except ValidationError as error:
        raise BadInput(_("{reason}.", reason=validation_reason(error)), _("See `ccswitch add --help`.")) from error

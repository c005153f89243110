"""A profile's options for Claude Code, from its file, a form or the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, join_list
from ccswitch_py.core.quoting import is_header
from ccswitch_py.model.names import key_instead_of_name
from ccswitch_py.model.provider import Tokens
from ccswitch_py.model.validation_messages import validation_reason
from ccswitch_py.redact.key_patterns import contains_key, looks_like_key
from ccswitch_py.targets.claude_code.owned_entries import COMPATIBILITY_SWITCHES, CREDENTIAL_HEADERS, is_routing_header

_BOOLEANS = ("1", "true", "yes", "on", "0", "false", "no", "off")


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if contains_key(name) or contains_key(value):
            raise ValueError(_("a header contains a credential; the key is sent anyway"))
        if is_routing_header(name):
            raise ValueError(_("{name} could send the key to another host; only the URL may name one", name=name))
        if name.lower() in CREDENTIAL_HEADERS:
            raise ValueError(_("{name} is a credential; the key is sent anyway", name=name))
        if not is_header(name, value):
            raise ValueError(_("{name} is not a valid header", name=name))
    return headers


class ClaudeCodeOptions(BaseModel):
    """The table ``[targets.claude-code]`` of a profile."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bearer_only: bool = False
    context_window: Tokens | None = None
    max_output_tokens: Tokens | None = None
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = {}
    switches: dict[str, str] = {}

    @model_validator(mode="after")
    def _known_switches(self) -> ClaudeCodeOptions:
        unknown = [name for name in self.switches if name not in COMPATIBILITY_SWITCHES]
        if unknown:
            raise ValueError(_("not a compatibility switch: {names}", names=join_list(unknown)))
        if any(looks_like_key(value) for value in self.switches.values()):
            raise ValueError(str(key_instead_of_name()))
        if bad := [name for name, value in self.switches.items() if not (value.isascii() and value.isprintable())]:
            raise ValueError(_("not printable ASCII: {names}", names=join_list(bad)))
        for name, value in self.switches.items():
            if COMPATIBILITY_SWITCHES[name][0] == "1" and value.lower() not in _BOOLEANS:
                raise ValueError(_("{name} is 1 or 0, not {value}", name=name, value=value))
        return self


def typed_pair(text: str, separator: str) -> tuple[str, str]:
    """Split ``NAME:VALUE`` or ``NAME=VALUE``; raises ``BadInput``, which quotes neither."""
    name, found, value = text.partition(separator)
    if not found or not name.strip():
        raise BadInput(
            _("A header or switch must have the form NAME{separator}VALUE.", separator=separator),
            _("See `ccswitch add --help`."),
        )
    return name.strip(), value.strip()


def typed_headers(lines: Iterable[str]) -> dict[str, str]:
    """Parse lines of ``NAME: VALUE``; raises ``BadInput`` for an invalid header or a credential."""
    headers: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines)):
        name, value = typed_pair(line, ":")
        if name.lower() in CREDENTIAL_HEADERS or contains_key(value) or contains_key(name):
            raise BadInput(
                _("A header with a credential would be stored in a file."),
                _("Remove it: the key is sent anyway."),
            )
        checked_options({"headers": {name: value}})
        headers[name] = value
    return headers


def typed_tokens(text: str) -> int | None:
    """Parse a number of tokens, None for an empty text; raises ``BadInput``."""
    plain = text.strip().replace(",", "").replace("_", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and int(plain[:12]) > 0):
        raise BadInput(_("This is not a number of tokens."), _("Use digits only, such as 200000."))
    return int(plain[:12])


def checked_options(values: Mapping[str, Any]) -> ClaudeCodeOptions:
    """Validate options; raises ``BadInput`` with the place and the reason."""
    try:
        return ClaudeCodeOptions(**values)
    except ValidationError as error:
        raise BadInput(_("{reason}.", reason=validation_reason(error)), _("See `ccswitch add --help`.")) from error

"""What a profile may say to Claude Code beyond provider, key and models."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from ccswitch_py.core.language import _, join_list
from ccswitch_py.core.quoting import is_header
from ccswitch_py.model.names import key_instead_of_name
from ccswitch_py.model.provider import Tokens
from ccswitch_py.redact.key_patterns import contains_key, looks_like_key
from ccswitch_py.targets.claude_code.switches import COMPATIBILITY_SWITCHES, CREDENTIAL_HEADERS


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if contains_key(name) or contains_key(value):
            raise ValueError(_("a header carries a credential; the key goes to the gateway by itself"))
        if name.lower() in CREDENTIAL_HEADERS:
            raise ValueError(_("{name} is a credential; the key goes there by itself", name=name))
        if not is_header(name, value):
            raise ValueError(_("{name} is not a usable header", name=name))
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
        return self

"""A profile: the user's choice of provider, key, and a model for each role."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    model_validator,
)

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, join_list, quoted
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.names import ModelId, ProviderId, check_name, key_in_place_of_a_name
from ccswitch_py.model.protocol import Delivery
from ccswitch_py.model.role import Role
from ccswitch_py.redact.key_patterns import contains_key, looks_like_key
from ccswitch_py.targets.claude_code.switches import COMPATIBILITY_SWITCHES, CREDENTIAL_HEADERS

SCHEMA = 1


def _delivery(value: object) -> object:
    return "command" if value == "helper" else value  # its name in schema 1


def _key_ref(value: object) -> KeyRef:
    ref = value if isinstance(value, KeyRef) else KeyRef.from_json(value)
    if looks_like_key(ref.label) or any(map(contains_key, ref.command)):
        raise ValueError(str(key_in_place_of_a_name()))
    if ref.env and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", ref.env):
        raise ValueError(_("'{name}' cannot be the name of a variable", name=quoted(ref.env)))
    if ref.name:
        try:
            check_name(ref.name, "key")
        except BadInput as error:
            raise ValueError(str(error)) from error
    return ref


def _header(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if contains_key(name) or contains_key(value):
            raise ValueError(_("a header carries a credential; the key goes to the gateway by itself"))
        if name.lower() in CREDENTIAL_HEADERS:
            raise ValueError(_("{name} is a credential; the key goes there by itself", name=name))
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) or not re.fullmatch(r"[ -~]*", value):
            raise ValueError(_("{name} is not a usable header", name=name))
    return headers


def _base_url(text: str) -> str:
    if contains_key(text):
        raise ValueError(_("the address holds a key; leave it out, it goes to the gateway by itself"))
    try:
        return str(BaseUrl(text))
    except BadInput as error:
        raise ValueError(str(error)) from error


class ClaudeCodeExtras(BaseModel):
    """What a profile may say to Claude Code beyond provider, key and models."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bearer_only: bool = False
    context_window: int | None = Field(default=None, gt=0)
    max_output_tokens: int | None = Field(default=None, gt=0)
    headers: Annotated[dict[str, str], AfterValidator(_header)] = {}
    switches: dict[str, str] = {}

    @model_validator(mode="after")
    def _known_switches(self) -> ClaudeCodeExtras:
        unknown = [name for name in self.switches if name not in COMPATIBILITY_SWITCHES]
        if unknown:
            raise ValueError(_("not a compatibility switch: {names}", names=join_list(unknown)))
        if any(looks_like_key(value) for value in self.switches.values()):
            raise ValueError(str(key_in_place_of_a_name()))
        return self


class Profile(BaseModel):
    """One profile, as its TOML file says it; its name is the file's. Without a provider it is just an address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Annotated[int, Field(alias="schema", ge=1)] = SCHEMA
    provider: ProviderId | None = None
    base_url: Annotated[str, AfterValidator(_base_url)]
    key: Annotated[KeyRef, PlainValidator(_key_ref), PlainSerializer(KeyRef.as_json, return_type=object)]
    allow_http: bool = False
    delivery: Annotated[Delivery, BeforeValidator(_delivery)] = Delivery.COMMAND
    models: dict[Role, ModelId]
    claude_code: ClaudeCodeExtras = ClaudeCodeExtras()

    @model_validator(mode="after")
    def _usable(self) -> Profile:
        missing = [role.value for role in (Role.MAIN, Role.HAIKU, Role.SONNET, Role.OPUS) if role not in self.models]
        if missing:
            raise ValueError(_("models: no model for {roles}", roles=join_list(missing)))
        if BaseUrl(self.base_url).is_plain_http and not self.allow_http:
            raise ValueError(_("base_url: plain http sends the key in clear text; allow_http = true says yes to that"))
        return self

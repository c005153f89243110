"""A profile: the user's choice of provider, key, and a model for each role, with options for each target."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Any, ClassVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, quoted
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.names import ModelId, ProviderId, check_name, key_instead_of_name
from ccswitch_py.model.protocol import Delivery, Role
from ccswitch_py.model.provider import parsed_base_url
from ccswitch_py.redact.key_patterns import contains_key, looks_like_key

SCHEMA = 2
OPTIONS_OF_SCHEMA_1 = ("claude_code", "claude-code")
"""The table of schema 1 with options for a target, and the target that it is for."""

_KEY_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        *(
            {"type": "object", "properties": {name: value}, "required": [name], "additionalProperties": False}
            for name, value in (
                ("env", {"type": "string"}),
                ("command", {"type": "array", "items": {"type": "string"}, "minItems": 1}),
            )
        ),
    ]
}
"""What ``KeyRef.from_json`` takes in a file."""


def new_id() -> str:
    """An id that no other profile has."""
    return secrets.token_hex(8)


def _delivery(value: object) -> object:
    return "command" if value == "helper" else value  # its name in schema 1


def _key_ref(value: object) -> KeyRef:
    ref = value if isinstance(value, KeyRef) else KeyRef.from_json(value)
    if looks_like_key(ref.label) or any(map(contains_key, ref.command)):
        raise ValueError(str(key_instead_of_name()))
    if ref.env and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", ref.env):
        raise ValueError(_("'{name}' is not a valid variable name", name=quoted(ref.env)))
    if ref.name:
        try:
            check_name(ref.name, "key")
        except BadInput as error:
            raise ValueError(str(error)) from error
    return ref


class Profile(BaseModel):
    """One profile as in its TOML file; its name is the file's.

    ``id`` stays through a rename. ``base_url`` takes the place of the provider's for ``messages``; without a provider
    it is all that is known. ``use_in`` are the targets that ``use`` sets up unless others are named (none: the default
    one). ``targets`` are the options for each target, which only the target can check.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    newest_schema: ClassVar[int] = SCHEMA
    max_entries: ClassVar[int] = 1000
    """tomlkit, which edits the file, takes time that grows with their square."""

    schema_: Annotated[int, Field(alias="schema", ge=1, le=SCHEMA)] = SCHEMA
    id: Annotated[str, Field(pattern="^[0-9a-f]{16}$")] | None = None
    provider: ProviderId | None = None
    base_url: Annotated[str, AfterValidator(lambda text: str(parsed_base_url(text)))] | None = None
    key: Annotated[
        KeyRef,
        PlainValidator(_key_ref),
        PlainSerializer(KeyRef.as_json, return_type=object),
        WithJsonSchema(_KEY_SCHEMA),
    ]
    allow_http: bool = False
    delivery: Annotated[Delivery, BeforeValidator(_delivery)] = "command"
    models: dict[Role, ModelId]
    use_in: list[str] = []
    targets: dict[str, dict[str, Any]] = {}

    @model_validator(mode="before")
    @classmethod
    def _grouped_options(cls, table: Any) -> Any:
        old, target = OPTIONS_OF_SCHEMA_1
        if not isinstance(table, dict) or old not in table:
            return cast("Any", table)
        values = cast("dict[str, Any]", table)
        targets = values.get("targets", {})
        if not isinstance(targets, dict) or target in targets:
            raise ValueError(_("[{old}] duplicates [targets.{target}]; keep one", old=old, target=target))
        rest = {name: value for name, value in values.items() if name != old}
        return rest | {"targets": {**cast("dict[str, Any]", targets), target: values[old]}}

    @model_validator(mode="after")
    def _usable(self) -> Profile:
        if self.provider is None and self.base_url is None:
            raise ValueError(_("{entry}: {reason}", entry="base_url", reason=_("Field required")))
        if self.base_url and BaseUrl(self.base_url).is_plain_http and not self.allow_http:
            raise ValueError(_("base_url: plain http sends the key in clear text; allow_http = true permits it"))
        return self

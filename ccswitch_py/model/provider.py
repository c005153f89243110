"""A provider: a gateway with an endpoint for each protocol that it serves, described by data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, NamedTuple, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, join_list
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.names import ModelId, ProviderId, check_model_id
from ccswitch_py.model.protocol import ENDPOINT_FIELDS, MAIN_ROLES, AuthScheme, Protocol, Role, endpoint_tables
from ccswitch_py.redact.key_patterns import contains_key

SCHEMA = 2
MAX_TOKEN_COUNT = 1_000_000_000
Tokens = Annotated[int, Field(gt=0, le=MAX_TOKEN_COUNT)]
_ANY_ORIGIN = "https://gateway.example"


class Version(StrEnum):
    """How a provider serves a model, which decides its price and steadiness."""

    OFFICIAL = "official"
    AWS = "aws"
    PREMIUM_POOL = "premium-pool"
    POOL = "pool"
    LOW_COST = "low-cost"


VERSION_LABELS = {
    Version.OFFICIAL: N_("official"),
    Version.AWS: N_("AWS"),
    Version.PREMIUM_POOL: N_("premium pool"),
    Version.POOL: N_("account pool or proxy"),
    Version.LOW_COST: N_("low-cost"),
}


class Category(StrEnum):
    """What kind of business a provider is, in the order in which they are listed."""

    VENDOR = "vendor"
    CLOUD = "cloud"
    AGGREGATOR = "aggregator"
    RELAY = "relay"
    LOCAL = "local"


CATEGORY_LABELS = {
    Category.VENDOR: N_("vendor"),
    Category.CLOUD: N_("cloud"),
    Category.AGGREGATOR: N_("aggregator"),
    Category.RELAY: N_("relay"),
    Category.LOCAL: N_("local"),
}


def _auth(value: object) -> object:
    return "both" if value == "either" else value  # its name in schema 1


class Endpoint(BaseModel):
    """Where a provider serves one protocol, and which header carries the key.

    A ``base_url`` that starts with ``/`` is a path below the base URL of ``messages``; for ``messages`` itself, ``/``
    is the profile's own. ``bearer_only``: a second copy of the key in ``x-api-key`` breaks this gateway.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    protocol: Annotated[Protocol, Field(exclude=True)]
    base_url: str
    auth: Annotated[AuthScheme, BeforeValidator(_auth)] = "both"
    bearer_only: bool = False

    @property
    def url(self) -> BaseUrl:
        """The parsed base URL; raises ``BadInput`` for a path."""
        return BaseUrl(self.base_url)

    @property
    def is_path(self) -> bool:
        """Whether the address is a path below that of ``messages``."""
        return self.base_url.startswith("/")

    def at(self, base_url: str) -> Endpoint:
        """The same endpoint at the base URL of ``messages``, if its address is a path."""
        return self.model_copy(update={"base_url": base_url + self.base_url.rstrip("/")}) if self.is_path else self

    @field_validator("base_url")
    @classmethod
    def _without_added_path(cls, text: str, info: ValidationInfo) -> str:
        origin = _ANY_ORIGIN if text.startswith("/") else ""
        url = parsed_base_url(origin + text)
        shorter = url.without_path_of(info.data["protocol"]) if "protocol" in info.data else None
        if shorter is not None:
            added = str(url).removeprefix(str(shorter))
            address = str(shorter).removeprefix(origin) or "/"
            raise ValueError(_("ends with {path}, which tools add; write {address}", path=added, address=address))
        return str(url).removeprefix(origin) or "/"

    @model_validator(mode="after")
    def _consistent(self) -> Endpoint:
        if self.bearer_only and self.auth not in ("bearer", "both"):
            raise ValueError(_("bearer_only contradicts auth = {scheme}", scheme=self.auth))
        return self


def parsed_base_url(text: str) -> BaseUrl:
    """The URL of a file's entry; raises ``ValueError``, which does not quote a key that stands in it."""
    if contains_key(text):
        raise ValueError(_("the address contains a key; remove it, it is sent to the gateway separately"))
    try:
        return BaseUrl(text)
    except BadInput as error:
        raise ValueError(str(error)) from error


class Model(BaseModel):
    """A model that a provider serves; ``context_window`` and ``max_output`` are in tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: ModelId
    family: str = Field(min_length=1)
    version: Version = Version.OFFICIAL
    images: bool = True
    context_window: Tokens | None = None
    max_output: Tokens | None = None


class Provider(BaseModel):
    """What is known about a gateway; ``source`` and ``checked`` say from where and since when.

    ``endpoints`` has one at least, that of ``messages`` first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    newest_schema: ClassVar[int] = SCHEMA

    schema_: Annotated[int, Field(alias="schema", ge=1, le=SCHEMA)] = SCHEMA
    id: ProviderId
    name: str = Field(min_length=1, max_length=80)
    category: Category | None = None
    website: str | None = None
    notes: list[str] = []
    source: str = Field(min_length=1)
    checked: date
    endpoints: dict[Protocol, Endpoint] = Field(min_length=1)
    defaults: dict[Role, ModelId] = {}
    models: list[Model] = []

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, table: Any) -> Any:
        """Make the short form the long one, and tell each endpoint its protocol."""
        if not isinstance(table, dict) or not isinstance(cast("Any", table).get("endpoints", {}), dict):
            return cast("Any", table)
        values = cast("dict[str, Any]", table)
        short = [name for name in ENDPOINT_FIELDS if name in values]
        if short and "messages" in values.get("endpoints", {}):
            raise ValueError(_("{entry} duplicates [endpoints.messages]; keep one of them", entry=short[0]))
        endpoints = sorted(endpoint_tables(values).items(), key=lambda one: one[0] != "messages")
        rest = {name: value for name, value in values.items() if name not in ENDPOINT_FIELDS}
        return rest | {
            "endpoints": {
                protocol: {**cast("dict[str, Any]", endpoint), "protocol": protocol}
                if isinstance(endpoint, dict)
                else endpoint
                for protocol, endpoint in endpoints
            }
        }

    @model_validator(mode="after")
    def _consistent(self) -> Provider:
        if "messages" not in self.endpoints and any(endpoint.is_path for endpoint in self.endpoints.values()):
            raise ValueError(_("a base_url that starts with / needs [endpoints.messages]"))
        if self.needs_base_url and self.endpoints["messages"].base_url != "/":
            raise ValueError(_("base_url of [endpoints.messages] must be an address, or / for the profile's own"))
        ids = Counter(model.id for model in self.models)
        twice = [model_id for model_id, count in ids.items() if count > 1]
        if twice:
            raise ValueError(_("model listed twice: {ids}", ids=join_list(sorted(twice))))
        unknown = [model_id for model_id in self.defaults.values() if ids and model_id not in ids]
        if unknown:
            raise ValueError(_("default model is not in the list: {ids}", ids=join_list(unknown)))
        return self

    def model(self, model_id: str) -> Model | None:
        """The catalogue's entry for an id, or None for one that is not listed."""
        return next((model for model in self.models if model.id == model_id), None)

    def default(self, role: Role) -> str | None:
        """The model that this provider suggests for a role; unnamed roles get the one of ``main``."""
        return self.defaults.get(role) or self.defaults.get("main")

    def matches(self, words: Iterable[str]) -> bool:
        """Whether each word is part of what is known about the provider; case does not count."""
        urls = (endpoint.base_url for endpoint in self.endpoints.values())
        known = (self.id, self.name, self.category or "", self.website or "", *urls, *(one.id for one in self.models))
        text = "\n".join(known).casefold()
        return all(word.casefold() in text for word in words)

    @property
    def main_models(self) -> dict[Role, str]:
        """The suggested model of each main role that has one."""
        return {role: model for role in MAIN_ROLES if (model := self.default(role))}

    @property
    def base_url(self) -> str:
        """The base URL of ``messages``, empty if that is not served or each profile has its own."""
        endpoint = self.endpoints.get("messages")
        return endpoint.base_url if endpoint and not endpoint.is_path else ""

    @property
    def needs_base_url(self) -> bool:
        """Whether each profile has to name its own base URL, as for software that anybody can run."""
        return "messages" in self.endpoints and self.endpoints["messages"].is_path


def endpoints_of(base_url: str | None, provider: Provider | None) -> dict[Protocol, Endpoint]:
    """The endpoints of a profile, that of ``messages`` first; its own ``base_url`` beats the provider's there.

    Raises ``BadInput`` if it has none, but the provider needs one.
    """
    served: dict[Protocol, Endpoint] = dict(provider.endpoints) if provider else {}
    if base_url:
        known = served.pop("messages", None) or Endpoint.model_construct(protocol="messages")
        served = {"messages": known.model_copy(update={"base_url": base_url}), **served}
    elif provider and provider.needs_base_url:
        raise BadInput(
            _("{provider} has no address of its own.", provider=provider.name),
            _("Add the base URL of your gateway: --base-url URL, or base_url in the profile's file."),
        )
    address = base_url or (provider.base_url if provider else "")
    return {protocol: endpoint.at(address) for protocol, endpoint in served.items()}


class ModelChoices(NamedTuple):
    """A model to choose; ``is_listed`` is None if the gateway was not asked."""

    id: str
    family: str
    version_label: str
    images: bool
    in_catalogue: bool
    is_listed: bool | None


def model_choices(provider: Provider | None, listed: Iterable[str] | None) -> list[ModelChoices]:
    """The catalogue in order, then the ids that only the gateway lists; invalid ids are left out."""
    ids = None if listed is None else dict.fromkeys(filter(_is_valid, listed))
    known = {
        one.id: ModelChoices(
            one.id,
            one.family,
            _(VERSION_LABELS[one.version]),
            one.images,
            in_catalogue=True,
            is_listed=None if ids is None else one.id in ids,
        )
        for one in (provider.models if provider else [])
    }
    own = (
        ModelChoices(one, "", "", images=True, in_catalogue=False, is_listed=True)
        for one in ids or ()
        if one not in known
    )
    return [*known.values(), *own]


def _is_valid(model_id: str) -> bool:
    try:
        check_model_id(model_id)
    except BadInput:
        return False
    return True

"""A provider: a gateway that speaks Claude Messages, described by data."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ccswitch_py.core.language import N_, _, join_list
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.names import ModelId, ProviderId
from ccswitch_py.model.role import Role

SCHEMA = 1


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


class Auth(StrEnum):
    """Which header a gateway reads the key from."""

    BEARER = "bearer"
    X_API_KEY = "x-api-key"
    EITHER = "either"


def _base_url(text: str) -> str:
    url = BaseUrl(text)
    if url.without_tail is not None:
        raise ValueError(_("ends with /v1; Claude Code adds it, so write {address}", address=url.without_tail))
    return str(url)


class Model(BaseModel):
    """A model that a provider serves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: ModelId
    family: str = Field(min_length=1)
    version: Version = Version.OFFICIAL
    images: bool = True
    context_window: int | None = Field(default=None, gt=0)


class Provider(BaseModel):
    """What is known about a gateway; ``source`` and ``checked`` say from where and since when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Annotated[int, Field(alias="schema", ge=1, le=SCHEMA)] = SCHEMA
    id: ProviderId
    name: str = Field(min_length=1, max_length=80)
    base_url: Annotated[str, AfterValidator(_base_url)]
    auth: Auth = Auth.EITHER
    website: str | None = None
    notes: list[str] = []
    source: str = Field(min_length=1)
    checked: date
    defaults: dict[Role, ModelId] = {}
    models: list[Model] = []

    @model_validator(mode="after")
    def _consistent(self) -> Provider:
        ids = [model.id for model in self.models]
        twice = {model_id for model_id in ids if ids.count(model_id) > 1}
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
        return self.defaults.get(role) or self.defaults.get(Role.MAIN)

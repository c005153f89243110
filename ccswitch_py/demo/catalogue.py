"""The models that the gateway serves, read from a provider's file.

Read as plain data: checking a file thoroughly is the business of ``model.provider``, which costs pydantic.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.paths import SHIPPED_PROVIDERS
from ccswitch_py.demo.problem import Problem, in_one_line
from ccswitch_py.model.protocol import Protocol, endpoint_tables

DEFAULT_PROVIDER = "mingyan.toml"
DEFAULT_PAGE = 20
LARGEST_PAGE = 1000
UNKNOWN_DATE = "1970-01-01T00:00:00Z"
"""What the Anthropic list gives for a model whose release date is not known, as is the case for all of ours."""


@dataclass(frozen=True, slots=True)
class Served:
    """A model on offer, and whether it can look at images."""

    id: str
    images: bool = True

    def as_json(self) -> dict[str, str]:
        """One row of the list."""
        return {"type": "model", "id": self.id, "display_name": self.id, "created_at": UNKNOWN_DATE}


@dataclass(frozen=True, slots=True)
class DemoCatalogue:
    """What a provider serves, and which header it reads the key from: ``bearer``, ``x-api-key`` or ``both``."""

    auth: str
    models: tuple[Served, ...]

    def model(self, model_id: str) -> Served:
        """The model with this id; raises ``Problem`` (404)."""
        for served in self.models:
            if served.id == model_id:
                return served
        raise Problem(404, f"model: {in_one_line(model_id)} is not served here; GET /v1/models lists what is.")

    def page(self, query: str) -> dict[str, Any]:
        """A page of the list in the Anthropic shape, for a query such as ``limit=5&after_id=ID``.

        Raises ``Problem`` (400).
        """
        wishes = parse_qs(query, keep_blank_values=True)
        limit = _limit(wishes.get("limit", [str(DEFAULT_PAGE)])[-1])
        start = self._after(wishes["after_id"][-1]) if "after_id" in wishes else 0
        page = [served.as_json() for served in self.models[start : start + limit]]
        return {
            "data": page,
            "has_more": start + limit < len(self.models),
            "first_id": page[0]["id"] if page else None,
            "last_id": page[-1]["id"] if page else None,
        }

    def _after(self, model_id: str) -> int:
        ids = [served.id for served in self.models]
        if model_id not in ids:
            raise Problem(400, f"after_id: {in_one_line(model_id)} is not in the list.")
        return ids.index(model_id) + 1


def read_catalogue(provider_file: str | None = None) -> DemoCatalogue:
    """The catalogue of a provider's file, by default the shipped ``mingyan``; raises ``BadInput``."""
    path = provider_file or _shipped(DEFAULT_PROVIDER)
    try:
        with open(path, "rb") as file:
            provider = tomllib.load(file)
        auth = endpoint_tables(provider).get(Protocol.MESSAGES, {}).get("auth", "both")
        models = cast("list[dict[str, Any]]", provider["models"])
        served = tuple(Served(str(model["id"]), model.get("images") is not False) for model in models)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"The demo cannot read the models of the provider file {path}."
        raise BadInput(message, "Check the file; `ccswitch providers` says what is wrong.") from error
    return DemoCatalogue(str(auth), served)


def _limit(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= LARGEST_PAGE:
        return int(text)
    raise Problem(400, f"limit: must be a whole number from 1 to {LARGEST_PAGE}.")


def _shipped(name: str) -> str:
    paths = [os.path.join(folder, name) for folder in SHIPPED_PROVIDERS]
    return next((path for path in paths if os.path.isfile(path)), paths[-1])

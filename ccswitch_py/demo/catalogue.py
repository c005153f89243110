"""The models that the gateway serves: those of the shipped provider ``mingyan``.

Read as plain data: validating a provider's file is the job of ``model.provider``, which costs pydantic.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from typing import Any

from ccswitch_py.core.paths import SHIPPED_PROVIDERS
from ccswitch_py.demo.problem import Problem, in_one_line

PROVIDER_FILE = "mingyan.toml"
UNKNOWN_DATE = "1970-01-01T00:00:00Z"
"""What Anthropic's list has for a model whose release date is not known."""


@dataclass(frozen=True, slots=True)
class Served:
    """A model on offer, and whether it takes images."""

    id: str
    images: bool = True


@dataclass(frozen=True, slots=True)
class DemoCatalogue:
    """All models on offer."""

    models: tuple[Served, ...]

    def model(self, model_id: str) -> Served:
        """The model with this id; raises ``Problem`` (404)."""
        for served in self.models:
            if served.id == model_id:
                return served
        raise Problem(404, f"model: {in_one_line(model_id)} is not served here; GET /v1/models lists what is.")

    def as_json(self) -> dict[str, Any]:
        """The list in Anthropic's form, always on one page."""
        rows = [
            {"type": "model", "id": served.id, "display_name": served.id, "created_at": UNKNOWN_DATE}
            for served in self.models
        ]
        return {"data": rows, "has_more": False, "first_id": rows[0]["id"], "last_id": rows[-1]["id"]}


def read_catalogue() -> DemoCatalogue:
    """The models in the shipped provider's file."""
    path = next(path for folder in SHIPPED_PROVIDERS if os.path.isfile(path := os.path.join(folder, PROVIDER_FILE)))
    with open(path, "rb") as file:
        models: list[dict[str, Any]] = tomllib.load(file)["models"]
    return DemoCatalogue(tuple(Served(model["id"], model.get("images", True)) for model in models))

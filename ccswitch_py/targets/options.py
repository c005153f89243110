"""A profile's options for a tool without a table of its own."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ccswitch_py.model.protocol import Delivery
from ccswitch_py.model.provider import Tokens


class ToolOptions(BaseModel):
    """The table ``[targets.ID]`` of a profile; ``delivery`` goes before the profile's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delivery: Delivery | None = None
    context_window: Tokens | None = None
    max_output_tokens: Tokens | None = None

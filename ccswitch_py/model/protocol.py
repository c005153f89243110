"""How a tool speaks to a gateway: the protocol, how the key travels, and how the key reaches the tool."""

from __future__ import annotations

from enum import StrEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Protocol(StrEnum):
    """One wire format between a tool and a gateway."""

    MESSAGES = "messages"
    RESPONSES = "responses"
    CHAT = "chat"
    GEMINI = "gemini"


class AuthScheme(StrEnum):
    """The header that carries the key; ``BOTH`` is ``Authorization: Bearer`` and ``x-api-key`` with the same key."""

    BEARER = "bearer"
    X_API_KEY = "x-api-key"
    X_GOOG_API_KEY = "x-goog-api-key"
    BOTH = "both"


class Delivery(StrEnum):
    """How the key reaches a tool: a command that prints it, the environment of one process, or plaintext."""

    COMMAND = "command"
    ENVIRONMENT = "environment"
    PLAINTEXT = "plaintext"


ENDPOINT_FIELDS = ("base_url", "auth", "bearer_only")


def endpoint_tables(provider: Mapping[str, Any]) -> dict[str, Any]:
    """The endpoint of each protocol in the table of a provider's file, unchecked.

    ``base_url``, ``auth`` and ``bearer_only`` at the top are the short form of ``[endpoints.messages]``.
    """
    endpoints: dict[str, Any] = dict(provider.get("endpoints", {}))
    short = {name: provider[name] for name in ENDPOINT_FIELDS if name in provider}
    if short:
        endpoints[Protocol.MESSAGES] = short
    return endpoints

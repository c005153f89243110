"""How a tool speaks to a gateway: protocol, authentication scheme, key delivery and model roles, as literal strings.

Literals rather than enumerations, because creating these enumerations costs a tenth of Python's start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Protocol = Literal["messages", "responses", "chat", "gemini"]
"""One wire format between a tool and a gateway."""

AuthScheme = Literal["bearer", "x-api-key", "x-goog-api-key", "both"]
"""The header that carries the key; ``both`` is ``Authorization: Bearer`` and ``x-api-key`` with the same key."""

Delivery = Literal["command", "environment", "plaintext"]
"""How the key reaches a tool: a command that prints it, the environment of one process, or plaintext."""

Role = Literal["main", "haiku", "sonnet", "opus", "fable", "subagent"]
"""What a tool asks a model for; the first four are the dropdowns of the setup form, the others are optional."""

DELIVERIES: tuple[Delivery, ...] = get_args(Delivery)
ROLES: tuple[Role, ...] = get_args(Role)
MAIN_ROLES: tuple[Role, ...] = ROLES[:4]
ENDPOINT_FIELDS = ("base_url", "auth", "bearer_only")


def endpoint_tables(provider: Mapping[str, Any]) -> dict[str, Any]:
    """The endpoint of each protocol in the table of a provider's file, unchecked.

    ``base_url``, ``auth`` and ``bearer_only`` at the top are the short form of ``[endpoints.messages]``.
    """
    endpoints: dict[str, Any] = dict(provider.get("endpoints", {}))
    short = {name: provider[name] for name in ENDPOINT_FIELDS if name in provider}
    if short:
        endpoints["messages"] = short
    return endpoints

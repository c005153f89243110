"""What the gateway answers when it refuses a request: a status, a kind and one plain sentence."""

from __future__ import annotations

import secrets

from ccswitch_py.redact.printable import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    405: "invalid_request_error",
    411: "invalid_request_error",
    413: "request_too_large",
    500: "api_error",
}
"""The ``error.type`` of Claude Messages for each status."""


class Problem(Exception):
    """A refusal; ``message`` names the field or header at fault and never holds a key."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def as_json(self, request_id: str) -> dict[str, Any]:
        """The body that every refusal has."""
        kind = KINDS.get(self.status, "api_error" if self.status >= 500 else "invalid_request_error")
        return {"type": "error", "error": {"type": kind, "message": self.message}, "request_id": request_id}


def new_id(prefix: str) -> str:
    """An id that no other request or message has, such as ``msg_demo_4f2a…``."""
    return f"{prefix}_demo_{secrets.token_hex(12)}"


def in_one_line(text: str, limit: int = 200) -> str:
    """``text`` on one line, without control or invisible characters, cut at ``limit`` characters."""
    head = text[: 8 * limit]
    line = " ".join(printable(head).split())
    return line if len(line) <= limit and len(head) == len(text) else line[: limit - 1] + "…"

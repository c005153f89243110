"""A refusal of the gateway: a status, an error type and one plain sentence."""

from __future__ import annotations

import secrets
from typing import Any

from ccswitch_py.redact.printable import printable

ERROR_TYPES = {401: "authentication_error", 404: "not_found_error", 413: "request_too_large"}
"""The ``error.type`` of Claude Messages for each status; the others depend on the hundreds."""


class Problem(Exception):
    """A refusal; ``message`` names the field or header at fault and never holds a key."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def as_json(self, request_id: str) -> dict[str, Any]:
        """The body of the reply."""
        kind = ERROR_TYPES.get(self.status, "api_error" if self.status >= 500 else "invalid_request_error")
        return {"type": "error", "error": {"type": kind, "message": self.message}, "request_id": request_id}


def new_id(prefix: str) -> str:
    """A unique id, such as ``msg_demo_4f2a…``."""
    return f"{prefix}_demo_{secrets.token_hex(12)}"


def in_one_line(text: str, limit: int = 200) -> str:
    """``text`` on one line, without control or invisible characters, cut at ``limit`` characters."""
    head = text[: 8 * limit]
    line = " ".join(printable(head).split())
    return line if len(line) <= limit and len(head) == len(text) else line[: limit - 1] + "…"

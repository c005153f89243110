"""Reads what a refusal says, in any of the forms that gateways use."""

from __future__ import annotations

from typing import Any, NamedTuple

from ccswitch_py.probe.message import as_object, as_text, read_json
from ccswitch_py.probe.refusals import READ

STATUS_OF_KIND = {
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "rate_limit_error": 429,
    "overloaded_error": 529,
    "not_found_error": 404,
    "invalid_request_error": 400,
    "request_too_large": 413,
    "timeout_error": 504,
    "api_error": 500,
}
"""What the kinds of error of Claude Messages mean as HTTP statuses."""

_SURE_KINDS = ("authentication_error", "billing_error", "permission_error", "rate_limit_error", "overloaded_error")
_VAGUE_STATUSES = (200, 400, 500, 502, 503)


class ErrorBody(NamedTuple):
    """The words of a refusal.

    ``said`` is its sentence, ``words`` all of it that may decide: the sentence, the kind and the code.
    """

    said: str
    words: str
    kind: str = ""
    code: object = None
    in_json: bool = False
    speaks_messages: bool = False

    def meant_status(self, status: int) -> int:
        """The status that is meant: some gateways wrap all errors of the service behind them in one, even in 200."""
        if status in _VAGUE_STATUSES and self.kind in _SURE_KINDS:
            return STATUS_OF_KIND[self.kind]
        if status >= 400:
            return status
        if isinstance(self.code, int) and 400 <= self.code <= 599:
            return self.code
        return STATUS_OF_KIND.get(self.kind, 500)


def read_error(text: str) -> ErrorBody:
    """The words of an error in the form of Claude Messages, OpenAI or a web framework, or of plain text."""
    try:
        found = as_object(read_json(text))
    except ValueError:
        found = None
    if found is None:
        return ErrorBody(text[:READ], text[:READ])
    nested = as_object(found.get("error"))
    inner = nested or found
    said = _first_text(inner, "message", "msg", "detail", "error", "error_description", "reason") or text
    kind = as_text(inner.get("type")) or ""
    code = inner.get("code", found.get("code", found.get("status")))
    return ErrorBody(
        said=said[:READ],
        words=" | ".join((said[:READ], kind[:200], code[:200] if isinstance(code, str) else "")),
        kind=kind,
        code=code,
        in_json=True,
        speaks_messages=found.get("type") == "error" and nested is not None and bool(kind) and "message" in nested,
    )


def _first_text(found: dict[str, Any], *names: str) -> str | None:
    return next((value for name in names if (value := as_text(found.get(name)))), None)

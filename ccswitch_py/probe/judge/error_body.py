"""Reads the body of a refusal, in any of the forms that gateways use."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, cast

from ccswitch_py.probe.judge.refusals import MAX_CHARS
from ccswitch_py.probe.protocols.base import WireProtocol
from ccswitch_py.probe.protocols.messages import MESSAGES
from ccswitch_py.probe.protocols.values import as_object, as_text, read_json

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
    "invalid_api_key": 401,
    "insufficient_quota": 402,
    "rate_limit_exceeded": 429,
    "server_is_overloaded": 529,
}
"""What the kinds of error of Claude Messages, and the codes of OpenAI, mean as HTTP statuses."""

_CERTAIN_KINDS = ("authentication_error", "billing_error", "permission_error", "rate_limit_error", "overloaded_error")
_MESSAGE_FIELDS = ("message", "msg", "detail", "error", "error_description", "reason")
_VAGUE_STATUSES = (200, 400, 500, 502, 503)


class ErrorBody(NamedTuple):
    """The error in a refusal; ``words`` are its sentence, kind and code, separated so that no match spans two."""

    sentence: str
    words: str
    kind: str = ""
    code: object = None
    in_json: bool = False
    speaks_protocol: bool = False

    def meant_status(self, status: int) -> int:
        """The status that is meant: some gateways wrap every upstream error in the same one, even in 200."""
        if status in _VAGUE_STATUSES and self.kind in _CERTAIN_KINDS:
            return STATUS_OF_KIND[self.kind]
        if status >= 400:
            return status
        if isinstance(self.code, int) and 400 <= self.code <= 599:
            return self.code
        return STATUS_OF_KIND.get(self.kind) or STATUS_OF_KIND.get(str(self.code), 500)


def read_error(text: str, protocol: WireProtocol = MESSAGES) -> ErrorBody:
    """Read an error in the form of any protocol or a web framework, or plain text."""
    found = _error_object(text)
    if found is None:
        return ErrorBody(text[:MAX_CHARS], text[:MAX_CHARS])
    nested = as_object(found.get("error"))
    inner = nested or found
    sentence = _first_text(inner, *_MESSAGE_FIELDS) or _unescaped_json(found, text)
    kind = as_text(inner.get("type")) or ""
    code = inner.get("code", found.get("code", found.get("status")))
    return ErrorBody(
        sentence=sentence[:MAX_CHARS],
        words="。\n".join((sentence[:MAX_CHARS], kind[:200], _code_words(code))),
        kind=kind,
        code=code,
        in_json=True,
        speaks_protocol=protocol.is_own_error(found),
    )


def _error_object(text: str) -> dict[str, Any] | None:
    """The JSON object of an error; some services put it into a list."""
    try:
        value = read_json(text)
    except ValueError:
        return None
    return as_object(next(iter(cast("list[object]", value)), None) if isinstance(value, list) else value)


def _unescaped_json(found: dict[str, Any], text: str) -> str:
    """The object as text without escapes, behind which a word or a key could hide."""
    try:
        return json.dumps(found, ensure_ascii=False)
    except RecursionError:
        return text


def _code_words(code: object) -> str:
    """A code as one word; small numbers are dropped, for each gateway gives them its own meaning."""
    if isinstance(code, int) and 10_000 <= code < 10**9:
        return str(code)
    return code[:200] if isinstance(code, str) else ""


def _first_text(found: dict[str, Any], *names: str) -> str | None:
    return next((value for name in names if (value := as_text(found.get(name)))), None)

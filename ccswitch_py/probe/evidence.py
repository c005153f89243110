"""What was sent for a check and what came back, sanitized when it is read; never the key."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from ccswitch_py.core.language import _, ngettext
from ccswitch_py.probe.client.request import Request
from ccswitch_py.probe.client.response import Response
from ccswitch_py.redact.gateway_text import sanitize, sanitize_lines
from ccswitch_py.redact.key_patterns import DOTS, is_secret_name, may_contain_key
from ccswitch_py.redact.secret import Secret

_KNOWN_HEADERS = re.compile(r"host|user-agent|accept.*|connection|content-.*|anthropic-.*", re.IGNORECASE)
"""Headers that the user does not set, so that they hold no secret."""

BODY_LIMIT = 8 * 1024
"""Characters of a body that are shown."""

LINE_LIMIT = 2_000

PLACEHOLDERS = ("", "unused")
"""Header values that a target sends where the key must not be."""


@dataclass(frozen=True, repr=False)
class Evidence:
    """One request and the beginning of its answer of ``_size`` bytes, as on the wire; public members are sanitized."""

    _request: Request
    _answer: Response
    _size: int
    _key: Secret

    def __repr__(self) -> str:
        return f"Evidence({self._request!r}, {self._answer.status_line!r})"

    @property
    def url(self) -> str:
        """The exact address of the request."""
        return self._sanitized(self._request.url)

    @property
    def request_head(self) -> list[str]:
        """The request line and the headers, with every credential masked."""
        parts = urlsplit(self._request.url)
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        return [
            f"{self._request.method} {self._sanitized(target)} HTTP/1.1",
            *(f"{self._sanitized(name)}: {self._header_value(name, value)}" for name, value in self._request.headers),
        ]

    @property
    def request_body(self) -> list[str]:
        """The body of the request, line by line."""
        return self._body(self._request.body[: _kept_bytes(self._key)], len(self._request.body))

    @property
    def answer_head(self) -> list[str]:
        """The status line and the headers of the answer; nothing where there was none."""
        if not self._answer.status_line:
            return []
        return [
            self._sanitized(self._answer.status_line),
            *(
                f"{self._sanitized(name)}: {DOTS if 'cookie' in name else self._sanitized(value)}"
                for name, value in self._answer.headers.items()
            ),
        ]

    @property
    def answer_body(self) -> list[str]:
        """The body of the answer, line by line."""
        return self._body(self._answer.body, self._size)

    @property
    def times(self) -> str:
        """How long it took, in a sentence."""
        connected, first, whole = self._answer.connect_ms, self._answer.first_byte_ms, self._answer.elapsed_ms
        if connected is None:
            return _("No connection; it was given up after {ms} ms.", ms=whole)
        if not self._answer.status_line:
            return _("Connected after {first} ms; no answer in {ms} ms.", first=connected, ms=whole)
        return _(
            "Connected after {connected} ms, answered after {first} ms, all there after {ms} ms.",
            connected=connected,
            first=first,
            ms=whole,
        )

    def as_json(self) -> dict[str, Any]:
        """The facts as ``ccswitch test --json --verbose`` prints them."""
        answer = {"head": self.answer_head, "body": "\n".join(self.answer_body), "bytes": self._size}
        return {
            "url": self.url,
            "request": {"head": self.request_head, "body": "\n".join(self.request_body)},
            "answer": answer if self._answer.status_line else None,
            "connect_ms": self._answer.connect_ms,
            "first_byte_ms": self._answer.first_byte_ms if self._answer.status_line else None,
            "elapsed_ms": self._answer.elapsed_ms,
        }

    def _sanitized(self, text: str) -> str:
        return sanitize(text, self._key, LINE_LIMIT)

    def _header_value(self, name: str, value: str) -> str:
        """The key with its last four characters; any other possible secret without them."""
        key = self._key.reveal().strip()
        if key and key in value:
            before, _, after = value.partition(key)
            return f"{self._sanitized(before)} {self._key.masked} {self._sanitized(after)}".strip()
        if _KNOWN_HEADERS.fullmatch(name) or value in PLACEHOLDERS:
            return self._sanitized(value)
        return DOTS if is_secret_name(name) or may_contain_key(value) else self._sanitized(value)

    def _body(self, data: bytes | bytearray, size: int) -> list[str]:
        if not size:
            return []
        text = data.decode("utf-8-sig", "replace")
        is_cut = size > len(data)
        lines = sanitize_lines(text if is_cut else _indented(text), self._key, LINE_LIMIT, BODY_LIMIT)
        whole = "\n".join(lines)
        if is_cut:
            # The cut may have left the beginning of a key, too short to be recognised.
            whole = whole[: -_longest_form(self._key) - 1]
        if is_cut or len(whole) > BODY_LIMIT:
            rest = ngettext("… cut here, of {count} byte", "… cut here, of {count} bytes", size)
            return [*whole[:BODY_LIMIT].split("\n"), rest]
        return lines


def evidence_of(answer: Response, key: Secret) -> Evidence | None:
    """What was sent for an answer and what it is; None where nothing was sent."""
    if answer.request is None:
        return None
    beginning = replace(answer, body=answer.body[: _kept_bytes(key)])
    return Evidence(answer.request, beginning, len(answer.body), key)


def evidence_text(evidence: Evidence) -> str:
    """All of it as one text."""
    parts = [
        (_("Asked"), [evidence.url]),
        (_("Time"), [evidence.times]),
        (_("Request"), [*evidence.request_head, "", *evidence.request_body]),
        (_("Answer"), [*evidence.answer_head, "", *evidence.answer_body] if evidence.answer_head else [_("None.")]),
    ]
    return "\n".join("\n".join([title, *(f"  {line}".rstrip() for line in lines), ""]) for title, lines in parts)


def _kept_bytes(key: Secret) -> int:
    return BODY_LIMIT + _longest_form(key)


def _longest_form(key: Secret) -> int:
    return max(map(len, key.forms), default=0)


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text

"""What was sent for a check and what came back, made fit to be shown once somebody wants to see it; never the key."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ccswitch_py.core.language import _, ngettext
from ccswitch_py.redact.gateway_text import sanitize, sanitize_lines
from ccswitch_py.redact.key_patterns import DOTS, is_secret_name, may_contain_key
from ccswitch_py.targets.claude_code.custom_headers import UNUSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.probe.client.request import Request
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.redact.secret import Secret

BODY_LIMIT = 8 * 1024
"""Characters that are shown of a body."""

LINE_LIMIT = 2_000

_OURS = re.compile(r"host|user-agent|accept.*|connection|content-.*|anthropic-.*", re.IGNORECASE)
"""The headers that are not of the user's own making, so that no secret can be in them."""


@dataclass(frozen=True, repr=False)
class Evidence:
    """One request and its answer, as they were on the wire; only its methods give what may be shown.

    ``connect_ms`` is None where no connection came about. ``arrived`` counts the bytes of the answer's body, of which
    ``_head`` has the first.
    """

    connect_ms: int | None
    first_byte_ms: int
    elapsed_ms: int
    arrived: int
    _request: Request
    _status_line: str
    _headers: Mapping[str, str]
    _head: bytes
    _key: Secret

    def __repr__(self) -> str:
        return f"Evidence({self._request!r}, {self._status_line!r})"

    @property
    def url(self) -> str:
        """The exact address that was asked."""
        return self._shown(self._request.url)

    @property
    def request_head(self) -> list[str]:
        """The first line of the request, and its headers with every credential masked."""
        parts = urlsplit(self._request.url)
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        return [
            f"{self._request.method} {self._shown(target)} HTTP/1.1",
            *(f"{self._shown(name)}: {self._sent(name, value)}" for name, value in self._request.headers),
        ]

    @property
    def request_body(self) -> list[str]:
        """The body of the request, line by line."""
        return self._body(self._request.body[: self._most], len(self._request.body))

    @property
    def answer_head(self) -> list[str]:
        """The status line and the headers of the answer; nothing where there was none."""
        if not self._status_line:
            return []
        return [
            self._shown(self._status_line),
            *(
                f"{self._shown(name)}: {DOTS if 'cookie' in name else self._shown(value)}"
                for name, value in self._headers.items()
            ),
        ]

    @property
    def answer_body(self) -> list[str]:
        """The body of the answer, line by line."""
        return self._body(self._head, self.arrived)

    @property
    def times(self) -> str:
        """How long it took, in a sentence."""
        if self.connect_ms is None:
            return _("No connection; it was given up after {ms} ms.", ms=self.elapsed_ms)
        if not self._status_line:
            return _("Connected after {first} ms; no answer in {ms} ms.", first=self.connect_ms, ms=self.elapsed_ms)
        return _(
            "Connected after {connected} ms, answered after {first} ms, all there after {ms} ms.",
            connected=self.connect_ms,
            first=self.first_byte_ms,
            ms=self.elapsed_ms,
        )

    def as_json(self) -> dict[str, Any]:
        """The facts as ``ccswitch test --json --verbose`` prints them."""
        answer = {"head": self.answer_head, "body": "\n".join(self.answer_body), "bytes": self.arrived}
        return {
            "url": self.url,
            "request": {"head": self.request_head, "body": "\n".join(self.request_body)},
            "answer": answer if self._status_line else None,
            "connect_ms": self.connect_ms,
            "first_byte_ms": self.first_byte_ms if self._status_line else None,
            "elapsed_ms": self.elapsed_ms,
        }

    @property
    def _most(self) -> int:
        return _most_bytes(self._key)

    def _shown(self, text: str) -> str:
        return sanitize(text, self._key, LINE_LIMIT)

    def _sent(self, name: str, value: str) -> str:
        """The key with its last four characters; anything else that may be a secret without them."""
        key = self._key.reveal().strip()
        if key and key in value:
            before, _, after = value.partition(key)
            return f"{self._shown(before)} {self._key.masked} {self._shown(after)}".strip()
        if _OURS.fullmatch(name) or value in ("", UNUSED):
            return self._shown(value)
        return DOTS if is_secret_name(name) or may_contain_key(value) else self._shown(value)

    def _body(self, data: bytes, size: int) -> list[str]:
        if not size:
            return []
        text = data.decode("utf-8-sig", "replace")
        is_cut = size > len(data)
        lines = sanitize_lines(text if is_cut else _indented(text), self._key, LINE_LIMIT, BODY_LIMIT)
        whole = "\n".join(lines)
        if is_cut:
            # The cut may have left the beginning of a key at the end, too short to be recognised as one.
            whole = whole[: -_longest(self._key) - 1]
        if is_cut or len(whole) > BODY_LIMIT:
            rest = ngettext("… cut here, of {count} byte", "… cut here, of {count} bytes", size)
            return [*whole[:BODY_LIMIT].split("\n"), rest]
        return lines


def evidence_of(answer: Response, key: Secret) -> Evidence | None:
    """What was sent for an answer and what it is; None where nothing was sent."""
    if answer.request is None:
        return None
    return Evidence(
        connect_ms=answer.connect_ms,
        first_byte_ms=answer.first_byte_ms,
        elapsed_ms=answer.elapsed_ms,
        arrived=len(answer.body),
        _request=answer.request,
        _status_line=answer.status_line,
        _headers=answer.headers,
        _head=bytes(answer.body[: _most_bytes(key)]),
        _key=key,
    )


def evidence_text(evidence: Evidence) -> str:
    """All of it as one text, for reading and for copying."""
    parts = [
        (_("Asked"), [evidence.url]),
        (_("Time"), [evidence.times]),
        (_("Request"), [*evidence.request_head, "", *evidence.request_body]),
        (_("Answer"), [*evidence.answer_head, "", *evidence.answer_body] if evidence.answer_head else [_("None.")]),
    ]
    return "\n".join("\n".join([title, *(f"  {line}".rstrip() for line in lines), ""]) for title, lines in parts)


def _most_bytes(key: Secret) -> int:
    return BODY_LIMIT + _longest(key)


def _longest(key: Secret) -> int:
    return max(map(len, key.forms), default=0)


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text

"""What Claude Code 2.1.330 leaves out by itself once a gateway has refused it; older versions do not.

Seen in its requests to gateways that refuse one part each. A request that is refused with 400 or 422 is sent again in a
few variants whatever the refusal says, and in others where the refusal says it in words that Claude Code knows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ccswitch_py.probe.judge.refusals import READ
from ccswitch_py.targets.claude_code.request_shape import RequestPart

SILENTLY = frozenset({RequestPart.DISPLAY, RequestPart.BETA_TOKEN_COUNT, RequestPart.DEFER, RequestPart.BETA_TOOL_USE})
"""What the variants leave out that are tried whatever a refusal says."""

STATUSES = (400, 422)
"""The refusals after which a variant is tried."""

_HEADER = re.compile(r"anthropic[-_]beta")
_ROLE = re.compile(
    r"role .{0,2}system.{0,2} must (?:precede|follow)"
    r"|top-level .{0,2}system.{0,2} parameter"
    r"|text-only role .{0,2}system"
    r"|unexpected role.*input message role"
    r"|role .{0,2}system.*not supported|not supported.*role .{0,2}system"
    r"|(?:unknown variant \W{0,2}system\W{0,2}, expected|input should be) \W{1,2}(?:user|assistant)\W{1,2} or \W{1,2}"
    r"(?:user|assistant)",
    re.IGNORECASE | re.DOTALL,
)
_ADAPTIVE = re.compile(
    r"thinking\.type\W{1,8}(?:enabled|adaptive).*not supported|\badaptive thinking is not supported",
    re.IGNORECASE | re.DOTALL,
)


class Refusal(NamedTuple):
    """One refusal: its HTTP status, and what it says."""

    status: int
    words: str


def recovered(refusal: Refusal) -> frozenset[RequestPart]:
    """The parts that Claude Code leaves out because of what this refusal says."""
    status, words = refusal.status, refusal.words[:READ]
    lower = words.lower()
    found: set[RequestPart] = set()
    if _ROLE.search(words):
        found.add(RequestPart.SYSTEM_MESSAGE)
    if status in (*STATUSES, 500) and "context_management: extra inputs are not permitted" in lower:
        found.add(RequestPart.CONTEXT)
    if status in STATUSES and _HEADER.search(words):
        found.update(part for part in RequestPart if part.is_beta and part in words)
    if status == 400:
        is_field = all(word in lower for word in ("output_config", "effort", "extra inputs are not permitted"))
        if is_field or ("effort parameter" in lower and "not support" in lower):
            found.add(RequestPart.EFFORT)
        if _ADAPTIVE.search(words):
            found.add(RequestPart.THINKING)
        if "long context beta is not yet available" in lower:
            found.add(RequestPart.BETA_LONG_CONTEXT)
    return frozenset(found)

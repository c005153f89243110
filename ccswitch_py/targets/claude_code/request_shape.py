"""What a request of Claude Code consists of beyond a plain question, and which of its switches leaves what out.

Measured with 2.1.330 and 2.1.197 against a gateway on loopback; the shape is that of 2.1.330. What would say who asks
is not sent: no user agent of Claude Code, no ``x-app``, no billing header, no text of its system prompt.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from ccswitch_py.probe.client.request import MAX_TOKENS, wire_model

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class RequestPart(StrEnum):
    """A part that a strict gateway may refuse, by the name that a user finds in documentation."""

    THINKING = "thinking"
    DISPLAY = "thinking.display"
    EFFORT = "output_config.effort"
    CONTEXT = "context_management"
    CACHE = "cache_control"
    DEFER = "tools.defer_loading"
    TOOLS = "tools"
    METADATA = "metadata"
    SYSTEM_BLOCKS = "system as a list"
    SYSTEM_MESSAGE = "a message of the role system"
    BETA_CLAUDE_CODE = "claude-code-20250219"
    BETA_LONG_CONTEXT = "context-1m-2025-08-07"
    BETA_INTERLEAVED = "interleaved-thinking-2025-05-14"
    BETA_CONTEXT = "context-management-2025-06-27"
    BETA_TOOL_CHANGES = "mid-conversation-tool-changes-2026-07-01"
    BETA_TOKEN_COUNT = "thinking-token-count-2026-05-13"  # noqa: S105
    BETA_TOOL_USE = "advanced-tool-use-2025-11-20"
    BETA_EFFORT = "effort-2025-11-24"

    @property
    def is_beta(self) -> bool:
        """Whether it is a name in the ``anthropic-beta`` header."""
        return self.name.startswith("BETA_")


class Switch(NamedTuple):
    """An environment variable of Claude Code, the value that turns a feature off, and what it then leaves out."""

    name: str
    value: str
    drops: frozenset[RequestPart]


STRICT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
}
"""How the schemas of Claude Code's tools begin; some converters refuse the first or the last of these."""

EFFORT_SWITCH = "CLAUDE_CODE_EFFORT_LEVEL"

SWITCHES = (
    Switch("ENABLE_TOOL_SEARCH", "false", frozenset({RequestPart.DEFER, RequestPart.BETA_TOOL_USE})),
    Switch("DISABLE_INTERLEAVED_THINKING", "1", frozenset({RequestPart.BETA_INTERLEAVED})),
    Switch(
        "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS",
        "1",
        frozenset(
            {
                RequestPart.CONTEXT,
                RequestPart.DEFER,
                RequestPart.DISPLAY,
                RequestPart.BETA_CONTEXT,
                RequestPart.BETA_TOOL_CHANGES,
                RequestPart.BETA_TOKEN_COUNT,
                RequestPart.BETA_TOOL_USE,
            }
        ),
    ),
    Switch(EFFORT_SWITCH, "unset", frozenset({RequestPart.EFFORT})),
    Switch("DISABLE_PROMPT_CACHING", "1", frozenset({RequestPart.CACHE})),
    Switch(
        "CLAUDE_CODE_DISABLE_THINKING", "1", frozenset({RequestPart.THINKING, RequestPart.DISPLAY, RequestPart.CONTEXT})
    ),
)
"""The switch that costs the user least stands first."""

NO_SWITCH = (
    RequestPart.SYSTEM_MESSAGE,
    RequestPart.METADATA,
    RequestPart.SYSTEM_BLOCKS,
    RequestPart.TOOLS,
    RequestPart.BETA_EFFORT,
    RequestPart.BETA_LONG_CONTEXT,
    RequestPart.BETA_CLAUDE_CODE,
)
"""What no switch of Claude Code leaves out."""

_SAME_AS = {"MAX_THINKING_TOKENS": ("CLAUDE_CODE_DISABLE_THINKING", "0")}
_OFF_VALUES = {EFFORT_SWITCH: ("unset", "auto"), "ENABLE_TOOL_SEARCH": ("false", "0", "no", "off")}
_TRUE = ("1", "true", "yes", "on")

_EARLY = re.compile(r"claude-3")
_BUDGETED = re.compile(r"claude-(?:opus|sonnet|haiku)-4(?:-[0-5])?(?:-20\d{6}|-[a-z]\w*|$)")
_WITHOUT_SYSTEM_MESSAGE = re.compile(r"claude-(?:opus|sonnet)-4-[67]")
_EFFORTS = ((re.compile(r"claude-opus-4-7"), "xhigh"), (re.compile(r"claude-\w+-5-5"), "medium"))


def parts_for(model: str, switches: Mapping[str, str]) -> frozenset[RequestPart]:
    """What Claude Code would send to this model, with these switches of the profile set."""
    parts = set(RequestPart)
    plain = wire_model(model).lower()
    if plain == model.lower():
        parts.remove(RequestPart.BETA_LONG_CONTEXT)
    if _EARLY.search(plain):
        parts &= {
            RequestPart.CACHE,
            RequestPart.TOOLS,
            RequestPart.METADATA,
            RequestPart.SYSTEM_BLOCKS,
            RequestPart.BETA_CLAUDE_CODE,
        }
    elif _BUDGETED.search(plain):
        # Their thinking needs a budget of 1,024 tokens at least, more than the test asks for.
        parts -= {
            RequestPart.THINKING,
            RequestPart.EFFORT,
            RequestPart.BETA_EFFORT,
            RequestPart.SYSTEM_MESSAGE,
            RequestPart.BETA_TOOL_CHANGES,
        }
    elif _WITHOUT_SYSTEM_MESSAGE.search(plain):
        parts -= {RequestPart.SYSTEM_MESSAGE, RequestPart.BETA_TOOL_CHANGES}
    for name, value in switches.items():
        parts -= _dropped_by(name, value.strip().lower())
    return without(parts, ())


def without(parts: Collection[RequestPart], left_out: Collection[RequestPart]) -> frozenset[RequestPart]:
    """The parts without some, and without what makes no sense alone."""
    rest = set(parts) - set(left_out)
    if RequestPart.THINKING not in rest:
        rest -= {RequestPart.DISPLAY, RequestPart.CONTEXT}
    if RequestPart.TOOLS not in rest:
        rest.discard(RequestPart.DEFER)
    return frozenset(rest)


def betas(parts: Collection[RequestPart]) -> str:
    """The value of the ``anthropic-beta`` header; empty for none."""
    return ",".join(part for part in RequestPart if part.is_beta and part in parts)


def shaped_body(
    model: str, parts: Collection[RequestPart], question: str, switches: Mapping[str, str], *, stream: bool
) -> dict[str, Any]:
    """A short question in the shape of Claude Code, with these parts in it and the effort that the switches set."""
    marked: dict[str, Any] = {"cache_control": {"type": "ephemeral"}} if RequestPart.CACHE in parts else {}
    rules = "You answer questions of a test in a few words."
    messages: list[dict[str, Any]] = [{"role": "user", "content": [{"type": "text", "text": question}]}]
    if RequestPart.SYSTEM_MESSAGE in parts:
        messages.append({"role": "system", "content": [{"type": "text", "text": "Answer in words.", **marked}]})
    body: dict[str, Any] = {"model": wire_model(model), "messages": messages}
    body["system"] = [{"type": "text", "text": rules, **marked}] if RequestPart.SYSTEM_BLOCKS in parts else rules
    if RequestPart.TOOLS in parts:
        body["tools"] = [
            _tool("look_up", {}),
            _tool("remind", {"defer_loading": True} if RequestPart.DEFER in parts else {}),
        ]
    if RequestPart.METADATA in parts:
        body["metadata"] = {"user_id": "live-test"}
    body["max_tokens"] = MAX_TOKENS
    if RequestPart.THINKING in parts:
        body["thinking"] = {"type": "adaptive", **({"display": "omitted"} if RequestPart.DISPLAY in parts else {})}
    if RequestPart.CONTEXT in parts:
        body["context_management"] = {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}
    if RequestPart.EFFORT in parts:
        body["output_config"] = {"effort": switches.get(EFFORT_SWITCH) or _effort(model)}
    return {**body, "stream": stream}


def _tool(name: str, more: dict[str, Any]) -> dict[str, Any]:
    schema = {**STRICT, "properties": {"what": {"type": "string"}}, "required": ["what"]}
    return {"name": name, "description": "Not needed for this question.", "input_schema": schema, **more}


def _effort(model: str) -> str:
    return next((effort for pattern, effort in _EFFORTS if pattern.search(model.lower())), "high")


def _dropped_by(name: str, value: str) -> frozenset[RequestPart]:
    name, off_value = _SAME_AS.get(name, (name, ""))
    switch = next((switch for switch in SWITCHES if switch.name == name), None)
    off_values = (off_value,) if off_value else _OFF_VALUES.get(name, _TRUE)
    return switch.drops if switch and value in off_values else frozenset()

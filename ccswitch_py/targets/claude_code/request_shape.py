"""The parts of Claude Code's requests, the switches that drop them, and what it drops by itself.

Measured with 2.1.330 and 2.1.197 against gateways on loopback that refuse one part each; the shape is that of 2.1.330.
What would identify the client is never sent: no user agent of Claude Code, no ``x-app``, no billing header, no text of
its system prompt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ccswitch_py.core.language import N_
from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.probe.client.request import STRICT_SCHEMA
from ccswitch_py.probe.client_shape import ClientShape, Parts, Switch
from ccswitch_py.probe.judge.refusals import MAX_CHARS


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
"""The switch that costs the user least comes first."""

UNSWITCHABLE = (
    RequestPart.SYSTEM_MESSAGE,
    RequestPart.METADATA,
    RequestPart.SYSTEM_BLOCKS,
    RequestPart.TOOLS,
    RequestPart.BETA_EFFORT,
    RequestPart.BETA_LONG_CONTEXT,
    RequestPart.BETA_CLAUDE_CODE,
)
"""The parts that no switch drops, in the same order."""

_SAME_AS = {"MAX_THINKING_TOKENS": ("CLAUDE_CODE_DISABLE_THINKING", "0")}
_OFF_VALUES = {EFFORT_SWITCH: ("unset", "auto"), "ENABLE_TOOL_SEARCH": ("false", "0", "no", "off")}
_TRUE = ("1", "true", "yes", "on")

_EARLY = re.compile(r"claude-3")
_BUDGETED = re.compile(r"claude-(?:opus|sonnet|haiku)-4(?:-[0-5])?(?:-20\d{6}|-[a-z]\w*|$)")
_WITHOUT_SYSTEM_MESSAGE = re.compile(r"claude-(?:opus|sonnet)-4-[67]")
_EFFORTS = ((re.compile(r"claude-opus-4-7"), "xhigh"), (re.compile(r"claude-\w+-5-5"), "medium"))
MAX_OUTPUT = 128_000
_OUTPUT_LIMITS = ((re.compile(r"claude-opus-5"), MAX_OUTPUT), (re.compile(r"claude-sonnet-5"), 64_000))
_LONG_CONTEXT = re.compile(r"\[1m\]$", re.IGNORECASE)

_FIELDS = (
    (RequestPart.DISPLAY, r"thinking\.(?:\w+\.)?display|\bdisplay\b"),
    (RequestPart.CONTEXT, r"context_management|clear_thinking"),
    (RequestPart.EFFORT, r"output_config|\beffort\b"),
    (RequestPart.CACHE, r"cache_control|prompt caching"),
    (RequestPart.DEFER, r"defer_loading|tool[_ ]search"),
    (RequestPart.SYSTEM_MESSAGE, r"messages[.\[]\d+\]?\.role|\brole\b"),
    (RequestPart.METADATA, r"\bmetadata\b|user_id"),
    (RequestPart.THINKING, r"\bthinking\b"),
    (RequestPart.TOOLS, r"\btools?\b(?!\.)"),
    (RequestPart.SYSTEM_BLOCKS, r"\bsystem\b(?= ?:)"),
)
_NAMED = tuple((part, re.compile(pattern, re.IGNORECASE)) for part, pattern in _FIELDS)
"""How refusals name the parts that are no betas."""

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


class ClaudeCodeShape(ClientShape):
    """The requests of Claude Code with these compatibility switches set."""

    name = "Claude Code"
    part_names = tuple(RequestPart)
    part_sentences = {  # noqa: RUF012 (read only)
        RequestPart.SYSTEM_BLOCKS: (N_("It is system as a list."), N_("It is system as a list as well.")),
        RequestPart.SYSTEM_MESSAGE: (
            N_("It is a message of the role system."),
            N_("It is a message of the role system as well."),
        ),
    }
    switches = SWITCHES
    unswitchable = UNSWITCHABLE
    retry_statuses = (400, 422)
    retry_drops = frozenset(
        {RequestPart.DISPLAY, RequestPart.BETA_TOKEN_COUNT, RequestPart.DEFER, RequestPart.BETA_TOOL_USE}
    )
    retry_note = N_(
        "Claude Code 2.1.330 retries without it: up to three requests before a session's first answer, none after; "
        "older versions stop."
    )
    asks_unstreamed = True
    ca_variable = "NODE_EXTRA_CA_CERTS"
    advice = {  # noqa: RUF012 (read only)
        Diagnosis.TLS_FAILED: N_(
            "If your network inspects traffic, set NODE_EXTRA_CA_CERTS to its certificate file in your shell; "
            "else tell the gateway's operator."
        ),
        Diagnosis.WRONG_HEADER: N_("Turn bearer_only off in the profile, which sends the key in both headers."),
        Diagnosis.HEADER_MISSING: N_("Add the header that it names to the profile, under headers."),
        Diagnosis.CLIENT_RESTRICTED: N_("Try {tool} itself: ccswitch test {profile} --with-claude"),
        Diagnosis.FORBIDDEN: N_(
            "Ask the provider about limits by address, country, group or program; "
            "ccswitch test {profile} --with-claude shows whether {tool} is admitted."
        ),
        Diagnosis.REQUEST_REFUSED: N_(
            "Read its answer; ccswitch test {profile} --with-claude shows if it refuses {tool}, too."
        ),
    }
    omission_notes = {  # noqa: RUF012 (read only)
        RequestPart.SYSTEM_MESSAGE: N_(
            "Claude Code sends none to an id that begins with claude-sonnet-4-5: a gateway of your own can map one."
        )
    }
    bearer_note = N_("Some gateways read only x-api-key, which is sent only with delivery command and bearer_only off.")

    def __init__(self, settings: Mapping[str, str], output_limit: int | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._output_limit = output_limit

    def wire_model(self, model: str) -> str:
        """The id without ``[1m]``, which asks for the long context by a beta instead."""
        return _LONG_CONTEXT.sub("", model)

    def model_betas(self, model: str) -> str:
        """The beta of the long context, if the id asks for it."""
        return RequestPart.BETA_LONG_CONTEXT if self.wire_model(model) != model else ""

    def parts(self, model: str) -> Parts:
        """The parts of a request to this model."""
        parts = set(RequestPart)
        plain = self.wire_model(model).lower()
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
            parts -= {RequestPart.THINKING, RequestPart.EFFORT, RequestPart.BETA_EFFORT}
        if _BUDGETED.search(plain) or _WITHOUT_SYSTEM_MESSAGE.search(plain):
            parts -= {RequestPart.SYSTEM_MESSAGE, RequestPart.BETA_TOOL_CHANGES}
        for name, value in self._settings.items():
            parts -= _dropped_by(name, value.strip().lower())
        return self.without(frozenset(parts), frozenset())

    def without(self, parts: Parts, left_out: Parts) -> Parts:
        """The parts without some, and without those that make no sense alone."""
        rest = set(parts - left_out)
        if RequestPart.THINKING not in rest:
            rest -= {RequestPart.DISPLAY, RequestPart.CONTEXT}
        if RequestPart.TOOLS not in rest:
            rest.discard(RequestPart.DEFER)
        return frozenset(rest)

    def output_limit(self, model: str) -> int:
        """The limit of the profile, else the tool's own for the model (measured)."""
        own = next((limit for pattern, limit in _OUTPUT_LIMITS if pattern.search(model.lower())), 32_000)
        return min(self._output_limit or own, MAX_OUTPUT)

    def body(self, model: str, parts: Parts, prompt: str, *, stream: bool) -> dict[str, Any]:
        """The body of a short question with these parts, and with the effort that the settings ask for."""
        marked: dict[str, Any] = {"cache_control": {"type": "ephemeral"}} if RequestPart.CACHE in parts else {}
        rules = "You answer questions of a test in a few words."
        messages: list[dict[str, Any]] = [{"role": "user", "content": [{"type": "text", "text": prompt}]}]
        if RequestPart.SYSTEM_MESSAGE in parts:
            messages.append({"role": "system", "content": [{"type": "text", "text": "Answer in words.", **marked}]})
        body: dict[str, Any] = {"model": self.wire_model(model), "messages": messages}
        body["system"] = [{"type": "text", "text": rules, **marked}] if RequestPart.SYSTEM_BLOCKS in parts else rules
        if RequestPart.TOOLS in parts:
            deferred = {"defer_loading": True} if RequestPart.DEFER in parts else {}
            body["tools"] = [_tool("look_up"), {**_tool("remind"), **deferred}]
        if RequestPart.METADATA in parts:
            body["metadata"] = {"user_id": "live-test"}
        body["max_tokens"] = self.output_limit(model)
        if RequestPart.THINKING in parts:
            body["thinking"] = {"type": "adaptive", **({"display": "omitted"} if RequestPart.DISPLAY in parts else {})}
        if RequestPart.CONTEXT in parts:
            body["context_management"] = {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}
        if RequestPart.EFFORT in parts:
            body["output_config"] = {"effort": self._settings.get(EFFORT_SWITCH) or _default_effort(model)}
        return {**body, "stream": stream}

    def is_beta(self, part: str) -> bool:
        """Whether a part is a value of the ``anthropic-beta`` header."""
        return RequestPart(part).is_beta

    def named_parts(self, refusal: str) -> Parts:
        """The parts that the text of a refusal names: betas, else fields."""
        refusal = refusal[:MAX_CHARS]
        found = {part for part in _BETAS if f"{part.rsplit('-20', 1)[0]}-20" in refusal}
        found = found or {part for part, pattern in _NAMED if pattern.search(refusal)}
        return frozenset(found - {RequestPart.THINKING} if RequestPart.DISPLAY in found else found)

    def recovers_from(self, status: int, refusal: str) -> Parts:
        """The parts that Claude Code 2.1.330 leaves out because of the text of a refusal; older versions do not."""
        refusal = refusal[:MAX_CHARS]
        lower = refusal.lower()
        found: set[str] = set()
        if _ROLE.search(refusal):
            found.add(RequestPart.SYSTEM_MESSAGE)
        if status in (*self.retry_statuses, 500) and "context_management: extra inputs are not permitted" in lower:
            found.add(RequestPart.CONTEXT)
        if status in self.retry_statuses and _HEADER.search(refusal):
            found.update(part for part in _BETAS if part in refusal)
        if status == 400:
            is_field = all(word in lower for word in ("output_config", "effort", "extra inputs are not permitted"))
            if is_field or ("effort parameter" in lower and "not support" in lower):
                found.add(RequestPart.EFFORT)
            if _ADAPTIVE.search(refusal):
                found.add(RequestPart.THINKING)
            if "long context beta is not yet available" in lower:
                found.add(RequestPart.BETA_LONG_CONTEXT)
        return frozenset(found)


_BETAS = tuple(part for part in RequestPart if part.is_beta)


def _tool(name: str) -> dict[str, Any]:
    schema = {**STRICT_SCHEMA, "properties": {"what": {"type": "string"}}, "required": ["what"]}
    return {"name": name, "description": "Not needed for this question.", "input_schema": schema}


def _default_effort(model: str) -> str:
    return next((effort for pattern, effort in _EFFORTS if pattern.search(model.lower())), "high")


def _dropped_by(name: str, value: str) -> Parts:
    """What a setting drops, given its value in lower case."""
    name, off_value = _SAME_AS.get(name, (name, ""))
    switch = next((switch for switch in SWITCHES if switch.name == name), None)
    off_values = (off_value,) if off_value else _OFF_VALUES.get(name, _TRUE)
    return switch.drops if switch and value in off_values else frozenset()

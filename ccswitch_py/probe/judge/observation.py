"""The terms of a judgement: what was asked, the message that came back, and what an answer shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client_shape import ClientShape

PROVES_KEY = frozenset(
    {
        Diagnosis.OK,
        Diagnosis.LENGTH_STOP,
        Diagnosis.EMPTY_ANSWER,
        Diagnosis.MODEL_SUBSTITUTED,
        Diagnosis.USAGE_MISSING,
        Diagnosis.USAGE_WRONG,
        Diagnosis.MODEL_NOT_FOUND,
        Diagnosis.NO_CHANNEL,
        Diagnosis.QUOTA_EXHAUSTED,
        Diagnosis.RATE_LIMITED,
        Diagnosis.CONCURRENCY_LIMITED,
        Diagnosis.STREAM_TRUNCATED,
        Diagnosis.STREAM_ERROR,
    }
)
"""What a gateway can only say to a key that it knows, provided that it says it in JSON."""

_BY_ADDRESS = re.compile(r"\bip\b|address", re.IGNORECASE)


class Question(NamedTuple):
    """What was asked: whom, for which model, and on behalf of which client.

    ``sent_headers`` are lower-case names; a credential header is among them only if it carries the key.
    ``max_input`` is the largest credible number of input tokens, where that is known.
    """

    base_url: BaseUrl
    model: str
    client: ClientShape = ClientShape()
    sent_headers: frozenset[str] = frozenset({"authorization"})
    max_input: int | None = None

    @property
    def wire_model(self) -> str:
        """The model id as it is sent."""
        return self.client.wire_model(self.model)


class ToolCall(NamedTuple):
    """A tool call of the model; ``arguments`` is the JSON text of its input."""

    name: str
    arguments: str


class Message(NamedTuple):
    """A model's answer; ``usage`` is whatever was sent as such, ``lacks`` the first required field that is missing."""

    model: str | None
    text: str
    tool_calls: tuple[ToolCall, ...]
    stop_reason: str | None
    usage: object
    lacks: str = ""

    @property
    def has_text(self) -> bool:
        """Whether there is more than white space."""
        return bool(self.text.strip())


class Usage(NamedTuple):
    """The counts that were reported as whole numbers, and what is wrong with them, if anything."""

    counts: dict[str, int]
    diagnosis: Diagnosis
    reason: str


class Timing(NamedTuple):
    """When a stream's first event came, and over how long its pieces were spread; no rate where all came at once."""

    first_event_ms: int
    pieces: int
    spread_ms: int
    tokens_per_s: float | None


@dataclass(frozen=True)
class Observation:
    """What one answer shows; ``quote`` and ``answered_model`` are the gateway's own words, not sanitized yet.

    ``reason`` adds a sentence to the cause; ``advice`` replaces the general one. ``speaks_messages`` holds for a
    message or an error in the form of Claude Messages, ``in_json`` for any JSON object. ``secondary`` are lesser
    diagnoses, ``fix`` the settings with which the check would pass.
    """

    diagnosis: Diagnosis
    status: Status = Status.FAIL
    quote: str = field(default="", repr=False)
    http_status: int = 0
    reason: str = ""
    advice: str | None = None
    speaks_messages: bool = False
    in_json: bool = False
    answered_model: str | None = field(default=None, repr=False)
    usage: Usage | None = None
    secondary: tuple[Diagnosis, ...] = ()
    message: Message | None = field(default=None, repr=False)
    timing: Timing | None = None
    fix: tuple[tuple[str, str], ...] = ()

    @property
    def proves_key(self) -> bool:
        """Whether the gateway knows the key; a limit on an IP address applies before the key is read."""
        if self.diagnosis is Diagnosis.RATE_LIMITED and _BY_ADDRESS.search(self.quote):
            return False
        return self.in_json and self.diagnosis in PROVES_KEY

    @property
    def proves_messages(self) -> bool:
        """Whether the gateway speaks Claude Messages: what it says of key or model, it says at this very path."""
        return self.speaks_messages or self.proves_key

    def rejudged(self, diagnosis: Diagnosis, status: Status, *, reason: str = "", quote: str = "") -> Observation:
        """The same answer judged by another check; what the first one said of it does not carry over."""
        return replace(self, diagnosis=diagnosis, status=status, reason=reason, quote=quote, advice=None, secondary=())

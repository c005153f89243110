"""The terms of a judgement: what was asked, and what an answer shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client_shape import ClientShape
from ccswitch_py.probe.protocols.base import WireProtocol
from ccswitch_py.probe.protocols.messages import MESSAGES
from ccswitch_py.probe.protocols.stream import Message, Timing

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
    """What was asked: whom, for which model, on behalf of which client, and in which protocol.

    ``sent_headers`` are lower-case names; a credential header is among them only if it carries the key.
    ``max_input`` is the largest credible number of input tokens, where that is known.
    """

    base_url: BaseUrl
    model: str
    client: ClientShape = ClientShape()
    sent_headers: frozenset[str] = frozenset({"authorization"})
    max_input: int | None = None
    protocol: WireProtocol = MESSAGES

    @property
    def wire_model(self) -> str:
        """The model id as it is sent."""
        return self.client.wire_model(self.model)


class Usage(NamedTuple):
    """The counts that were reported as whole numbers, and what is wrong with them, if anything."""

    counts: dict[str, int]
    diagnosis: Diagnosis
    reason: str


@dataclass(frozen=True)
class Observation:
    """What one answer shows; ``quote`` and ``answered_model`` are the gateway's own words, not sanitized yet.

    ``reason`` adds a sentence to the cause; ``advice`` replaces the general one. ``speaks_protocol`` holds for an
    answer or an error in the form of the protocol, ``in_json`` for any JSON object. ``secondary`` are lesser diagnoses,
    ``fix`` the settings with which the check would pass. ``in_stream``: it is an error that a stream began with, which
    tools retry.
    """

    diagnosis: Diagnosis
    status: Status = Status.FAIL
    quote: str = field(default="", repr=False)
    http_status: int = 0
    reason: str = ""
    advice: str | None = None
    speaks_protocol: bool = False
    in_json: bool = False
    answered_model: str | None = field(default=None, repr=False)
    usage: Usage | None = None
    secondary: tuple[Diagnosis, ...] = ()
    message: Message | None = field(default=None, repr=False)
    timing: Timing | None = None
    fix: tuple[tuple[str, str], ...] = ()
    in_stream: bool = False

    @property
    def proves_key(self) -> bool:
        """Whether the gateway knows the key; a limit on an IP address applies before the key is read."""
        if self.diagnosis is Diagnosis.RATE_LIMITED and _BY_ADDRESS.search(self.quote):
            return False
        return self.in_json and self.diagnosis in PROVES_KEY

    @property
    def proves_protocol(self) -> bool:
        """Whether the gateway speaks the protocol: what it says of key or model, it says at this very path."""
        return self.speaks_protocol or self.proves_key

    def rejudged(self, diagnosis: Diagnosis, status: Status, *, reason: str = "", quote: str = "") -> Observation:
        """The same answer judged by another check; what the first one said of it does not carry over."""
        return replace(self, diagnosis=diagnosis, status=status, reason=reason, quote=quote, advice=None, secondary=())

"""What one answer says, before it becomes a row that the user sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ccswitch_py.model.diagnosis import Diagnosis, Status

if TYPE_CHECKING:
    from ccswitch_py.probe.judge.message import Message
    from ccswitch_py.probe.judge.stream import Timing
    from ccswitch_py.probe.judge.usage import Usage

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


@dataclass(frozen=True)
class Observation:
    """What one answer says.

    ``said`` and ``answered_model`` are the gateway's own words, not yet fit to be shown. ``reason`` is a sentence of
    ours that adds to the cause; ``advice`` replaces the general one. ``speaks_messages`` holds for a message or an
    error in the form of Claude Messages, ``in_json`` for any JSON object; ``also`` are lesser findings. ``message`` is
    the answer itself, ``fix`` the compatibility switches that would make this check pass.
    """

    diagnosis: Diagnosis
    status: Status = Status.FAIL
    said: str = field(default="", repr=False)
    http_status: int = 0
    reason: str = ""
    advice: str | None = None
    speaks_messages: bool = False
    in_json: bool = False
    answered_model: str | None = field(default=None, repr=False)
    usage: Usage | None = None
    also: tuple[Diagnosis, ...] = ()
    message: Message | None = field(default=None, repr=False)
    timing: Timing | None = None
    fix: tuple[tuple[str, str], ...] = ()

    @property
    def proves_key(self) -> bool:
        """Whether the gateway knows the key; a limit on an address comes before anybody has looked at it."""
        if self.diagnosis is Diagnosis.RATE_LIMITED and _BY_ADDRESS.search(self.said):
            return False
        return self.in_json and self.diagnosis in PROVES_KEY

    def turned(self, diagnosis: Diagnosis, status: Status, *, reason: str = "", said: str = "") -> Observation:
        """The same answer judged by another question: what was said of the first one does not hold for it."""
        return replace(self, diagnosis=diagnosis, status=status, reason=reason, said=said, advice=None, also=())

    @property
    def proves_messages(self) -> bool:
        """Whether the gateway speaks Claude Messages: what it says of key or model, it says at this very path."""
        return self.speaks_messages or self.proves_key

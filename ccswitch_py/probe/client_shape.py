"""How a tool's requests differ from a plain question: what a live test has to know of the tool it stands in for.

A target gives an instance to the plan; the rest of the live test asks it and knows no tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.probe.client.request import MAX_TOKENS
from ccswitch_py.probe.protocols.messages import MESSAGES

Parts = frozenset[str]


class Switch(NamedTuple):
    """A setting of the tool, the value that turns a feature off, and the parts of a request that it then leaves out."""

    name: str
    value: str
    drops: Parts


class ClientShape:
    """A tool that sends nothing but plain questions; a subclass adds the parts that a strict gateway may refuse.

    Parts have the names that users find in documentation; ``part_sentences`` are for those without one ("It is …",
    "It is … as well"). ``switches`` and ``unswitchable`` (parts that no switch drops) are ordered by what leaving them
    out costs the user, the cheapest first. After a refusal with one of ``retry_statuses`` the tool retries without
    ``retry_drops``; ``retry_note`` is what that means for the user. What it cannot read as a stream it asks for again
    without streaming if it ``asks_unstreamed``. It refuses fields of a wrong type if it ``validates``. ``ca_variable``
    names the variable with a file of certificate authorities. ``advice`` replaces the general one; ``bearer_note`` is
    added where a key was refused that was not sent as ``x-api-key``, ``omission_notes`` where a part without a switch
    is refused. Sentences are to be translated.
    """

    name = "the tool"
    part_names: tuple[str, ...] = ()
    part_sentences: Mapping[str, tuple[str, str]] = {}
    switches: tuple[Switch, ...] = ()
    unswitchable: tuple[str, ...] = ()
    retry_statuses: tuple[int, ...] = ()
    retry_drops: Parts = frozenset()
    retry_note = ""
    asks_unstreamed = False
    validates = False
    ca_variable = ""
    advice: Mapping[Diagnosis, str] = {}
    bearer_note = ""
    omission_notes: Mapping[str, str] = {}

    def __init__(self, name: str = "", *, validates: bool = False) -> None:
        self.name = name or self.name
        self.validates = validates or self.validates

    def wire_model(self, model: str) -> str:
        """The model id as it is sent."""
        return model

    def model_betas(self, model: str) -> str:
        """The ``anthropic-beta`` header that the model id alone asks for; empty for none."""
        return ""

    def parts(self, model: str) -> Parts:
        """The parts of a request to this model."""
        return frozenset()

    def without(self, parts: Parts, left_out: Parts) -> Parts:
        """The parts without some, and without those that make no sense alone."""
        return parts - left_out

    def output_limit(self, model: str) -> int:
        """The output tokens that the tool asks of this model."""
        return MAX_TOKENS

    def body(self, model: str, parts: Parts, prompt: str, *, stream: bool) -> dict[str, Any]:
        """The body of a short question with these parts, and room for as long an answer as the tool asks for."""
        return MESSAGES.body(self.wire_model(model), prompt, stream=stream)

    def is_beta(self, part: str) -> bool:
        """Whether a part is a value of the ``anthropic-beta`` header."""
        return False

    def betas(self, parts: Parts) -> str:
        """The value of the ``anthropic-beta`` header; empty for none."""
        return ",".join(part for part in self.part_names if part in parts and self.is_beta(part))

    def named_parts(self, refusal: str) -> Parts:
        """The parts that the text of a refusal names."""
        return frozenset()

    def recovers_from(self, status: int, refusal: str) -> Parts:
        """The parts that the tool leaves out by itself after a refusal with this status and text."""
        return frozenset()

"""The interface of a protocol: build the body of a question, and read an answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, NamedTuple

from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.model.protocol import Protocol
from ccswitch_py.probe.client.request import PROMPT
from ccswitch_py.probe.protocols.stream import AnswerStream, Message

COMMON_CHECKS = frozenset({"stream", "tools", "image"})
"""The checks beyond the models that every protocol has."""


class Tool(NamedTuple):
    """A tool that a question offers; ``schema`` is the JSON schema of its input."""

    name: str
    description: str
    schema: Mapping[str, Any]


class WireProtocol(ABC):
    """A protocol between a tool and a gateway.

    ``family`` is what providers call a compatible address: "an OpenAI-compatible base URL". ``headers`` go with each
    request. ``mismatch`` is the diagnosis for an answer in another format. ``end_marker`` ends a stream; tools tolerate
    its absence. ``tool_stop`` is the stop reason of a tool call, ``limit`` the number of output tokens that a question
    asks for, ``version_path`` how most of its base URLs end. ``usage_names`` maps the counts of a ``Message`` to their
    names on the wire. ``fatal_stops`` are stop reasons that tools report as an error. ``checks`` are its checks beyond
    the models; ``models_path``, below the base URL, lists the models.
    """

    id: Protocol
    name: str
    family: str
    headers: tuple[tuple[str, str], ...] = ()
    mismatch = Diagnosis.WRONG_PROTOCOL
    end_marker = ""
    tool_stop = ""
    limit: int | None = None
    version_path = ""
    usage_names: Mapping[str, str]
    fatal_stops: frozenset[str] = frozenset()
    checks = COMMON_CHECKS
    models_path = "/models"

    @abstractmethod
    def body(
        self,
        model: str,
        prompt: str = PROMPT,
        *,
        stream: bool,
        tool: Tool | None = None,
        forced: bool = False,
        png: str = "",
    ) -> dict[str, Any]:
        """The body of a question with only a prompt, and a tool and an image, if any; ``model`` as it is sent.

        ``forced``: the answer has to be a call of the tool. ``png`` is a picture in base64.
        """

    @abstractmethod
    def read(self, value: object) -> Message | None:
        """Read the JSON of an answer that is not streamed; None if it is not one of this protocol."""

    @abstractmethod
    def new_stream(self) -> AnswerStream:
        """Return a reader of a streamed answer."""

    def address(self, url: str, model: str, *, stream: bool) -> str:
        """The address of a question; ``url`` is the base URL with the tool's path."""
        return url

    def is_own_error(self, found: Mapping[str, Any]) -> bool:
        """Whether the JSON object of an error is in a form that no other protocol has."""
        return False

    def read_ids(self, listing: Mapping[str, Any]) -> list[object]:
        """The ids in a list of models; raises ``KeyError`` or ``TypeError`` for anything else."""
        return [row["id"] for row in listing["data"]]

    def raise_limit(self, body: dict[str, Any], tokens: int) -> None:
        """Allow an answer at least this many tokens; no effect where a question sets no limit."""
        return

"""What the gateway answers: a text that names the model and repeats the question, counted in rough tokens."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from ccswitch_py.gateway.problem import in_one_line, new_id
from ccswitch_py.gateway.request import MessagesRequest, has_image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

IMAGE_TOKENS = 1_500
"""What an image counts for: about the largest that Claude Messages bills for one."""

_PIECE = re.compile(r"[\x00-\x7f]{1,4}|[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer; ``pieces`` are its tokens as text, of which a stream sends a few at a time."""

    id: str
    model: str
    pieces: tuple[str, ...]
    stop_reason: str
    input_tokens: int

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    @property
    def output_tokens(self) -> int:
        """How many tokens the text has."""
        return len(self.pieces)

    def as_json(self) -> dict[str, Any]:
        """The body of an answer that is not streamed."""
        return {
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": [{"type": "text", "text": self.text}],
            "stop_reason": self.stop_reason,
            "stop_sequence": None,
            "usage": {"input_tokens": self.input_tokens, "output_tokens": self.output_tokens},
        }


def demo_text(request: MessagesRequest) -> str:
    """The demo's answer: different for each model and each question, and honest about where it comes from."""
    said = in_one_line(request.last_user_text)
    heard = f" You said: “{said}”." if said else ""
    name = request.model.id
    return f"This is ccswitch's demo gateway, answering as {name}.{heard} No model ran and nothing left this machine."


def answer_request(request: MessagesRequest, text: Callable[[MessagesRequest], str] = demo_text) -> Answer:
    """Answer with ``text``, cut where ``max_tokens`` ends."""
    pieces = split_tokens(text(request))
    whole = len(pieces) <= request.max_tokens
    return Answer(
        new_id("msg"),
        request.model.id,
        tuple(pieces[: request.max_tokens]),
        "end_turn" if whole else "max_tokens",
        count_input(request),
    )


def split_tokens(text: str) -> list[str]:
    """``text`` in pieces of about a token: four ASCII characters, or one of any other script."""
    return _PIECE.findall(text)


def count_input(request: MessagesRequest) -> int:
    """About how many tokens the request has; at least 1."""
    count = sum(_count_block(block) for block in request.blocks)
    if request.tools:
        count += _count_text(json.dumps(request.tools, ensure_ascii=False))
    return max(1, count)


def _count_block(block: dict[str, Any]) -> int:
    if has_image(block):
        return IMAGE_TOKENS
    return _count_text(block["text"] if block["type"] == "text" else json.dumps(block, ensure_ascii=False))


def _count_text(text: str) -> int:
    in_ascii = len(text.encode("ascii", "ignore"))
    return -(-in_ascii // 4) + len(text) - in_ascii

"""About how many tokens a text, a block or a whole request has: the one way of counting for answers and for usage."""

from __future__ import annotations

import json
import re

from ccswitch_py.demo.request import TOOLS, has_image, without_mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.demo.request import MessagesRequest

IMAGE_TOKENS = 1_500
"""What an image counts for: about the largest that Claude Messages bills for one."""

_PIECE = re.compile(r"[\x00-\x7f]{1,4}|[^\x00-\x7f]")


def split_tokens(text: str) -> list[str]:
    """``text`` in pieces of about a token: four ASCII characters, or one of any other script."""
    return _PIECE.findall(text)


def count_input(request: MessagesRequest) -> int:
    """The tokens of the request; at least 1."""
    return max(1, sum(count_part(*part) for part in request.parts))


def count_part(place: str, part: dict[str, Any]) -> int:
    """The tokens of a tool's description or of a content block; a cache mark costs nothing."""
    if place != TOOLS and has_image(part):
        return IMAGE_TOKENS
    if place != TOOLS and part["type"] == "text":
        return _count_text(part["text"])
    return _count_text(json.dumps(without_mark(part), ensure_ascii=False))


def _count_text(text: str) -> int:
    in_ascii = len(text.encode("ascii", "ignore"))
    return -(-in_ascii // 4) + len(text) - in_ascii

"""An answer as server-sent events, in the order in which Claude Messages streams them."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ccswitch_py.demo.answer import DemoAnswer

TOKENS_A_DELTA = 2


def stream_events(answer: DemoAnswer) -> Iterator[dict[str, Any]]:
    """The events of a streamed answer, each with its name as ``type``."""
    usage = {**answer.usage, "output_tokens": 0}
    yield {"type": "message_start", "message": {**answer.as_json(), "content": [], "stop_reason": None, "usage": usage}}
    yield {"type": "content_block_start", "index": 0, "content_block": _opening(answer)}
    yield {"type": "ping"}
    for start in range(0, len(answer.pieces), TOKENS_A_DELTA):
        part = "".join(answer.pieces[start : start + TOKENS_A_DELTA])
        yield {"type": "content_block_delta", "index": 0, "delta": _delta(answer, part)}
    yield {"type": "content_block_stop", "index": 0}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": answer.stop_reason, "stop_sequence": None},
        "usage": answer.usage,
    }
    yield {"type": "message_stop"}


def _opening(answer: DemoAnswer) -> dict[str, Any]:
    return {**answer.block, "text": ""} if answer.call is None else {**answer.block, "input": {}}


def _delta(answer: DemoAnswer, part: str) -> dict[str, Any]:
    if answer.call is None:
        return {"type": "text_delta", "text": part}
    return {"type": "input_json_delta", "partial_json": part}


def encode_event(event: dict[str, Any]) -> bytes:
    """One event on the wire: its name, its data on one line, and an empty line."""
    return b"event: " + event["type"].encode() + b"\ndata: " + encode_json(event) + b"\n\n"


def encode_json(value: object) -> bytes:
    """``value`` as JSON in UTF-8; half a surrogate pair, which UTF-8 lacks, stays the escape that it came as."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")

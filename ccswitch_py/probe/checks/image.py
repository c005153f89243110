"""The check ``image``: does the model see an image, refuse it, or invent what it shows?"""

from __future__ import annotations

import base64
import re
import struct
import zlib
from dataclasses import replace

from ccswitch_py.core.language import _
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.probe_client import Exchange, Judged, ProbeClient

NUMBER = "7352"
"""Nobody guesses this."""

PROMPT = "Which number does the picture show? Answer with its digits only."
ABOUT_IMAGES = re.compile(r"image|vision|multimodal|picture|图片|图像|视觉|多模态", re.IGNORECASE)


async def check_image(client: ProbeClient, question: Question, _first: Exchange) -> Judged:
    """Show the model an image of a number."""
    exchange = await client.ask_with(question, PROMPT, png=base64.b64encode(number_png(NUMBER)).decode())
    return _judge_image(exchange.finding), exchange.answer


def _judge_image(finding: Observation) -> Observation:
    message = finding.message
    if message is None:
        # The model has just answered without an image, so a refusal that may be about it is about it.
        if ABOUT_IMAGES.search(finding.quote) or finding.diagnosis is Diagnosis.REQUEST_REFUSED:
            return replace(finding, diagnosis=Diagnosis.IMAGE_UNSUPPORTED, status=Status.WARN, advice=None)
        return replace(finding, status=Status.WARN)
    if NUMBER in re.sub(r"[\s,.]", "", message.text):
        return finding.rejudged(Diagnosis.OK, Status.PASS)
    if not message.has_text and message.stop_reason == "max_tokens":
        reason = _("Whether it reads images is unknown.")
        return finding.rejudged(Diagnosis.LENGTH_STOP, Status.SKIP, reason=reason)
    return finding.rejudged(Diagnosis.IMAGE_IGNORED, Status.WARN, quote=message.text)


SCALE = 12
MARGIN = 2

_DIGITS = (
    "111 101 101 101 111",
    "010 110 010 010 111",
    "111 001 111 100 111",
    "111 001 111 001 111",
    "101 101 111 001 001",
    "111 100 111 001 111",
    "111 100 111 101 111",
    "111 001 010 010 010",
    "111 101 111 101 111",
    "111 101 111 001 111",
)
"""Five rows of three dots for each digit."""


def number_png(number: str) -> bytes:
    """A grey PNG that shows the digits of ``number``, black on white; four digits make about 220 by 110 pixels."""
    glyphs = [_DIGITS[int(digit)].split() for digit in number]
    rows = ["0".join(glyph[row] for glyph in glyphs) for row in range(5)]
    width = len(rows[0]) + 2 * MARGIN
    blank = "0" * width
    framed = [*[blank] * MARGIN, *(row.center(width, "0") for row in rows), *[blank] * MARGIN]
    lines = (bytes(0 if dot == "1" else 255 for dot in row for _unused in range(SCALE)) for row in framed)
    pixels = b"".join((b"\0" + line) * SCALE for line in lines)
    header = struct.pack(">IIBBBBB", width * SCALE, len(framed) * SCALE, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

"""What a user asks of a model: one prompt, with every parameter that the Messages page knows."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _
from ccswitch_py.probe.client.request import wire_model

if TYPE_CHECKING:
    from typing import Self

MAX_TOKENS = 1024
"""What is asked for unless the user says otherwise: about a page and a half."""

TERMINAL = N_("Check how the terminal is set up.")


@dataclass(frozen=True)
class Image:
    """A picture that goes with a prompt."""

    media_type: str
    content: bytes

    @classmethod
    def recognised(cls, content: bytes) -> Self | None:
        """The picture in a file's bytes, known by how it begins; None if the Messages API takes no such kind."""
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return cls("image/webp", content)
        kind = next((kind for start, kind in _BEGINNINGS.items() if content.startswith(start)), None)
        return cls(kind, content) if kind else None

    @property
    def block(self) -> dict[str, Any]:
        """The picture as the request has it."""
        data = base64.b64encode(self.content).decode("ascii")
        return {"type": "image", "source": {"type": "base64", "media_type": self.media_type, "data": data}}


_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


@dataclass(frozen=True)
class Prompt:
    """The prompt and its parameters; what is None is left to the gateway. Raises ``BadInput`` for what no API takes."""

    text: str
    system: str | None = None
    temperature: float | None = None
    max_tokens: int = MAX_TOKENS
    images: tuple[Image, ...] = ()
    stream: bool = True

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise BadInput(_("The prompt is empty."), _("Write it after the profile's name, or pipe it in."))
        if not _is_unicode(self.text):
            raise BadInput(_("The prompt holds bytes that are not UTF-8."), _(TERMINAL))
        if not _is_unicode(self.system or ""):
            raise BadInput(_("The system prompt holds bytes that are not UTF-8."), _(TERMINAL))
        if self.max_tokens < 1:
            raise BadInput(_("The answer must have room for 1 token at least."), _("Say --max-tokens 1 or more."))
        if self.temperature is not None and not 0 <= self.temperature <= 1:
            raise BadInput(_("The temperature is out of range."), _("The Messages API takes a number from 0 to 1."))

    def body(self, model: str) -> dict[str, Any]:
        """The body of the request to one model; pictures stand before the text, as models read them best."""
        blocks = [*(image.block for image in self.images), {"type": "text", "text": self.text}]
        body: dict[str, Any] = {
            "model": wire_model(model),
            "max_tokens": self.max_tokens,
            "messages": [{"role": "user", "content": blocks if self.images else self.text}],
            "stream": self.stream,
        }
        if self.system:
            body["system"] = self.system
        if self.temperature is not None:
            body["temperature"] = self.temperature
        return body


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

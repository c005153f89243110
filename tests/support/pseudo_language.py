"""A language of which every text is its English between brackets, so that what is not translated as a whole shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from scripts.catalogue import template

Spoken = Callable[[str], AbstractContextManager[None]]

SPOKEN = "zh_CN"
"""The language in whose place it is spoken."""

_GAP = re.compile(r"\{\w+\}")
_JOIN = re.compile(r"\W*(?:and|or)?\W*")
_BRACKETED = re.compile(r"(?:⟦[^⟦⟧]*⟧ ?)*")


def texts() -> set[str]:
    """All that can be translated."""
    return {text for message in _messages() for text in _ids(message.id)}


def write_pseudo_language(folder: Path) -> None:
    """Write its catalogue where the program looks for that of ``SPOKEN``."""
    catalog = Catalog(locale="en")
    for message in _messages():
        bracketed = tuple(_bracketed(text) for text in _ids(message.id))
        catalog.add(message.id, bracketed[0] if isinstance(message.id, str) else bracketed)
    file = folder / SPOKEN / "LC_MESSAGES" / "ccswitch.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as compiled:
        write_mo(compiled, catalog)


def is_whole(text: str) -> bool:
    """Whether a text is made of translated texts alone, one after the other and none inside another."""
    return _BRACKETED.fullmatch(text) is not None


@cache
def _messages() -> list[Message]:
    return [message for message in template() if message.id]


def _bracketed(text: str) -> str:
    """What has no words of its own only says how others are joined."""
    return text if _JOIN.fullmatch(_GAP.sub("", text)) else f"⟦{text}⟧"


def _ids(message_id: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)

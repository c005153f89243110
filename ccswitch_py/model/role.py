"""What a tool asks a model for."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role; the first four are chosen in every profile, the others only by those who want them."""

    MAIN = "main"
    HAIKU = "haiku"
    SONNET = "sonnet"
    OPUS = "opus"
    FABLE = "fable"
    SUBAGENT = "subagent"


MAIN_ROLES = (Role.MAIN, Role.HAIKU, Role.SONNET, Role.OPUS)

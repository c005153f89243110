"""What a tool asks a model for."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role; the first four are the dropdowns of the setup form, the others are optional."""

    MAIN = "main"
    HAIKU = "haiku"
    SONNET = "sonnet"
    OPUS = "opus"
    FABLE = "fable"
    SUBAGENT = "subagent"


MAIN_ROLES = (Role.MAIN, Role.HAIKU, Role.SONNET, Role.OPUS)

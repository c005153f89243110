"""How much a live test asks."""

from __future__ import annotations

from enum import StrEnum


class Depth(StrEnum):
    """Up to the models, what a session needs besides, or everything."""

    QUICK = "quick"
    NORMAL = "normal"
    FULL = "full"

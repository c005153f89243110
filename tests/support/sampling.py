"""Which cases of a long table a run tries: all of them, or every so many."""

import os
from collections.abc import Iterable
from typing import TypeVar

Case = TypeVar("Case")

FULL = os.environ.get("CCSWITCH_CLIENTS") == "full"
"""Set by ``make clients``: every case with the real tools. ``make test`` takes some of each table."""


def sample(cases: Iterable[Case], step: int) -> list[Case]:
    """All cases in a full run, otherwise every ``step``-th."""
    return [*cases][:: 1 if FULL else step]

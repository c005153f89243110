"""Reads how long a gateway asks to wait, whether it says so in seconds or as a date."""

from __future__ import annotations

import re
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_MOST_S = 999_999


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``retry-after`` asks for; None where it says nothing that can be meant.

    A date is compared with the answer's own, for the gateway's clock need not agree with ours.
    """
    asked_for = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(asked_for):
        return float(asked_for)
    until = _moment(asked_for)
    if until is None:
        return None
    now = _moment(headers.get("date", ""))
    wait_s = until - (time.time() if now is None else now)
    return max(wait_s, 0.0) if wait_s <= _MOST_S else None


def _moment(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None

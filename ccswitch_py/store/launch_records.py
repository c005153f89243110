"""Launch records as they were last written."""

from __future__ import annotations

import json

from ccswitch_py.core.files import read_bytes
from ccswitch_py.model.launch import RECORD_SCHEMA, LaunchRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths


def stored_record(paths: Paths, name: str) -> LaunchRecord | None:
    """The record as it was last written, which may be out of date; None if there is none that can be used."""
    data = read_bytes(paths.launch_record(name))
    if data is None:
        return None
    try:
        values: dict[str, Any] = json.loads(data)
        return LaunchRecord(values) if values["schema"] == RECORD_SCHEMA else None
    except (ValueError, KeyError, TypeError):
        return None

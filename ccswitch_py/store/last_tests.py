"""What the last live test of a profile found: one small file for each, read with the standard library only."""

from __future__ import annotations

import json
import os

from ccswitch_py.core.checksum import checksum
from ccswitch_py.core.files import read_own_json, remove_file, write_own_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import LaunchRecord

SCHEMA = 1
VERDICTS = frozenset(("works", "degraded", "broken", "untestable"))
_YEAR_10000 = 253_402_300_800


class StoredTest:
    """One result: codes, names and numbers of our own, and a model id of the profile; never a gateway's words.

    ``at`` is in seconds since the epoch. ``diagnosis``, ``check`` and ``model`` are those of the worst finding (None:
    all is well, or there is no model to it). ``fingerprint`` is that of the profile as it was tested; ``quick``
    says that only the models were asked.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.verdict: str = values["verdict"]
        self.at: int = values["at"]
        self.diagnosis: str | None = values["diagnosis"]
        self.check: str | None = values["check"]
        self.model: str | None = values["model"]
        self.requests: int = values["requests"]
        self.first_event_ms: int | None = values["first_event_ms"]
        self.fingerprint: str = values["fingerprint"]
        self.quick: bool = values["quick"]


def load_last_test(paths: Paths, name: str) -> StoredTest | None:
    """The last result of a profile; a file that is damaged, foreign or of a newer ccswitch counts as none."""
    try:
        values: dict[str, Any] = read_own_json(paths.last_test(name)) or {}
        return StoredTest(values) if values["schema"] == SCHEMA and _is_ours(values) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save_last_test(paths: Paths, name: str, test: StoredTest) -> None:
    """Remember a result in the place of the one before; raises ``FileNotChanged``."""
    data = json.dumps({"schema": SCHEMA, **vars(test)}, ensure_ascii=False, indent=2) + os.linesep
    write_own_file(paths.last_test(name), data.encode(), durable=False)


def forget_last_test(paths: Paths, name: str) -> None:
    """Remove the result of a profile; raises ``OSError``."""
    remove_file(paths.last_test(name))


def fingerprint_of(record: LaunchRecord) -> str:
    """Changes with everything that a test's result depends on, a new key of the keyring among it."""
    tested = [record.base_url, record.key.as_json(), record.delivery, record.roles, record.launches]
    return checksum(json.dumps(tested, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode())


def _is_ours(values: dict[str, Any]) -> bool:
    model, first_event_ms = values["model"], values["first_event_ms"]
    return (
        values["verdict"] in VERDICTS
        and _is_count(values["at"])
        and values["at"] < _YEAR_10000
        and _is_code(values["diagnosis"])
        and _is_code(values["check"])
        and (model is None or (isinstance(model, str) and model.isprintable()))
        and _is_count(values["requests"])
        and (first_event_ms is None or _is_count(first_event_ms))
        and isinstance(values["fingerprint"], str)
        and isinstance(values["quick"], bool)
    )


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_code(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.isascii() and value.isidentifier())

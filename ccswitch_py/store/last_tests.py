"""The last live test of each profile: one small file each, read with the standard library only."""

from __future__ import annotations

import os

from ccswitch_py.core.checksum import checksum
from ccswitch_py.core.files import read_own_json, remove_file, write_own_file
from ccswitch_py.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import LaunchRecord

SCHEMA = 1
VERDICTS = frozenset(("works", "degraded", "broken", "untestable"))
_YEAR_10000 = 253_402_300_800


class StoredTest(Record):
    """One result: our own codes and numbers, and a model id of the profile; never a gateway's text.

    ``at`` is in seconds since the epoch. ``diagnosis``, ``check`` and ``model`` are those of the worst finding, None
    if there is none. ``fingerprint`` is the tested profile's; ``quick``: only the models were asked.
    """

    verdict: str
    at: int
    diagnosis: str | None
    check: str | None
    model: str | None
    requests: int
    first_event_ms: int | None
    fingerprint: str
    quick: bool


def load_last_test(paths: Paths, name: str) -> StoredTest | None:
    """The last result of a profile; a damaged or foreign file, or one of a newer ccswitch, counts as none."""
    try:
        values: dict[str, Any] = read_own_json(paths.last_test(name)) or {}
        if values["schema"] != SCHEMA or not _is_ours(values):
            return None
        del values["schema"]
        return StoredTest(**values)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save_last_test(paths: Paths, name: str, test: StoredTest) -> None:
    """Replace the stored result; raises ``FileNotChanged``."""
    import json

    data = json.dumps({"schema": SCHEMA, **vars(test)}, ensure_ascii=False, indent=2) + os.linesep
    write_own_file(paths.last_test(name), data.encode(), durable=False)


def forget_last_test(paths: Paths, name: str) -> None:
    """Remove the result of a profile; raises ``OSError``."""
    remove_file(paths.last_test(name))


def fingerprint_of(record: LaunchRecord) -> str:
    """A digest of everything that a test's result depends on, including a new key in the keyring."""
    import json

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

"""What the quick verbs know about a profile: derived from its TOML, kept as JSON, without any secret.

Read by ``use``, ``run``, ``env``, ``list`` and the key command, so this module imports only the cheapest of
the standard library; it is built in ``store/launches.py``.
"""

from __future__ import annotations

from ccswitch_py.model.key_ref import KeyRef

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

RECORD_SCHEMA = 1


class LaunchRecord:
    """One profile, resolved.

    ``key`` is resolved: one in the keyring has its item. ``roles`` maps a role to a model id.
    ``digest`` changes with everything that the record was built from; ``launches`` maps a target to the checksum of
    its launch file.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.digest: str = values["digest"]
        self.profile: str = values["profile"]
        self.provider: str | None = values["provider"]
        self.provider_name: str = values["provider_name"]
        self.base_url: str = values["base_url"]
        self.key_host: str = values["key_host"]
        self.key = KeyRef.from_json(values["key"])
        self.delivery: str = values["delivery"]
        self.roles: dict[str, str] = values["roles"]
        self.launches: dict[str, str] = values["launches"]

    def as_json(self) -> dict[str, Any]:
        """The record as it is stored; ``LaunchRecord(record.as_json())`` is the same record."""
        return {"schema": RECORD_SCHEMA, **vars(self), "key": self.key.as_json()}

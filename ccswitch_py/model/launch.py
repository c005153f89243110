"""What the quick commands know about a profile: derived from its TOML, kept as JSON, without any secret.

Read by ``use``, ``run``, ``env``, ``list`` and the key command, so this module imports only the cheapest of the
standard library; ``services.launch_builder`` builds it.
"""

from __future__ import annotations

from ccswitch_py.core.checksum import digest
from ccswitch_py.core.record import Record
from ccswitch_py.model.key_ref import KeyRef

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ccswitch_py.model.protocol import Protocol

RECORD_SCHEMA = 2
KEY_COMMAND_SCHEMAS = (1, RECORD_SCHEMA)
"""The key command reads the records of an earlier version too: an update must not stop a running session."""

PASSED_KEY = "CCSWITCH_API_KEY"
"""How the variables begin in which ``ccswitch run`` passes keys to tools that can't run a command for theirs."""

_LETTERS = str.maketrans("0123456789abcdef", "GHIJKLMNOPABCDEF")


class Launch(Record):
    """What a target gets of a profile: one endpoint, the models, and how the key is fetched.

    ``protocol`` is that of the endpoint. ``models`` maps a role to a model id; ``context_windows`` and
    ``output_limits`` map model ids to tokens, as far as the catalogue says. ``options`` are those of this target. The
    key command is built from ``python`` and ``state`` (None: the default). ``bearer_only``: the gateway fails if the
    key is in ``x-api-key`` too. ``key_variable`` is the variable that the key command reads, "" where it reads none.
    ``profile_id`` is random, and nobody else knows it.
    """

    profile: str
    protocol: Protocol
    base_url: str
    key_host: str
    auth: str
    delivery: str
    models: Mapping[str, str]
    context_windows: Mapping[str, int]
    output_limits: Mapping[str, int]
    options: Mapping[str, Any]
    python: str
    state: str | None
    bearer_only: bool = False
    key_variable: str = ""
    profile_id: str | None = None

    @property
    def passed_variable(self) -> str:
        """The variable in which ``ccswitch run`` passes the key.

        Its name is of this profile and host alone, so that no file of another profile refers to it, and no file of a
        project can name it. Of letters alone, as what looks like a key would be masked in messages.
        """
        bound_to = f"{self.profile_id} {self.profile} {self.key_host}"
        return f"{PASSED_KEY}_{digest(bound_to.encode())[:8].translate(_LETTERS)}"

    def is_stale(self, variable: str) -> bool:
        """Whether a variable of the calling shell may have a key of another profile."""
        return variable.startswith(PASSED_KEY) and variable != self.key_variable


class LaunchRecord:
    """One profile, resolved.

    ``endpoints`` maps a protocol to its base URL and auth scheme; ``base_url`` and ``key_host`` are those of the first.
    ``key`` is resolved: one in the keyring has its item, and ``key_hosts`` are where it may go (None: it is not in the
    keyring, so the user says it where the endpoint is chosen). ``roles`` maps a role to a model id, ``options`` a
    target to the profile's options for it; those of ``unknown_targets`` nobody reads. ``use_in`` are the targets to set
    up where none is named. ``digest`` changes with
    everything that the record was built from; ``launches`` maps a target to the digest of what it gets.
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
        self.endpoints: dict[str, dict[str, Any]] = values.get("endpoints", {})
        self.key_hosts: list[str] | None = values.get("key_hosts")
        self.allow_http: bool = values.get("allow_http", False)
        self.context_windows: dict[str, int] = values.get("context_windows", {})
        self.output_limits: dict[str, int] = values.get("output_limits", {})
        self.options: dict[str, dict[str, Any]] = values.get("options", {})
        self.use_in: list[str] = values.get("use_in", [])
        self.unknown_targets: list[str] = values.get("unknown_targets", [])
        self.profile_id: str | None = values.get("profile_id")
        self.python: str = values.get("python", "")
        self.state: str | None = values.get("state")

    def as_json(self) -> dict[str, Any]:
        """The record as it is stored; ``LaunchRecord(record.as_json())`` is the same record."""
        return {"schema": RECORD_SCHEMA, **vars(self), "key": self.key.as_json()}

    def launch(self, target_id: str, protocol: Protocol) -> Launch:
        """What a target gets over this protocol; raises ``KeyError`` where there is no endpoint for it."""
        endpoint = self.endpoints[protocol]
        return Launch(
            self.profile,
            protocol,
            endpoint["base_url"],
            endpoint["key_host"],
            endpoint["auth"],
            self.delivery,
            self.roles,
            self.context_windows,
            self.output_limits,
            self.options.get(target_id, {}),
            self.python,
            self.state,
            endpoint["bearer_only"],
            self.key.env,
            self.profile_id,
        )

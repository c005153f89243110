"""What one live test will do: whom it asks, as whom, which models, and how long it waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccswitch_py.probe.depth import Depth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccswitch_py.model.role import Role
    from ccswitch_py.redact.secret import Secret


@dataclass(frozen=True)
class Patience:
    """How long the test waits, in seconds.

    ``pause_s`` is the pause before something is asked once more, ``slow_s`` the wait after which a stream that comes
    all at once counts as held back.
    """

    connect_s: float = 10.0
    first_byte_s: float = 30.0
    between_s: float = 30.0
    whole_s: float = 90.0
    pause_s: float = 1.0
    slow_s: float = 3.0


SEARCH = 8
"""Requests that finding what a gateway refuses may cost."""

CREDENTIALS = ("authorization", "x-api-key")


@dataclass(frozen=True)
class ProbePlan:
    """One profile's test.

    ``headers`` are the credential and extra headers exactly as the target will send them. The proxy is used only if
    named here. ``switches`` are the compatibility switches that the profile sets. ``known_models`` gives the ids of
    its provider's catalogue, which are only looked up for a hint. ``fingerprint`` is that of a saved profile.
    """

    profile: str
    base_url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    key: Secret
    models: dict[Role, str]
    switches: Mapping[str, str] = field(default_factory=dict[str, str])
    proxy: str | None = field(default=None, repr=False)
    depth: Depth = Depth.NORMAL
    known_models: Callable[[], tuple[str, ...]] = field(default=tuple, repr=False)
    fingerprint: str = ""
    patience: Patience = Patience()

    @property
    def roles_by_model(self) -> dict[str, tuple[Role, ...]]:
        """Each distinct model once, in the order of the roles, with the roles that use it."""
        return {
            model: tuple(role for role, chosen in self.models.items() if chosen == model)
            for model in self.models.values()
        }

    @property
    def sent_headers(self) -> frozenset[str]:
        """The headers' names in lower case, without a credential's in which something else than the key is sent."""
        key = self.key.reveal()
        sent = ((name.lower(), value) for name, value in self.headers)
        return frozenset(name for name, value in sent if name not in CREDENTIALS or key in value)

    @property
    def proxy_host(self) -> str:
        """The proxy's host and port without anything secret; empty for none."""
        return self.proxy.rpartition("@")[2].rpartition("//")[2].strip("/") if self.proxy else ""


def spare_requests(plan: ProbePlan) -> int:
    """How many more it may send: what failed for a moment, did not stream, or has to be looked into."""
    return 2 * len(plan.roles_by_model) + (0 if plan.depth is Depth.QUICK else SEARCH)
